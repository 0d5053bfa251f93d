"""Lists that a page has only as data: what Sitevision's apps are started with, and plain JSON.

Pure and bounded. An entry is known by having an address and something said of it; the names of
the keys are those that were seen, not any site's contract.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from indexer.crawl.found import NEXT, SCRIPT, Collector, day_of
from indexer.crawl.paging import MOST_PAGES

#: ``AppRegistry.registerInitialState('12.<hex>',{...})``; node numbers have letters from a to f.
_STATE = re.compile(
    r"registerInitialState\(\s*['\"](?P<app>[0-9a-f]+\.[0-9a-z]+)['\"]\s*,\s*(?=[{\[])", re.I
)
_APP = re.compile(r"[?&]sv\.target=12\.[0-9a-z]+&sv\.12\.[0-9a-z]+\.route=")
_NUMBER = re.compile(r"([?&]page=)(\d{1,6})\b")
#: JavaScript's way to write a character, which is none of JSON's.
_HEX = re.compile(r"\\x([0-9a-fA-F]{2})")
_ADDRESS = ("uri", "url", "href", "link", "dokument_url_html")
_TITLE = ("title", "titel", "name", "heading", "displayname", "articlename", "label")
_DATE = (
    "date", "datum", "publishedlong", "published", "publisheddate", "publishdate",
    "publicationdate", "publicerad", "lastpublished", "modified",
    "lastmodified", "lastmodifieddatetime",
)  # fmt: skip
_NEXT = ("@nasta_sida", "next", "nextpage", "next_page", "nextpageurl")
#: Values looked at in one page's data; an app's state has some thousands.
_MOST_VALUES = 200_000
#: Apps on one page; real pages have a handful.
_MOST_STATES = 200
_DECODER = json.JSONDecoder(strict=False)


def read_script(text: str, into: Collector) -> int:
    """The entries in what a script starts apps with; returns how many there were."""
    found, position = 0, 0
    for _ in range(_MOST_STATES):
        match = _STATE.search(text, position)
        if match is None:
            break
        data, position = _value(text, match.end())
        entries = _read(data, into)
        if entries and _pages_left(data):
            into.take(app_address(into.page, match["app"], 2), NEXT)
        found += entries
    return found


def app_address(page: str, app: str, number: int) -> str:
    """Where an app of Sitevision's answers a page of its list, to those who ask as it does itself:
    with the header X-Requested-With.

    >>> app_address("https://gr.se/nyheter", "12.0af3", 2)
    'https://gr.se/nyheter?sv.target=12.0af3&sv.12.0af3.route=%2Fsearch&page=2'
    """
    return f"{page}?sv.target={app}&sv.{app}.route=%2Fsearch&page={number}"


def is_asked_by_app(url: str) -> bool:
    """Whether an address is one that only an app on a page asks for."""
    return bool(_APP.search(url))


def read_json(text: str, into: Collector) -> str:
    """The entries of a list that is JSON as a whole; returns why it was not read, or ``""``."""
    data, _ = _value(text, len(text) - len(text.lstrip()))
    if data is None:
        return "damaged JSON"
    if _read(data, into):
        for item in _dicts(data):
            if address := _first(item, _NEXT):
                into.add(address, NEXT)
        if is_asked_by_app(into.base) and _pages_left(data):
            into.take(_NUMBER.sub(_one_more, into.base), NEXT)
    return ""


def _pages_left(data: Any) -> bool:
    """Whether a list says that it has more pages than this one."""
    if not isinstance(data, dict):
        return False
    page, pages = data.get("page", 1), data.get("pages", 1)
    return all(type(n) is int for n in (page, pages)) and 1 <= page < pages <= MOST_PAGES


def _one_more(match: re.Match[str]) -> str:
    return f"{match[1]}{int(match[2]) + 1}"


def _value(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that begins at a place, and where it ends; None where it is damaged."""
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        pass
    if not _HEX.search(text, start):
        return None, start
    try:
        return _DECODER.raw_decode(_HEX.sub(r"\\u00\1", text[start:]))[0], start
    except (ValueError, RecursionError):
        return None, start


def _read(data: Any, into: Collector) -> int:
    found = 0
    for item in _dicts(data):
        address, title = _first(item, _ADDRESS), _first(item, _TITLE)
        day = next((day for key in _DATE if (day := day_of(item.get(key)))), "")
        # An address that nothing is said of is as likely where an app sends its questions.
        if address and (title or day or "uri" in item):
            into.add(address, SCRIPT, text=html.unescape(title), date=day)
            found += 1
    return found


def _dicts(data: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of the data, with its keys in small letters, in reading order."""
    waiting, seen = [data], 0
    while waiting and seen < _MOST_VALUES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            yield {key.lower(): inner for key, inner in value.items()}
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _first(item: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    """The first text that is not empty under one of the keys."""
    values = (item.get(key) for key in keys)
    return next((value for value in values if isinstance(value, str) and value.strip()), "")
