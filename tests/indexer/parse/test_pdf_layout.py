"""Reading order: columns before tables, tables where cells stand under each other."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.parse.pdf_layout import regions_of
from indexer.parse.pdf_spans import Span
from indexer.parse.pdf_tables import Line, Table, lines_and_tables
from search.document import BlockKind

LEFT = [
    "Spalten till vänster läses först och",
    "den går över flera rader innan den",
    "tar slut. Först därefter kommer det",
    "som står till höger, hur filen än är",
    "ritad och i vilken ordning raderna",
    "än kommer. Vänstern slutar här.",
]
RIGHT = [
    "Spalten till höger läses sedan, och",
    "den är ungefär lika lång som den",
    "andra. Raderna ligger på samma höjd",
    "men de hör inte ihop med varandra,",
    "fast en enkel läsare blandar dem.",
    "Högern slutar här.",
]


def joined(lines: list[str]) -> str:
    return " ".join(lines)


@pytest.mark.parametrize("drawn", ["in turn", "across", "right first"])
def test_two_columns_are_read_one_after_the_other(drawing: Any, read_pdf: Any, drawn: str) -> None:
    drawing.line(72, 780, "En rubrik över båda spalterna", size=16, bold=True)
    drawing.line(
        72, 755, "Ett stycke över hela bredden som är så långt att det går över båda spalterna."
    )
    columns = {"left": (72, LEFT), "right": (310, RIGHT)}
    if drawn == "across":
        for n in range(len(LEFT)):
            for x, lines in columns.values():
                drawing.line(x, 720 - 13 * n, lines[n])
    else:
        for side in ("left", "right") if drawn == "in turn" else ("right", "left"):
            x, lines = columns[side]
            drawing.lines(x, 720, lines)
    drawing.line(
        72, 600, "Under spalterna står ett sista stycke som åter går över hela sidans bredd."
    )
    texts = [block.text for block in read_pdf(drawing).blocks]
    assert joined(LEFT) in texts[1] and joined(RIGHT) in texts[-2]
    assert texts[0].startswith("Ett stycke över")
    assert texts[-1].startswith("Under spalterna")


def test_three_columns_are_read_from_left_to_right(drawing: Any, read_pdf: Any) -> None:
    for n, x in enumerate((60, 230, 400)):
        drawing.lines(x, 700, [f"spalt {n} rad {row} har några ord" for row in range(8)])
    text = read_pdf(drawing).body
    places = [text.index(f"spalt {n} rad {row}") for n in range(3) for row in range(8)]
    assert places == sorted(places)


def test_rows_of_cells_that_stand_under_each_other_are_a_table(drawing: Any, read_pdf: Any) -> None:
    y = drawing.paragraph(700, "Tabellen visar vem som gör vad och när det ska vara klart.")
    for row in (
        ("Steg", "Vem", "Klart"),
        ("Kartlägg", "Kommunen", "mars"),
        ("Välj", "Rådet", "maj"),
    ):
        for x, cell in zip((72, 200, 330), row, strict=True):
            drawing.line(x, y, cell)
        y -= 18
    drawing.paragraph(y - 10, "Efter tabellen kommer ett stycke till, och det är vanlig text.")
    blocks = read_pdf(drawing).blocks
    assert [block.kind for block in blocks] == [
        BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.PARAGRAPH,
    ]  # fmt: skip
    assert blocks[1].text == "Steg\tVem\tKlart\nKartlägg\tKommunen\tmars\nVälj\tRådet\tmaj"


def test_lines_of_one_cell_stay_together(drawing: Any, read_pdf: Any) -> None:
    rows = [
        (("Fas",), ("Beskrivning",), ("Vem",)),
        (("Ett",), ("Samla allt som är känt om", "platsen och tiden"), ("Polisen",)),
        (("Två",), ("Bestäm",), ("Alla som var med i", "det första steget")),
    ]
    y = 700.0
    for row in rows:
        for x, cell in zip((72, 130, 330), row, strict=True):
            drawing.lines(x, y, cell)
        y -= 13 * max(len(cell) for cell in row) + 8
    assert read_pdf(drawing).blocks[0].text == (
        "Fas\tBeskrivning\tVem\n"
        "Ett\tSamla allt som är känt om platsen och tiden\tPolisen\n"
        "Två\tBestäm\tAlla som var med i det första steget"
    )


def test_numbers_in_the_margin_make_a_list_and_no_table(drawing: Any, read_pdf: Any) -> None:
    for n, text in enumerate(("Bjud in alla", "Kom överens", "Följ upp"), start=1):
        drawing.line(72, 700 - 16 * n, str(n))
        drawing.line(95, 700 - 16 * n, text)
    block = read_pdf(drawing).blocks[0]
    assert (block.kind, block.text) == (
        BlockKind.LIST,
        "1. Bjud in alla\n2. Kom överens\n3. Följ upp",
    )


def test_text_set_to_both_margins_is_no_table(drawing: Any, read_pdf: Any) -> None:
    widths = [(72, 190, 330), (72, 160, 330), (72, 211, 330)]
    for n, places in enumerate(widths):
        for x, word in zip(
            places, ("platsobservationer", "tillsammans", "bostadsbolag"), strict=True
        ):
            drawing.line(x, 700 - 13 * n, word)
    drawing.line(72, 661, "och det sista av stycket som är en full rad i samma spalt av text")
    assert all(block.kind is BlockKind.PARAGRAPH for block in read_pdf(drawing).blocks)


def test_raised_numbers_that_lead_to_notes_are_no_part_of_words(
    drawing: Any, read_pdf: Any
) -> None:
    x = 72.0
    for text, y, size in (
        ("Det visar en studie.", 700, 10),
        ("12", 704, 6),
        (" Ytan är 20 m", 700, 10),
        ("2", 704, 6),
    ):
        drawing.line(x, y, text, size=size)
        x += drawing.canvas.stringWidth(text, "Helvetica", size)
    assert read_pdf(drawing).body == "Det visar en studie. Ytan är 20 m2"


def test_text_along_the_spine_is_left_out(drawing: Any, read_pdf: Any) -> None:
    drawing.paragraph(700, "Det här är sidans egen text, som står vågrätt och ska läsas.")
    drawing.canvas.saveState()
    drawing.canvas.rotate(90)
    drawing.line(200, -30, "RYGGTITEL PÅ SKRIFTEN")
    drawing.canvas.restoreState()
    assert "RYGGTITEL" not in read_pdf(drawing).body


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_shown(drawing: Any, read_pdf: Any, turn: int) -> None:
    canvas = drawing.canvas
    canvas.setPageRotation(turn)
    width, height = canvas._pagesize
    canvas.translate(*{90: (width, 0), 180: (width, height), 270: (0, height)}[turn])
    canvas.rotate(turn)
    drawing.line(72, 500, "Rubrik på bredden", size=18, bold=True)
    drawing.paragraph(460, "Sidan ligger ner, och texten på den går att läsa som vanligt. " * 3)
    document = read_pdf(drawing)
    assert document.title == "Rubrik på bredden"
    assert document.body.startswith("Sidan ligger ner, och texten")


SPANS = st.lists(
    st.builds(
        Span,
        text=st.text(alphabet="abcdeå 12.", min_size=1, max_size=12).filter(str.strip),
        x0=st.floats(0, 500),
        x1=st.floats(501, 600),
        y=st.floats(0, 800),
        size=st.sampled_from([6.0, 10.0, 14.0]),
        bold=st.booleans(),
        order=st.integers(0, 1000),
    ),
    max_size=25,
)


@given(SPANS)
def test_whatever_stands_on_a_page_comes_out_once(spans: list[Span]) -> None:
    wide = [Span(s.text, s.x0, min(s.x0 + 60, 600), s.y, s.size, s.bold, s.order) for s in spans]
    found = "".join(
        item.text
        if isinstance(item, Line)
        else "".join(line for row in item.rows for c in row for line in c)
        for n, rows in enumerate(regions_of(wide))
        for item in lines_and_tables(1, n, rows)
        if isinstance(item, Line | Table)
    )
    letters = sorted(c for s in wide for c in s.text if c.isalpha())
    assert sorted(c for c in found if c.isalpha()) == letters
