"""The pages of a PDF that are no part of its text: cover, imprint and table of contents.

Pure. Owns how they are recognised, and where chapters begin by a printed table of contents, for
files that have no outline of their own. What a cover says is read by ``pdf_about``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.parse.pdf_file import Bookmark
from indexer.parse.pdf_tables import Line, Table

Item = Line | Table

#: A cover says little, in large type; a leaf with only the title on it says less.
_MOST_COVER_WORDS, _FEW_WORDS, _LARGE = 100, 30, 1.25
#: A page that tells something is no cover: so many words in lines of running text, to a full stop.
_LEAST_TOLD_WORDS, _TEXT_SIZE = 20, 1.1
_MOST_HALF_TITLE_WORDS, _SAME_WORDS = 30, 0.7
#: An imprint stands among the first or the last pages, and is short.
_IMPRINT_FIRST, _IMPRINT_LAST, _MOST_IMPRINT_WORDS, _LEAST_MARKS = 6, 2, 260, 2
#: What printers and publishers write, each counted once; a number of a library counts double.
_IMPRINT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bISBN\b|\bISSN\b|urn:nbn",
        r"\bISBN\b|\bISSN\b|urn:nbn",
        r"©|copyright|upphovsrätt|creative commons|citera gärna",
        r"\btryck(?:t|eri|eriet|ning)?\b|printed (?:by|in)",
        r"grafisk (?:form|produktion|formgivning)|formgivning|\blayout\b|\bomslag|\billustration",
        r"\bbeställ(?:s|a|as|ning)?\b|laddas ner|publikationsservice|distribution",
        r"ansvarig utgivare|\butgivare\b|artikelnummer|\bdiarienummer|\bdnr\b|publikationsår",
        r"\bbox \d+|\b\d{3} \d{2} [A-ZÅÄÖ]",
    )
)
#: Lists of literature hold numbers of libraries too.
_REFERENCES = re.compile(
    r"(?:referens|källor|källförteckning|litteratur|reference|bibliograph|fotnot|noter\b)",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"(?:innehåll(?:sförteckning)?|(?:table of )?contents|(?:tabell|figur)förteckning)\W*",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"\s*(?:(?:[.·_]\s?){3,}|…+)\s*(?P<label>\d{1,4}|[ivxlc]{1,6})\s*$", re.I)
_ENTRY = re.compile(r"^(?P<title>.*[^\W\d_].*?)[\s.…·_]+(?P<label>\d{1,4}|[ivxlc]{1,6})$", re.I)
_LEAST_ENTRIES, _ENTRY_SHARE = 2, 0.5
#: So many lines with dots that lead to a number are contents, with or without a heading.
_LEAST_LED = 4
_MOST_ENTRY_LETTERS = 150


@dataclass(frozen=True, slots=True)
class Front:
    """``pages`` without what was recognised, the ``cover``, and all its ``lines`` of text.

    ``contents`` are the entries of a printed table of contents, as bookmarks.
    """

    pages: tuple[tuple[Item, ...], ...]
    cover: tuple[Line, ...]
    lines: tuple[str, ...]
    contents: tuple[Bookmark, ...]


def take_front(
    pages: Sequence[Sequence[Item]], labels: Sequence[str], body: float, outline: set[int]
) -> Front:
    """The pages without cover, imprint and contents.

    ``body`` is the type size of running text; ``outline`` the pages where a chapter begins by the
    file's own outline.
    """
    kept: list[tuple[Item, ...]] = []
    cover: tuple[Line, ...] = ()
    lines: list[str] = []
    entries: list[_Entry] = []
    for n, page in enumerate(pages):
        texts = [text for item in page for text in _texts(item)]
        if n == 0 and _is_cover(pages, body):
            cover = tuple(item for item in page if isinstance(item, Line))
        elif not (
            (n == 1 and cover and _repeats(texts, cover))
            or (not {n + 1} & outline and _is_imprint(texts, n, len(pages)))
        ):
            start, end, found = _contents(page, after=bool(entries) and kept[-1:] == [()])
            entries += found
            rest = (*page[:start], *page[end:])
            kept.append(() if found and len(rest) < _LEAST_ENTRIES else rest)
            continue
        lines += texts
        kept.append(())
    return Front(tuple(kept), cover, tuple(lines), tuple(_bookmarks(entries, labels)))


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    label: str
    x0: float


def _texts(item: Item) -> list[str]:
    if isinstance(item, Line):
        return [item.text]
    return ["\t".join(" ".join(cell) for cell in row) for row in item.rows]


def _words(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _is_cover(pages: Sequence[Sequence[Item]], body: float) -> bool:
    first = pages[0]
    words = _words([text for item in first for text in _texts(item)])
    following = sum(_words(_texts(item)) for page in pages[1:] for item in page)
    if not 0 < words <= _MOST_COVER_WORDS or following < 2 * words:
        return False
    lines = [item for item in first if isinstance(item, Line)]
    if _tells(lines, body):
        return False
    if max((line.size for line in lines), default=0.0) >= _LARGE * body:
        return True
    return words <= _FEW_WORDS and not any(line.text.endswith((".", "!", "?")) for line in lines)


def _tells(lines: Sequence[Line], body: float) -> bool:
    """Whether there is a paragraph of running text among the lines."""
    words, above = 0, None
    for line in lines:
        if not _TEXT_SIZE * body > line.size >= body / _TEXT_SIZE:
            words, above = 0, None
            continue
        if above and (line.region != above.region or line.size != above.size):
            words = 0
        words += len(line.text.split())
        if line.text.endswith((".", "!", "?")):
            if words >= _LEAST_TOLD_WORDS:
                return True
            words = 0
        above = line
    return False


def _repeats(texts: Sequence[str], cover: Sequence[Line]) -> bool:
    """Whether a leaf says again what stands on the cover, and hardly anything else."""
    said = {re.sub(r"\W", "", word) for line in cover for word in line.text.lower().split()}
    words = [re.sub(r"\W", "", word) for text in texts for word in text.lower().split()]
    again = sum(word in said for word in words)
    return 0 < len(words) <= _MOST_HALF_TITLE_WORDS and again >= _SAME_WORDS * len(words)


def _is_imprint(texts: Sequence[str], n: int, count: int) -> bool:
    if _IMPRINT_FIRST <= n < count - _IMPRINT_LAST or n == 0:
        return False
    text = "\n".join(texts)
    if not text or _words(texts) > _MOST_IMPRINT_WORDS or _REFERENCES.match(text):
        return False
    return sum(mark.search(text) is not None for mark in _IMPRINT) >= _LEAST_MARKS


def _contents(page: Sequence[Item], after: bool) -> tuple[int, int, list[_Entry]]:
    """Where a table of contents begins and ends on a page, and its entries.

    ``after`` says that the page before was one, so that this may be the rest of it.
    """
    heading = next(
        (n for n, i in enumerate(page) if isinstance(i, Line) and _CONTENTS.fullmatch(i.text)), None
    )
    start = heading + 1 if heading is not None else 0
    found: list[_Entry] = []
    led = 0
    last = start
    unfinished = ""
    for n, item in enumerate(page[start:], start=start):
        for text in _texts(item):
            match = _ENTRY.match(text.replace("\t", " "))
            led += _LEADERS.search(text) is not None
            if match and len(match["title"]) <= _MOST_ENTRY_LETTERS:
                x0 = item.x0 if isinstance(item, Line) else 0.0
                title = _without_dots(f"{unfinished} {match['title']}")
                found.append(_Entry(title, match["label"], x0))
                last, unfinished = n + 1, ""
            else:
                unfinished = text if not unfinished and len(text) < _MOST_ENTRY_LETTERS else ""
    items = max(1, sum(len(_texts(item)) for item in page[start:last]))
    dense = len(found) >= _ENTRY_SHARE * items and len(found) >= _LEAST_ENTRIES
    if dense and (heading is not None or led >= _LEAST_LED or (after and led)):
        return heading or 0, last, found
    return 0, 0, []


def _without_dots(title: str) -> str:
    return re.sub(r"[\s.…·_]+$", "", title).strip()


def _bookmarks(entries: Sequence[_Entry], labels: Sequence[str]) -> Iterator[Bookmark]:
    """The entries with the pages that bear their labels; deeper the further in they begin."""
    edges: list[float] = []
    for x0 in sorted(entry.x0 for entry in entries):
        if not edges or x0 - edges[-1] > 3:
            edges.append(x0)
    for entry in entries:
        label = entry.label.lower()
        page = next((n for n, own in enumerate(labels, start=1) if own.lower() == label), None)
        if page is not None:
            depth = sum(edge < entry.x0 - 3 for edge in edges)
            yield Bookmark(depth, entry.title, page)
