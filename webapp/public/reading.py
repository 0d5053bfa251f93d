"""A published document as it is read: chapters under headings, passages, their blocks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from search.results import Passage, StoredDocument

#: Fewer headings are seen at a glance.
LEAST_HEADINGS_FOR_CONTENTS = 5
#: A longer table of contents is shown by its upper levels only.
LONGEST_CONTENTS = 24

_TOP_LEVEL = 2
_LOWEST_LEVEL = 6
#: How the text of an unnumbered item begins; the page has bullets of its own.
_BULLET = "– "
_NUMBERED = re.compile(r"\d+[.)]\s")
_SPOKEN = re.compile(r"–\s(?P<said>.+)\s\((?P<speaker>[^()]+)\)", re.DOTALL)


class Kind(StrEnum):
    """How a block is set."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    NUMBERED = "numbered"  # its items carry their own numbers
    TABLE = "table"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a passage: a list has a line an item, a table a row a line and its cells."""

    kind: Kind
    text: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A passage and the blocks it is made of; ``begins_page`` where the last one's page ended."""

    passage: Passage
    pieces: tuple[Piece, ...]
    begins_page: bool


@dataclass(slots=True)
class Chapter:
    """A heading of ``level`` 2–6 and what stands under it before the next heading."""

    heading: str
    level: int
    anchor: str
    parts: list[Part] = field(default_factory=list)


def chapters(stored: StoredDocument) -> tuple[Chapter, ...]:
    """The document by its headings in reading order; text before the first has none."""
    made: list[Chapter] = []
    path: tuple[str, ...] | None = None
    page: int | None = None
    for passage in stored.passages:
        if passage.heading_path != path:
            _open_chapters(made, path or (), passage.heading_path)
            path = passage.heading_path
        pieces = tuple(_piece(block) for block in passage.text.split("\n\n") if block.strip())
        made[-1].parts.append(Part(passage, pieces, passage.page not in (None, page)))
        page = passage.page
    return tuple(made)


def contents(made: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """The chapters for a table of contents; none when the headings are few."""
    headed = [chapter for chapter in made if chapter.heading]
    if len(headed) < LEAST_HEADINGS_FOR_CONTENTS:
        return ()
    for deepest in range(_LOWEST_LEVEL, _TOP_LEVEL, -1):
        entries = [chapter for chapter in headed if chapter.level <= deepest]
        if len(entries) <= LONGEST_CONTENTS:
            return tuple(entries)
    return tuple(chapter for chapter in headed if chapter.level == _TOP_LEVEL)


def _open_chapters(made: list[Chapter], before: tuple[str, ...], path: tuple[str, ...]) -> None:
    """Add the headings that lead to ``path``, so that no level is ever jumped over."""
    shared = 0
    while shared < min(len(before), len(path)) and before[shared] == path[shared]:
        shared += 1
    # Back under a heading that has been left is said again.
    first = min(shared, max(0, len(path) - 1))
    for depth in range(first, len(path)):
        level = min(_TOP_LEVEL + depth, _LOWEST_LEVEL)
        made.append(Chapter(path[depth], level, f"avsnitt-{len(made) + 1}"))
    if not path:
        made.append(Chapter("", _TOP_LEVEL, f"avsnitt-{len(made) + 1}"))


def _piece(block: str) -> Piece:
    block = block.strip("\n")
    lines = tuple(line for line in block.split("\n") if line.strip())
    if "\t" in block:
        return Piece(Kind.TABLE, block, rows=tuple(tuple(line.split("\t")) for line in lines))
    if len(lines) > 1:
        numbered = all(_NUMBERED.match(line) for line in lines)
        if numbered:
            return Piece(Kind.NUMBERED, block, lines)
        return Piece(Kind.LIST, block, tuple(line.removeprefix(_BULLET) for line in lines))
    if spoken := _SPOKEN.fullmatch(block):
        return Piece(Kind.QUOTATION, spoken["said"], speaker=spoken["speaker"])
    return Piece(Kind.PARAGRAPH, block)
