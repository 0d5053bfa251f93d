"""Characters of a PDF page to spans: runs of text on one baseline, in one type.

The only module beside ``pdf_file`` that talks to pdfium. Owns which characters are text at all;
lines, columns and paragraphs are made of spans by others.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2.raw as pdfium

#: Bold type by the name of its font; the weight that fonts state is seldom true.
_BOLD = re.compile(r"bold|black|heavy|demi|semibd|extrabd|-bd\b|,b\b", re.IGNORECASE)
_FORCED_BOLD = 1 << 18
#: Smaller type is a mark for machines.
_LEAST_SIZE = 2.0
#: How far, in type sizes, a character may stand from the one before it and be in the same span:
#: drawn in one go with it, or drawn separately. Beyond that begins another column or cell.
_GAP_WITHIN, _GAP_BETWEEN = 2.5, 0.6
_OVERLAP = 0.3
_WORD_GAP = 0.17
_SAME_BASELINE = 0.1
#: Text runs along the page when it leans no more than this (sine of the angle).
_UPRIGHT = 0.05
#: Letters set apart: so many single letters in a row, and words parted by so much wider gaps.
_LEAST_SPACED, _SPACED_SHARE, _WORD_TO_LETTER_GAP = 5, 0.8, 1.6

_LINE_ENDS = (10, 13)
_SPACES = frozenset({9, 32, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000})
#: What pdfium calls a hyphen that breaks a word, soft or hard.
_BREAKING_HYPHENS = (0x02, 0xFFFE)
#: Symbol fonts keep their bullets where Unicode has nothing.
_BULLETS = frozenset({0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF0A8, 0xF06E, 0xF0FC, 0x25CF, 0x2219})
_INVISIBLE = frozenset({0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFD})


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. Coordinates in points from the page's lower left corner, as it is shown.

    ``y`` is the baseline, ``size`` the type size, ``order`` the place in the file.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    order: int


#: Size, boldness, and whether the text runs along the page.
_Style = tuple[float, bool, bool]


def read_spans(page: Any, textpage: Any) -> list[Span]:
    """The spans of a page in the order in which the file draws them."""
    return list(_Reader(page, textpage).spans())


class _Run:
    """A span that is still being read."""

    __slots__ = ("chars", "edge", "end", "lefts", "rights", "style", "x0", "y")

    def __init__(self, style: _Style, x0: float, y: float) -> None:
        self.style = style
        self.x0 = x0
        self.y = y
        #: Where the last character ends, and the same with the spaces after it.
        self.end = self.edge = x0
        self.chars: list[str] = []
        self.lefts: list[float] = []
        self.rights: list[float] = []

    def add(self, char: str, left: float, right: float) -> None:
        self.chars.append(char)
        self.lefts.append(left)
        self.rights.append(right)
        self.end = self.edge = right

    def space(self, right: float) -> None:
        if self.chars and self.chars[-1] != " ":
            self.chars.append(" ")
            self.lefts.append(self.end)
            self.rights.append(right)
        self.edge = max(self.edge, right)

    def text(self) -> str:
        text = "".join(self.chars).strip()
        tokens = text.split()
        single = sum(len(token) == 1 and token.isalpha() for token in tokens)
        if single >= _LEAST_SPACED and single >= _SPACED_SHARE * len(tokens):
            return self._closed()
        return text

    def _closed(self) -> str:
        """The text with its letters moved together, words parted where the gaps are wider."""
        at = [n for n, char in enumerate(self.chars) if char != " "]
        gaps = [self.lefts[b] - self.rights[a] for a, b in pairwise(at)]
        wide = max(median(gaps), 0.1) * _WORD_TO_LETTER_GAP
        made = self.chars[at[0]]
        for place, gap in zip(at[1:], gaps, strict=True):
            made += (" " if gap > wide else "") + self.chars[place]
        return made


class _Reader:
    def __init__(self, page: Any, textpage: Any) -> None:
        self._raw = textpage.raw
        self._count = textpage.count_chars()
        self._turn = page.get_rotation()
        self._corner = _corner(page.get_cropbox(), self._turn)
        self._styles: dict[int, _Style] = {}
        self._bold: dict[int, bool] = {}
        self._matrix = pdfium.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def spans(self) -> Iterator[Span]:
        order = 0
        for run in self._runs():
            text = run.text()
            if text:
                size, bold, _ = run.style
                yield Span(text, run.x0, run.end, run.y, size, bold, order)
                order += 1

    def _runs(self) -> Iterator[_Run]:
        raw, box = self._raw, pdfium.FS_RECTF()
        box_at = ctypes.byref(box)
        unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
        extent, foot = _extent(self._turn), math.nan
        run: _Run | None = None
        style: _Style = (0.0, False, False)
        base, drawn, last_drawn = 0.0, 0, -1
        fresh = True
        for index in range(self._count):
            code = unicode_of(raw, index)
            if code in _LINE_ENDS:
                fresh = True
                continue
            if not box_of(raw, index, box_at):
                continue
            left, right = extent(box, self._corner[0])
            if code in _SPACES:
                if run:
                    run.space(right)
                fresh = True
                continue
            if fresh or self._turn or box.bottom != foot:
                drawn, style, base = self._look(index)
                foot, fresh = box.bottom, False
            char = _char(code)
            if not style[2] or not char:
                continue
            same = drawn == last_drawn
            if run is None or not _continues(run, style, base, left, same):
                if run:
                    yield run
                run = _Run(style, left, base)
            elif left - run.edge > _WORD_GAP * style[0] and not same:
                run.space(left)
            run.add(char, left, right)
            last_drawn = drawn
        if run:
            yield run

    def _look(self, index: int) -> tuple[int, _Style, float]:
        """What draws a character (its address), in which style, and on which baseline."""
        drawn = pdfium.FPDFText_GetTextObject(self._raw, index)
        if not drawn:
            return 0, (0.0, False, False), 0.0
        address = ctypes.addressof(drawn.contents)
        style = self._styles.get(address)
        if style is None:
            style = self._styles[address] = self._style(drawn, index)
        pdfium.FPDFText_GetCharOrigin(
            self._raw, index, ctypes.byref(self._x), ctypes.byref(self._y)
        )
        x, y = self._x.value, self._y.value
        base = {0: y, 90: -x, 180: -y, 270: x}[self._turn] - self._corner[1]
        return address, style, base

    def _style(self, drawn: Any, index: int) -> _Style:
        matrix = self._matrix
        pdfium.FPDFText_GetMatrix(self._raw, index, ctypes.byref(matrix))
        size = pdfium.FPDFText_GetFontSize(self._raw, index) * math.hypot(matrix.c, matrix.d)
        length = math.hypot(matrix.a, matrix.b) or 1.0
        turn = math.radians(self._turn)
        along = (matrix.a * math.cos(turn) + matrix.b * math.sin(turn)) / length
        across = (matrix.b * math.cos(turn) - matrix.a * math.sin(turn)) / length
        upright = along > 0 and abs(across) <= _UPRIGHT and size >= _LEAST_SIZE
        return round(size, 1), self._is_bold(pdfium.FPDFTextObj_GetFont(drawn)), upright

    def _is_bold(self, font: Any) -> bool:
        if not font:
            return False
        address = ctypes.addressof(font.contents)
        if address not in self._bold:
            name = ctypes.create_string_buffer(200)
            pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
            named = _BOLD.search(name.value.decode("utf-8", "replace")) is not None
            forced = bool(pdfium.FPDFFont_GetFlags(font) & _FORCED_BOLD)
            self._bold[address] = named or forced
        return self._bold[address]


def _continues(run: _Run, style: _Style, base: float, left: float, same_drawn: bool) -> bool:
    size = style[0]
    if style != run.style or abs(base - run.y) > _SAME_BASELINE * size:
        return False
    gap = left - run.edge
    if same_drawn:
        # The letters of a ligature share one place.
        return gap <= _GAP_WITHIN * size and left >= run.lefts[-1] - _OVERLAP * size
    return -_OVERLAP * size <= gap <= _GAP_BETWEEN * size


def _char(code: int) -> str:
    """The character as text, or ``""`` for what is none."""
    if code in _BREAKING_HYPHENS:
        return "-"
    if code in _BULLETS:
        return "•"
    if code < 32 or code in _INVISIBLE or 0xD800 <= code < 0xE000 or 0xE000 <= code < 0xF900:
        return ""
    return chr(code)


def _extent(turn: int) -> Callable[[Any, float], tuple[float, float]]:
    """How to read where a character begins and ends along its line, on a page turned so."""
    if turn == 90:
        return lambda box, corner: (box.bottom - corner, box.top - corner)
    if turn == 180:
        return lambda box, corner: (-box.right - corner, -box.left - corner)
    if turn == 270:
        return lambda box, corner: (-box.top - corner, -box.bottom - corner)
    return lambda box, corner: (box.left - corner, box.right - corner)


def _corner(box: tuple[float, float, float, float], turn: int) -> tuple[float, float]:
    """The page's lower left corner as it is shown, in turned coordinates."""
    left, bottom, right, top = box
    corners = {0: (left, bottom), 90: (bottom, -right), 180: (-right, -top), 270: (-top, left)}
    return corners[turn]
