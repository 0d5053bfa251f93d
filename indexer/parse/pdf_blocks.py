"""Lines of a PDF to pieces of text: paragraphs, lists and tables, each with the page it begins on.

Pure. Owns where a paragraph ends, on a page and across pages; the words are put together by
``pdf_text``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indexer.parse.blocks import Heading, Piece, quotation
from indexer.parse.clean import clean_line
from indexer.parse.pdf_headings import Mark
from indexer.parse.pdf_tables import Line, Table
from indexer.parse.pdf_text import HYPHENS, Words
from search.document import Block, BlockKind

#: Type that differs by so many points is another kind of text.
_OTHER_SIZE = 0.6
#: A paragraph begins after a gap so much wider than those between its lines…
_GAP = 1.3
#: …which is so many type sizes where a paragraph has one line so far.
_LEADING = 1.55
#: Indented by so many type sizes, but no more, a line begins a paragraph.
_INDENT, _DEEPEST_INDENT = 0.7, 4.0
#: A line that leaves this share of its column empty was ended on purpose.
_SHORT, _FULL = 0.45, 0.12
#: Type this much smaller than running text is a note, and waits until the paragraph is done.
_NOTE = 0.9

_BULLET = re.compile(r"([•●▪◦‣*·o►➢✓✔■□])\s+(?=\S)")
_DASH = re.compile(r"[–—-]\s+(?=\S)")
_NUMBER = re.compile(r"\(?(\d{1,2}|[a-zA-Z])[.)]\s+(?=\S)")
_ENDS = re.compile(r"[.!?:;…][\"”»’)\]]*$")


@dataclass(frozen=True, slots=True)
class PageHeading(Heading):
    """A heading that knows its page."""

    page: int = 1
    page_label: str = ""


def pieces_of(
    items: Sequence[Line | Table],
    marks: Mapping[int, Mark],
    words: Words,
    labels: Sequence[str],
    body: float,
) -> list[Piece]:
    """The headings and blocks of a document.

    ``labels`` holds the label of each page, ``body`` is the type size of running text.
    """
    text, notes = _Flow(words, labels), _Flow(words, labels)
    headings: dict[int, list[Line | Table]] = defaultdict(list)
    for n, mark in sorted(marks.items()):
        headings[mark.group].append(items[n])
    for n, item in enumerate(items):
        if n in marks:
            # A heading stands where its first line does.
            if lines := headings.pop(marks[n].group, []):
                text.end()
                text.pieces += [*notes.taken(), text.heading(lines, marks[n].level)]
        elif isinstance(item, Table):
            text.end()
            text.pieces += [*notes.taken(), text.table(item)]
        elif item.size < _NOTE * body:
            notes.take(item)
        elif text.take(item):
            # A paragraph that goes on after a note is not cut in two by it.
            text.pieces += notes.taken()
    text.end()
    return _with_lists([*text.pieces, *notes.taken()])


class _Flow:
    """Lines as they come, gathered to paragraphs and list items."""

    def __init__(self, words: Words, labels: Sequence[str]) -> None:
        self.pieces: list[Piece] = []
        self._words = words
        self._labels = labels
        self._lines: list[Line] = []
        self._is_item = False

    def take(self, line: Line) -> bool:
        """Take in a line; True when it begins a new paragraph or item."""
        goes_on = bool(self._lines) and self._goes_on(line)
        if not goes_on:
            self.end()
            self._is_item = _is_item(line.text)
        self._lines.append(line)
        return not goes_on

    def end(self) -> None:
        """End the paragraph that is open."""
        if not self._lines:
            return
        first = self._lines[0]
        text = clean_line(self._words.joined([line.text for line in self._lines]))
        if text:
            kind = BlockKind.LIST if self._is_item else BlockKind.PARAGRAPH
            text = _with_mark(text) if self._is_item else text
            label = self._labels[first.page - 1]
            self.pieces.append(Block(text, kind, page=first.page, page_label=label))
        self._lines = []

    def taken(self) -> list[Piece]:
        """Everything so far, which is then no longer here."""
        self.end()
        pieces, self.pieces = self.pieces, []
        return pieces

    def heading(self, lines: Sequence[Line | Table], level: int) -> PageHeading:
        """The heading that lines are."""
        texts = [line.text for line in lines if isinstance(line, Line)]
        text = clean_line(self._words.joined([self._words.respelled(text) for text in texts]))
        page = lines[0].page
        return PageHeading(level, text, page, self._labels[page - 1])

    def table(self, table: Table) -> Block:
        """The block that a table is."""
        rows = [
            "\t".join(clean_line(self._words.joined(cell)) for cell in row).rstrip()
            for row in table.rows
        ]
        label = self._labels[table.page - 1]
        return Block("\n".join(rows), BlockKind.TABLE, page=table.page, page_label=label)

    def _goes_on(self, line: Line) -> bool:
        last = self._lines[-1]
        if abs(line.size - last.size) > _OTHER_SIZE:
            return False
        ended = _ENDS.search(last.text) is not None
        if (line.page, line.region) != (last.page, last.region):
            return self._goes_on_elsewhere(line, ended)
        gap = last.y - line.y
        if gap <= 0 or gap > self._widest_gap(last):
            return False
        if _is_item(line.text) and (not _NUMBER.match(line.text) or ended or self._is_item):
            return False
        room = last.right - last.x1
        word = len(line.text.split(maxsplit=1)[0]) + 1
        letter = (last.x1 - last.x0) / max(len(last.text), 1)
        if ended and room > word * letter * 1.1 + 2:
            return False
        if room > _SHORT * (last.right - last.left) and not line.text[:1].islower():
            return False
        if line.bold != last.bold and (ended or room > word * letter + 2):
            return False
        return self._has_same_edge(line, ended, room)

    def _goes_on_elsewhere(self, line: Line, ended: bool) -> bool:
        """Whether a paragraph goes on in the next column or on the next page."""
        last = self._lines[-1]
        if ended or _is_item(line.text) or line.bold != last.bold or line.page > last.page + 2:
            return False
        if line.text[:1].islower() or last.text.endswith((*HYPHENS, ",")):
            return True
        full = last.right - last.x1 <= _FULL * (last.right - last.left)
        return full and line.x0 - line.left <= _INDENT * line.size

    def _widest_gap(self, last: Line) -> float:
        if len(self._lines) > 1:
            above = self._lines[-2]
            if above.page == last.page and above.y > last.y:
                return _GAP * (above.y - last.y)
        return _LEADING * _GAP * last.size

    def _has_same_edge(self, line: Line, ended: bool, room: float) -> bool:
        """Whether a line begins where one of the same paragraph would."""
        last = self._lines[-1]
        step = line.x0 - last.x0
        indent = _INDENT * line.size
        if self._is_item:
            # Back at the margin after lines that hung under their mark.
            return not (step < -indent and len(self._lines) > 1)
        if indent < step < _DEEPEST_INDENT * line.size:
            # The first line of a paragraph whose other lines hang under it is full.
            full = room < _FULL * (last.right - last.left)
            return len(self._lines) == 1 and not ended and full
        return step >= -indent or len(self._lines) == 1


def _is_item(text: str) -> bool:
    return any(mark.match(text) for mark in (_BULLET, _DASH, _NUMBER))


def _with_mark(text: str) -> str:
    """A list item with its mark as all lists here have it."""
    if match := _NUMBER.match(text):
        mark = f"{match[1]}." if match[1].isdigit() else match[0].strip()
        return f"{mark} {text[match.end() :]}"
    return "– " + _DASH.sub("", _BULLET.sub("", text, count=1), count=1)


def _with_lists(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with items that follow each other on a page made one list.

    A single paragraph with a dash is no list, and nor is what somebody says.
    """
    made: list[Piece] = []
    for n, piece in enumerate(pieces):
        before = made[-1] if made else None
        if not isinstance(piece, Block) or piece.kind is not BlockKind.LIST:
            made.append(piece)
        elif _is_speech(pieces, n):
            made.append(replace(piece, kind=BlockKind.PARAGRAPH))
        elif (
            isinstance(before, Block)
            and before.kind is BlockKind.LIST
            and before.page == piece.page
        ):
            made[-1] = replace(before, text=f"{before.text}\n{piece.text}")
        else:
            made.append(piece)
    return made


def _is_list(piece: Piece | None) -> bool:
    return isinstance(piece, Block) and piece.kind is BlockKind.LIST


def _is_speech(pieces: Sequence[Piece], n: int) -> bool:
    around = (*pieces[max(0, n - 1) : n], *pieces[n + 1 : n + 2])
    alone = not any(_is_list(piece) for piece in around)
    text = pieces[n].text
    return text.startswith("– ") and (quotation(text) is not None or (alone and text.endswith(".")))
