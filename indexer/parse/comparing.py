"""One page read twice: by its site's rules, and as if nobody knew the site.

What tells that a site was rebuilt: rules that fitted find less than a reader who knows nothing.
"""

from __future__ import annotations

from indexer.parse import general, sitevision
from indexer.parse.charset import decode
from indexer.parse.markup import make_soup
from indexer.parse.raw import RawFile
from indexer.parse.reading import Reading, assemble
from indexer.parse.readings import Readings
from indexer.parse.template import first
from indexer.sources import Source
from search.document import Document
from search.errors import ParseError

_CONTENT_TYPE = "text/html"


def compare(raw: RawFile, source: Source) -> Readings:
    """Read a web page both ways. Raises ParseError where it cannot be read at all."""
    text = decode(raw, not_text="not_html").replace("\x00", "")
    soup = make_soup(text)
    kind = sitevision.page_kind(soup, source, raw.url)
    has_title = first(soup, source.selectors("title", kind)) is not None
    by_rules = sitevision.read(soup, source, raw.url)
    as_any = general.read(make_soup(text), source, raw.url, text)
    return Readings(
        _document(raw, source, by_rules), _document(raw, source, as_any),
        has_title and by_rules is not None,
    )  # fmt: skip


def _document(raw: RawFile, source: Source, reading: Reading | None) -> Document | None:
    if reading is None:
        return None
    try:
        return assemble(raw, source, reading, _CONTENT_TYPE)
    except ParseError:
        return None
