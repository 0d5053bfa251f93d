"""Manuscript to a PDF of images, as a copying machine makes it: no text, no outline, no labels.

Owns the scanner: grey pages a little askew, with grain. It counts in whole numbers only, so that
the same pages give the same bytes.
"""

from __future__ import annotations

import io
import random

from PIL import Image, ImageChops
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tools.corpus.manuscripts import NOTICE, Manuscript
from tools.corpus.pdf_pages import steady
from tools.corpus.pdf_typst import typeset

#: What an office scanner is set to when the file is to be small.
_DPI = 110
#: Pages are turned at this many times their size, so that letters keep whole edges.
_FINER = 3
#: How far the far edge of a sheet slips, in parts of its length, a sheet: never twice alike.
_SKEWS = (0.004, -0.006, 0.007, -0.003, 0.005, -0.008)
#: Black ink fades and white paper greys, by so many steps of 255.
_FADED, _GREYED = 40, 8
#: The darkest grain of the glass.
_GRAIN = 7
_QUALITY = 36


def build_scan(manuscript: Manuscript) -> bytes:
    """The booklet as scanned pages."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=0)
    steady(canvas)
    canvas.setTitle(manuscript.title)
    canvas.setAuthor("Metodsök")
    canvas.setSubject(NOTICE)
    canvas.setCreator("Metodsök")
    for number, page in enumerate(typeset("booklet.typ", manuscript, "png", _DPI * _FINER)):
        canvas.drawImage(ImageReader(io.BytesIO(_scanned(page, number))), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _scanned(page: bytes, number: int) -> bytes:
    """A page as the scanner saw it, as JPEG."""
    sheet = Image.open(io.BytesIO(page)).convert("L")
    skew = _SKEWS[number % len(_SKEWS)]
    turned = sheet.transform(
        sheet.size,
        Image.Transform.AFFINE,
        (1, skew, -skew * sheet.height / 2, -skew, 1, skew * sheet.width / 2),
        Image.Resampling.NEAREST,
        fillcolor=255,
    )
    small = turned.reduce(_FINER)
    faded = small.point([_FADED + step * (255 - _FADED - _GREYED) // 255 for step in range(256)])
    grey = ImageChops.subtract(faded, _grain(small.size, number))
    file = io.BytesIO()
    grey.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _grain(size: tuple[int, int], number: int) -> Image.Image:
    """Dust and unevenness, twice as coarse as the picture: finer grain would only cost space."""
    width, height = (side // 2 + 1 for side in size)
    dust = random.Random(number).randbytes(width * height)  # noqa: S311 - dust, no secret
    coarse = Image.frombytes("L", (width, height), dust)
    fine = coarse.point([step * _GRAIN // 255 for step in range(256)])
    return fine.resize((width * 2, height * 2), Image.Resampling.NEAREST).crop((0, 0, *size))
