"""PDF to a document: pages read in order, freed of what is no text, and put together.

Owns the order of the steps, and what is taken from a file without any text. ``pdf_file`` talks to
pdfium; each step has a module of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.parse.blocks import Piece, sections, with_quotations
from indexer.parse.dates import read_label
from indexer.parse.identifiers import find_identifiers
from indexer.parse.language import language_of
from indexer.parse.metadata import labelled_dates
from indexer.parse.pdf_about import identifiers_of, kicker_of, read_about, year_of
from indexer.parse.pdf_blocks import PageHeading, pieces_of
from indexer.parse.pdf_file import Bookmark, PdfFile, PdfPage
from indexer.parse.pdf_front import Item, take_front
from indexer.parse.pdf_headings import find_headings, same_words
from indexer.parse.pdf_layout import regions_of
from indexer.parse.pdf_ruled import ruled_tables, with_tables
from indexer.parse.pdf_running import without_running
from indexer.parse.pdf_tables import Line, lines_and_tables
from indexer.parse.pdf_text import Words
from indexer.parse.raw import Limits, RawFile
from indexer.parse.reading import title_from_name
from indexer.parse.tidy import without_clutter
from indexer.parse.titles import real_title
from indexer.sources import Source
from search.document import Block, BlockKind, DateGround, Document, Link, Section
from search.errors import ParseError

CONTENT_TYPE = "application/pdf"
#: A notice: the pages are pictures, so nothing in them can be searched.
NO_TEXT_LAYER = "no_text_layer"

_SUMMARY = re.compile(r"(?:[\d. ]+)?(?:sammanfattning|sammandrag)\b", re.IGNORECASE)
_ENGLISH_SUMMARY = re.compile(r"(?:[\d. ]+)?(?:(?:executive )?summary|abstract)\b", re.IGNORECASE)
_LEAST_LEAD_WORDS = 8
_MOST_LINKS = 200


@dataclass(frozen=True, slots=True)
class _Told:
    """What a file says of itself in its own fields."""

    title: str
    subject: str
    keywords: str


def parse(raw: RawFile, source: Source, limits: Limits = Limits()) -> Document:  # noqa: B008 - frozen
    """The document that a PDF is.

    Raises ParseError: ``damaged``, ``encrypted``, ``too_many_pages``.
    """
    with PdfFile(raw.data) as file:
        if file.page_count > limits.pdf_pages:
            message = f"PDF-filen har fler sidor än gränsen på {limits.pdf_pages}."
            raise ParseError("too_many_pages", message)
        told = _Told(*(file.described(field) for field in ("Title", "Subject", "Keywords")))
        told = replace(told, title=real_title(told.title))
        pages, bookmarks = list(file.pages()), _chapters(file.bookmarks(), told.title)
    document = Document(
        key=raw.key,
        source=raw.source,
        title=told.title or title_from_name(raw.name),
        url=raw.url,
        content_type=CONTENT_TYPE,
        page_count=len(pages),
        links=_links(pages),
    )
    # Programs that scan may stamp a line on each page; that is no text layer.
    cleared, labels = without_running(pages, bookmarks)
    if not _has_text(cleared):
        fields = "\n".join((told.title, told.subject, told.keywords, raw.name))
        return replace(
            document,
            subtitle="" if source.clutter.is_line(told.subject) else told.subject,
            identifiers=find_identifiers(fields),
            language=language_of(fields, url=raw.url),
            notices=(NO_TEXT_LAYER,),
        )
    return _with_text(document, cleared, labels, bookmarks, told, source)


def _with_text(
    document: Document,
    pages: Sequence[PdfPage],
    labels: Sequence[str],
    bookmarks: Sequence[Bookmark],
    told: _Told,
    source: Source,
) -> Document:
    """The document with everything that stands on its pages."""
    laid_out = [_items(page) for page in pages]
    body = _body_size(laid_out)
    front = take_front(laid_out, labels, body, {bookmark.page for bookmark in bookmarks})
    bookmarks = bookmarks or front.contents
    words = Words(text for page in laid_out for item in page for text in _lines(item))
    about = read_about(front, bookmarks, told.title, words, body)
    title = about.title or document.title
    items = [item for page in front.pages for item in page if item not in about.title_lines]
    marks = find_headings(items, _chapters(bookmarks, title), body)
    pieces: Sequence[Piece] = pieces_of(items, marks, words, labels, body)
    pieces = with_quotations(without_clutter(pieces, source.clutter, site=False))
    text = "\n".join(piece.text for piece in pieces)
    identifiers = identifiers_of(front, f"{title}\n{told.subject}\n{told.keywords}", text)
    dates = labelled_dates(
        (label for line in front.lines for label in read_label(line)),
        DateGround.LABEL,
        source.published_means,
    )
    language = language_of(f"{title} {text}", url=document.url)
    found = _with_pages(pieces)
    return replace(
        document,
        title=title,
        subtitle="" if source.clutter.is_line(about.subtitle) else about.subtitle,
        kicker=kicker_of(front, source),
        lead=_lead(found, language),
        sections=found,
        language=language,
        published=dates.published,
        changed=dates.changed,
        year_hint=year_of(front, identifiers),
        identifiers=identifiers,
    )


def _chapters(bookmarks: Sequence[Bookmark], title: str) -> tuple[Bookmark, ...]:
    """The bookmarks without the document's title, and those that stood under it moved up."""
    kept = [b for b in bookmarks if same_words(b.title) != same_words(title)]
    up = min((bookmark.depth for bookmark in kept), default=0)
    return tuple(replace(bookmark, depth=bookmark.depth - up) for bookmark in kept)


def _items(page: PdfPage) -> list[Item]:
    """The page's lines and tables in reading order."""
    spans, tables = ruled_tables(page)
    regions = enumerate(regions_of(spans))
    items = [item for n, rows in regions for item in lines_and_tables(page.number, n, rows)]
    return list(with_tables(items, tables))


def _lines(item: Item) -> Iterable[str]:
    if isinstance(item, Line):
        return (item.text,)
    return (line for row in item.rows for cell in row for line in cell)


def _body_size(pages: Sequence[Sequence[Item]]) -> float:
    """The type size of most of the text."""
    letters: Counter[float] = Counter()
    for page in pages:
        for item in page:
            if isinstance(item, Line):
                letters[round(item.size * 2) / 2] += len(item.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _has_text(pages: Sequence[PdfPage]) -> bool:
    return any(letter.isalpha() for page in pages for span in page.spans for letter in span.text)


def _links(pages: Sequence[PdfPage]) -> tuple[Link, ...]:
    found = {link.url: link for page in pages for link in page.links}
    return tuple(found.values())[:_MOST_LINKS]


def _with_pages(pieces: Sequence[Piece]) -> tuple[Section, ...]:
    """The pieces under their headings, each section with the page where it begins."""
    made = list(sections(pieces))
    headings = [piece for piece in pieces if isinstance(piece, PageHeading)]
    # Text before the first heading is a section without one.
    first = len(made) - len(headings)
    for n, section in enumerate(made):
        begins: PageHeading | Block = section.blocks[0] if n < first else headings[n - first]
        made[n] = replace(section, page=begins.page, page_label=begins.page_label)
    return tuple(made)


def _lead(found: Sequence[Section], language: str) -> str:
    """The first paragraph of the summary, which stays where it is too: there it has a page."""
    summary = _ENGLISH_SUMMARY if language == "en" else _SUMMARY
    return next(
        (
            block.text
            for section in found
            if any(summary.match(heading) for heading in section.heading_path)
            for block in section.blocks
            if block.kind is BlockKind.PARAGRAPH and len(block.text.split()) >= _LEAST_LEAD_WORDS
        ),
        "",
    )
