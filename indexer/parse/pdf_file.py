"""A PDF as pdfium sees it: opened or refused, its pages, bookmarks, links and own description.

Owns the conversation with pdfium, together with ``pdf_spans``; what the pieces mean is decided by
others. Every handle is closed before the file is.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.parse.clean import clean_line
from indexer.parse.pdf_spans import Span, read_spans
from search.document import Link
from search.errors import ParseError

#: What pdfium says of a file that asks for a password, or for a program that knows its lock.
_LOCKED = (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
#: A whole file says here where its contents lie; a file cut short does not.
_END_WITHIN = 4096
_END_MARKS = (b"startxref", b"%%EOF")
#: A page with more links than this is an index of links.
_MOST_LINKS = 200
_LONGEST_URL = 2000
#: Lines of a table are no shorter than this, in points; a page with more drawings is a picture.
_SHORTEST_EDGE, _MOST_DRAWINGS = 20.0, 20_000
#: Deeper bookmarks are the file's structure, not its chapters.
_DEEPEST_BOOKMARK = 5
_MOST_BOOKMARKS = 5000


@dataclass(frozen=True, slots=True)
class Edge:
    """A line drawn across the page, or an edge of a box along it; coordinates as a span's."""

    x0: float
    x1: float
    y: float


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page: its number from 1, its label in the file (``""`` where none), size and text."""

    number: int
    label: str
    width: float
    height: float
    spans: tuple[Span, ...]
    links: tuple[Link, ...] = ()
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline: depth from 0, title, and the page it leads to."""

    depth: int
    title: str
    page: int


class PdfFile:
    """An open PDF. Use it in a ``with`` block."""

    def __init__(self, data: bytes) -> None:
        """Raises ParseError: ``encrypted`` or ``damaged``."""
        end = data.rstrip(b"\x00\r\n\t ")[-_END_WITHIN:]
        if not any(mark in end for mark in _END_MARKS):
            raise ParseError("damaged", "PDF-filen är avklippt: slutet av filen saknas.")
        try:
            self._pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) in _LOCKED:
                message = "PDF-filen är skyddad med lösenord och kan inte läsas."
                raise ParseError("encrypted", message) from error
            raise ParseError("damaged", "PDF-filen är skadad och kan inte läsas.") from error

    def __enter__(self) -> PdfFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pdf.close()

    @property
    def page_count(self) -> int:
        """How many pages there are; never 0."""
        return len(self._pdf)

    def described(self, field: str) -> str:
        """What the file says of itself: ``Title``, ``Subject``, ``Keywords``."""
        return clean_line(self._pdf.get_metadata_value(field))

    def pages(self) -> Iterator[PdfPage]:
        """The pages one by one; a page that cannot be read is empty."""
        for index in range(self.page_count):
            yield self._page(index)

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """The outline's entries that lead to a page."""
        found: list[Bookmark] = []
        for entry in self._pdf.get_toc(max_depth=_DEEPEST_BOOKMARK):
            target = entry.get_dest()
            page = target.get_index() if target else None
            title = clean_line(entry.get_title())
            if title and page is not None:
                found.append(Bookmark(entry.level, title, page + 1))
            if len(found) >= _MOST_BOOKMARKS:
                break
        return tuple(found)

    def _page(self, index: int) -> PdfPage:
        number, label = index + 1, clean_line(self._pdf.get_page_label(index))
        try:
            page = self._pdf[index]
        except pypdfium2.PdfiumError:
            return PdfPage(number, label, 0.0, 0.0, ())
        try:
            textpage = page.get_textpage()
            try:
                width, height = page.get_size()
                spans = tuple(read_spans(page, textpage))
                links, edges = self._links(page, textpage), tuple(_edges(page))
                return PdfPage(number, label, width, height, spans, links, edges)
            finally:
                textpage.close()
        except pypdfium2.PdfiumError:
            return PdfPage(number, label, 0.0, 0.0, ())
        finally:
            page.close()

    def _links(self, page: Any, textpage: Any) -> tuple[Link, ...]:
        """The page's links to addresses, with the text under them."""
        found: dict[str, Link] = {}
        place, link = ctypes.c_int(0), pdfium.FPDF_LINK()
        box = pdfium.FS_RECTF()
        while len(found) < _MOST_LINKS and pdfium.FPDFLink_Enumerate(page.raw, place, link):
            url = self._url(link)
            if not url or url in found:
                continue
            text = ""
            if pdfium.FPDFLink_GetAnnotRect(link, box):
                text = textpage.get_text_bounded(box.left, box.bottom, box.right, box.top)
            found[url] = Link(clean_line(text.replace("\ufffe", "")) or url, url)
        return tuple(found.values())

    def _url(self, link: Any) -> str:
        action = pdfium.FPDFLink_GetAction(link)
        if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
            return ""
        buffer = ctypes.create_string_buffer(_LONGEST_URL)
        length = pdfium.FPDFAction_GetURIPath(self._pdf.raw, action, buffer, len(buffer))
        url = buffer.value.decode("utf-8", "replace").strip() if length <= len(buffer) else ""
        return url if url.lower().startswith(("http://", "https://")) else ""


def _edges(page: Any) -> Iterator[Edge]:
    """The upper and lower edges of what is drawn on a page that is not turned."""
    count = pdfium.FPDFPage_CountObjects(page.raw)
    if page.get_rotation() or count > _MOST_DRAWINGS:
        return
    corner_x, corner_y, *_ = page.get_cropbox()
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for index in range(count):
        drawn = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top):
            continue
        x0, x1 = left.value - corner_x, right.value - corner_x
        if x1 - x0 >= _SHORTEST_EDGE:
            yield Edge(x0, x1, top.value - corner_y)
            yield Edge(x0, x1, bottom.value - corner_y)
