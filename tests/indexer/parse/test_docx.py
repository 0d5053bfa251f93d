"""Word files: what of them is text, and what is refused before it is unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from indexer.parse.docx import parse
from indexer.parse.raw import Limits, RawFile
from indexer.sources import load_sources
from search.document import Block, BlockKind, Document
from search.errors import ParseError

ROOT = Path(__file__).resolve().parents[3]
SOURCE = load_sources(ROOT / "corpus" / "sources.toml")["egna"]
SENTENCE = "Personal från skolan och fritiden möts varje måndag för att dela vad de har sett."

Fill = Callable[[Any], object]


def made(fill: Fill) -> bytes:
    document = docx.Document()
    fill(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def read(fill: Fill | bytes, name: str = "min_plan.docx", limits: Limits = Limits()) -> Document:  # noqa: B008
    data = fill if isinstance(fill, bytes) else made(fill)
    return parse(RawFile(data, name, "egna", "egna:fil"), SOURCE, limits)


def refusal(data: bytes, limits: Limits = Limits()) -> str:  # noqa: B008
    with pytest.raises(ParseError) as caught:
        read(data, limits=limits)
    return caught.value.reason


def changed(data: bytes, part: str, content: bytes) -> bytes:
    """The container with one part replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            if entry.filename != part:
                new.writestr(entry, old.read(entry))
        new.writestr(part, content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def run_with(paragraph: Any, wrapper: str, tag: str, text: str) -> None:
    """Add a run inside an element such as ``w:ins``."""
    outer, run, inner = OxmlElement(wrapper), OxmlElement("w:r"), OxmlElement(tag)
    inner.text = text
    run.append(inner)
    outer.append(run)
    paragraph._p.append(outer)


def test_title_headings_lists_and_tables_keep_their_form() -> None:
    def fill(document: Any) -> None:
        document.add_heading("Trygga kvällar", level=0)
        document.add_paragraph(SENTENCE)
        document.add_heading("Så börjar ni", level=1)
        document.add_paragraph("Bjud in", style="List Bullet")
        document.add_paragraph("Berätta varför", style="List Bullet")
        document.add_heading("Roller", level=2)
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(
            [c for row in table.rows for c in row.cells], ["Vem", "Gör", "Skolan", "Ringer"],
            strict=True,
        ):  # fmt: skip
            cell.text = text
        document.add_paragraph("Första steget", style="List Number")

    document = read(fill)
    assert document.title == "Trygga kvällar"
    assert [s.heading_path for s in document.sections] == [
        (),
        ("Så börjar ni",),
        ("Så börjar ni", "Roller"),
    ]
    assert [section.level for section in document.sections] == [0, 2, 3]
    assert document.sections[1].blocks == (Block("– Bjud in\n– Berätta varför", BlockKind.LIST),)
    assert document.sections[2].blocks == (
        Block("Vem\tGör\nSkolan\tRinger", BlockKind.TABLE),
        Block("1. Första steget", BlockKind.LIST),
    )


def box(ticked: bool) -> Any:
    """A box to tick, as Word has it since 2010."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    box = "http://schemas.microsoft.com/office/word/2010/wordml"
    return parse_xml(
        f'<w:sdt xmlns:w="{word}" xmlns:b="{box}"><w:sdtPr><b:checkbox>'
        f'<b:checked b:val="{int(ticked)}"/></b:checkbox></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>"
    )


def test_what_is_to_be_filled_in_is_kept() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph(SENTENCE)
        table = document.add_table(rows=4, cols=3)
        for cell, text in zip(table.rows[0].cells, ["Vem", "Datum", "Namn"], strict=True):
            cell.text = text
        table.rows[1].cells[0].text = "Skolan"
        table.rows[2].cells[0].merge(table.rows[2].cells[2]).text = "Bara vid behov"

    table = read(fill).blocks[1]
    assert table.kind is BlockKind.TABLE
    assert table.text.split("\n") == ["Vem\tDatum\tNamn", "Skolan\t\t", "Bara vid behov", "\t\t"]


def test_boxes_to_tick_are_items_of_a_list_and_say_which_are_ticked() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph(SENTENCE)
        for n, text in enumerate((" skolan", " fritiden")):
            paragraph = document.add_paragraph()
            paragraph._p.append(box(ticked=n == 1))
            paragraph.add_run(text)
        document.add_paragraph("Skriv under här.")
        cell = document.add_table(rows=1, cols=2).rows[0].cells[1].paragraphs[0]
        cell._p.append(box(ticked=False))
        cell.add_run(" ja")

    assert read(fill).blocks[1:] == (
        Block("– ☐ skolan\n– ☒ fritiden", BlockKind.LIST),
        Block("Skriv under här."),
        Block("\t☐ ja", BlockKind.TABLE),
    )


def test_swedish_styles_and_styles_based_on_headings_are_headings() -> None:
    def fill(document: Any) -> None:
        styles = document.styles
        for name in ("Rubrik", "Rubrik 1", "Kommunens mellanrubrik", "Numrerad nivå"):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        styles["Kommunens mellanrubrik"].base_style = styles["Heading 2"]
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), "2")
        styles["Numrerad nivå"].element.get_or_add_pPr().append(level)
        document.add_paragraph("Planen", style="Rubrik")
        document.add_paragraph("Kapitel", style="Rubrik 1")
        document.add_paragraph("Del", style="Kommunens mellanrubrik")
        document.add_paragraph("Punkt", style="Numrerad nivå")
        document.add_paragraph(SENTENCE)

    document = read(fill)
    assert document.title == "Planen"
    assert document.sections[-1].heading_path == ("Kapitel", "Del", "Punkt")


def test_deleted_and_hidden_text_is_left_out_and_inserted_text_kept() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph(SENTENCE)
        paragraph = document.add_paragraph("Synligt ")
        paragraph.add_run("DOLT").font.hidden = True
        run_with(paragraph, "w:ins", "w:t", "insatt ")
        run_with(paragraph, "w:del", "w:delText", "BORTTAGET")
        run_with(paragraph, "w:moveFrom", "w:t", "FLYTTAT")
        run_with(paragraph, "w:fldSimple", "w:t", "fält.")
        hidden = document.styles.add_style("Anvisning", WD_STYLE_TYPE.PARAGRAPH)
        hidden.font.hidden = True
        document.add_paragraph("ANVISNING", style=hidden)
        mark = document.styles.add_style("Märke", WD_STYLE_TYPE.CHARACTER)
        mark.font.hidden = True
        document.add_paragraph("Slut").add_run("MÄRKE", style=mark)

    assert [block.text for block in read(fill).blocks] == [
        SENTENCE,
        "Synligt insatt fält.",
        "Slut",
    ]


def test_a_table_of_contents_is_no_text() -> None:
    def fill(document: Any) -> None:
        document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
        document.add_heading("Planen", level=0)
        document.add_paragraph("Innehåll", style="TOC Heading")
        document.add_paragraph("Kapitel 3", style="toc 1")
        document.add_heading("Kapitel", level=1)
        document.add_paragraph(SENTENCE)

    document = read(fill)
    assert document.headings == ("Kapitel",)
    assert document.body == SENTENCE


def test_a_single_main_heading_that_begins_the_text_is_its_title() -> None:
    def fill(document: Any) -> None:
        document.core_properties.title = "Mall för rutiner"
        document.add_heading("Rutin vid oro", level=1)
        document.add_paragraph(SENTENCE)
        document.add_heading("Efteråt", level=2)
        document.add_paragraph(SENTENCE)

    document = read(fill)
    assert document.title == "Rutin vid oro"
    assert document.headings == ("Efteråt",)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("Handlingsplan för centrum", "Handlingsplan för centrum"), ("", "min plan"),
     ("Microsoft Word - plan.docx", "min plan"), ("Dokument1", "min plan")],
)  # fmt: skip
def test_without_a_title_in_the_text_the_core_properties_give_it_if_it_is_one(
    given: str, expected: str
) -> None:
    def fill(document: Any) -> None:
        document.core_properties.title = given
        document.add_heading("Bakgrund", level=1)
        document.add_paragraph(SENTENCE)
        document.add_heading("Mål", level=1)
        document.add_paragraph(SENTENCE)

    document = read(fill)
    assert document.title == expected
    assert document.headings == ("Bakgrund", "Mål")


def test_bold_lines_are_headings_only_where_no_style_makes_any() -> None:
    def bold(document: Any) -> None:
        document.add_paragraph("Planen för torget")
        document.add_paragraph(SENTENCE)
        document.add_paragraph().add_run("Syfte").bold = True
        document.add_paragraph(SENTENCE)

    def both(document: Any) -> None:
        document.add_heading("Planen", level=0)
        document.add_heading("Mål", level=1)
        document.add_paragraph().add_run("Syfte").bold = True
        document.add_paragraph(SENTENCE)

    assert (read(bold).title, read(bold).headings) == ("Planen för torget", ("Syfte",))
    assert read(both).headings == ("Mål",)


def test_kicker_subtitle_and_lead_are_found_by_place_and_style() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("Metodstöd")
        document.add_heading("Trygga kvällar", level=0)
        document.add_paragraph("En vägledning", style="Subtitle")
        document.add_paragraph(SENTENCE, style="Intense Quote")
        document.add_heading("Börja", level=1)
        document.add_paragraph("Så här går det till, kväll för kväll.")
        document.add_paragraph("Ett citat ur en intervju med en ung person.", style="Quote")

    document = read(fill)
    assert document.kicker == "Metodstöd"
    assert document.subtitle == "En vägledning"
    assert document.lead == SENTENCE
    assert document.body.count(SENTENCE) == 0
    assert document.quotations[0].text == "Ett citat ur en intervju med en ung person."


def test_an_empty_word_file_has_no_text() -> None:
    assert refusal(made(lambda document: None)) == "no_text"


@pytest.mark.parametrize("cut", [30, 4000, 20_000])
def test_a_file_cut_short_is_damaged(cut: int) -> None:
    assert refusal(made(lambda document: document.add_paragraph(SENTENCE))[:cut]) == "damaged"


def test_broken_xml_and_foreign_entities_are_damaged() -> None:
    data = made(lambda document: document.add_paragraph(SENTENCE))
    assert refusal(changed(data, "word/document.xml", b"<w:document")) == "damaged"
    entity = b'<!DOCTYPE d [<!ENTITY a "aaaa">]><w:document>&a;</w:document>'
    assert refusal(changed(data, "word/document.xml", entity)) == "damaged"
    assert refusal(changed(data, "word/styles.xml", b"<nothing")) == "damaged"


def test_xml_nested_beyond_reason_is_refused() -> None:
    namespace = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    deep = b"<w:sdt><w:sdtContent>" * 3000 + b"</w:sdtContent></w:sdt>" * 3000
    body = b"<w:document %s><w:body>%s</w:body></w:document>" % (namespace, deep)
    data = made(lambda document: document.add_paragraph(SENTENCE))
    assert refusal(changed(data, "word/document.xml", body)) in ("too_deep", "damaged")


def test_what_unpacks_beyond_the_limit_is_a_bomb() -> None:
    data = made(lambda document: document.add_paragraph(SENTENCE))
    noise = b"".join(n.to_bytes(4) for n in range(500_000))
    assert refusal(changed(data, "word/media/a.bin", noise), Limits(unpacked_mb=1)) == "zip_bomb"


def test_what_unpacks_absurdly_well_is_a_bomb() -> None:
    data = made(lambda document: document.add_paragraph(SENTENCE))
    assert refusal(changed(data, "word/media/a.xml", b"0" * 60_000_000)) == "zip_bomb"


def test_thousands_of_entries_are_a_bomb() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as container:
        for n in range(10_001):
            container.writestr(f"word/{n}", b"")
    assert refusal(file.getvalue()) == "zip_bomb"


def test_entries_that_share_their_bytes_are_a_bomb() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("word/document.xml", bytes(range(256)) * 400)
    data = bytearray(file.getvalue())
    directory = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[directory:end]
    many = entry * 50
    trailer = bytearray(data[end:])
    trailer[8:12] = (50).to_bytes(2, "little") * 2
    trailer[12:16] = len(many).to_bytes(4, "little")
    assert refusal(bytes(data[:directory] + many + trailer)) == "zip_bomb"


def test_an_encrypted_container_is_said_to_be_so() -> None:
    data = bytearray(made(lambda document: document.add_paragraph(SENTENCE)))
    # The flag of the first entry, in its own header and in the directory.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == "encrypted"
