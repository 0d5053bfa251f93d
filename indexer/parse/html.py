"""HTML to a document: by the rules of the page's site, else by general extraction.

Owns only the choice between the two; ``template`` follows rules, ``reading`` makes the document.
"""

from __future__ import annotations

import re

from indexer.parse import general, sitevision
from indexer.parse.charset import decode
from indexer.parse.markup import make_soup
from indexer.parse.raw import RawFile
from indexer.parse.reading import Reading, assemble
from indexer.sources import Source
from search.document import Document
from search.errors import ParseError

CONTENT_TYPE = "text/html"

_MARKUP = re.compile(r"<[a-z!/?]", re.IGNORECASE)


def parse(raw: RawFile, source: Source) -> Document:
    """The document that a page, or a fragment of markup, is.

    Raises ParseError: ``empty``, ``not_html`` for what is no markup, ``too_deep`` for markup
    nested beyond reason, ``no_text`` when no text is left.
    """
    text = decode(raw, not_text="not_html").replace("\x00", "")
    if not _MARKUP.search(text):
        raise ParseError("not_html", "Filen är ingen webbsida: den saknar HTML-kod.")
    try:
        return assemble(raw, source, _read(text, source, raw.url), CONTENT_TYPE)
    except RecursionError as error:
        raise ParseError("too_deep", "Sidans kod är för djupt nästlad för att läsas.") from error


def _read(text: str, source: Source, url: str) -> Reading:
    soup = make_soup(text)
    by_rules = sitevision.read(soup, source, url)
    if by_rules is None:
        return general.read(soup, source, url, text)
    if by_rules.is_empty:
        return general.read(make_soup(text), source, url, text)
    return by_rules
