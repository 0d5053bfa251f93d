"""Manuscript to PDF, by the producer that its head asks for.

Owns which producers there are. A real collection's PDFs come from many programs, each with its
own way of telling a parser what stands on a page.
"""

from __future__ import annotations

from tools.corpus.manuscripts import Manuscript
from tools.corpus.pdf_reportlab import build_reportlab
from tools.corpus.vera import check_glyphs

_PRODUCERS = {"reportlab": build_reportlab}


def build_pdf(manuscript: Manuscript) -> bytes:
    """The report as PDF.

    Raises GlyphError for characters that the fonts of the producers do not have.
    """
    check_glyphs(manuscript)
    return _PRODUCERS[manuscript.producer](manuscript)
