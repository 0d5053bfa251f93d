"""A published document as it is read: chapters under headings, passages, their blocks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from search.document import Document, Link
from search.results import Passage, StoredDocument

#: Fewer headings are seen at a glance.
LEAST_HEADINGS_FOR_CONTENTS = 5
#: A longer table of contents is shown by its upper levels only.
LONGEST_CONTENTS = 24

_TOP_LEVEL = 2
_LOWEST_LEVEL = 6
#: How the text of an unnumbered item begins; the page has bullets of its own.
_BULLET = "– "
_NUMBERED = re.compile(r"(\d+)[.)]\s+")
#: A source as the manifest of the examples has it: what it is, and where.
_SOURCE = re.compile(r"(?P<text>.+) <(?P<address>[^<>\s]+)>")
#: How an item to tick begins; its box stands where a bullet would.
_BOXES = ("☐", "☒")
#: A cell of a head names a column; what is longer, or ends as a sentence does, says something.
_MOST_HEAD_WORDS = 10
_SAID = (".", "!", ":", ";", ",")
_SPOKEN = re.compile(r"–\s(?P<said>.+)\s\((?P<speaker>[^()]+)\)", re.DOTALL)


class Kind(StrEnum):
    """How a block is set."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    NUMBERED = "numbered"  # its items carry their own numbers
    BOXES = "boxes"  # a list to tick
    TABLE = "table"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a passage: a list has a line an item, a table a row a line and its cells.

    ``rows`` are as wide as the table, but for those of one cell, which stands across it. ``head``
    is the first row where it names the columns, else empty.
    """

    kind: Kind
    text: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    head: tuple[str, ...] = ()
    speaker: str = ""

    @property
    def columns(self) -> int:
        """How wide a table is."""
        return max(map(len, self.rows), default=0)

    @property
    def body(self) -> tuple[tuple[str, ...], ...]:
        """The rows under the head."""
        return self.rows[1:] if self.head else self.rows

    @property
    def items(self) -> tuple[tuple[str, str], ...]:
        """The items of a numbered list: the number, and the text after it."""
        found = ((_NUMBERED.match(line), line) for line in self.lines)
        return tuple((match[1], line[match.end() :]) for match, line in found if match)


@dataclass(frozen=True, slots=True)
class Part:
    """A passage and the blocks it is made of; ``begins_page`` where the last one's page ended.

    ``sources`` stand in place of a text that only lists them, all of them at the first such part.
    """

    passage: Passage
    pieces: tuple[Piece, ...]
    begins_page: bool
    sources: tuple[Link, ...] = ()


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
    sources = sources_of(stored.document)
    to_list = sources
    path: tuple[str, ...] | None = None
    page: int | None = None
    table: Piece | None = None
    for passage in stored.passages:
        if passage.heading_path != path:
            _open_chapters(made, path or (), passage.heading_path)
            path, table = passage.heading_path, None
        if _only_lists(passage.text, sources):
            begins_page = bool(to_list) and passage.page not in (None, page)
            made[-1].parts.append(Part(passage, (), begins_page, to_list))
            to_list = ()
        else:
            pieces = tuple(_piece(block) for block in passage.text.split("\n\n") if block.strip())
            pieces, table = _continued(pieces, table)
            made[-1].parts.append(Part(passage, pieces, passage.page not in (None, page)))
        page = passage.page
    return tuple(made)


def sources_of(document: Document) -> tuple[Link, ...]:
    """Where an example's facts come from: what a source is called, and its address or ``""``."""
    return tuple(dict.fromkeys(map(_source, document.facts)))


def links_of(document: Document) -> tuple[Link, ...]:
    """The links of a document, each once, without those that its sources are."""
    addresses = {source.url for source in sources_of(document)}
    return tuple(dict.fromkeys(link for link in document.links if link.url not in addresses))


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


def _source(fact: str) -> Link:
    if match := _SOURCE.fullmatch(fact):
        return Link(match["text"], match["address"])
    return Link(fact, fact if fact.startswith(("https://", "http://")) else "")


def _only_lists(text: str, sources: tuple[Link, ...]) -> bool:
    """Whether a text names sources and says nothing else, in whatever lines they were read."""
    left = " ".join(text.split())
    for name in sorted((source.text for source in sources), key=len, reverse=True):
        left = left.replace(name, "")
    return bool(sources and text.strip()) and not any(map(str.isalnum, left))


def _continued(
    pieces: tuple[Piece, ...], table: Piece | None
) -> tuple[tuple[Piece, ...], Piece | None]:
    """The pieces, and the table they end with: long ones are cut, and have one head only."""
    if table and pieces and pieces[0].columns == table.columns:
        first = pieces[0]
        head = table.head if first.rows[0] == table.head else ()
        pieces = (replace(first, head=head), *pieces[1:])
        if len(pieces) == 1:
            return pieces, table
    last = pieces[-1] if pieces else None
    return pieces, last if last and last.kind is Kind.TABLE else None


def _piece(block: str) -> Piece:
    block = block.strip("\n")
    if "\t" in block:
        return _table(block)
    lines = tuple(line for line in block.split("\n") if line.strip())
    if len(lines) > 1 and all(map(_NUMBERED.match, lines)):
        return Piece(Kind.NUMBERED, block, lines)
    items = tuple(line.removeprefix(_BULLET) for line in lines)
    if all(item.startswith(_BOXES) for item in items):
        return Piece(Kind.BOXES, block, items)
    if len(lines) > 1:
        return Piece(Kind.LIST, block, items)
    if spoken := _SPOKEN.fullmatch(block):
        return Piece(Kind.QUOTATION, spoken["said"], speaker=spoken["speaker"])
    return Piece(Kind.PARAGRAPH, block)


def _table(block: str) -> Piece:
    given = [tuple(cell.strip() for cell in line.split("\t")) for line in block.split("\n") if line]
    columns = max(map(len, given))
    rows = tuple(row if len(row) == 1 else (*row, *[""] * (columns - len(row))) for row in given)
    return Piece(Kind.TABLE, block, rows=rows, head=rows[0] if _is_head(rows) else ())


def _is_head(rows: tuple[tuple[str, ...], ...]) -> bool:
    """Whether the first row names the columns; no file says so in a way that gets this far."""
    first = rows[0]
    return (
        len(rows) > 1
        and len(first) > 1
        and all(first[1:])
        and not any(cell.endswith(_SAID) for cell in first)
        and max(len(cell.split()) for cell in first) <= _MOST_HEAD_WORDS
    )
