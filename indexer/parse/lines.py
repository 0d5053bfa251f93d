"""Lines to pieces: what plain text and Markdown mark themselves, and nothing guessed.

Headings with ``#`` or underlined, lists, tables with ``|``, quotations with ``>`` and fenced code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from indexer.parse.blocks import Heading, Piece
from indexer.parse.clean import clean_line
from indexer.parse.dates import read_date, read_label
from search.document import Block, BlockKind

_ATX = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"\s{0,3}(=+|-{2,})\s*$")
_RULE = re.compile(r"\s{0,3}([-*_])(?:\s*\1){2,}\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•·▪]|(?P<number>\d{1,3})[.)])\s+(?P<text>\S.*)$")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_ROW_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
_QUOTED = re.compile(r"\s{0,3}>\s?")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n.*?\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
#: Written on lines of their own, a paragraph a line; wrapped text is never so wide.
_WIDEST_WRAPPED = 120
#: A line so much shorter than the longest was not broken by the right margin.
_SHORT_OF_MARGIN = 0.6
#: Lines that are all this short are lines on purpose: an address, a list without marks.
_NARROWEST_WRAPPED = 40

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<!\w)([*_])(?=\S)([^*_]+?)(?<=\S)\1(?!\w)")
_CODE = re.compile(r"`([^`]+)`")


_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")


def pieces_of_text(text: str, *, markdown: bool) -> list[Piece]:
    """The pieces of a text. ``markdown`` also takes emphasis, links and front matter away.

    >>> [piece.text for piece in pieces_of_text("# Plan\\n\\n* kväll\\n* helg", markdown=True)]
    ['Plan', '– kväll\\n– helg']
    """
    if markdown:
        text = _COMMENT.sub("", _FRONT_MATTER.sub("", text, count=1))
    reader = _Reader(markdown)
    for line in text.splitlines():
        reader.take(line.expandtabs(4))
    reader.end()
    return _joined_lists(reader.pieces)


class _Reader:
    """Gathers lines of one sort until a line of another sort comes."""

    def __init__(self, markdown: bool) -> None:
        self.pieces: list[Piece] = []
        self._markdown = markdown
        self._lines: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._fence = ""

    def take(self, line: str) -> None:
        """Take in the next line."""
        if self._fence or _FENCE.match(line):
            self._fenced(line)
        elif not line.strip():
            self.end()
        elif match := _ATX.match(line):
            self.end()
            self._heading(len(match[1]), match[2])
        elif self._kind is BlockKind.PARAGRAPH and self._is_underline(line):
            self._underlined(line)
        elif match := _ITEM.match(line):
            mark = f"{match['number']}. " if match["number"] else "– "
            self._gather(BlockKind.LIST, mark + match["text"])
        elif _ROW.match(line) or (self._kind is BlockKind.TABLE and "|" in line):
            if not _ROW_RULE.match(line):
                self._gather(BlockKind.TABLE, line)
        elif match := _QUOTED.match(line):
            self._gather(BlockKind.QUOTATION, line[match.end() :])
        elif self._kind is BlockKind.LIST and self._lines:
            self._lines[-1] += " " + line
        else:
            self._gather(BlockKind.PARAGRAPH, line)

    def end(self) -> None:
        """End what has been gathered."""
        lines, kind = self._lines, self._kind
        self._lines, self._kind = [], BlockKind.PARAGRAPH
        if not lines:
            return
        if kind is BlockKind.LIST:
            self._block("\n".join(self._plain(line) for line in lines), kind)
        elif kind is BlockKind.TABLE:
            # Rows of nothing but bars are lines somebody drew.
            rows = [row for row in map(self._row, lines) if row.strip()]
            self._block("\n".join(rows), kind)
        elif kind is BlockKind.QUOTATION:
            self._block(self._plain(" ".join(lines)).strip('”"“'), kind)
        elif len(lines) > 1 and all(line.lstrip().startswith("– ") for line in lines):
            self._block("\n".join(self._plain(line) for line in lines), BlockKind.LIST)
        else:
            for text in _unwrapped(lines, self._markdown):
                self._block(self._plain(text), kind)

    def _gather(self, kind: BlockKind, line: str) -> None:
        if kind is not self._kind:
            self.end()
        self._kind = kind
        self._lines.append(line)

    def _is_underline(self, line: str) -> bool:
        return bool(_RULE.match(line)) or (len(self._lines) == 1 and bool(_UNDERLINE.match(line)))

    def _underlined(self, line: str) -> None:
        above, self._lines = self._lines, []
        match = _UNDERLINE.match(line)
        if match and len(above) == 1:
            self._heading(1 if match[1].startswith("=") else 2, above[0])
        else:
            self._lines = above
            self.end()

    def _fenced(self, line: str) -> None:
        match = _FENCE.match(line)
        if not self._fence and match:
            self.end()
            self._fence = match[1]
        elif match and match[1].startswith(self._fence):
            self._fence = ""
            self.end()
        else:
            self._lines.append(line)

    def _heading(self, level: int, text: str) -> None:
        if plain := self._plain(text):
            self.pieces.append(Heading(level, plain))

    def _block(self, text: str, kind: BlockKind) -> None:
        if text:
            self.pieces.append(Block(text, kind))

    def _row(self, line: str) -> str:
        cells = line.strip().strip("|").replace("\\|", "\0").split("|")
        return "\t".join(self._plain(cell.replace("\0", "|")) for cell in cells).rstrip("\t")

    def _plain(self, text: str) -> str:
        if self._markdown:
            text = _CODE.sub(r"\1", _LINK.sub(r"\1", text))
            text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
            text = _ESCAPED.sub(r"\1", text)
        return clean_line(text)


def _unwrapped(lines: list[str], markdown: bool) -> Iterator[str]:
    """Paragraphs of lines that a right margin broke; lines that stand alone stay alone."""
    widest = max(len(line) for line in lines)
    text = lines[0]
    for before, line in pairwise(lines):
        if not markdown and _breaks(before, line, widest):
            yield text
            text = line
        else:
            text += " " + line
    yield text


def _breaks(before: str, line: str, widest: int) -> bool:
    if widest > _WIDEST_WRAPPED or before.rstrip().endswith(":"):
        return True
    if any(read_date(text) or read_label(text.strip()) for text in (before, line)):
        return True
    begins = not line.lstrip()[:1].islower()
    short = len(before) < _SHORT_OF_MARGIN * widest or widest <= _NARROWEST_WRAPPED
    return begins and short


def _joined_lists(pieces: list[Piece]) -> list[Piece]:
    """Lists with empty lines between their items made one."""
    made: list[Piece] = []
    for piece in pieces:
        before = made[-1] if made else None
        if (
            isinstance(piece, Block)
            and isinstance(before, Block)
            and piece.kind is before.kind is BlockKind.LIST
        ):
            made[-1] = replace(before, text=f"{before.text}\n{piece.text}")
        else:
            made.append(piece)
    return made
