"""Manuscript to report as PDF, set by reportlab, with the difficulties of printed reports.

Owns the look of the text: tables, words broken at the ends of lines, one chapter in two columns.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib import colors
from reportlab.lib.styles import ListStyle, ParagraphStyle, PropertySet
from reportlab.platypus import (
    Flowable,
    FrameBreak,
    ListFlowable,
    NextPageTemplate,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from tools.corpus import markup
from tools.corpus.manuscripts import Manuscript
from tools.corpus.pdf_pages import (
    CHAPTER_STYLE,
    COLUMNS,
    FRONT,
    FRONT_STYLE,
    SECTION_STYLE,
    TEXT,
    Report,
)
from tools.corpus.printed import (
    CONTENTS_HEADING,
    SUMMARY_HEADING,
    Printed,
    printed,
    with_soft_hyphens,
)
from tools.corpus.sources import FACTS_HEADING
from tools.corpus.vera import BOLD, FONT, register_fonts

_BODY = ParagraphStyle("Body", fontName=FONT, fontSize=9.5, leading=14, spaceAfter=7)
_LEAD = ParagraphStyle("Lead", parent=_BODY, fontSize=11, leading=16)
_SOURCE = ParagraphStyle("Source", parent=_BODY, fontSize=7.5, leading=11)
_CELL = ParagraphStyle("Cell", parent=_BODY, fontSize=8.5, leading=12, spaceAfter=0)
_TITLE = ParagraphStyle("FrontTitle", parent=_BODY, fontName=BOLD, fontSize=18, leading=24)
_PRINT = ParagraphStyle("Colophon", parent=_BODY, fontSize=8, leading=12, spaceAfter=2)
_CONTENTS = ParagraphStyle("Contents", parent=_BODY, fontName=BOLD, fontSize=15, leading=26)
_FRONT = ParagraphStyle(FRONT_STYLE, parent=_CONTENTS)
_CHAPTER = ParagraphStyle(CHAPTER_STYLE, parent=_CONTENTS, leading=21, spaceAfter=9)
_SECTION = ParagraphStyle(
    SECTION_STYLE,
    parent=_BODY,
    fontName=BOLD,
    fontSize=11,
    leading=15,
    spaceBefore=8,
    keepWithNext=1,
)
_CONTENTS_LINES: list[PropertySet] = [
    ParagraphStyle("Contents0", parent=_BODY, fontName=BOLD, spaceAfter=0, spaceBefore=5),
    ParagraphStyle("Contents1", parent=_BODY, leftIndent=14, fontSize=9, leading=13, spaceAfter=0),
]
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)
_BULLETS = ListStyle(
    "Bullets",
    bulletType="bullet",
    start="•",
    bulletFontName=FONT,
    bulletFontSize=9,
    leftIndent=16,
)
_NUMBERS = ListStyle(
    "Numbers",
    bulletType="1",
    bulletFontName=FONT,
    bulletFontSize=9,
    leftIndent=16,
)


def build_reportlab(manuscript: Manuscript) -> bytes:
    """The report as PDF, the same bytes each time."""
    register_fonts()
    file = io.BytesIO()
    report = Report(file, manuscript)
    told = printed(manuscript)
    report.multiBuild([*_front_matter(manuscript, told, report), *_text(manuscript, told)])
    return file.getvalue()


def _front_matter(manuscript: Manuscript, told: Printed, report: Report) -> Iterator[Flowable]:
    yield NextPageTemplate(FRONT)
    # The cover is drawn by its page; an empty frame would be skipped.
    yield Spacer(1, 1)
    yield PageBreak()
    yield Paragraph(escape(manuscript.title), _TITLE)
    yield Paragraph(escape(manuscript.subtitle), _BODY)
    yield Spacer(1, 330)
    for line in told.colophon:
        yield Paragraph(escape(line), _PRINT)
    yield PageBreak()
    yield Paragraph(CONTENTS_HEADING, _CONTENTS)
    yield TableOfContents(levelStyles=_CONTENTS_LINES, dotsMinLevel=0, formatter=report.label)
    yield PageBreak()
    yield Paragraph(SUMMARY_HEADING, _FRONT)
    yield Paragraph(escape(manuscript.lead), _LEAD)
    yield from _shown(told.summary)
    for foreword in told.forewords:
        yield PageBreak()
        yield Paragraph(escape(foreword.title), _FRONT)
        yield from _shown(foreword.parts)


def _text(manuscript: Manuscript, told: Printed) -> Iterator[Flowable]:
    for i, chapter in enumerate(told.chapters):
        yield NextPageTemplate(COLUMNS if i == told.in_columns else TEXT)
        yield PageBreak()
        yield Paragraph(escape(chapter.title), _CHAPTER)
        turn = told.turn if i == told.in_columns else -1
        for number, part in enumerate(with_soft_hyphens(chapter.parts)):
            if number == turn:
                yield FrameBreak()
            yield from _show(part)
    yield NextPageTemplate(TEXT)
    yield PageBreak()
    yield Paragraph(FACTS_HEADING, _CHAPTER)
    for source in told.sources:
        yield Paragraph(_words(source.runs), _SOURCE if manuscript.sources else _BODY)


def _shown(parts: tuple[markup.Part, ...]) -> Iterator[Flowable]:
    for part in parts:
        yield from _show(part)


def _show(part: markup.Part) -> Iterator[Flowable]:
    match part:
        case markup.Heading():
            yield Paragraph(escape(part.text), _SECTION)
        case markup.Paragraph():
            yield Paragraph(_words(part.runs), _BODY)
        case markup.Listing():
            items = [Paragraph(_words(item), _BODY) for item in part.items]
            yield ListFlowable(items, style=_NUMBERS if part.ordered else _BULLETS)
        case markup.Table():
            rows = [[Paragraph(_words(cell), _CELL) for cell in row] for row in part.rows]
            yield Table(rows, style=_GRID, repeatRows=1, spaceBefore=4, spaceAfter=10)


def _words(runs: markup.Runs) -> str:
    """Runs in reportlab's own small markup."""
    marked = ""
    for run in runs:
        text = escape(run.text)
        text = f"<b>{text}</b>" if run.bold else text
        marked += f"<a href={quoteattr(run.url)}>{text}</a>" if run.url else text
    return marked
