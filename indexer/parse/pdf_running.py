"""What runs through a PDF's pages without being text: heads, feet and page numbers.

Pure. Owns which rows are left out, and the label that each page bears: the file's own, else the
number that is printed on it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from indexer.parse.pdf_file import Bookmark, PdfPage
from indexer.parse.pdf_layout import Row, rows_of

#: Heads and feet stand in the outer sixth of a page, and have at most three rows.
_MARGIN, _MOST_ROWS = 0.16, 3
#: Rows within so many points of each other, measured from the edge, are the same line on each page.
_SAME_PLACE = 4.0
#: Parted from the text by so much more than its lines are from each other.
_APART = 1.3
#: So many pages must have the line, and so great a share of those that have text there.
_LEAST_PAGES, _LEAST_SHARE = 2, 0.6
#: Page numbers: this share of the pages that have any number in the margin count alike.
_LEAST_COUNTING = 0.2
#: Smaller or larger than the text by so much, in points. A larger line may well be a heading.
_SMALLER, _LARGER = 0.5, 1.0
#: A heading in an outline may fill so many rows.
_MOST_HEADING_ROWS = 4
_MOST_WORDS = 25

_ROMAN = re.compile(r"(?=[ivxlc])x{0,3}(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\d.,:/-])\d{1,4}(?![\d:]|[.,-]\d)")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class _Count:
    """A page number, by how far it is from the page's place in the file."""

    ahead: int
    roman: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row near the edge of a page. ``distance`` is from the edge, ``large`` is its type."""

    page: int
    edge: str
    distance: float
    row: Row
    apart: bool
    large: bool

    @property
    def words(self) -> str:
        """The text without what changes from page to page; ``""`` where it is a number only."""
        return _plain(self.row.text)

    @property
    def key(self) -> tuple[str, int]:
        """What comes back on other pages, and the size of the type.

        Headings that differ by their number ("1 Kartläggning", "2 Kartläggning") do not.
        """
        text = re.sub(r"\W+", "", self.row.text.casefold()) if self.large else self.words
        return text, round(self.row.size)

    def counts(self) -> set[_Count]:
        """Every way in which the row may number its page; large words bear a chapter's number."""
        text = self.row.text
        if self.large and self.words:
            return set()
        found = {_Count(int(match[0]) - self.page) for match in _NUMBER.finditer(text)}
        for token in (text.split()[:1] + text.split()[-1:]) if text else []:
            if _ROMAN.fullmatch(token):
                case = "upper" if token.isupper() else "lower"
                found.add(_Count(_roman_value(token) - self.page, case))
        return found


def without_running(
    pages: Sequence[PdfPage], bookmarks: Sequence[Bookmark] = ()
) -> tuple[list[PdfPage], list[str]]:
    """The pages without heads and feet, and the label of each page, ``""`` where it has none.

    A running head may repeat what a bookmark says, but not where the bookmark leads.
    """
    rows = [rows_of(page.spans) for page in pages]
    body = _body_size(rows)
    headings = {row for bookmark in bookmarks for row in _heading(bookmark, rows)}
    entries = [
        entry
        for entry in _entries(pages, rows, body)
        if (entry.page, entry.row.order) not in headings
    ]
    counts = _page_counts(entries)
    known = {_plain(bookmark.title) for bookmark in bookmarks}
    known |= {_plain(r.text) for page in rows for r in page if r.size >= body + _LARGER}
    running: dict[int, set[int]] = defaultdict(set)
    for band in _bands(entries):
        for entry in _running(band, counts, known, body):
            running[entry.page] |= {span.order for span in entry.row.spans}
    cleared = [
        replace(page, spans=tuple(s for s in page.spans if s.order not in running[n]))
        for n, page in enumerate(pages, start=1)
    ]
    return cleared, _labels(pages, entries, counts)


def _body_size(rows: Sequence[Sequence[Row]]) -> float:
    letters: Counter[float] = Counter()
    for page in rows:
        for row in page:
            letters[row.size] += len(row.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _heading(bookmark: Bookmark, rows: Sequence[Sequence[Row]]) -> set[tuple[int, int]]:
    """The rows (page and order) where a bookmark's chapter begins, if only one place can be it.

    Where its words stand twice on the page, one of the places is the head.
    """
    wanted = _plain(bookmark.title)
    page = rows[bookmark.page - 1] if 0 < bookmark.page <= len(rows) else ()
    found: list[Sequence[Row]] = []
    for first in range(len(page) if wanted else 0):
        for last in range(first + 1, min(first + _MOST_HEADING_ROWS, len(page)) + 1):
            said = _plain(" ".join(row.text for row in page[first:last]))
            if said == wanted and _plain(page[first].text) and _plain(page[last - 1].text):
                found.append(page[first:last])
            if not wanted.startswith(said):
                break
    return {(bookmark.page, row.order) for row in found[0]} if len(found) == 1 else set()


def _entries(
    pages: Sequence[PdfPage], rows: Sequence[Sequence[Row]], body: float
) -> Iterator[_Entry]:
    steps = [a.y - b.y for page in rows for a, b in pairwise(page)]
    leading = median(step for step in steps) if steps else 0.0
    for number, (page, its_rows) in enumerate(zip(pages, rows, strict=True), start=1):
        top = (1 - _MARGIN) * page.height
        for edge, ordered in (("top", its_rows), ("foot", its_rows[::-1])):
            outer = [
                row
                for row in ordered[:_MOST_ROWS]
                if (row.y > top if edge == "top" else row.y < _MARGIN * page.height)
            ]
            gaps = [abs(a.y - b.y) for a, b in pairwise(ordered)]
            for n, row in enumerate(outer):
                inward = gaps[n:_MOST_ROWS]
                apart = any(gap > _APART * leading for gap in inward) or n == len(gaps)
                distance = page.height - row.y if edge == "top" else row.y
                yield _Entry(number, edge, distance, row, apart, row.size >= body + _LARGER)


def _page_counts(entries: Sequence[_Entry]) -> Mapping[_Count, str]:
    """The counts that several pages agree on, each with the edge where most of it is printed.

    Chapters may be numbered like pages, but then they are so at the other edge, and in words too.
    """
    pages: dict[tuple[_Count, str], set[int]] = defaultdict(set)
    bare: Counter[tuple[_Count, str]] = Counter()
    for entry in entries:
        for count in entry.counts():
            pages[count, entry.edge].add(entry.page)
            bare[count, entry.edge] += not entry.words
    numbered = {page for its_pages in pages.values() for page in its_pages}
    least = max(_LEAST_PAGES, _LEAST_COUNTING * len(numbered))
    common = [place for place, its_pages in pages.items() if len(its_pages) >= least]
    return dict(sorted(common, key=lambda place: (len(pages[place]), bare[place])))


def _bands(entries: Sequence[_Entry]) -> Iterator[list[_Entry]]:
    """Rows at the same distance from the same edge, page after page."""
    for edge in ("top", "foot"):
        band: list[_Entry] = []
        for entry in sorted((e for e in entries if e.edge == edge), key=lambda e: e.distance):
            if band and entry.distance - band[0].distance > _SAME_PLACE:
                yield band
                band = []
            band.append(entry)
        if band:
            yield band


def _running(
    band: list[_Entry], counts: Mapping[_Count, str], known: set[str], body: float
) -> list[_Entry]:
    """The rows of a band that are no text: none unless most of them are explained."""
    pages_of: dict[tuple[str, int], set[int]] = defaultdict(set)
    for entry in band:
        pages_of[entry.key].add(entry.page)
    certain = [
        entry
        for entry in band
        if len(entry.row.text.split()) <= _MOST_WORDS
        and (
            _counting(entry, counts)
            or (entry.apart and len(pages_of[entry.key]) >= _LEAST_PAGES and entry.words)
            or (entry.apart and entry.words in known and not entry.large)
        )
    ]
    sizes = {round(entry.row.size) for entry in certain}
    alike = [
        entry
        for entry in band
        if entry not in certain
        and entry.apart
        and round(entry.row.size) in sizes
        and entry.row.size <= body - _SMALLER
    ]
    pages = {entry.page for entry in band}
    explained = {entry.page for entry in (*certain, *alike)}
    few = len({entry.page for entry in certain}) < _LEAST_PAGES
    return [] if few or len(explained) < _LEAST_SHARE * len(pages) else [*certain, *alike]


def _counting(entry: _Entry, counts: Mapping[_Count, str]) -> list[_Count]:
    """The agreed counts by which a row numbers its page.

    The first page of a chapter often has its number at the other edge, alone.
    """
    return [
        count
        for count in entry.counts()
        if count in counts and (counts[count] == entry.edge or not entry.words)
    ]


def _labels(
    pages: Sequence[PdfPage], entries: Sequence[_Entry], counts: Mapping[_Count, str]
) -> list[str]:
    own = [page.label for page in pages]
    if any(label and label != str(n) for n, label in enumerate(own, start=1)):
        return own
    printed: dict[int, _Count] = {}
    for entry in entries:
        agreed = _counting(entry, counts)
        if agreed and entry.page not in printed:
            printed[entry.page] = min(agreed, key=lambda count: (count.roman, count.ahead))
    if len(printed) < _LEAST_PAGES:
        return own
    return [_label(n, printed) for n in range(1, len(pages) + 1)]


def _label(number: int, printed: dict[int, _Count]) -> str:
    """A page's label: printed on it, or as the pages before or after it count."""
    before = [n for n in printed if n <= number]
    count = printed[max(before)] if before else printed[min(printed)]
    value = number + count.ahead
    if value < 1:
        return ""
    if not count.roman:
        return str(value)
    roman = _roman(value)
    return roman.upper() if count.roman == "upper" else roman


def _plain(text: str) -> str:
    """Letters only, without page numbers, for comparing."""
    tokens = text.casefold().split()
    while tokens and (tokens[-1].isdigit() or _ROMAN.fullmatch(tokens[-1])):
        tokens.pop()
    while tokens and (tokens[0].isdigit() or _ROMAN.fullmatch(tokens[0])):
        tokens.pop(0)
    return re.sub(r"[\W\d_]+", "", "".join(tokens))


def _roman_value(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text.lower()]
    later = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, later, strict=True))


def _roman(value: int) -> str:
    made = ""
    for worth, letters in ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
                           (5, "v"), (4, "iv"), (1, "i")):  # fmt: skip
        made += letters * (value // worth)
        value %= worth
    return made
