"""Tables drawn with lines are read by them; lines that are something else change nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.parse.pdf_file import Edge, PdfPage
from indexer.parse.pdf_layout import regions_of
from indexer.parse.pdf_ruled import ruled_tables, with_tables
from indexer.parse.pdf_spans import Span
from indexer.parse.pdf_tables import Line, Table, lines_and_tables
from search.document import BlockKind

PLACES = (76, 230, 400)
ROWS: list[tuple[tuple[str, ...], ...]] = [
    (("Läge",), ("Vad gäller?",), ("Var det står",)),
    (("Ett barn kan behöva", "skydd"), ("Anmäl till nämnden",), ("19 kap. social-", "tjänstlagen")),
    (("Polisen ber om något",), ("Rektorn lämnar det, om", "inte skäl talar mot"), ("7 §",)),
    (("Ingen har frågat, men", "det behövs"), ("Rektorn lämnar det till", "polisen"), ("7 §",)),
]
READ = (
    "Läge\tVad gäller?\tVar det står\n"
    "Ett barn kan behöva skydd\tAnmäl till nämnden\t19 kap. socialtjänstlagen\n"
    "Polisen ber om något\tRektorn lämnar det, om inte skäl talar mot\t7 §\n"
    "Ingen har frågat, men det behövs\tRektorn lämnar det till polisen\t7 §"
)


def draw(drawing: Any, drawn: str, rules: str) -> None:
    """A table between two paragraphs, its cells drawn in rows or columns, its lines as said."""
    drawing.paragraph(760, "Tabellen säger vad som gäller när någon frågar om en elev.")
    y, tops, cells = 720.0, [], []
    for n, row in enumerate(ROWS):
        tops.append(y)
        cells += [(x, y - 14, cell, n == 0) for x, cell in zip(PLACES, row, strict=True)]
        y -= 13 * max(len(cell) for cell in row) + 12
    order = sorted(cells, key=lambda c: (c[0], -c[1])) if drawn == "columns" else cells
    for x, top, lines, bold in order:
        drawing.lines(x, top, lines, bold=bold)
    for top in (*tops, y):
        if rules == "whole":
            drawing.canvas.line(72, top, 524, top)
        elif rules == "cells":
            for x0, x1 in ((72, 226), (226, 396), (396, 524)):
                drawing.canvas.line(x0, top, x1, top)
    if rules == "boxes":
        for top, foot in zip(tops, [*tops[1:], y], strict=True):
            drawing.canvas.rect(72, foot, 452, top - foot)
    drawing.paragraph(y - 30, "Efter tabellen kommer vanlig text, som går över hela sidans bredd.")


@pytest.mark.parametrize("drawn", ["rows", "columns"])
@pytest.mark.parametrize("rules", ["whole", "cells", "boxes"])
def test_rows_between_lines_are_a_table_however_they_are_drawn(
    drawing: Any, read_pdf: Any, drawn: str, rules: str
) -> None:
    draw(drawing, drawn, rules)
    found = read_pdf(drawing)
    assert [block.kind for block in found.blocks] == [
        BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.PARAGRAPH,
    ]  # fmt: skip
    assert found.blocks[1].text == READ
    assert found.headings == ()


def test_a_table_with_lines_only_at_its_head_and_foot_keeps_its_rows(
    drawing: Any, read_pdf: Any
) -> None:
    rows = [("Metod", "År"), ("Komet", "2010"), ("MVP", "2018"), ("PAX", "2020"), ("SET", "2021")]
    for n, row in enumerate(rows):
        for x, cell in zip((76, 300), row, strict=True):
            drawing.line(x, 700 - 18 * n, cell)
    for y in (716, 694, 616):
        drawing.canvas.line(72, y, 400, y)
    assert read_pdf(drawing).blocks[0].text == "\n".join("\t".join(row) for row in rows)


def test_a_box_with_a_heading_is_no_table(drawing: Any, read_pdf: Any) -> None:
    for y in (730, 700, 600):
        drawing.canvas.line(60, y, 540, y)
    drawing.line(72, 710, "Fakta i en ruta", size=14, bold=True)
    drawing.paragraph(680, "Rutan har ett stycke som går över hela dess bredd. " * 4)
    found = read_pdf(drawing)
    assert [block.kind for block in found.blocks] == [BlockKind.PARAGRAPH]


def test_columns_of_text_between_lines_are_no_table(drawing: Any, read_pdf: Any) -> None:
    for y in (740, 500, 250):
        drawing.canvas.line(60, y, 540, y)
    for top in (720, 480):
        for x in (72, 310):
            drawing.lines(x, top, ["några ord som fyller spalten i sidled"] * 16)
    assert all(block.kind is BlockKind.PARAGRAPH for block in read_pdf(drawing).blocks)


SPANS = st.lists(
    st.builds(
        lambda x, y, width, order: Span("abc", x, x + width, y, 10.0, False, order),
        st.floats(60, 480), st.floats(100, 700), st.floats(10, 200), st.integers(0, 100),
    ),
    max_size=20,
    unique_by=lambda span: (span.x0, span.y),
)  # fmt: skip


@given(SPANS, st.lists(st.floats(90, 710), max_size=8))
def test_no_word_is_lost_or_said_twice_whatever_lines_there_are(
    spans: list[Span], heights: list[float]
) -> None:
    edges = tuple(Edge(60.0, 540.0, height) for height in heights)
    page = PdfPage(1, "", 600.0, 800.0, tuple(spans), edges=edges)
    marked, tables = ruled_tables(page)
    items = [
        item
        for n, rows in enumerate(regions_of(marked))
        for item in lines_and_tables(1, n, rows)
        if isinstance(item, Line | Table)
    ]
    found = "".join(
        item.text
        if isinstance(item, Line)
        else "".join(line for row in item.rows for cell in row for line in cell)
        for item in with_tables(items, tables)
    )
    assert found.count("abc") == len(spans)
    assert "\ufffc" not in found
