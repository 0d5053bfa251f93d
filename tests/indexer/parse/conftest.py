"""PDFs that tests draw themselves, line by line, and what the parser makes of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from indexer.parse.pdf import parse
from indexer.parse.raw import Limits, RawFile
from indexer.sources import load_sources
from search.document import Document

ROOT = Path(__file__).resolve().parents[3]
SOURCE = load_sources(ROOT / "corpus" / "sources.toml")["egna"]


class Drawing:
    """A PDF drawn with little more than lines of text. Points from the lower left corner."""

    def __init__(self, **options: Any) -> None:
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pageCompression=0, invariant=1, **options)
        self._pages = 0

    def line(self, x: float, y: float, text: str, size: float = 10, bold: bool = False) -> None:
        """One line of text."""
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        self.canvas.drawString(x, y, text)

    def lines(self, x: float, y: float, texts: Iterable[str], **style: Any) -> float:
        """Lines of a paragraph under each other; gives the height below the last."""
        leading = style.get("size", 10) * 1.3
        for text in texts:
            self.line(x, y, text, **style)
            y -= leading
        return y

    def paragraph(self, y: float, text: str, x: float = 72, width: int = 80, **style: Any) -> float:
        """A paragraph of words broken at so many letters; gives the height for the next one."""
        made: list[str] = []
        for word in text.split():
            if made and len(made[-1]) + len(word) < width:
                made[-1] += f" {word}"
            else:
                made.append(word)
        return self.lines(x, y, made, **style) - 6

    def page(self, bookmark: str = "", level: int = 0) -> None:
        """End the page; the bookmark leads to it."""
        if bookmark:
            key = f"{bookmark}-{self._pages}-{level}"
            self.canvas.bookmarkPage(key)
            self.canvas.addOutlineEntry(bookmark, key, level)
        self._pages += 1
        self.canvas.showPage()

    def bytes(self) -> bytes:
        """The finished file."""
        self.canvas.save()
        return self._file.getvalue()


ReadPdf = Callable[..., Document]


@pytest.fixture
def drawing() -> Drawing:
    return Drawing()


@pytest.fixture(scope="session")
def read_pdf() -> ReadPdf:
    """Parse a drawing, or bytes."""

    def read(
        given: Drawing | bytes, name: str = "min_rapport.pdf", limits: Limits | None = None
    ) -> Document:
        data = given if isinstance(given, bytes) else given.bytes()
        return parse(RawFile(data, name, "egna", "egna:fil"), SOURCE, limits or Limits())

    return read
