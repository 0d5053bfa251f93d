"""Manuscript to Word file: heading styles, lists, boxes to tick, tables, running head, properties.

Owns the file's form, down to the bytes of its container: python-docx stamps the time of day
into what it writes, so the container is packed again without clock or compression.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from tools.corpus import markup
from tools.corpus.manuscripts import NOTICE, WRITTEN, Manuscript
from tools.corpus.sources import FACTS_HEADING, NO_FACTS

_WRITTEN_AT = datetime(WRITTEN.year, WRITTEN.month, WRITTEN.day, 9, tzinfo=UTC)
#: The first moment a zip container can express.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_UNUSED_PARTS = ("/stylesWithEffects", "/thumbnail")
_USED_TABLE_STYLES = ("TableNormal", "TableGrid")

#: Written before files had a head and a foot; readers at work on its bytes find them unchanged.
_WITHOUT_RUNNING_HEAD = frozenset({31})

#: What a manuscript writes at the start of a list's item that is to be ticked.
_BOX = "☐ "
#: The box as Word has it: a control that answers a click.
_BOX_CONTROL = (
    '<w:sdt xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr><w14:checkbox>'
    '<w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
    '<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic"'
    ' w:eastAsia="MS Gothic" w:hint="eastAsia"/></w:rPr><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>'
)


def build_word(manuscript: Manuscript) -> bytes:
    """The text as a Word file, the same bytes each time."""
    document = Document()
    _lighten(document)
    _set_properties(document, manuscript)
    if manuscript.n not in _WITHOUT_RUNNING_HEAD:
        _add_running_head(document, manuscript)
    if manuscript.kicker:
        document.add_paragraph(manuscript.kicker)
    document.add_heading(manuscript.title, level=0)
    if manuscript.subtitle:
        document.add_paragraph(manuscript.subtitle, style="Subtitle")
    document.add_paragraph().add_run(NOTICE).bold = True
    if manuscript.law_check:
        _fill(document.add_paragraph(), manuscript.law_check)
    if manuscript.lead:
        document.add_paragraph(manuscript.lead, style="Intense Quote")
    for part in manuscript.parts:
        _add(document, part)
    document.add_heading(FACTS_HEADING, level=1)
    for source in manuscript.sources:
        _fill(document.add_paragraph(style="List Bullet"), source.runs)
    if not manuscript.sources:
        document.add_paragraph(NO_FACTS)
    file = io.BytesIO()
    document.save(file)
    return _packed(file.getvalue())


def _lighten(document: Any) -> None:
    """Leave out what python-docx's template brings and nothing here uses: 800 kB unpacked."""
    for part in (document.part, document.part.package):
        unused = [key for key, rel in part.rels.items() if rel.reltype.endswith(_UNUSED_PARTS)]
        for key in unused:
            del part.rels[key]
    styles = document.styles.element
    for style in list(styles.iter(qn("w:style"))):
        table = style.get(qn("w:type")) == "table"
        if table and style.get(qn("w:styleId")) not in _USED_TABLE_STYLES:
            styles.remove(style)


def _set_properties(document: Any, manuscript: Manuscript) -> None:
    properties = document.core_properties
    properties.title = manuscript.title
    properties.subject = NOTICE
    properties.comments = NOTICE
    properties.author = "Metodsök"
    properties.last_modified_by = "Metodsök"
    properties.language = "sv-SE"
    properties.created = _WRITTEN_AT
    properties.modified = _WRITTEN_AT
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "sv-SE")


def _add_running_head(document: Any, manuscript: Manuscript) -> None:
    """The title above every page; the notice and the number of the page below."""
    section = document.sections[0]
    section.header.paragraphs[0].add_run(manuscript.title)
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{NOTICE}. Sida ")
    _add_field(foot, "PAGE")
    foot.add_run(" av ")
    _add_field(foot, "NUMPAGES")


def _add_field(paragraph: Any, name: str) -> None:
    """A number that Word counts when it shows the page; a reader that cannot count sees 1."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = paragraph.add_run("1")
    paragraph._p.append(field)
    field.append(run._r)


def _add(document: Any, part: markup.Part) -> None:
    match part:
        case markup.Heading():
            # The title is a style of its own in Word, so its headings begin one level up.
            document.add_heading(part.text, level=part.level - 1)
        case markup.Paragraph():
            _fill(document.add_paragraph(), part.runs)
        case markup.Listing():
            _add_list(document, part)
        case markup.Table():
            _add_table(document, part)


def _add_list(document: Any, part: markup.Listing) -> None:
    numbers = _restarted(document) if part.ordered else None
    for item in part.items:
        if markup.plain(item).startswith(_BOX):
            _add_box(document, item)
            continue
        paragraph = document.add_paragraph(style="List Number" if part.ordered else "List Bullet")
        _fill(paragraph, item)
        if numbers is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = numbers


def _restarted(document: Any) -> int | None:
    """Numbers for a list after the first, which would else count on from it; None for the first."""
    style = document.styles["List Number"]
    if all(paragraph.style.style_id != style.style_id for paragraph in document.paragraphs):
        return None
    numbering = document.part.numbering_part.element
    usual = numbering.num_having_numId(style.element.pPr.numPr.numId.val)
    again = numbering.add_num(usual.abstractNumId.val)
    again.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(again.numId)


def _add_box(document: Any, item: markup.Runs) -> None:
    paragraph = document.add_paragraph(style="List")
    paragraph._p.append(parse_xml(_BOX_CONTROL))
    first, *others = item
    text = " " + first.text.removeprefix(_BOX)
    _fill(paragraph, (markup.Run(text, first.bold, first.url), *others))


def _add_table(document: Any, part: markup.Table) -> None:
    table = document.add_table(rows=len(part.rows), cols=len(part.rows[0]), style="Table Grid")
    for row, cells in zip(table.rows, part.rows, strict=True):
        if _is_group(cells):
            _fill(row.cells[0].merge(row.cells[-1]).paragraphs[0], cells[0])
            continue
        for cell, runs in zip(row.cells, cells, strict=True):
            _fill(cell.paragraphs[0], runs)
    head = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(head)


def _is_group(cells: tuple[markup.Runs, ...]) -> bool:
    """Whether a row is only a bold heading of the rows under it, and so is one wide cell."""
    head, *others = cells
    return bool(head and others) and all(run.bold for run in head) and not any(others)


def _fill(paragraph: Any, runs: markup.Runs) -> None:
    for run in runs:
        added = paragraph.add_run(run.text)
        added.bold = True if run.bold else None
        if run.url:
            _make_link(paragraph, added, run.url)


def _make_link(paragraph: Any, run: Any, url: str) -> None:
    """Move a run into a hyperlink element: python-docx reads links but makes none."""
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    paragraph._p.append(link)
    link.append(run._r)


def _packed(container: bytes) -> bytes:
    """The same files without times, and stored as they are: zlib differs between machines."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(container)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as new,
    ):
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.create_system = _UNIX
            new.writestr(info, old.read(name))
    return packed.getvalue()
