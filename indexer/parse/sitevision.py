"""Pages made with Sitevision: whether a page is one, and which of its source's kinds it is.

The rules are data; see ``[template.sitevision]`` in ``corpus/sources.toml``.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from indexer.identity import canonical_url
from indexer.parse.markup import text_of
from indexer.parse.reading import Reading
from indexer.parse.template import kicker_tag, read_page
from indexer.sources import Source


def read(soup: BeautifulSoup, source: Source, url: str) -> Reading | None:
    """What the source's rules find, or None when the page is not made with its template.

    Cuts in the tree it is given.
    """
    if not any(soup.select_one(selector) for selector in source.selectors("signs")):
        return None
    kind = page_kind(soup, source, url)
    return read_page(soup, lambda part: source.selectors(part, kind), source, url, site=True)


def page_kind(soup: BeautifulSoup, source: Source, url: str) -> str:
    """The kind of page: by its address, else by the line over its title, else by its markup."""
    path = urlsplit(canonical_url(url, source)).path if url else ""
    if path:
        for rule in source.pages:
            if rule.url and rule.url.search(path):
                return rule.kind
    tag = kicker_tag(soup, source.selectors("kicker"), source.clutter)
    kicker = text_of(tag).casefold() if tag else ""
    if kicker:
        for rule in source.pages:
            if kicker in rule.kickers:
                return rule.kind
    for rule in source.pages:
        if rule.markup and soup.select_one(rule.markup):
            return rule.kind
    return ""
