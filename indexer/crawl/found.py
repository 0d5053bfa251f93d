"""What reading a page or a list for its links gives: addresses, and what was said of them.

Owns the shapes and how an address is taken from what somebody wrote. Pure, and bounded: a page
gives no more than so many links, however long it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin

from indexer.identity import canonical_url
from indexer.parse.dates import read_date, read_iso, read_label
from indexer.sources import Source

#: How an address was found, from the one that says least of it.
LINK, SCRIPT, LISTED, FEED, SITEMAP = "link", "script", "listing", "feed", "sitemap"
#: Addresses that are no documents: a part of a site's map, the next page of a list.
MAP, NEXT = "sitemap index", "next page"
_BY = (LINK, SCRIPT, LISTED, FEED, SITEMAP, MAP, NEXT)

#: A sitemap may have so many addresses by its protocol, and no page comes near.
MOST_FOUND = 50_000
#: What browsers and servers refuse is no address.
MOST_CHARACTERS = 2_048
#: A link's text is a hint, not the document.
_MOST_TEXT = 300
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
#: Times as numbers are seconds or, from this on, milliseconds.
_MILLISECONDS = 10_000_000_000
#: In 1973; no site is older.
_FIRST_SECOND = 100_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """An address that a page or a list names, canonical where it is the source's own.

    ``date`` is what the list says, ``YYYY-MM-DD`` or ``""``: a hint, for it may be the day of a
    change. ``language`` is what the link says of its target.
    """

    url: str
    text: str = ""
    date: str = ""
    by: str = LINK
    language: str = ""

    @property
    def hint(self) -> str:
        """What ``wanted`` should know: ``sitemap`` or ``listing`` where it is no document."""
        return {MAP: "sitemap", NEXT: "listing"}.get(self.by, "")


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that a page or a list says about addresses.

    ``canonical`` is the address that the page says is its own, ``language`` what its markup says
    it is written in, ``twins`` the same page in other languages, ``feeds`` what it offers to feed
    readers. ``noindex`` and ``nofollow`` are its own wishes; the second leaves ``items`` empty.
    ``cut`` says why something was not read.
    """

    items: tuple[Found, ...] = ()
    canonical: str = ""
    language: str = ""
    noindex: bool = False
    nofollow: bool = False
    twins: tuple[Found, ...] = ()
    feeds: tuple[str, ...] = ()
    cut: str = ""

    def __iter__(self) -> Iterator[Found]:
        return iter(self.items)


class Collector:
    """Gathers addresses of one page, each once, with the most that anybody said of it."""

    def __init__(self, url: str, source: Source) -> None:
        self.source = source
        self.page = canonical_url(url, source)
        self.base = url
        self.is_full = False
        self._found: dict[str, Found] = {}

    def address(self, written: str) -> str:
        """The canonical address of what is written on the page; ``""`` where it is none."""
        written = _UNSEEN.sub("", written).strip()
        if not written or len(written) > MOST_CHARACTERS or _OTHER_SCHEME.match(written):
            return ""
        try:
            absolute = urldefrag(urljoin(self.base, written)).url
        except ValueError:
            return ""
        if not absolute.lower().startswith(("http://", "https://")):
            return ""
        return canonical_url(absolute, self.source)

    def add(
        self, written: str, by: str, text: str = "", date: str = "", language: str = ""
    ) -> None:
        """Take in an address as it is written; what is none gives nothing."""
        self.take(self.address(written), by, text, date, language)

    def take(
        self, address: str, by: str, text: str = "", date: str = "", language: str = ""
    ) -> None:
        """Take in an address that ``address`` has made; links to the page itself are none."""
        if not address or address == self.page:
            return
        text = self.source.clutter.link_text(" ".join(text.split())[:_MOST_TEXT])
        found, known = Found(address, text, date, by, language), self._found.get(address)
        if known is not None:
            self._found[address] = _both(known, found)
        elif len(self._found) < MOST_FOUND:
            self._found[address] = found
        else:
            self.is_full = True

    def findings(self) -> Findings:
        """What has been gathered."""
        cut = f"more than {MOST_FOUND} addresses" if self.is_full else ""
        return Findings(tuple(self._found.values()), cut=cut)


def _both(known: Found, found: Found) -> Found:
    more, less = (found, known) if _BY.index(found.by) > _BY.index(known.by) else (known, found)
    return replace(
        more,
        text=more.text or less.text,
        date=more.date or less.date,
        language=more.language or less.language,
    )


def day_of(value: object) -> str:
    """The day that a list gives, as ``YYYY-MM-DD``; ``""`` where it is not exactly one.

    Takes text as people, ISO 8601 and mail (RSS) write it, and times as numbers.

    >>> day_of("Tue, 05 Jul 2022 10:00:00 +0200"), day_of("Publicerad 5 juli 2022")
    ('2022-07-05', '2022-07-05')
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _day_of_number(value)
    if not isinstance(value, str) or len(value) > _MOST_TEXT:
        return ""
    text = value.strip()
    labelled = next((label.day for label in read_label(text) if label.day), None)
    day = read_iso(text) or read_date(text) or labelled
    if day is None and text.isdecimal():
        return _day_of_number(int(text))
    return day.isoformat() if day else _day_of_mail(text)


def _day_of_number(number: float) -> str:
    # Smaller numbers are years, counts and identities.
    if not _FIRST_SECOND <= number < _MILLISECONDS * 1000:
        return ""
    seconds = number / 1000 if number >= _MILLISECONDS else number
    day = read_iso(datetime.fromtimestamp(int(seconds), UTC).isoformat())
    return day.isoformat() if day else ""


def _day_of_mail(text: str) -> str:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    day = read_iso(moment.isoformat())
    return day.isoformat() if day else ""
