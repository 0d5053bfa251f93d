"""Spans of a page to rows in reading order: columns one after the other, marks of notes left out.

Pure geometry; knows nothing of pdfium, and nothing of what a row says. ``pdf_tables`` finds the
tables among the rows.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from indexer.parse.pdf_spans import Span

#: Spans whose baselines differ by less, in type sizes, stand on one row.
_SAME_ROW = 0.35
#: A gap this wide, in type sizes, is a space.
_WORD_GAP = 0.15
#: Raised by so much, in type sizes, and so much smaller, a number is the mark of a note.
_RAISED, _SMALLER = (0.1, 0.75), 0.9
_NOTE_MARK = re.compile(r"[\d,*†‡]{1,5}")
_UNIT = re.compile(r"\b[kcdm]?m$")
#: A gutter is no narrower; points. Words are parted by less, and so are most table cells.
_LEAST_GUTTER = 6.0
_GUTTER_EM = 0.8
#: A column begins at least this share of the width from the left.
_FIRST_SHARE = 0.15
#: Lines of a column begin within so many points of each other.
_ALIGNED = 3.0
_CANDIDATES = 6
#: Columns in columns: a page in three columns is split twice.
_DEEPEST = 4
#: Columns drawn one after the other (this share of all pairs of lines, or none, in order, and no
#: more turns than one and one in so many lines) need few lines to be believed, with words in them…
_DRAWN_IN_TURN, _LINES_A_TURN, _LEAST_LINES, _LEAST_WORDS = 0.85, 20, (2, 3), 1.5
#: …columns drawn across, line by line, must look like running text, or they are a table.
_PROSE_LINES, _PROSE_WORDS, _PROSE_FILL = 5, 3.5, 0.6
#: Parts of a page lie this far apart, in type sizes.
_PARTED = 1.8


@dataclass(frozen=True, slots=True)
class Row:
    """Spans on one baseline, from left to right."""

    spans: tuple[Span, ...]

    @property
    def x0(self) -> float:
        """Where the row begins."""
        return self.spans[0].x0

    @property
    def x1(self) -> float:
        """Where the row ends."""
        return max(span.x1 for span in self.spans)

    @property
    def y(self) -> float:
        """The baseline of most of the text."""
        return self._main.y

    @property
    def size(self) -> float:
        """The type size of most of the text."""
        return self._main.size

    @property
    def bold(self) -> bool:
        """Whether all of it but a little is bold."""
        light = sum(len(span.text) for span in self.spans if not span.bold)
        return light * 5 <= sum(len(span.text) for span in self.spans)

    @property
    def order(self) -> int:
        """The place in the file of what was drawn first."""
        return min(span.order for span in self.spans)

    @property
    def text(self) -> str:
        """The words, parted where there is a gap."""
        made = ""
        end = self.x0
        for span in self.spans:
            gap = span.x0 - end
            made += (" " if made and gap > _WORD_GAP * span.size else "") + span.text
            end = span.x1
        return made

    @property
    def _main(self) -> Span:
        return max(self.spans, key=lambda span: len(span.text))


def rows_of(spans: Iterable[Span]) -> list[Row]:
    """The spans as rows, from the top down."""
    rows: list[list[Span]] = []
    y = 0.0
    for span in sorted(spans, key=lambda span: -span.y):
        if rows and y - span.y <= _SAME_ROW * min(span.size, rows[-1][0].size):
            rows[-1].append(span)
        else:
            rows.append([span])
            y = span.y
    return [Row(tuple(sorted(row, key=lambda span: span.x0))) for row in rows]


def regions_of(spans: Sequence[Span]) -> list[list[Row]]:
    """Rows grouped by the column or the full width they stand in, in reading order."""
    return [rows_of(region) for region in _split(without_note_marks(spans), 0)]


def without_note_marks(spans: Sequence[Span]) -> list[Span]:
    """The spans without raised numbers that lead to notes; other raised ones moved down."""
    kept: list[Span] = []
    larger: dict[float, list[Span]] = {}
    for span in spans:
        if not _NOTE_MARK.fullmatch(span.text):
            kept.append(span)
            continue
        if span.size not in larger:
            larger[span.size] = [other for other in spans if span.size <= _SMALLER * other.size]
        base = next((other for other in larger[span.size] if _is_raised(span, other)), None)
        if base is None:
            kept.append(span)
        elif span.x0 < base.x0 or _UNIT.search(base.text):
            kept.append(replace(span, y=base.y))
    return kept


def _is_raised(mark: Span, base: Span) -> bool:
    """Whether a number is raised right beside a span."""
    least, most = _RAISED
    near = min(abs(mark.x0 - base.x1), abs(mark.x1 - base.x0)) <= base.size / 2
    return near and least * base.size <= mark.y - base.y <= most * base.size


def _split(spans: Sequence[Span], depth: int) -> list[list[Span]]:
    """The spans cut into regions where columns are found, else as they are."""
    parts = _columns(rows_of(spans)) if depth < _DEEPEST else []
    if not parts:
        return [list(spans)] if spans else []
    return [region for part in parts for region in _split(part, depth + 1)]


def _columns(rows: Sequence[Row]) -> list[list[Span]]:
    """The spans above, left, right and below the best gutter; empty where there is none."""
    best: list[list[Span]] = []
    most = 0
    for start in _column_starts(rows):
        parts, in_columns = _cut(rows, start)
        if in_columns > most:
            best, most = parts, in_columns
    return best


def _column_starts(rows: Sequence[Row]) -> list[float]:
    """Where several rows have a span that begins after a gap: the left edges of columns."""
    left = min((row.x0 for row in rows), default=0.0)
    right = max((row.x1 for row in rows), default=0.0)
    starts: Counter[int] = Counter()
    for row in rows:
        end = left
        for span in row.spans:
            if span.x0 - left > _FIRST_SHARE * (right - left) and span.x0 - end > _LEAST_GUTTER:
                starts[round(span.x0 / _ALIGNED)] += 1
            end = max(end, span.x1)
    found = [(count + starts[n + 1], n) for n, count in starts.items()]
    common = sorted((item for item in found if item[0] >= _LEAST_LINES[0]), reverse=True)
    return [n * _ALIGNED - _ALIGNED / 2 for _, n in common[:_CANDIDATES]]


def _cut(rows: Sequence[Row], start: float) -> tuple[list[list[Span]], int]:
    """The parts when the page is cut before ``start``, and how many rows stand in columns."""
    parts: list[list[Span]] = []
    wide: list[Span] = []
    in_columns = 0
    for band in _bands(rows, start):
        kept = _without_tail(band, start)
        left, right = _sides(kept, start)
        if not _are_columns(rows_of(left), rows_of(right)):
            wide += [span for row in band for span in row.spans]
            continue
        parts += [part for part in (wide, left, right) if part]
        wide = [span for row in band[len(kept) :] for span in row.spans]
        in_columns += len(kept)
    if wide:
        parts.append(wide)
    return parts, in_columns


def _without_tail(band: list[Row], start: float) -> list[Row]:
    """The band without rows at its foot that were drawn after both columns: a table below them."""
    if _turns(*(rows_of(side) for side in _sides(band, start))) <= 1:
        return band
    kept = len(band)
    while kept > _LEAST_LINES[1]:
        left, _ = _sides([band[kept - 1]], start)
        _, right = _sides(band[: kept - 1], start)
        last = max((span.order for span in right), default=0)
        if not left or not right or min(span.order for span in left) < last:
            break
        kept -= 1
    left, right = _sides(band[:kept], start)
    if _are_drawn_in_turn(rows_of(left), rows_of(right)):
        return band[:kept]
    # Drawn across: a table under the columns is parted from them, and says less on each line.
    for n in range(len(band) - 1, 0, -1):
        if band[n - 1].y - band[n].y > _PARTED * band[n].size and not _is_prose(band[n:], start):
            return _without_tail(band[:n], start)
    return band


def _bands(rows: Sequence[Row], start: float) -> Iterator[list[Row]]:
    """Neighbouring rows that leave the gutter free; each row that crosses it, alone."""
    band: list[Row] = []
    for row in rows:
        if _crosses(row, start):
            if band:
                yield band
            yield [row]
            band = []
        else:
            band.append(row)
    if band:
        yield band


def _crosses(row: Row, start: float) -> bool:
    left, right = _sides([row], start)
    if not left or not right:
        return bool(left) and max(span.x1 for span in left) > start - _LEAST_GUTTER / 2
    gutter = min(span.x0 for span in right) - max(span.x1 for span in left)
    return gutter < max(_LEAST_GUTTER, _GUTTER_EM * row.size)


def _sides(rows: Iterable[Row], start: float) -> tuple[list[Span], list[Span]]:
    left: list[Span] = []
    right: list[Span] = []
    for row in rows:
        for span in row.spans:
            (right if span.x0 >= start else left).append(span)
    return left, right


def _are_columns(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether two sides are columns of text rather than cells of a table."""
    fewer, more = sorted((len(left), len(right)))
    if fewer < _LEAST_LINES[0] or more < _LEAST_LINES[1]:
        return False
    if _are_drawn_in_turn(left, right):
        return min(_words(left), _words(right)) >= _LEAST_WORDS
    return fewer >= _PROSE_LINES and _are_prose(left, right)


def _is_prose(band: Sequence[Row], start: float) -> bool:
    left, right = (rows_of(side) for side in _sides(band, start))
    return bool(left and right) and _are_prose(left, right)


def _are_prose(left: Sequence[Row], right: Sequence[Row]) -> bool:
    enough_words = min(_words(left), _words(right)) >= _PROSE_WORDS
    return enough_words and min(_fill(left), _fill(right)) >= _PROSE_FILL


def _are_drawn_in_turn(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether one side was drawn before the other, but for a line or two."""
    if not left or not right:
        return False
    if _turns(left, right) > 1 + (len(left) + len(right)) // _LINES_A_TURN:
        return False
    drawn = sorted(row.order for row in left)
    in_order = sum(bisect(drawn, row.order) for row in right) / (len(left) * len(right))
    return max(in_order, 1 - in_order) >= _DRAWN_IN_TURN


def _turns(left: Sequence[Row], right: Sequence[Row]) -> int:
    """How often the file goes from one side to the other."""
    sides = sorted([(row.order, 0) for row in left] + [(row.order, 1) for row in right])
    return sum(a[1] != b[1] for a, b in pairwise(sides))


def _words(rows: Sequence[Row]) -> float:
    return sum(len(row.text.split()) for row in rows) / len(rows)


def _fill(rows: Sequence[Row]) -> float:
    """How much of the column's width its lines take up, typically."""
    width = max(row.x1 for row in rows) - min(row.x0 for row in rows)
    return median((row.x1 - row.x0) / max(width, 1.0) for row in rows)
