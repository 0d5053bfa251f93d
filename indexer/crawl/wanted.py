"""Whether an address of a source is wanted: as a document, for its links, or not at all.

Pure. The rules are data (``crawl_rules``); here they are weighed, with what no site's rules need
to say: other hosts, endless addresses, queries that only show a page another way. Every answer
has a reason for the receipt. How deep an address was found is not its business, nor whether a
connection may be made (``guard``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from indexer.crawl.found import Findings
from indexer.crawl.paging import list_of, place_of
from indexer.crawl_rules import MANY_LANGUAGES, CrawlRules, PathRule
from indexer.identity import canonical_url, is_web, key_for, says_by_query, source_of
from indexer.sources import Alias, Source

#: File names may have 255 bytes, each written with three characters; more is no page's address.
MOST_CHARACTERS = 1_000
#: Parts of a path; a page of a real site has at most nine, a loop of relative links has no end.
MOST_PARTS = 20
#: Both generations of Brå repeat a part once; a loop goes on.
MOST_REPEATS = 2

#: Why an address is nobody's business here: a receipt does not even name it.
ANOTHER_HOST, NO_ADDRESS = "another host", "no web address"
#: What the finder may say of an address that is no document.
SITEMAP, LISTING = "sitemap", "listing"
_FILES = (".pdf", ".docx", ".txt", ".md")


@dataclass(frozen=True, slots=True)
class Wanted:
    """``keep``: as a document. ``follow``: its links are read. ``why``: for the receipt.

    ``instead`` is the address of the same page that is wanted in this one's place, where there
    is one.
    """

    keep: bool
    follow: bool
    why: str
    instead: str = ""


def wanted(source: Source, url: str, kind_hint: str = "") -> Wanted:
    """What an address is wanted for; the same for all addresses that lead to one page.

    ``kind_hint`` is ``sitemap`` or ``listing`` where the finder knows that the address is no
    document (``Found.hint``).
    """
    rules = source.crawl
    address = canonical_url(url, source)
    if rules is None:
        return _no("the source is not crawled")
    if reason := _is_nobodys(address, source) or _is_endless(address):
        return _no(reason)
    if kind_hint == SITEMAP or address in _canonical((*rules.sitemaps, *rules.feeds), source):
        return Wanted(keep=False, follow=True, why="a list for machines")
    target = _target(address)
    if rule := _first(rules.deny, target):
        return _no(rule.why)
    if reason := _other_language(rules, target):
        return _no(reason)
    return _in_order(source, rules, address, kind_hint)


def settled(source: Source, url: str, page: Findings) -> Wanted:
    """What a page that has been fetched is wanted for, once it has spoken for itself.

    Its language, its wish not to be indexed, and the address that it calls its own.
    """
    before = wanted(source, url)
    rules = source.crawl
    if rules is None or not before.keep:
        return before
    follow = before.follow and not page.nofollow
    if page.noindex:
        return Wanted(keep=False, follow=follow, why="the page asks not to be indexed")
    if page.language and page.language not in rules.languages:
        return _no(f"another language ({page.language})")
    if instead := _instead(source, url, page.canonical):
        return Wanted(keep=False, follow=follow, why=f"the page is {instead}", instead=instead)
    return Wanted(keep=True, follow=follow, why=before.why)


def _in_order(source: Source, rules: CrawlRules, address: str, kind_hint: str) -> Wanted:
    """Lists, then pages of lists, queries, documents; the address is nobody else's."""
    place, target = place_of(address), _target(address)
    begins = address in _canonical(rules.start, source)
    if place and place.is_too_far:
        return _no("a list without end")
    if rule := _first(rules.listing, _target(list_of(address))):
        return Wanted(keep=False, follow=True, why=rule.why)
    if kind_hint == LISTING:
        return Wanted(keep=False, follow=True, why="the next page of a list")
    if place and not begins:
        # Only the finder has seen whether the page is a list; an article with a number is not.
        return _variant(place.listing)
    if "?" in target and not begins and not says_by_query(source, address):
        return _variant(address)
    if rule := _first((*rules.allow, *rules.template_allow), target):
        return Wanted(keep=True, follow=not _is_file(target), why=rule.why)
    if not rules.allow:
        return Wanted(keep=True, follow=not _is_file(target), why="a page of the source")
    if begins:
        return Wanted(keep=False, follow=True, why="where the crawl begins")
    return _no("outside the allowed paths")


def _no(why: str, instead: str = "") -> Wanted:
    return Wanted(keep=False, follow=False, why=why, instead=instead)


def _variant(address: str) -> Wanted:
    parts = urlsplit(address)
    plain = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    return _no(f"query variant of {plain}", instead=plain)


def _is_nobodys(address: str, source: Source) -> str:
    if not is_web(address):
        return NO_ADDRESS
    if not source_of(address, {source.name: source}):
        return ANOTHER_HOST
    return "a port of its own" if urlsplit(address).port else ""


def _is_endless(address: str) -> str:
    """Why no page has this address, or ``""``."""
    if len(address) > MOST_CHARACTERS:
        return "an address too long for a page"
    parts = [part for part in urlsplit(address).path.split("/") if part]
    if len(parts) > MOST_PARTS:
        return "a path too deep for a page"
    if parts and max(Counter(parts).values()) > MOST_REPEATS:
        return "a path that repeats itself"
    return ""


def _other_language(rules: CrawlRules, target: str) -> str:
    for rule in rules.language:
        if rule.code not in rules.languages and rule.path.search(target):
            name = "" if rule.code == MANY_LANGUAGES else f" ({rule.code})"
            return f"another language{name}: {rule.why}"
    return ""


def _instead(source: Source, url: str, canonical: str) -> str:
    """The other address that a page calls its own, where that is a document of the source.

    A page that calls the home page or a list its own is made wrongly and is believed no further;
    one document's own address and its aliases have one key, and are no other page.
    """
    address = canonical_url(canonical, source) if canonical else ""
    if not address or address == canonical_url(url, source):
        return ""
    key = key_for(source, address)
    if key is not None and key == key_for(source, url):
        return ""
    return address if wanted(source, address).keep else ""


def _first(rules: Iterable[PathRule], target: str) -> PathRule | None:
    return next((rule for rule in rules if rule.path.search(target)), None)


def _canonical(addresses: tuple[str, ...], source: Source) -> frozenset[str]:
    return _made_canonical(addresses, source.hosts, source.aliases)


@lru_cache(maxsize=64)
def _made_canonical(
    addresses: tuple[str, ...], hosts: tuple[str, ...], aliases: tuple[Alias, ...]
) -> frozenset[str]:
    """Every link of a crawl is compared with the same few addresses."""
    source = Source("", "", hosts=hosts, aliases=aliases)
    return frozenset(canonical_url(address, source) for address in addresses)


def _target(address: str) -> str:
    """What rules are matched against: the path with its query."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _is_file(target: str) -> bool:
    return target.partition("?")[0].lower().endswith(_FILES)
