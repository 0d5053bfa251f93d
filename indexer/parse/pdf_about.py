"""What a PDF says about itself in print and in its own fields: title, kind, year, numbers.

Pure. The date when a file was made is no date of publication, so nobody asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.parse.clean import clean_line
from indexer.parse.identifiers import MOST_IDENTIFIERS, find_identifiers
from indexer.parse.pdf_file import Bookmark
from indexer.parse.pdf_front import Front
from indexer.parse.pdf_headings import same_words
from indexer.parse.pdf_tables import Line
from indexer.parse.pdf_text import Words
from indexer.sources import Source
from search.document import Identifier

#: A title is larger than running text by so much; its lines differ in size by less than so much.
_LARGE, _TITLE_SIZE = 1.25, 0.9
_MOST_TITLE_WORDS, _MOST_SUBTITLE_WORDS = 30, 20
_LEAST_LETTERS = 3
#: A title in the file's own fields is believed when so many of its words stand on the first pages.
_SHARE_IN_PRINT, _PAGES_IN_PRINT = 0.5, 4
#: Numbers of laws and bills count wherever they stand, a publication's own only in its front.
_CITED, _ANYWHERE_OUTSIDE = ("sfs", "bill"), ("isbn", "issn", "urn")
_OUTER_PAGES = 2
_NUMBERED = re.compile(r"[\s:]*(?:nr\.?\s*)?\d[\d:/–-]*$", re.IGNORECASE)
_YEAR = re.compile(
    r"(?:©|copyright|publikationsår|utgivningsår|tryckår|tryckt|utgiven|utgivet)\D{0,30}"
    r"((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_CHAPTER = re.compile(r"(?:kapitel\s+|del\s+)?(\d{1,2})[.:]?\s+(?=[^\W\d_])", re.IGNORECASE)
_COVER_YEAR = re.compile(r"(?:[^\W\d_]+,?\s+)?((?:19|20)\d\d)")


@dataclass(frozen=True, slots=True)
class About:
    """Title and what stands near it. ``title_lines`` are the lines it was read from, if any."""

    title: str
    subtitle: str = ""
    title_lines: tuple[Line, ...] = ()


def read_about(
    front: Front, bookmarks: Sequence[Bookmark], own_title: str, words: Words, body: float
) -> About:
    """The title by the file's fields when print bears it out, else by print; ``""`` where none.

    ``body`` is the type size of running text.
    """
    first = front.cover or next(
        (tuple(i for i in page if isinstance(i, Line)) for page in front.pages if page), ()
    )
    lines = _title_lines(first, body)
    printed = _text(lines, words)
    chapters = {same_words(b.title) for b in bookmarks if b.depth == 0}
    in_outline = len(chapters) > 1 and same_words(printed) in chapters
    if not front.cover and (in_outline or _is_chapter(lines, front)):
        lines, printed = (), ""
    if own_title and (not printed or _is_in_print(own_title, front)):
        title = own_title
        same = same_words(printed) == same_words(own_title)
    else:
        title, same = printed, True
    subtitle = ""
    if front.cover and lines:
        subtitle = _text(_subtitle_lines(front.cover, lines, body), words)
    return About(title, subtitle, lines if same or front.cover else ())


def kicker_of(front: Front, source: Source) -> str:
    """The line on the cover that is known to say what kind of text it is."""
    for line in front.cover:
        kind = _NUMBERED.sub("", line.text)
        if kind.casefold() in source.kickers:
            return clean_line(line.text)
    return ""


def year_of(front: Front, identifiers: Sequence[Identifier]) -> int | None:
    """The year that the imprint states, else the cover, else the report's number."""
    for line in front.lines:
        if match := _YEAR.search(line):
            return int(match[1])
    for cover_line in front.cover:
        if match := _COVER_YEAR.fullmatch(cover_line.text.strip()):
            return int(match[1])
    reports = (number.value for number in identifiers if number.kind == "report")
    return next((int(value[:4]) for value in reports), None)


def identifiers_of(front: Front, fields: str, text: str) -> tuple[Identifier, ...]:
    """The document's own numbers, and those of the laws and bills in its text.

    ``fields`` is what the file says of itself.
    """
    pages = [page for page in front.pages if page]
    outer = [*pages[:_OUTER_PAGES], *pages[_OUTER_PAGES:][-1:]]
    near = "\n".join(item.text for page in outer for item in page if isinstance(item, Line))
    own = find_identifiers("\n".join((fields, *front.lines)))
    found = dict.fromkeys(
        (
            *own,
            *(number for number in find_identifiers(near) if number.kind in _ANYWHERE_OUTSIDE),
            *(number for number in find_identifiers(text) if number.kind in _CITED),
        )
    )
    return tuple(found)[:MOST_IDENTIFIERS]


def _title_lines(lines: Sequence[Line], body: float) -> tuple[Line, ...]:
    """The lines in the largest type, when it is larger than that of running text."""
    worded = [line for line in lines if sum(c.isalpha() for c in line.text) >= _LEAST_LETTERS]
    largest = max((line.size for line in worded), default=0.0)
    if largest < body * _LARGE:
        return ()
    found: list[Line] = []
    for line in worded:
        if line.size >= _TITLE_SIZE * largest:
            found.append(line)
        elif found:
            break
    return tuple(found) if _count(found) <= _MOST_TITLE_WORDS else ()


def _is_chapter(lines: Sequence[Line], front: Front) -> bool:
    """Whether what is largest on the first page has a number, and the next number follows later."""
    first = _CHAPTER.match(lines[0].text) if lines else None
    if first is None:
        return False
    return any(
        isinstance(item, Line)
        and abs(item.size - lines[0].size) < 1
        and (match := _CHAPTER.match(item.text)) is not None
        and int(match[1]) == int(first[1]) + 1
        for page in front.pages
        for item in page
    )


def _subtitle_lines(cover: Sequence[Line], title: Sequence[Line], body: float) -> tuple[Line, ...]:
    """The lines in one type right under the title, no smaller than running text."""
    found: list[Line] = []
    for line in cover[cover.index(title[-1]) + 1 :]:
        if not found and line.size >= _TITLE_SIZE * title[-1].size:
            continue
        if line.size < body or not any(character.isalpha() for character in line.text):
            break
        if found and (abs(line.size - found[0].size) > 1 or found[-1].y - line.y > 2 * line.size):
            break
        found.append(line)
    return tuple(found) if _count(found) <= _MOST_SUBTITLE_WORDS else ()


def _text(lines: Sequence[Line], words: Words) -> str:
    return clean_line(words.joined([words.respelled(line.text) for line in lines]))


def _count(lines: Sequence[Line]) -> int:
    return sum(len(line.text.split()) for line in lines)


def _is_in_print(title: str, front: Front) -> bool:
    """Whether the first pages bear a title out; letters set apart count as words too."""
    first = [item for page in front.pages[:_PAGES_IN_PRINT] for item in page]
    texts = [*front.lines, *(item.text for item in first if isinstance(item, Line))]
    printed = same_words(" ".join(texts))
    wanted = [same_words(word) for word in title.split()]
    found = sum(word in printed for word in wanted)
    return found >= _SHARE_IN_PRINT * len(wanted)
