"""How a source is crawled: the tables ``[source.NAME.crawl]`` of ``corpus/sources.toml``.

Owns their shape and what may stand in them. What the rules mean for an address is decided in
``indexer/crawl/wanted.py``; nothing here knows what a source is. Rules for many sites stand in
``[crawl]`` (every site) and ``[template.NAME.crawl]`` (sites of one make), and are tried after a
source's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from search.tomlfile import TomlTable

#: How sure a rule is: seen in a stored copy, found in public code, or neither.
SURE = ("seen", "code", "guess")
#: Pages in many languages, or in one that the rule cannot name (ISO 639-2).
MANY_LANGUAGES = "mul"

#: A week: method guides change a few times a year, news lists every few days.
_EVERY_HOURS = 168
#: Between two requests to one host; robots.txt files that name a delay mostly say so or less.
_PACE_SECONDS = 2.0
#: More pages than any of the sites is thought to have; a trap ends here.
_MOST_PAGES = 20_000
#: Pages of sites for people are a few clicks away; a chain this long is a trap.
_MOST_DEPTH = 8
#: At the pace above, so many pages take half of it; what takes longer goes on in the next run.
_MOST_HOURS = 24
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class PathRule:
    """A pattern of addresses; the receipts tell an operator the ``why``.

    ``path`` is matched against the path with its query, ``/a?b=c``, from anywhere in it.
    """

    path: re.Pattern[str]
    why: str
    sure: str


@dataclass(frozen=True, slots=True)
class LanguageRule:
    """Addresses whose pages are in another language than the site's own."""

    code: str
    path: re.Pattern[str]
    why: str
    sure: str


@dataclass(frozen=True, slots=True)
class CrawlRules:
    """How one source is crawled.

    ``start`` are pages whose links are followed first, ``sitemaps`` and ``feeds`` lists for
    machines. ``listing`` are pages read for their links only. ``allow`` are the paths that may be
    documents, every one where it is empty; ``template_allow`` are added to a source's own.
    ``deny`` wins over all of them. ``languages`` are those that are kept.
    """

    start: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    every_hours: int = _EVERY_HOURS
    pace_seconds: float = _PACE_SECONDS
    most_pages: int = _MOST_PAGES
    most_depth: int = _MOST_DEPTH
    most_hours: int = _MOST_HOURS
    languages: tuple[str, ...] = ("sv",)
    gone_at_once: bool = False
    listing: tuple[PathRule, ...] = ()
    allow: tuple[PathRule, ...] = ()
    deny: tuple[PathRule, ...] = ()
    language: tuple[LanguageRule, ...] = ()
    template_allow: tuple[PathRule, ...] = ()

    def all_rules(self) -> tuple[PathRule | LanguageRule, ...]:
        """Every rule, for those who ask why it is there."""
        return (*self.listing, *self.allow, *self.deny, *self.language, *self.template_allow)


def read_crawl(
    table: TomlTable, hosts: tuple[str, ...], shared: tuple[CrawlRules, ...] = ()
) -> CrawlRules:
    """The rules of one source with these hosts, before those that it shares with others.

    Raises SettingsError naming file, line, table and key.
    """
    start = _addresses(table, "start", hosts)
    sitemaps, feeds = _addresses(table, "sitemaps", hosts), _addresses(table, "feeds", hosts)
    if not (start or sitemaps or feeds):
        raise table.wrong("start", "is missing, and so are sitemaps and feeds: nowhere to begin")
    own = CrawlRules(
        start=start,
        sitemaps=sitemaps,
        feeds=feeds,
        every_hours=table.number("every_hours", _EVERY_HOURS),
        pace_seconds=table.seconds("pace_seconds", _PACE_SECONDS),
        most_pages=table.number("most_pages", _MOST_PAGES),
        most_depth=table.number("most_depth", _MOST_DEPTH),
        most_hours=table.number("most_hours", _MOST_HOURS),
        languages=_languages(table),
        gone_at_once=table.flag("gone_at_once", False),
        allow=tuple(_path_rule(item) for item in table.tables("allow")),
    )
    return _with_shared(_with_paths(own, table), shared)


def read_shared(table: TomlTable) -> CrawlRules:
    """Rules for many sites, which say nothing of where or when to begin."""
    table.text("why")
    allow = tuple(_path_rule(item) for item in table.tables("allow"))
    return _with_paths(CrawlRules(template_allow=allow), table)


def _with_paths(rules: CrawlRules, table: TomlTable) -> CrawlRules:
    listing = tuple(_path_rule(item) for item in table.tables("listing"))
    deny = tuple(_path_rule(item) for item in table.tables("deny"))
    language = tuple(_language_rule(item) for item in table.tables("language"))
    table.done()
    return replace(rules, listing=listing, deny=deny, language=language)


def _with_shared(own: CrawlRules, shared: tuple[CrawlRules, ...]) -> CrawlRules:
    return replace(
        own,
        listing=(*own.listing, *(rule for rules in shared for rule in rules.listing)),
        deny=(*own.deny, *(rule for rules in shared for rule in rules.deny)),
        language=(*own.language, *(rule for rules in shared for rule in rules.language)),
        template_allow=tuple(rule for rules in shared for rule in rules.template_allow),
    )


def read_ground(table: TomlTable) -> tuple[str, str]:
    """Why a rule is there and how sure it is; what is then left unread is unknown."""
    why, sure = table.text("why"), table.choice("sure", SURE)
    table.done()
    return why, sure


def _path_rule(table: TomlTable) -> PathRule:
    return PathRule(table.pattern("path"), *read_ground(table))


def _language_rule(table: TomlTable) -> LanguageRule:
    code = table.text("code")
    if not _LANGUAGE.fullmatch(code):
        raise table.wrong("code", f"{code!r}: a language's code is expected, as en or mul")
    return LanguageRule(code, table.pattern("path"), *read_ground(table))


def _languages(table: TomlTable) -> tuple[str, ...]:
    codes = table.texts("languages", ("sv",))
    for code in codes:
        if not _LANGUAGE.fullmatch(code):
            raise table.wrong("languages", f"{code!r}: a language's code is expected, as sv")
    if not codes:
        raise table.wrong("languages", "is empty: nothing would be kept")
    return codes


def _addresses(table: TomlTable, key: str, hosts: tuple[str, ...]) -> tuple[str, ...]:
    addresses = table.texts(key, ())
    for address in addresses:
        host = _web_host(address)
        if not host:
            raise table.wrong(key, f"{address!r}: an address that begins https:// is expected")
        if host.removeprefix("www.") not in hosts:
            raise table.wrong(key, f"{address!r}: {host} is no host of this source")
    return addresses


def _web_host(address: str) -> str:
    """The host of a web address without a fragment; ``""`` where it is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    web = parts.scheme in ("http", "https") and not parts.fragment
    return (parts.hostname or "") if web else ""
