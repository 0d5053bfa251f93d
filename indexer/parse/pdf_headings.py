"""Which lines of a PDF are headings, and of which level: by its outline, else by their type.

Pure. An outline says what the headings are called; type says what else looks like them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.parse.pdf_file import Bookmark
from indexer.parse.pdf_tables import Line, Table

#: Under the title of the document, which is level 1.
_FIRST_LEVEL, _LAST_LEVEL = 2, 6
#: A heading in an outline may fill so many lines.
_MOST_LINES = 4
#: Larger than running text by so much, in points and as a share.
_LARGER, _LARGER_SHARE = 1.0, 1.1
_MOST_WORDS, _MOST_LIGHT_WORDS, _LARGE = 20, 12, 1.3
_MOST_BOLD_WORDS, _MOST_BOLD_LINES = 14, 2
_LEAST_LETTERS = 3
#: Lines of a heading follow each other within so many type sizes.
_LEADING = 1.9
#: A line that is set apart by so much, in type sizes, from the text before it.
_APART = 1.7
_CAPTION = re.compile(r"(?:figur|tabell|diagram|bild|karta|figure|table|källa|source)\b", re.I)
_MARKED = re.compile(r"[•●▪◦‣–—\-*·►✓✔]\s")
_NUMBERED = re.compile(
    r"(?:\d+(?:\.\d+)*\.?|[A-Z]\.|kapitel\s+\d+[.:]?|bilaga\s+\d+[.:]?)\s+", re.I
)
#: Bookmarks that programs make by themselves.
_NO_TITLE = re.compile(r"(?:_\w+|(?:sida|page|slide|bild)\s*\d+|.*\.(?:docx?|indd|pdf))", re.I)


@dataclass(frozen=True, slots=True)
class Mark:
    """A line is (part of) a heading; lines of one heading share ``group``."""

    level: int
    group: int


def find_headings(
    items: Sequence[Line | Table], bookmarks: Sequence[Bookmark], body: float
) -> Mapping[int, Mark]:
    """The lines that are headings, by their place among the items.

    ``body`` is the type size of running text.
    """
    by_outline = dict(_by_outline(items, bookmarks))
    taken = {n for group in by_outline for n in group}
    by_type = list(_by_type(items, taken, body))
    styles = _levels(items, by_outline, by_type)
    marks: dict[int, Mark] = {}
    for group, depth in by_outline.items():
        level = min(_FIRST_LEVEL + depth, _LAST_LEVEL)
        marks |= {n: Mark(level, group[0]) for n in group}
    for group in by_type:
        level = styles[_style(items[group[0]])]
        marks |= {n: Mark(level, group[0]) for n in group}
    return marks


def same_words(text: str) -> str:
    """Letters and digits only: how two printings of a heading are compared."""
    return re.sub(r"[\W_]+", "", text).casefold()


def _by_outline(
    items: Sequence[Line | Table], bookmarks: Sequence[Bookmark]
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Groups of lines that say what a bookmark says, with its depth."""
    places: dict[int, list[int]] = defaultdict(list)
    for n, item in enumerate(items):
        if isinstance(item, Line):
            places[item.page].append(n)
    taken: set[int] = set()
    for bookmark in bookmarks:
        if _NO_TITLE.fullmatch(bookmark.title) or not same_words(bookmark.title):
            continue
        found: list[tuple[int, ...]] = []
        for page in (bookmark.page, bookmark.page + 1):
            found = found or list(_saying(bookmark.title, items, places[page], taken))
        if found:
            # The words may stand in the text too; the heading is what is printed largest.
            group = max(found, key=lambda group: (_style(items[group[0]]), -group[0]))
            taken |= set(group)
            yield group, bookmark.depth


def _saying(
    title: str, items: Sequence[Line | Table], places: Sequence[int], taken: set[int]
) -> Iterator[tuple[int, ...]]:
    wanted = {same_words(title), same_words(_NUMBERED.sub("", title, count=1))} - {""}
    for at in range(len(places)):
        text = ""
        for end in range(at, min(at + _MOST_LINES, len(places))):
            item = items[places[end]]
            if not isinstance(item, Line) or places[end] in taken:
                break
            text = f"{text} {item.text}".strip()
            said = {same_words(text), same_words(_NUMBERED.sub("", text, count=1))} - {""}
            if said & wanted:
                yield tuple(places[at : end + 1])
                break
            if not any(w.startswith(s) for w in wanted for s in said):
                break


def _by_type(
    items: Sequence[Line | Table], taken: set[int], body: float
) -> Iterator[tuple[int, ...]]:
    """Groups of lines that look like headings."""
    n = 0
    while n < len(items):
        group = [n]
        while (
            n + 1 < len(items)
            and n + 1 not in taken
            and n not in taken
            and _is_next_line(items[n], items[n + 1])
        ):
            n += 1
            group.append(n)
        n += 1
        if taken.isdisjoint(group) and _is_heading(items, group, body):
            yield tuple(group)


def _is_next_line(above: Line | Table, below: Line | Table) -> bool:
    return (
        isinstance(above, Line)
        and isinstance(below, Line)
        and (above.page, above.region) == (below.page, below.region)
        and _style(above) == _style(below)
        and 0 < above.y - below.y <= _LEADING * above.size
    )


def _is_heading(items: Sequence[Line | Table], group: Sequence[int], body: float) -> bool:
    lines = [item for n in group if isinstance(item := items[n], Line)]
    text = " ".join(line.text for line in lines)
    letters = sum(character.isalpha() for character in text)
    ends = text.endswith((".", ",", ";", "!", "…")) and not _NUMBERED.fullmatch(text + " ")
    if not lines or letters < _LEAST_LETTERS or ends or len(lines) > _MOST_LINES:
        return False
    if _CAPTION.match(text) or _MARKED.match(text):
        return False
    size, words = lines[0].size, len(text.split())
    if size >= max(body + _LARGER, body * _LARGER_SHARE):
        # A lead is set in larger type too, but not by much, and it is longer.
        most = _MOST_WORDS if lines[0].bold or size >= _LARGE * body else _MOST_LIGHT_WORDS
        return words <= most and letters >= len(text) / 3
    if text[0].islower() or len(lines) > _MOST_BOLD_LINES or words > _MOST_BOLD_WORDS:
        return False
    if size < body * 0.9 or not _is_followed(items, group[-1]):
        return False
    return lines[0].bold or (text.isupper() and _begins_anew(items, group[0]))


def _is_followed(items: Sequence[Line | Table], last: int) -> bool:
    """Whether text in another type comes next, on the same page."""
    line, following = items[last], items[last + 1] if last + 1 < len(items) else None
    if following is None or following.page != line.page:
        return False
    return isinstance(following, Table) or _style(following) != _style(line) or _is_apart(
        items, last + 1
    )  # fmt: skip


def _begins_anew(items: Sequence[Line | Table], n: int) -> bool:
    """Whether the text before a line is done, and parted from it."""
    above = items[n - 1] if n else None
    done = not isinstance(above, Line) or above.text.endswith((".", "!", "?"))
    return done and _is_apart(items, n)


def _is_apart(items: Sequence[Line | Table], n: int) -> bool:
    line, above = items[n], items[n - 1] if n else None
    if not isinstance(line, Line) or above is None or above.page != line.page:
        return True
    return above.y - line.y > _APART * line.size or above.y < line.y


def _style(item: Line | Table) -> tuple[float, bool]:
    """Size to the half point, and boldness: larger and bolder sorts last."""
    return (round(item.size * 2) / 2, item.bold) if isinstance(item, Line) else (0.0, False)


def _levels(
    items: Sequence[Line | Table],
    by_outline: Mapping[tuple[int, ...], int],
    by_type: Sequence[tuple[int, ...]],
) -> Mapping[tuple[float, bool], int]:
    """The level of each type of heading: as the outline says, else one below the next larger."""
    depths: dict[tuple[float, bool], Counter[int]] = defaultdict(Counter)
    for group, depth in by_outline.items():
        depths[_style(items[group[0]])][depth] += 1
    styles = {_style(items[group[0]]) for group in by_type} | set(depths)
    levels: dict[tuple[float, bool], int] = {}
    above = _FIRST_LEVEL - 1
    for style in sorted(styles, reverse=True):
        known = depths[style].most_common(1) if style in depths else []
        level = _FIRST_LEVEL + known[0][0] if known else above + 1
        levels[style] = above = min(level, _LAST_LEVEL)
    return levels
