"""The font that reportlab brings along, Bitstream Vera: files, and which characters it can show.

Every machine sets the same glyphs with it, and its licence lets documents embed it.
"""

from __future__ import annotations

from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from tools.corpus.manuscripts import Manuscript

FONT = "Vera"
BOLD = "Vera-Bold"
_FOLDER = Path(reportlab.__file__).parent / "fonts"
FONT_FILES = {FONT: _FOLDER / "Vera.ttf", BOLD: _FOLDER / "VeraBd.ttf"}


class GlyphError(ValueError):
    """The text has characters that the bundled font cannot show."""


def register_fonts() -> None:
    """Make the bundled fonts known to reportlab; harmless to repeat."""
    for name, file in FONT_FILES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(file)))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


def check_glyphs(manuscript: Manuscript) -> None:
    """Raise GlyphError for characters that a report would show as empty boxes."""
    register_fonts()
    shown = manuscript.text + "".join(source.text for source in manuscript.sources)
    if missing := _missing_glyphs(shown):
        raise GlyphError(f"the font of the PDF lacks {' '.join(missing)}")


def _missing_glyphs(text: str) -> str:
    """The characters of a text that the font cannot show; soft hyphens are never shown."""
    font = pdfmetrics.getFont(FONT)
    known = font.face.charToGlyph if isinstance(font, TTFont) else {}
    return "".join(sorted({c for c in text if ord(c) not in known and c not in "\n\u00ad"}))
