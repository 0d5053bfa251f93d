"""Long lists that come in pages: which page of a list an address is, and which one is next.

Pure. Knows the ways in which addresses count, in the query (``?page=2``, Sitevision's
``startAtHit=10``) or at the end of the path (``/sida/2``); knows nothing of any site.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

#: Keys that count, and what the first page has: pages from 1, hits from 0.
_COUNTERS = {
    "startathit": 0, "offset": 0, "page": 1, "sida": 1, "p": 1, "pagenumber": 1, "pageindex": 1,
}  # fmt: skip
#: Sitevision's keys that go with a counter: they say in what shape the same hits are wanted.
_WITH_COUNTER = frozenset({"state", "isrenderingajaxresult", "isrenderingajaxpagingresult"})
#: A question with nothing asked is no part of a list's name.
_EMPTY_QUESTION = re.compile(r"(?:query|q|sok)=$", re.IGNORECASE)
_IN_PATH = re.compile(r"/(?:page|sida)[/-](?P<number>\d{1,9})/?$", re.IGNORECASE)
_HIT_KEY = "startAtHit="
#: What stands round an address in markup and scripts.
_ENDS = re.compile(r"[\s\"'<>()]")
#: Lists on one page that a script pages, and how far an address reaches; real ones are few.
_MOST_COUNTED, _MOST_BEFORE = 200, 1_000
_NUMBER = re.compile(r"\d{1,9}")

#: Hits that Sitevision's faceted list shows at a time, as far as was seen.
FULL_PAGE = 10
#: No list of the field is this long; what still has a next page then has no end.
MOST_PAGES = 500
MOST_HITS = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list an address is. ``listing`` is the list's own address, ``first`` what its
    first page counts."""

    listing: str
    number: int
    first: int

    @property
    def is_first(self) -> bool:
        """Whether this is the list's beginning under another address."""
        return self.number <= self.first

    @property
    def is_too_far(self) -> bool:
        """Whether no real list has so many pages."""
        return self.number > (MOST_PAGES if self.first else MOST_HITS)


def place_of(url: str) -> Place | None:
    """The place in a list that a canonical address stands for, None where it counts nothing.

    >>> place_of("https://bra.se/nyheter?page=3")
    Place(listing='https://bra.se/nyheter', number=3, first=1)
    """
    for piece in _pieces(url):
        key, _, value = piece.partition("=")
        first = _COUNTERS.get(unquote(key).lower())
        if first is not None and _NUMBER.fullmatch(value):
            return Place(list_of(url), int(value), first)
    if match := _IN_PATH.search(urlsplit(url).path):
        return Place(list_of(url), int(match["number"]), 1)
    return None


def list_of(url: str) -> str:
    """The address without what counts and what goes with counting."""
    parts = urlsplit(url)
    kept = [piece for piece in _pieces(url) if not _counts(piece)]
    path = _IN_PATH.sub("", parts.path) or "/"
    return urlunsplit((parts.scheme, parts.netloc, path, "&".join(kept), ""))


def next_pages(url: str, candidates: Iterable[str], listed: int) -> list[str]:
    """Of addresses that count, the one after this page for each list; all are canonical.

    ``listed`` is how many entries this page has: a page after the first with none is past the
    end, whatever it links. A list that answers past its end with its last page is ended by the
    caller, who sees that nothing new was found, or by MOST_PAGES.
    """
    here = place_of(url)
    if here and not here.is_first and not listed:
        return []
    nearest: dict[str, tuple[int, str]] = {}
    for candidate in candidates:
        there = place_of(candidate)
        if there is None or there.is_first or there.is_too_far:
            continue
        reached = here.number if here and here.first == there.first else there.first
        if there.number > reached:
            step = (there.number, candidate)
            nearest[there.listing] = min(nearest.get(there.listing, step), step)
    return [candidate for _, candidate in nearest.values()]


def counted_in(text: str) -> list[str]:
    """Addresses with ``startAtHit`` wherever a page has them: scripts page lists too.

    >>> counted_in("more('/4.1f/12.2e.htm?state=executePaging&amp;startAtHit=10')")
    ['/4.1f/12.2e.htm?state=executePaging&startAtHit=10']
    """
    found: list[str] = []
    position = text.find(_HIT_KEY)
    while position >= 0 and len(found) < _MOST_COUNTED:
        before = _ENDS.split(text[max(0, position - _MOST_BEFORE) : position])[-1]
        after = _ENDS.split(text[position : position + _MOST_BEFORE], maxsplit=1)[0]
        address = html.unescape((before + after).replace("\\u0026", "&").replace("\\/", "/"))
        if "?" in address:
            found.append(address)
        position = text.find(_HIT_KEY, position + len(_HIT_KEY))
    return found


def hits_address(page: str, portlet: str, start: int) -> str:
    """Where Sitevision's faceted list answers hits, given the page's node and its own."""
    asked = f"state=executePaging&isRenderingAjaxPagingResult=true&query=&startAtHit={start}"
    return f"/{page}/12.{portlet}.htm?{asked}"


def after_full_page(url: str, hits: int) -> str:
    """The next address of Sitevision's faceted list where a full page of hits links none.

    The list answers ten hits at a time; a shorter page is the last. ``""`` where there is none.
    """
    here = place_of(url)
    if here is None or here.first or hits < FULL_PAGE:
        return ""
    number = here.number + hits
    pieces = [f"startAtHit={number}" if _is_hit(piece) else piece for piece in _pieces(url)]
    address = urlunsplit((*urlsplit(url)[:3], "&".join(pieces), ""))
    return "" if number > MOST_HITS or address == url else address


def _is_hit(piece: str) -> bool:
    return piece.partition("=")[0].lower() == "startathit"


def _counts(piece: str) -> bool:
    key = unquote(piece.partition("=")[0]).lower()
    return key in _COUNTERS or key in _WITH_COUNTER or bool(_EMPTY_QUESTION.fullmatch(piece))


def _pieces(url: str) -> list[str]:
    return [piece for piece in urlsplit(url).query.split("&") if piece]
