"""Manuscript to PDF, by the producer that its head asks for.

Owns which of them give the same bytes everywhere; what Chromium prints is another matter. A real
collection's PDFs come from many programs, each with its own way of saying what stands on a page.
"""

from __future__ import annotations

from tools.corpus.manuscripts import Manuscript
from tools.corpus.pdf_reportlab import build_reportlab
from tools.corpus.pdf_scan import build_scan
from tools.corpus.pdf_typst import build_typst
from tools.corpus.vera import check_glyphs

_PRODUCERS = {"reportlab": build_reportlab, "typst": build_typst, "scan": build_scan}


def build_pdf(manuscript: Manuscript) -> bytes:
    """The report as PDF.

    Raises GlyphError for characters that the fonts of the producers do not have.
    """
    check_glyphs(manuscript)
    return _PRODUCERS[manuscript.producer](manuscript)
