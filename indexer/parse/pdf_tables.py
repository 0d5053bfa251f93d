"""Rows of a region to lines and tables: a table where cells stand under each other, clearly.

Pure geometry. Where it is not clear, the cells of a row become one line of text: nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.parse.pdf_layout import Row
from indexer.parse.pdf_spans import Span

#: Cells are parted by at least so much, in type sizes.
_CELL_GAP = 0.6
#: Cells that begin (or end, or have their middle) within so many points stand under each other.
_ALIGNED = 3.0
#: Rows of a table follow each other within so many type sizes.
_FARTHEST = 4.0
#: Lines of one cell follow each other this closely, against the closest in the table.
_IN_CELL = 1.2
#: Lines of one paragraph follow each other within so many type sizes.
_LEADING = 1.6
_LEAST_ROWS = 2
_MARKER = re.compile(r"(?:[•●▪◦‣–—\-*·o►✓✔]|\(?\d{1,2}[.)]|[a-z][.)])")
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}")
_NUMBER = re.compile(r"[\d\s.,:%–-]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. ``left`` and ``right`` are the edges of its column, ``region`` its number."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    page: int
    left: float
    right: float
    region: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, each cell the lines of text in it."""

    rows: tuple[tuple[tuple[str, ...], ...], ...]
    page: int
    y: float


@dataclass(slots=True)
class _Cell:
    text: str
    x0: float
    x1: float
    y: float
    size: float
    order: int


def lines_and_tables(page: int, region: int, rows: Sequence[Row]) -> Iterator[Line | Table]:
    """The region's text in reading order."""
    left = min((row.x0 for row in rows), default=0.0)
    right = max((row.x1 for row in rows), default=0.0)
    cells = [_cells(row) for row in rows]
    n = 0
    while n < len(rows):
        end = _table_end(cells, n, right)
        if end > n and not _is_numbered(cells[n:end]):
            yield Table(_records(cells[n:end]), page, rows[n].y)
            n = end
            continue
        for row, its_cells in zip(rows[n : end or n + 1], cells[n:], strict=False):
            mark = f"{its_cells[0].text}. " if end and len(its_cells) > 1 else ""
            text = mark + its_cells[1].text if mark else row.text
            x0, size, bold = row.x0, row.size, row.bold
            yield Line(text, x0, row.x1, row.y, size, bold, page, left, right, region)
            n += 1


def _cells(row: Row) -> list[_Cell]:
    """A row's spans, joined where no gap parts them; the mark of a list item with its text."""
    made: list[_Cell] = []
    for span in row.spans:
        last = made[-1] if made else None
        if last and (
            span.x0 - last.x1 < _CELL_GAP * span.size
            or (len(made) == 1 and _MARKER.fullmatch(last.text))
        ):
            space = " " if span.x0 - last.x1 > 0.15 * span.size else ""
            last.text += space + span.text
            last.x1 = max(last.x1, span.x1)
        else:
            made.append(_cell(span))
    if any(_LEADERS.search(cell.text) for cell in made):
        return [_Cell(row.text, row.x0, row.x1, row.y, row.size, row.order)]
    return made


def _cell(span: Span) -> _Cell:
    return _Cell(span.text, span.x0, span.x1, span.y, span.size, span.order)


def _table_end(rows: Sequence[list[_Cell]], first: int, right: float) -> int:
    """Where the table that begins at a row ends; 0 where none does."""
    at = first
    # A cell set in the middle of its row, or a heading in two lines, begins above its neighbours.
    while at < len(rows) and at - first < 2 and len(rows[at]) == 1:
        at += 1
    if at >= len(rows) or len(rows[at]) < 2:
        return 0
    columns = [(cell.x0, cell.x1) for cell in rows[at]]
    for row in rows[first:at]:
        if not _near(row, rows[at]) or _place(row[0], columns) in (None, 0):
            return 0
        columns = _merged(columns, row)
    end = at + 1
    while end < len(rows) and _near(rows[end - 1], rows[end]):
        merged = _merged(columns, rows[end])
        places = [_place(cell, merged) for cell in rows[end]]
        if len(merged) < 2 or len(merged) < len(columns) or len(set(places)) < len(places):
            break
        columns = merged
        end += 1
    end = _without_tail(rows, at, end, columns)
    return end if _is_table(rows[first:end], columns, right) else 0


def _near(above: list[_Cell], below: list[_Cell]) -> bool:
    return above[0].y - below[0].y <= _FARTHEST * max(above[0].size, below[0].size)


def _merged(columns: list[tuple[float, float]], row: list[_Cell]) -> list[tuple[float, float]]:
    """The columns' extents when those of a row's cells are laid over them."""
    made: list[tuple[float, float]] = []
    for x0, x1 in sorted([*columns, *((cell.x0, cell.x1) for cell in row)]):
        if made and x0 < made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], x1))
        else:
            made.append((x0, x1))
    return made


def _place(cell: _Cell, columns: Sequence[tuple[float, float]]) -> int | None:
    """The column that a cell stands in; None where it stands in none."""
    for n, (x0, x1) in enumerate(columns):
        if cell.x0 < x1 and cell.x1 > x0:
            return n
    return None


def _without_tail(
    rows: Sequence[list[_Cell]], first: int, end: int, columns: Sequence[tuple[float, float]]
) -> int:
    """The end without rows of a single cell that are no part of the table."""
    drawn = max(cell.order for row in rows[first:end] if len(row) > 1 for cell in row)
    while len(rows[end - 1]) == 1:
        cell, above = rows[end - 1][0], rows[end - 2][-1]
        next_line = _place(cell, columns) != 0 and above.y - cell.y <= _LEADING * cell.size
        if cell.order < drawn or next_line:
            break
        end -= 1
    return end


def _is_numbered(rows: Sequence[list[_Cell]]) -> bool:
    """Whether what looks like a table is a list with numbers in its margin."""
    marks = [row[0].text for row in rows if len(row) > 1]
    in_order = marks == [
        str(int(marks[0]) + n) if marks[0].isdecimal() else "" for n in range(len(marks))
    ]
    return in_order and all(len(row) <= 2 for row in rows)


def _is_table(
    rows: Sequence[list[_Cell]], columns: Sequence[tuple[float, float]], right: float
) -> bool:
    whole = [row for row in rows if len(row) > 1]
    if len(whole) < _LEAST_ROWS:
        return False
    # Lines of running text that is set to both margins have wide gaps here and there.
    to_margin = sum(right - row[-1].x1 < 1 for row in whole)
    numbers = sum(_NUMBER.fullmatch(row[-1].text) is not None for row in whole)
    if to_margin == len(whole) and numbers < len(whole) / 2:
        return False
    return all(_is_aligned(rows, columns, n) for n in range(1, len(columns)))


def _is_aligned(
    rows: Sequence[list[_Cell]], columns: Sequence[tuple[float, float]], place: int
) -> bool:
    """Whether two cells of a column stand under each other."""
    cells = [cell for row in rows for cell in row if _place(cell, columns) == place]
    lefts = [cell.x0 for cell in cells]
    middles = [(cell.x0 + cell.x1) / 2 for cell in cells]
    rights = [cell.x1 for cell in cells if _NUMBER.fullmatch(cell.text)]
    return any(_has_pair(edges) for edges in (lefts, middles, rights))


def _has_pair(edges: list[float]) -> bool:
    edges.sort()
    return any(b - a <= _ALIGNED for a, b in pairwise(edges))


def _records(rows: Sequence[list[_Cell]]) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The table's rows, the lines of a cell together.

    Most programs draw cell after cell, which tells where a row begins; where they draw line after
    line, a row begins with its first cell, or after a wider gap.
    """
    columns: list[tuple[float, float]] = []
    for row in rows:
        columns = _merged(columns, row)
    leadings = [a[0].y - b[0].y for a, b in pairwise(rows)]
    closest = min((leading for leading in leadings if leading > 1), default=1.0)
    records: list[list[list[_Cell]]] = []
    last = -1
    for cell in sorted((cell for row in rows for cell in row), key=lambda cell: cell.order):
        place = _place(cell, columns) or 0
        above = records[-1][place][-1].y if records and records[-1][place] else None
        same_cell = place == last and above is not None and above - cell.y <= _IN_CELL * closest
        if not records or place < last or (place == last and not same_cell):
            records.append([[] for _ in columns])
        records[-1][place].append(cell)
        last = place
    return tuple(
        tuple(tuple(cell.text for cell in cells) for cells in record)
        for record in _joined(records, closest)
    )


def _joined(records: list[list[list[_Cell]]], closest: float) -> list[list[list[_Cell]]]:
    """Records that are only the next line of the one above put together with it."""
    made: list[list[list[_Cell]]] = []
    by_line = any(not record[0] for record in records)
    for record in records:
        if made and by_line and _foot(made[-1]) - _head(record) <= _IN_CELL * closest:
            uneven = any(_foot(a) - _head(b) > _IN_CELL * closest for a, b in pairwise(records))
            if not record[0] or uneven:
                for cells, more in zip(made[-1], record, strict=True):
                    cells += more
                continue
        made.append(record)
    return made


def _head(record: list[list[_Cell]]) -> float:
    return max(cell.y for cells in record for cell in cells)


def _foot(record: list[list[_Cell]]) -> float:
    return min(cell.y for cells in record for cell in cells)
