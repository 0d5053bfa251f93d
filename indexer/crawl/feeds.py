"""Lists for machines in XML: sitemaps and their indexes, RSS and Atom.

Pure and bounded: no entities, no document type, nothing fetched, and no tree of the whole file.
"""

from __future__ import annotations

import io
import re

from lxml import etree

from indexer.crawl.found import FEED, MAP, SITEMAP, Collector, day_of

#: What an entry is called, in what, and how an address in it was then found.
_ENTRIES = {
    ("urlset", "url"): SITEMAP,
    ("sitemapindex", "sitemap"): MAP,
    ("channel", "item"): FEED,
    ("RDF", "item"): FEED,
    ("feed", "entry"): FEED,
}
_ADDRESS = ("loc", "link")
#: An identity that is an address too, where no other is given.
_ADDRESS_AT_LAST = ("guid", "id")
#: When it was published goes before when it was changed.
_DATES = ("pubDate", "published", "date", "publication_date", "lastmod", "updated")
#: What may stand before the first element, piece by piece: one pattern for all of it would try
#: every way to part a row of comments.
_BEFORE = (re.compile(r"\s+"), re.compile(r"<\?.*?\?>", re.S), re.compile(r"<!--.*?-->", re.S))
_ROOT = re.compile(r"<(?:\w+:)?(\w+)")
_ROOT_WITHIN = 20_000
_ROOTS = frozenset({"urlset", "sitemapindex", "rss", "RDF", "feed"})
#: A list of addresses, one a line, is a sitemap too.
_WEB = ("http://", "https://")


def is_feed(text: str) -> bool:
    """Whether a text is one of these lists, by its first element."""
    start, position = text[:_ROOT_WITHIN], 0
    while match := next((m for before in _BEFORE if (m := before.match(start, position))), None):
        position = match.end()
    root = _ROOT.match(start, position)
    return bool(root and root[1] in _ROOTS)


def is_plain_list(text: str) -> bool:
    """Whether a text is nothing but addresses, one a line."""
    lines = text[:_ROOT_WITHIN].split()
    return bool(lines) and all(line.startswith(_WEB) for line in lines[:-1] or lines)


def read_plain_list(text: str, into: Collector) -> None:
    """The addresses of a list without markup."""
    for line in text.splitlines():
        into.add(line, SITEMAP)


def read_feed(text: str, into: Collector) -> str:
    """The entries of a list; returns why reading ended early, or ``""``.

    What was read before an error stays: a list may have been cut off on its way.
    """
    reader = etree.iterparse(
        io.BytesIO(text.encode("utf-8", "replace")),
        events=("start", "end"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    first = True
    try:
        for event, element in reader:
            if first and element.getroottree().docinfo.internalDTD is not None:
                return "XML with a document type"
            first = False
            if event == "end" and _take_entry(element, into):
                _forget(element)
    except etree.XMLSyntaxError as error:
        return f"damaged XML: {str(error)[:100]}"
    return ""


def _take_entry(element: etree._Element, into: Collector) -> bool:
    parent = element.getparent()
    if parent is None:
        return False
    by = _ENTRIES.get((_name(parent), _name(element)))
    if by is None:
        return False
    said: dict[str, str] = {}
    for child in element:
        name = _name(child)
        if value := _address(child) if name == "link" else (child.text or "").strip():
            said.setdefault(name, value)
    address = next((said[name] for name in _ADDRESS if name in said), "")
    if not address:
        named = (said.get(name, "") for name in _ADDRESS_AT_LAST)
        address = next((value for value in named if value.startswith(_WEB)), "")
    day = next((day for name in _DATES if (day := day_of(said.get(name)))), "")
    into.add(address, by, text=said.get("title", ""), date=day)
    return True


def _address(link: etree._Element) -> str:
    """Of an RSS link its text, of an Atom link its target where that is the entry itself."""
    if link.get("rel", "alternate") != "alternate":
        return ""
    return (link.get("href") or link.text or "").strip()


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _forget(element: etree._Element) -> None:
    """Free what was read, so that a long list costs no more than a short one."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
