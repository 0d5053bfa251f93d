"""Links of an HTML page: anchors, entries of lists with their days, what the head says.

Pure. Knows how Sitevision marks the entries of its lists, and otherwise what an entry looks like
on any site: a list item or article with one title that is a link, and a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from lxml import etree

from indexer.crawl.found import LINK, LISTED, NEXT, Collector, Findings, day_of
from indexer.crawl.paging import (
    FULL_PAGE,
    after_full_page,
    counted_in,
    hits_address,
    next_pages,
    place_of,
)
from indexer.crawl.script_lists import read_script

_ENTRY = re.compile(r"(?:^|\s)sv-(?:channel-item|search-hit)(?:\s|$)")
_HIT = re.compile(r"(?:^|\s)sv-search-hit(?:\s|$)")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_CONTAINERS = ("li", "article")
#: A time stands a few elements inside its entry; farther out is the page itself.
_MOST_OUTWARD = 8
#: What stands round the text on every page.
_AROUND = frozenset({"nav", "header", "footer", "aside"})
#: Bounds against pages made to be slow: an entry is small, and a list shows some dozens.
_MOST_ENTRIES, _MOST_IN_ENTRY, _MOST_IN_TEXT, _MOST_ASKED = 2_000, 500, 200, 2_000
#: Sitevision's calendar links every month there is.
_CALENDAR = re.compile(r"(?:^|\s)sv-eventcalendar-portlet(?:\s|$)")
_MOST_CALENDARS = 20
_PORTLET = re.compile(r"svid12_(?P<node>[0-9a-f]{4,})")
_PAGE_NODE = re.compile(r"""\bpageId["']?\s*[:=]\s*["'](?P<node>4\.[0-9a-f]{4,})["']""")
_FEEDS = ("application/rss+xml", "application/atom+xml")
_REFRESH = re.compile(r"""^\s*\d+\s*[;,]\s*url\s*=\s*["']?(?P<url>[^"']+)""", re.IGNORECASE)
#: Said to whoever cannot see the page.
_ASSISTIVE = re.compile(r"(?:^|\s)(?:env-assistive-text|sr-only|visually-hidden)(?:\s|$)")


def read_page(text: str, into: Collector) -> Findings:
    """Everything that a page says of addresses."""
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, huge_tree=True, remove_comments=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return Findings(cut="no HTML")
    if root is None:
        return Findings()
    page = _Page(root, text, into)
    head = page.head()
    if head.nofollow:
        return head
    listed = page.entries()
    page.links()
    page.next_pages(listed)
    found = into.findings()
    return replace(head, items=found.items, cut=found.cut)


class _Page:
    def __init__(self, root: etree._Element, text: str, into: Collector) -> None:
        self._root = root
        self._text = text
        self._into = into
        self._counted: list[str] = []
        self._left = frozenset(self._in_calendars())
        base = root.find(".//base[@href]")
        if base is not None and (address := into.address(base.get("href", ""))):
            into.base = address

    def head(self) -> Findings:
        """What the page says of itself."""
        wishes = {
            wish.strip().lower()
            for meta in self._root.iter("meta")
            if meta.get("name", "").strip().lower() == "robots"
            for wish in meta.get("content", "").split(",")
        }
        links = [(link, _words(link.get("rel"))) for link in self._root.iter("link")]
        alternates = [link for link, rel in links if "alternate" in rel]
        twins = Collector(self._into.base, self._into.source)
        for link in alternates:
            if link.get("hreflang"):
                twins.add(link.get("href", ""), LINK, language=_language(link.get("hreflang")))
        feeds = [link.get("href", "") for link in alternates if link.get("type") in _FEEDS]
        canonical = (link.get("href", "") for link, rel in links if "canonical" in rel)
        return Findings(
            canonical=next((a for href in canonical if (a := self._into.address(href))), ""),
            language=_language(self._root.get("lang")),
            noindex=bool(wishes & {"noindex", "none"}),
            nofollow=bool(wishes & {"nofollow", "none"}),
            twins=twins.findings().items,
            feeds=tuple(address for feed in feeds if (address := self._into.address(feed))),
        )

    def entries(self) -> int:
        """Take in entries of lists, and those that only scripts have; how many there are."""
        known: dict[etree._Element, None] = {}
        for element in self._root.iter("li", "article", "div"):
            if _is_marked(element):
                known[element] = None
        for moment in self._root.iter("time"):
            if (container := _container(moment)) is not None:
                known[container] = None
        count = sum(self._entry(element) for element in islice(known, _MOST_ENTRIES))
        for script in self._root.iter("script"):
            count += read_script(script.text or "", self._into)
        return count

    def _entry(self, element: etree._Element) -> bool:
        """Whether an element is an entry of a list; its title's link is then taken in."""
        inside = list(islice(element.iter(etree.Element), _MOST_IN_ENTRY))
        anchor = _title_link(element, inside) if len(inside) < _MOST_IN_ENTRY else None
        if anchor is None or anchor in self._left:
            return False
        day = next((day for text in _times(inside) if (day := day_of(text))), "")
        self._into.add(anchor.get("href", ""), LISTED, text=_text(anchor), date=day)
        return True

    def links(self) -> None:
        """Take in anchors, and where the page sends a browser on; pages of lists wait."""
        for anchor in self._root.iter("a", "area"):
            rel, href = _words(anchor.get("rel")), anchor.get("href", "")
            if "nofollow" in rel or not href or href.startswith("#") or anchor in self._left:
                continue
            address = self._into.address(href)
            if address and (place := place_of(address)) and not place.is_first:
                self._counted.append(address)
            elif "next" not in rel:
                language = _language(anchor.get("hreflang"))
                self._into.take(address, LINK, text=_text(anchor), language=language)
        for meta in self._root.iter("meta"):
            if meta.get("http-equiv", "").lower() == "refresh":
                match = _REFRESH.match(meta.get("content", ""))
                self._into.add(match["url"] if match else "", LINK)

    def next_pages(self, listed: int) -> None:
        """Take in the page after this one, for each list that goes on."""
        into = self._into
        listed = listed or self._has_links()
        said = [address for href in self._said_next() if (address := into.address(href))]
        written = [address for href in counted_in(self._text) if (address := into.address(href))]
        following = next_pages(into.page, [*said, *self._counted, *written], listed)
        if not following:
            hits = [item for item in self._root.iter("li") if _HIT.search(item.get("class", ""))]
            following = [after_full_page(into.page, len(hits)) or self._second_page(hits)]
        # A next page that does not count is believed where this one has something.
        following += [address for address in said if listed and place_of(address) is None]
        for address in following:
            into.take(address, NEXT)

    def _second_page(self, hits: list[etree._Element]) -> str:
        """Where a faceted list answers the hits after its first, by its node and the page's."""
        page = _PAGE_NODE.search(self._text) if len(hits) >= FULL_PAGE else None
        if page is None or place_of(self._into.page) is not None:
            return ""
        for outer in hits[0].iterancestors():
            if portlet := _PORTLET.fullmatch(outer.get("id", "")):
                return self._into.address(hits_address(page["node"], portlet["node"], len(hits)))
        return ""

    def _in_calendars(self) -> Iterator[etree._Element]:
        calendars = (
            element
            for element in self._root.iter("div", "section")
            if _CALENDAR.search(element.get("class", ""))
        )
        for calendar in islice(calendars, _MOST_CALENDARS):
            yield from calendar.iter("a", "area")

    def _said_next(self) -> Iterator[str]:
        for element in self._root.iter("a", "link"):
            rel = _words(element.get("rel"))
            if "next" in rel and "nofollow" not in rel:
                yield element.get("href", "")

    def _has_links(self) -> bool:
        """Whether the page's own part links to more than pages of the list."""
        for anchor in islice(self._root.iter("a"), _MOST_ASKED):
            address = self._into.address(anchor.get("href", ""))
            counts = not address or address == self._into.page or place_of(address) is not None
            if not counts and not any(outer.tag in _AROUND for outer in anchor.iterancestors()):
                return True
        return False


def _container(moment: etree._Element) -> etree._Element | None:
    """The entry that a time belongs to."""
    for distance, outer in enumerate(moment.iterancestors()):
        if outer.tag in _CONTAINERS:
            return outer
        if distance >= _MOST_OUTWARD:
            break
    return None


def _title_link(entry: etree._Element, inside: list[etree._Element]) -> etree._Element | None:
    """The link that is the entry's title: in a heading, round it, or the only one there is."""
    marked = _is_marked(entry)
    headings = [element for element in inside if element.tag in _HEADINGS]
    anchors = [element for element in inside if element.tag == "a" and element.get("href")]
    if len(headings) > 1 and not marked:
        return None
    for anchor in anchors:
        round_it = any(element.tag in _HEADINGS for element in anchor.iter(etree.Element))
        if round_it or any(outer.tag in _HEADINGS for outer in anchor.iterancestors()):
            return anchor
    several = len({anchor.get("href") for anchor in anchors}) > 1
    return None if not anchors or (not marked and (headings or several)) else anchors[0]


def _is_marked(entry: etree._Element) -> bool:
    return bool(_ENTRY.search(entry.get("class", "")))


def _times(inside: list[etree._Element]) -> Iterator[str]:
    """What may say an entry's day, the surest first."""
    for element in inside:
        if element.tag == "time":
            yield element.get("datetime", "")
            yield _text(element)
    for element in inside:
        yield element.text or ""
        if element is not inside[0]:
            yield element.tail or ""


def _text(element: etree._Element) -> str:
    """The words of an element, without those for readers who hear the page."""
    parts: list[str] = []
    stack: list[etree._Element | str] = [element]
    for _ in range(_MOST_IN_TEXT):
        if not stack:
            break
        item = stack.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        for child in reversed(item):
            stack.append(child.tail or "")
            if isinstance(child.tag, str) and not _ASSISTIVE.search(child.get("class", "")):
                stack.append(child)
        stack.append(item.text or "")
    return " ".join("".join(parts).split())


def _language(code: str | None) -> str:
    """The language of a code, without its country."""
    return re.split(r"[-_]", (code or "").strip().lower())[0]


def _words(text: str | None) -> frozenset[str]:
    return frozenset((text or "").lower().split())
