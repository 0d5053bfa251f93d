"""Heads, feet and page numbers: left out of the text, and kept as labels of the pages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from indexer.parse.pdf_running import _roman, _roman_value

CHAPTERS = ("Kartläggning", "Kartläggning", "Åtgärder", "Åtgärder", "Uppföljning", "Uppföljning")
#: A different text on each page, as in any real file.
TEXTS = (
    "Den som vill veta var det är oroligt går ut och ser efter, vid olika tider på dygnet.",
    "Skolan, fritidsgården och vården berättar vad de har hört, och någon skriver upp det.",
    "När bilden är klar väljer man ut några få saker, för allt går inte att göra på en gång.",
    "Det som väljs bort skrivs också upp, med skälen, så att ingen undrar över det senare.",
    "Efter ett halvår ser alla tillsammans efter om det blev som det var tänkt från början.",
    "Blev det inte så börjar arbetet om, med den kunskap som har kommit till på vägen dit.",
)


def numbered(drawing: Any, **running: Any) -> Any:
    """Six pages with text, and whatever runs through them."""
    for n, text in enumerate(TEXTS):
        if head := running.get("head"):
            drawing.line(72, 800, head(n), size=8)
        y = drawing.paragraph(720, f"{text} {text}")
        drawing.paragraph(y, f"Och på samma sida står ännu ett stycke om saken. {text}")
        if foot := running.get("foot"):
            drawing.line(running.get("x", 290), 40, foot(n), size=8)
        drawing.page()
    return drawing


def labels(document: Any) -> list[str]:
    return list(dict.fromkeys(block.page_label for block in document.blocks))


def test_a_head_that_comes_back_is_left_out(drawing: Any, read_pdf: Any) -> None:
    document = read_pdf(numbered(drawing, head=lambda n: "Ett brottsförebyggande år"))
    assert "förebyggande år" not in document.body
    assert all(text in document.body for text in TEXTS)


def test_a_head_that_names_the_chapter_is_left_out(drawing: Any, read_pdf: Any) -> None:
    document = read_pdf(
        numbered(drawing, head=lambda n: CHAPTERS[n], foot=lambda n: f"Sida {n + 1} av 6")
    )
    assert not any(word in document.body for word in (*CHAPTERS, "Sida", "av 6"))


def test_the_numbers_printed_on_the_pages_are_their_labels(drawing: Any, read_pdf: Any) -> None:
    document = read_pdf(numbered(drawing, foot=lambda n: str(n + 7)))
    assert labels(document) == ["7", "8", "9", "10", "11", "12"]
    assert [block.page for block in document.blocks][::2] == [1, 2, 3, 4, 5, 6]
    assert not any(block.text.isdigit() for block in document.blocks)


def test_numbers_in_a_head_with_text_count_too(drawing: Any, read_pdf: Any) -> None:
    def head(n: int) -> str:
        return f"{n + 3}  RAPPORT 2021:9" if n % 2 else f"{CHAPTERS[n]}  {n + 3}"

    document = read_pdf(numbered(drawing, head=head))
    assert labels(document) == ["3", "4", "5", "6", "7", "8"]
    assert "RAPPORT" not in document.body


def test_roman_numbers_go_before_the_arabic_ones(drawing: Any, read_pdf: Any) -> None:
    printed = ("iii", "iv", "v", "1", "2", "3")
    document = read_pdf(numbered(drawing, foot=lambda n: printed[n]))
    assert labels(document) == list(printed)


def test_a_page_without_a_number_is_counted_with_the_others(drawing: Any, read_pdf: Any) -> None:
    document = read_pdf(numbered(drawing, foot=lambda n: "" if n in (0, 3) else str(n + 4)))
    assert labels(document) == ["4", "5", "6", "7", "8", "9"]


def test_the_files_own_labels_go_before_what_is_printed(drawing: Any, read_pdf: Any) -> None:
    drawing.canvas.addPageLabel(0, "ROMAN_LOWER", 1)
    drawing.canvas.addPageLabel(2, "ARABIC", 1)
    document = read_pdf(numbered(drawing, foot=lambda n: str(n + 40)))
    assert labels(document) == ["i", "ii", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    "foot", [lambda n: "", lambda n: str((3, 14, 1, 59, 26, 5)[n]), lambda n: "2021"]
)
def test_numbers_that_do_not_count_the_pages_are_no_labels(
    drawing: Any, read_pdf: Any, foot: Any
) -> None:
    assert labels(read_pdf(numbered(drawing, foot=foot))) == [""]


def test_text_that_begins_alike_on_every_page_is_no_head(drawing: Any, read_pdf: Any) -> None:
    for text in TEXTS[:4]:
        drawing.paragraph(760, f"Så här går det till steg för steg i arbetet på kvällarna. {text}")
        drawing.page()
    document = read_pdf(drawing)
    assert document.body.count("Så här går det till") == 4


def test_a_heading_at_the_top_of_a_page_is_no_head(drawing: Any, read_pdf: Any) -> None:
    for n, text in enumerate(TEXTS):
        drawing.line(72, 780, f"{n + 1} {CHAPTERS[n]} del {n % 2 + 1}", size=16, bold=True)
        drawing.paragraph(740, f"{text} {text}")
        drawing.line(290, 40, str(n + 1), size=8)
        drawing.page()
    document = read_pdf(drawing)
    assert document.headings == tuple(
        f"{n + 1} {c} del {n % 2 + 1}" for n, c in enumerate(CHAPTERS)
    )


def test_a_heading_in_plain_type_at_the_top_of_a_page_is_no_head_where_its_bookmark_leads(
    drawing: Any, read_pdf: Any
) -> None:
    titles = [f"{chapter}, {n}" for n, chapter in enumerate(CHAPTERS)]
    for n, text in enumerate(TEXTS):
        drawing.line(72, 780, titles[n], bold=True)
        drawing.paragraph(750, f"{text} {text}")
        drawing.line(290, 40, str(n + 1), size=8)
        drawing.page(titles[n])
    assert read_pdf(drawing).headings == tuple(titles)


def test_a_head_that_repeats_a_bookmark_is_left_out_where_its_chapter_begins_too(
    drawing: Any, read_pdf: Any
) -> None:
    for n, text in enumerate(TEXTS):
        drawing.line(72, 800, CHAPTERS[n], size=8)
        if n % 2 == 0:
            drawing.line(72, 770, CHAPTERS[n], size=16, bold=True)
        drawing.paragraph(730, f"{text} {text}")
        drawing.page(CHAPTERS[n] if n % 2 == 0 else "")
    document = read_pdf(drawing)
    assert document.headings == CHAPTERS[::2]
    assert not any(chapter in document.body for chapter in CHAPTERS)


def test_chapters_that_are_numbered_like_pages_are_no_page_numbers(
    drawing: Any, read_pdf: Any
) -> None:
    for n, text in enumerate(TEXTS):
        y = drawing.paragraph(780, f"{n + 1}. {text}")
        drawing.paragraph(y, f"Och på samma sida står ännu ett stycke om saken. {text}")
        drawing.line(290, 40, str(n + 1), size=8)
        drawing.page()
    document = read_pdf(drawing)
    assert all(f"{n}. {text}" in document.body for n, text in enumerate(TEXTS, start=1))
    assert labels(document) == ["1", "2", "3", "4", "5", "6"]


def test_a_number_alone_at_the_other_edge_counts_too(drawing: Any, read_pdf: Any) -> None:
    for n, text in enumerate((*TEXTS, *TEXTS)):
        begins = n % 3 == 0
        drawing.line(*((290, 40) if begins else (500, 800)), str(n + 9), size=8)
        y = drawing.paragraph(720, f"{text} {text}")
        drawing.paragraph(y, f"Och på samma sida står ännu ett stycke om saken. {text}")
        drawing.page()
    document = read_pdf(drawing)
    assert not any(block.text.isdigit() for block in document.blocks)
    assert labels(document) == [str(n + 9) for n in range(12)]


def test_page_numbers_in_large_type_are_left_out_too(drawing: Any, read_pdf: Any) -> None:
    for n, text in enumerate(TEXTS):
        y = drawing.paragraph(720, f"{text} {text}")
        drawing.paragraph(y, f"Och på samma sida står ännu ett stycke om saken. {text}")
        drawing.line(290, 40, str(n + 7), size=18, bold=True)
        drawing.page()
    document = read_pdf(drawing)
    assert labels(document) == ["7", "8", "9", "10", "11", "12"]
    assert not any(block.text.isdigit() for block in document.blocks)


def test_roman_numerals_and_numbers_are_each_others_inverse() -> None:
    written = [_roman(value) for value in range(1, 100)]
    assert [_roman_value(text) for text in written] == list(range(1, 100))
    assert all(a != b for a, b in pairwise(written))
