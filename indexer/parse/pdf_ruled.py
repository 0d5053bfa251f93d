"""Tables that are drawn with lines: what stands between two lines is a row, whatever it looks like.

Pure geometry. Lines alone make no table, since boxes and diagrams have them too: the text between
them must stand in columns. A table without lines is found by ``pdf_tables``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.parse.pdf_file import Edge, PdfPage
from indexer.parse.pdf_layout import Row, rows_of
from indexer.parse.pdf_spans import Span
from indexer.parse.pdf_tables import Line, Table

#: Lines whose ends differ by less, in points, belong to one table; as do their pieces so near.
_SAME_END, _SAME_PIECE = 4.0, 2.5
#: A line that is so thin has one height, not two.
_THIN = 3.5
#: Cells are parted by at least so much, in type sizes.
_CELL_GAP = 0.6
#: Text with more lines between two rules is a page or a box, and no cell.
_MOST_CELL_LINES = 14
_LEAST_ROWS, _LEAST_COLUMNS = 2, 2
#: In a table with so few rows, so many lines between two rules may be rows themselves.
_FEW_ROWS, _LINES_OF_ROWS = 3, 3

#: What stands in a table's place while the page is sorted; no reader ever sees the character.
_MARK = re.compile("\ufffc\\d+\ufffc")

_Columns = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Band:
    """The text between two lines, its rows and how far its cells reach."""

    spans: tuple[Span, ...]
    columns: tuple[tuple[float, float], ...]


def ruled_tables(page: PdfPage) -> tuple[tuple[Span, ...], Mapping[str, Table]]:
    """The page's spans with a mark in the place of each table, and the tables by their marks.

    A mark is as wide as its table, so that whoever sorts the spans puts it where the table is.
    """
    spans = list(page.spans)
    tables: dict[str, Table] = {}
    for heights in _grids(page.edges):
        for run in _runs(_bands(heights, spans)):
            inside = [span for band in run for span in band.spans]
            first = max(inside, key=lambda span: span.y)
            mark = f"\ufffc{len(tables)}\ufffc"
            x0, x1 = min(span.x0 for span in inside), max(span.x1 for span in inside)
            order = min(span.order for span in inside)
            tables[mark] = Table(_records(run), page.number, first.y)
            gone = {id(span) for span in inside}
            spans = [span for span in spans if id(span) not in gone]
            spans.append(Span(mark, x0, x1, first.y, first.size, False, order))
    return tuple(spans), tables


def with_tables(
    items: Sequence[Line | Table], tables: Mapping[str, Table]
) -> Iterator[Line | Table]:
    """The items with the tables where their marks are; a line beside a table goes before it."""
    for item in items:
        marks = [mark for mark in _MARK.findall(_text(item)) if mark in tables]
        if not marks:
            yield item
            continue
        rest = _without_marks(item)
        if _text(rest).strip():
            yield rest
        yield from (tables[mark] for mark in marks)


def _text(item: Line | Table) -> str:
    if isinstance(item, Line):
        return item.text
    return " ".join(line for row in item.rows for cell in row for line in cell)


def _without_marks(item: Line | Table) -> Line | Table:
    if isinstance(item, Line):
        return replace(item, text=_MARK.sub("", item.text).strip())
    rows = tuple(
        tuple(tuple(_MARK.sub("", line).strip() for line in cell) for cell in row)
        for row in item.rows
    )
    return replace(item, rows=rows)


def _grids(edges: Sequence[Edge]) -> Iterator[list[Edge]]:
    """Lines of the same length under each other, from the top down."""
    grids: list[list[Edge]] = []
    for edge in _whole(edges):
        for grid in grids:
            if max(abs(edge.x0 - grid[0].x0), abs(edge.x1 - grid[0].x1)) <= _SAME_END:
                if grid[-1].y - edge.y > _THIN:
                    grid.append(edge)
                break
        else:
            grids.append([edge])
    return (grid for grid in grids if len(grid) > _LEAST_ROWS)


def _whole(edges: Sequence[Edge]) -> list[Edge]:
    """Lines drawn in pieces, cell by cell, put together; from the top down."""
    rows: list[list[Edge]] = []
    for edge in sorted(edges, key=lambda edge: -edge.y):
        if rows and rows[-1][0].y - edge.y <= _THIN / 2:
            rows[-1].append(edge)
        else:
            rows.append([edge])
    made: list[Edge] = []
    for row in rows:
        pieces: list[Edge] = []
        for edge in sorted(row, key=lambda edge: edge.x0):
            if pieces and edge.x0 - pieces[-1].x1 <= _SAME_PIECE:
                last = pieces.pop()
                edge = Edge(last.x0, max(last.x1, edge.x1), last.y)
            pieces.append(edge)
        made += pieces
    return made


def _bands(grid: Sequence[Edge], spans: Sequence[Span]) -> list[_Band]:
    bands = []
    for above, below in pairwise(grid):
        inside = tuple(
            span
            for span in spans
            if below.y < span.y < above.y
            and above.x0 - _SAME_END <= span.x0
            and span.x1 <= above.x1 + _SAME_END
        )
        bands.append(_Band(inside, tuple(_merged((), _cells(rows_of(inside))))))
    return bands


def _cells(rows: Sequence[Row]) -> Iterator[tuple[float, float]]:
    """How far the pieces of each row reach that no wide gap parts."""
    for row in rows:
        x0, x1 = row.spans[0].x0, row.spans[0].x1
        for span in row.spans[1:]:
            if span.x0 - x1 >= _CELL_GAP * span.size:
                yield x0, x1
                x0 = span.x0
            x1 = max(x1, span.x1)
        yield x0, x1


def _runs(bands: Sequence[_Band]) -> Iterator[list[_Band]]:
    """Neighbouring bands whose text stands in the same columns, two at the least."""
    run: list[_Band] = []
    columns: _Columns = []
    for band in bands:
        merged = _merged(columns, band.columns)
        if _is_row(band) and len(merged) >= max(len(columns), _LEAST_COLUMNS):
            run.append(band)
            columns = merged
            continue
        # A line of text across the columns, or a page full of it.
        if _is_table(run):
            yield run
        begins = _is_row(band) and len(band.columns) >= _LEAST_COLUMNS
        run, columns = ([band], list(band.columns)) if begins else ([], [])
    if _is_table(run):
        yield run


def _is_table(run: Sequence[_Band]) -> bool:
    whole = sum(len(band.columns) >= _LEAST_COLUMNS for band in run) >= _LEAST_ROWS
    # Lines over and under a head, and one at the foot: the rows between have none.
    return whole and not (len(run) <= _FEW_ROWS and any(map(_holds_rows, run)))


def _holds_rows(band: _Band) -> bool:
    """Whether every line fills every column, so that it is a row rather than the line of a cell."""
    rows = rows_of(band.spans)
    return len(rows) >= _LINES_OF_ROWS and all(
        len(list(_cells([row]))) == len(band.columns) for row in rows
    )


def _is_row(band: _Band) -> bool:
    return bool(band.spans) and len(rows_of(band.spans)) <= _MOST_CELL_LINES


def _merged(
    columns: Iterable[tuple[float, float]], more: Iterable[tuple[float, float]]
) -> _Columns:
    """The columns' extents when others are laid over them."""
    made: _Columns = []
    for x0, x1 in sorted([*columns, *more]):
        if made and x0 < made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], x1))
        else:
            made.append((x0, x1))
    return made


def _records(run: Sequence[_Band]) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """A row a band, a cell a column, the lines of a cell from the top down."""
    columns = _merged((), (reach for band in run for reach in band.columns))
    records = []
    for band in run:
        cells: list[list[Span]] = [[] for _ in columns]
        for span in band.spans:
            middle = (span.x0 + span.x1) / 2
            place = next((n for n, (_, x1) in enumerate(columns) if middle <= x1), -1)
            cells[place].append(span)
        records.append(tuple(tuple(row.text for row in rows_of(cell)) for cell in cells))
    return tuple(records)
