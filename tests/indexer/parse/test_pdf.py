"""A PDF as a whole: front matter, headings, paragraphs and pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from search.document import BlockKind, Document, Identifier

ROOT = Path(__file__).resolve().parents[3]
TITLE = "Kvällar utan oro"
CHAPTERS = ("Sammanfattning", "Att börja", "Att hålla i")
FILLER = (
    "Den som arbetar på kvällarna ser annat än den som arbetar på dagen. ",
    "Därför behöver de som möts tala med varandra varje vecka, och skriva ner vad som sades. ",
    "Ingen behöver göra allt, men var och en behöver veta vad de andra gör. ",
)


def cover(drawing: Any) -> None:
    drawing.line(72, 700, "Metodstöd", size=13)
    drawing.line(72, 600, "K V Ä L L A R", size=24, bold=True)
    drawing.line(72, 570, "U T A N O R O", size=24, bold=True)
    drawing.line(72, 530, "En vägledning i tre delar", size=13)
    drawing.page()


def imprint(drawing: Any) -> None:
    drawing.lines(
        72, 200,
        ("ISBN 978-91-0-000001-1, URN:NBN:SE:BRA-90417", "Rapport 2021:9",
         "Grafisk form: ingen. Tryck: inget.", "Publikationsår: 2021"), size=8,
    )  # fmt: skip
    drawing.page()


def contents(drawing: Any) -> None:
    drawing.line(72, 740, "Innehåll", size=16, bold=True)
    for n, chapter in enumerate(CHAPTERS):
        drawing.line(72, 700 - 16 * n, f"{chapter} {'. ' * (60 - len(chapter))} {n * 2 + 1}")
    drawing.page()


def report(drawing: Any, *, outline: bool = True, printed_contents: bool = True) -> Any:
    """A report with front matter and three chapters of two pages, numbered from 1."""
    drawing.canvas.setTitle(TITLE)
    cover(drawing)
    imprint(drawing)
    if printed_contents:
        contents(drawing)
    for n, chapter in enumerate(CHAPTERS):
        drawing.line(72, 760, chapter, size=16, bold=True)
        y = drawing.paragraph(720, FILLER[n] * 3)
        drawing.line(72, y - 6, f"Del {n + 1}", size=12, bold=True)
        drawing.paragraph(y - 30, FILLER[n - 1] * 4)
        drawing.line(290, 40, str(n * 2 + 1), size=8)
        drawing.page(chapter if outline else "")
        drawing.paragraph(760, FILLER[n - 2] * 4)
        drawing.line(290, 40, str(n * 2 + 2), size=8)
        drawing.page()
    return drawing


def test_cover_imprint_and_contents_are_no_part_of_the_text(drawing: Any, read_pdf: Any) -> None:
    document = read_pdf(report(drawing))
    text = " ".join((*document.headings, document.body))
    for word in ("ISBN", "Tryck", "Innehåll", "vägledning", "Metodstöd", ". . ."):
        assert word not in text
    assert document.page_count == 9


def test_what_stands_on_the_cover_and_in_the_imprint_is_kept_as_fields(
    drawing: Any, read_pdf: Any
) -> None:
    document = read_pdf(report(drawing))
    assert (document.title, document.subtitle) == (TITLE, "En vägledning i tre delar")
    assert document.kicker == "Metodstöd"
    assert document.year_hint == 2021
    assert document.published.day is None
    assert set(document.identifiers) == {
        Identifier("isbn", "9789100000011"),
        Identifier("urn", "urn:nbn:se:bra-90417"),
        Identifier("report", "2021:9"),
    }


@pytest.mark.parametrize("outline", [True, False])
def test_chapters_and_their_parts_are_headings_with_and_without_an_outline(
    drawing: Any, read_pdf: Any, outline: bool
) -> None:
    document = read_pdf(report(drawing, outline=outline))
    assert [s.heading_path for s in document.sections] == [
        path
        for n, chapter in enumerate(CHAPTERS, start=1)
        for path in ((chapter,), (chapter, f"Del {n}"))
    ]
    assert [section.level for section in document.sections] == [2, 3] * 3


def test_every_section_and_block_knows_its_page_and_what_is_printed_on_it(
    drawing: Any, read_pdf: Any
) -> None:
    document = read_pdf(report(drawing))
    assert [(s.page, s.page_label) for s in document.sections] == [
        (page, label) for page, label in ((4, "1"), (6, "3"), (8, "5")) for _ in range(2)
    ]
    assert {(b.page, b.page_label) for b in document.blocks} == {
        (n + 3, str(n)) for n in range(1, 7)
    }


def test_the_first_paragraph_of_the_summary_is_the_lead_and_stays_where_it_is(
    drawing: Any, read_pdf: Any
) -> None:
    document = read_pdf(report(drawing))
    assert document.lead == (FILLER[0] * 3).strip()
    assert document.sections[0].blocks[0].text == document.lead


def test_headings_in_plain_type_are_found_by_the_printed_contents(
    drawing: Any, read_pdf: Any
) -> None:
    contents(drawing)
    for n, chapter in enumerate(CHAPTERS):
        drawing.line(72, 760, chapter)
        y = drawing.paragraph(730, FILLER[n] * 3)
        drawing.line(290, 40, str(n * 2 + 1), size=8)
        drawing.page()
        drawing.paragraph(y, FILLER[n - 1] * 4)
        drawing.line(290, 40, str(n * 2 + 2), size=8)
        drawing.page()
    assert read_pdf(drawing).headings == CHAPTERS


def test_a_chapter_in_the_outline_may_be_printed_on_several_lines(
    drawing: Any, read_pdf: Any
) -> None:
    for n in range(3):
        drawing.line(72, 760, f"{n + 1}. En rubrik som är så lång", size=11)
        drawing.line(72, 746, f"att den står på två rader {n + 1}", size=11)
        drawing.paragraph(710, FILLER[n] * 4)
        drawing.page(f"En rubrik som är så lång att den står på två rader {n + 1}")
    assert read_pdf(drawing).headings == tuple(
        f"{n}. En rubrik som är så lång att den står på två rader {n}" for n in (1, 2, 3)
    )


def test_a_paragraph_across_a_page_break_is_one_and_begins_on_the_first_page(
    drawing: Any, read_pdf: Any
) -> None:
    drawing.paragraph(760, FILLER[0] * 3)
    drawing.lines(72, 100, ("Det här stycket tar inte slut på sidan utan går vidare till brotts-",))
    drawing.line(72, 60, "1 En not längst ner på sidan avbryter inte stycket.", size=7)
    drawing.page()
    drawing.lines(72, 760, ("förebyggande arbete på nästa sida, där det tar slut.",))
    drawing.paragraph(730, FILLER[1] * 3)
    drawing.page()
    document = read_pdf(drawing)
    texts = [(block.page, block.text) for block in document.blocks]
    assert texts[1] == (
        1,
        "Det här stycket tar inte slut på sidan utan går vidare till brottsförebyggande arbete "
        "på nästa sida, där det tar slut.",
    )
    assert texts[2] == (1, "1 En not längst ner på sidan avbryter inte stycket.")
    assert texts[3][0] == 2


def test_paragraphs_part_at_gaps_indents_and_short_last_lines(drawing: Any, read_pdf: Any) -> None:
    full = "Den här raden är lika lång som spalten är bred och fortsätter därför på nästa"
    drawing.lines(72, 760, (full, "och slutar där."))
    drawing.lines(72, 720, (full, "efter ett mellanrum."))
    drawing.line(
        84, 694, "En rad som är indragen börjar ett nytt stycke, och den är också en lång rad"
    )
    drawing.lines(
        72, 681, ("och slutar sedan kort.", full, "utan mellanrum men efter en kort rad.")
    )
    assert [block.text.split()[-1] for block in read_pdf(drawing).blocks] == [
        "där.", "mellanrum.", "kort.", "rad.",
    ]  # fmt: skip


def test_lists_keep_an_item_a_line_and_their_form(drawing: Any, read_pdf: Any) -> None:
    drawing.paragraph(760, "Det här behövs:")
    y = drawing.lines(72, 740, ("• en lokal som ligger nära", "• någon som har nyckel"))
    drawing.line(72, y, "• tid att vänta på dem som kommer sent, även när det")
    drawing.line(80, y - 13, "blir mycket sent")
    drawing.paragraph(y - 40, "Sedan gör man så här i tur och ordning:")
    drawing.lines(72, y - 60, ("1. Öppna dörren.", "2. Koka kaffe."))
    lists = [b.text for b in read_pdf(drawing).blocks if b.kind is BlockKind.LIST]
    assert lists == [
        "– en lokal som ligger nära\n– någon som har nyckel\n"
        "– tid att vänta på dem som kommer sent, även när det blir mycket sent",
        "1. Öppna dörren.\n2. Koka kaffe.",
    ]


def test_what_somebody_says_is_a_quotation_with_its_speaker(drawing: Any, read_pdf: Any) -> None:
    drawing.paragraph(760, FILLER[0] * 2)
    drawing.paragraph(680, "– Vi hörs varje vecka, säger en fritidsledare på en gård.")
    quotation = read_pdf(drawing).quotations[0]
    assert quotation.text == "Vi hörs varje vecka"
    assert quotation.speaker == "en fritidsledare på en gård"
    assert quotation.page == 1


def test_large_type_that_ends_with_a_full_stop_is_no_heading(drawing: Any, read_pdf: Any) -> None:
    drawing.line(72, 790, "Titel på ett blad", size=20, bold=True)
    drawing.line(72, 760, "En ingress i större stil, som sammanfattar bladet.", size=12)
    drawing.paragraph(720, FILLER[0] * 3)
    document = read_pdf(drawing)
    assert document.headings == ()
    assert document.body.startswith("En ingress i större stil")


def test_a_short_file_has_no_cover_and_loses_nothing_but_its_title(
    drawing: Any, read_pdf: Any
) -> None:
    drawing.line(72, 780, "Anslag om kvällen", size=20, bold=True)
    drawing.paragraph(740, "Vi ses klockan sju vid fritidsgården.")
    document = read_pdf(drawing)
    assert document.title == "Anslag om kvällen"
    assert document.body == "Vi ses klockan sju vid fritidsgården."


def test_a_first_page_that_tells_something_is_no_cover(drawing: Any, read_pdf: Any) -> None:
    drawing.line(72, 780, "Anslag om kvällen", size=20, bold=True)
    drawing.paragraph(740, FILLER[0] * 3)
    drawing.page()
    for text in FILLER:
        drawing.paragraph(760, text * 4)
        drawing.page()
    document = read_pdf(drawing)
    assert document.title == "Anslag om kvällen"
    assert (document.blocks[0].page, document.blocks[0].text) == (1, (FILLER[0] * 3).strip())


def test_the_first_of_numbered_chapters_is_no_title(drawing: Any, read_pdf: Any) -> None:
    for n, chapter in enumerate(CHAPTERS, start=1):
        drawing.line(72, 760, f"{n} {chapter}", size=16, bold=True)
        drawing.paragraph(720, FILLER[n - 1] * 4)
        drawing.page()
    document = read_pdf(drawing)
    assert document.title == "min rapport"
    assert document.headings == tuple(f"{n} {c}" for n, c in enumerate(CHAPTERS, start=1))


@pytest.mark.parametrize(
    ("own", "printed", "title"),
    [
        ("Kvällar utan oro", "KVÄLLAR UTAN ORO", "Kvällar utan oro"),
        ("Microsoft Word - slut.docx", "Kvällar utan oro", "Kvällar utan oro"),
        ("rapport_slut_v3.indd", "Kvällar utan oro", "Kvällar utan oro"),
        ("Mall för årsbok 1998", "Kvällar utan oro", "Kvällar utan oro"),
        ("Kvällar utan oro", "", "Kvällar utan oro"),
        ("", "", "min rapport"),
        ("untitled", "", "min rapport"),
    ],
)
def test_the_title_is_the_files_own_if_print_bears_it_out_else_the_largest_type_else_the_name(
    drawing: Any, read_pdf: Any, own: str, printed: str, title: str
) -> None:
    drawing.canvas.setTitle(own)
    if printed:
        drawing.line(72, 600, printed, size=24, bold=True)
    drawing.page()
    for text in FILLER:
        drawing.paragraph(760, text * 4)
        drawing.page()
    assert read_pdf(drawing).title == title


def test_the_day_when_the_file_was_made_is_no_day_of_publication(
    drawing: Any, read_pdf: Any
) -> None:
    document = read_pdf(report(drawing))
    assert document.published.day is None and document.changed.day is None


def test_links_to_addresses_are_kept_with_the_text_under_them(drawing: Any, read_pdf: Any) -> None:
    drawing.line(72, 700, "Läs mer i planen.")
    drawing.canvas.linkURL("https://exempel.se/plan", (70, 696, 160, 712))
    drawing.canvas.linkURL("mailto:ingen@exempel.se", (70, 600, 160, 612))
    links = read_pdf(drawing).links
    assert [(link.text, link.url) for link in links] == [
        ("Läs mer i planen.", "https://exempel.se/plan")
    ]


def test_an_english_report_is_in_english(drawing: Any, read_pdf: Any) -> None:
    drawing.paragraph(
        760, "This is the report of a study on what the police do in the evening. " * 5
    )
    assert read_pdf(drawing).language == "en"


def test_a_page_without_text_among_others_is_simply_empty(drawing: Any, read_pdf: Any) -> None:
    drawing.paragraph(760, FILLER[0] * 3)
    drawing.page()
    drawing.canvas.rect(100, 100, 300, 300, fill=1)
    drawing.page()
    drawing.paragraph(760, FILLER[1] * 3)
    document = read_pdf(drawing)
    assert [block.page for block in document.blocks] == [1, 3]
    assert document.notices == ()


def test_a_file_without_any_text_keeps_title_links_and_numbers_and_says_so(
    drawing: Any, read_pdf: Any
) -> None:
    drawing.canvas.setTitle("Inläst protokoll om trygghet")
    drawing.canvas.setSubject("ISBN 978-91-0-000001-1")
    drawing.canvas.rect(100, 100, 300, 300, fill=1)
    drawing.canvas.linkURL("https://exempel.se/protokoll", (70, 696, 160, 712))
    document = read_pdf(drawing)
    assert document.notices == ("no_text_layer",)
    assert document.title == "Inläst protokoll om trygghet"
    assert document.sections == ()
    assert [link.text for link in document.links] == ["https://exempel.se/protokoll"]
    assert document.identifiers == (Identifier("isbn", "9789100000011"),)
    assert document.page_count == 1


def test_pictures_with_a_stamp_on_each_page_have_no_text_layer(drawing: Any, read_pdf: Any) -> None:
    drawing.canvas.setTitle("Inläst protokoll om trygghet")
    for n in range(3):
        drawing.canvas.rect(100, 100, 300, 600, fill=1)
        drawing.line(72, 30, f"Inläst med skannern i receptionen, sida {n + 1}", size=7)
        drawing.page()
    document = read_pdf(drawing)
    assert document.notices == ("no_text_layer",)
    assert document.sections == ()
    assert document.title == "Inläst protokoll om trygghet"


def test_a_document_survives_its_way_through_json(drawing: Any, read_pdf: Any) -> None:
    document = read_pdf(report(drawing))
    assert Document.from_json(document.to_json()) == document
