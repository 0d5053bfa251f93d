"""The sheets of a report set by reportlab: frames, running heads, page numbers and outline.

Owns what is true of a page and not of the text on it. Front matter counts in roman numerals,
the text begins again at 1, as in printed reports: physical and printed numbers never agree.
"""

from __future__ import annotations

import hashlib
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

from tools.corpus.manuscripts import NOTICE, WRITTEN, Manuscript
from tools.corpus.vera import BOLD, FONT

#: Template names.
COVER, FRONT, TEXT, COLUMNS = "cover", "front", "text", "columns"

#: Styles of headings that belong in the outline and the table of contents, with their depth.
FRONT_STYLE, CHAPTER_STYLE, SECTION_STYLE = "FrontHeading", "ChapterHeading", "SectionHeading"
OUTLINE_LEVELS = {FRONT_STYLE: 0, CHAPTER_STYLE: 0, SECTION_STYLE: 1}

_WIDTH, _HEIGHT = A4
_MARGIN = 2.6 * cm
_GUTTER = 0.8 * cm
_INNER = _WIDTH - 2 * _MARGIN
_SMALL = 8
_COVER_SIZE = 22


class Report(BaseDocTemplate):
    """A report whose pages know their printed number and their chapter."""

    def __init__(self, file: Any, manuscript: Manuscript) -> None:
        # Without compression the bytes do not depend on the machine's zlib.
        super().__init__(
            file,
            pagesize=A4,
            invariant=1,
            pageCompression=0,
            title=manuscript.title,
            author="Metodsök",
            subject=NOTICE,
            creator="Metodsök",
            lang="sv-SE",
            displayDocTitle=1,
        )
        self.manuscript = manuscript
        self.chapter = ""
        self.first_text_page = 0
        self._counting = False
        self._keys = 0
        self.addPageTemplates(
            [
                PageTemplate(COVER, [_frame(_MARGIN, _INNER)], onPage=self._cover),
                PageTemplate(FRONT, [_frame(_MARGIN, _INNER)], onPageEnd=self._foot),
                PageTemplate(TEXT, [_frame(_MARGIN, _INNER)], onPageEnd=self._head_and_foot),
                PageTemplate(COLUMNS, _columns(), onPageEnd=self._head_and_foot),
            ]
        )

    def beforeDocument(self) -> None:  # noqa: N802 - reportlab's name
        """Start anew: the document is built twice, the second time with its contents known."""
        self.chapter = ""
        self._counting = False
        self._keys = 0
        self.canv.addPageLabel(0, "ROMAN_LOWER", 1)
        steady(self.canv)

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 - reportlab's name
        """Enter a heading into the outline and the table of contents."""
        style = flowable.style.name if isinstance(flowable, Paragraph) else ""
        if style not in OUTLINE_LEVELS:
            return
        level, title = OUTLINE_LEVELS[style], flowable.getPlainText()
        if level == 0:
            self.chapter = title
        if style == CHAPTER_STYLE and not self._counting:
            self._counting = True
            self.first_text_page = self.page
            self.canv.addPageLabel(self.page - 1, "ARABIC", 1)
        self._keys += 1
        key = f"rubrik-{self._keys}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(title, key, level)
        self.notify("TOCEntry", (level, escape(title), self.page, key))

    def label(self, page: int) -> str:
        """What is printed on a physical page; true from the second pass on."""
        if self.first_text_page and page >= self.first_text_page:
            return str(page - self.first_text_page + 1)
        return roman(page)

    def _cover(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        """The title spaced out letter by letter, and once more up the spine."""
        canvas.saveState()
        canvas.rotate(90)
        canvas.setFont(FONT, _SMALL)
        canvas.drawString(_MARGIN, -1.2 * cm, self.manuscript.title)
        canvas.restoreState()
        canvas.setFont(FONT, 13)
        canvas.drawString(_MARGIN, _HEIGHT - 6 * cm, self.manuscript.kicker)
        canvas.setFont(BOLD, _COVER_SIZE)
        y = _HEIGHT - 9 * cm
        for line in _spaced_lines(self.manuscript.title.upper()):
            canvas.drawString(_MARGIN, y, line)
            y -= 1.6 * _COVER_SIZE
        canvas.setFont(FONT, 13)
        canvas.drawString(_MARGIN, y - 0.5 * cm, self.manuscript.subtitle)
        canvas.setFont(FONT, _SMALL + 1)
        canvas.drawString(_MARGIN, _MARGIN, NOTICE)

    def _foot(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFont(FONT, _SMALL)
        canvas.drawCentredString(_WIDTH / 2, 1.4 * cm, self.label(self.page))

    def _head_and_foot(self, canvas: Canvas, document: BaseDocTemplate) -> None:
        """The title on left-hand pages, the chapter on right-hand ones."""
        odd = int(self.label(self.page)) % 2 == 1
        head = self.chapter if odd else self.manuscript.title
        canvas.setFont(FONT, _SMALL)
        draw = canvas.drawRightString if odd else canvas.drawString
        draw(_WIDTH - _MARGIN if odd else _MARGIN, _HEIGHT - 1.7 * cm, head)
        canvas.line(_MARGIN, _HEIGHT - 1.9 * cm, _WIDTH - _MARGIN, _HEIGHT - 1.9 * cm)
        self._foot(canvas, document)


def steady(canvas: Canvas) -> None:
    """Let a file be the same whenever and wherever it is written."""
    canvas.setDateFormatter(lambda *_: f"D:{WRITTEN:%Y%m%d}")
    # The file's identifier grows from this; it began with SOURCE_DATE_EPOCH, where that is set.
    canvas._doc.signature = hashlib.md5(usedforsecurity=False)  # type: ignore[attr-defined]


def _frame(left: float, width: float) -> Frame:
    return Frame(
        left,
        _MARGIN,
        width,
        _HEIGHT - 2 * _MARGIN,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )


def _columns() -> list[Frame]:
    width = (_INNER - _GUTTER) / 2
    return [_frame(_MARGIN, width), _frame(_MARGIN + width + _GUTTER, width)]


def _spaced_lines(title: str) -> list[str]:
    """The title in lines that fit the cover, spaced out as extractors read real covers."""
    lines: list[str] = []
    for word in title.split():
        spaced = " ".join(word)
        longer = f"{lines[-1]}   {spaced}" if lines else spaced
        if lines and pdfmetrics.stringWidth(longer, BOLD, _COVER_SIZE) <= _INNER:
            lines[-1] = longer
        else:
            lines.append(spaced)
    return lines


def roman(number: int) -> str:
    """A small number in roman numerals, lower case.

    >>> roman(4), roman(9)
    ('iv', 'ix')
    """
    numeral = ""
    for value, letters in ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        numeral += letters * (number // value)
        number %= value
    return numeral
