"""Pages of unknown make: trafilatura says which text is the body, the markup says how it is built.

trafilatura judges well what is text and what is page, but loses headings, quotations and the
order of lists. So its answer only chooses the element, whose markup is then read as any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.parse.markup import text_of
from indexer.parse.reading import Reading
from indexer.parse.template import read_page, select
from indexer.sources import Source

#: The element must hold this share of the extracted text; the rest may be a caption or a byline.
_SHARE_OF_TEXT = 0.9
#: Less than this share of the page's own text area means that the extraction missed the body.
_LEAST_SHARE_OF_AREA = 0.4
_WHOLE_PAGE = re.compile(r"<(?:html|head|body|!doctype)\b", re.IGNORECASE)


def read(soup: BeautifulSoup, source: Source, url: str, text: str) -> Reading:
    """What is found on a page of unknown make, or in a fragment of markup, which is all text.

    Cuts in the tree it is given.
    """
    whole = _WHOLE_PAGE.search(text) is not None
    return read_page(
        soup,
        source.general_selectors,
        source,
        url,
        site=False,
        find_content=lambda page: _body(page, source.general_selectors("content"), whole),
    )


def _body(soup: BeautifulSoup, areas: Sequence[str], whole: bool) -> list[Tag]:
    """The element that holds the text."""
    area = select(soup, areas)[:1]
    if not whole or not area:
        return area
    extracted = _bare(_extract(str(soup)))
    if len(extracted) < _LEAST_SHARE_OF_AREA * len(_bare(text_of(area[0]))):
        return area
    return [_holder(soup, extracted)]


def _extract(page: str) -> str:
    # Slow to import, and only needed here.
    import trafilatura

    found = trafilatura.extract(page, include_comments=False, include_tables=True)
    return str(found or "")


def _holder(soup: BeautifulSoup, extracted: str) -> Tag:
    """The innermost element that holds nearly all of the extracted text."""
    lines = [line for line in extracted.split("\n") if line]
    total = sum(map(len, lines))
    holder: Tag = soup.body or soup
    while True:
        for child in holder.find_all(True, recursive=False):
            inside = _bare(text_of(child)).replace("\n", "")
            held = sum(len(line) for line in lines if line in inside)
            if held >= _SHARE_OF_TEXT * total:
                holder = child
                break
        else:
            return holder


def _bare(text: str) -> str:
    """Letters and digits only, lines kept: how two readings of a text are compared."""
    return "\n".join(re.sub(r"[\W_]+", "", line) for line in text.split("\n"))
