"""Manuscript to Word file: real heading styles, lists, a table and core properties.

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
from docx.oxml import OxmlElement
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


def build_word(manuscript: Manuscript) -> bytes:
    """The text as a Word file, the same bytes each time."""
    document = Document()
    _lighten(document)
    _set_properties(document, manuscript)
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


def _add(document: Any, part: markup.Part) -> None:
    match part:
        case markup.Heading():
            # The title is a style of its own in Word, so its headings begin one level up.
            document.add_heading(part.text, level=part.level - 1)
        case markup.Paragraph():
            _fill(document.add_paragraph(), part.runs)
        case markup.Listing():
            style = "List Number" if part.ordered else "List Bullet"
            for item in part.items:
                _fill(document.add_paragraph(style=style), item)
        case markup.Table():
            _add_table(document, part)


def _add_table(document: Any, part: markup.Table) -> None:
    table = document.add_table(rows=len(part.rows), cols=len(part.rows[0]), style="Table Grid")
    for row, cells in zip(table.rows, part.rows, strict=True):
        for cell, runs in zip(row.cells, cells, strict=True):
            _fill(cell.paragraphs[0], runs)
    head = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(head)


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
