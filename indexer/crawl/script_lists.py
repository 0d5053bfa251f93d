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

#: ``AppRegistry.registerInitialState('12.<hex>',{...})``; node numbers have letters from a to f.
_STATE = re.compile(
    r"registerInitialState\(\s*['\"][0-9a-f]+\.[0-9a-z]+['\"]\s*,\s*(?=[{\[])", re.I
)
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
        found += _read(data, into)
    return found


def read_json(text: str, into: Collector) -> str:
    """The entries of a list that is JSON as a whole; returns why it was not read, or ``""``."""
    data, _ = _value(text, len(text) - len(text.lstrip()))
    if data is None:
        return "damaged JSON"
    if _read(data, into):
        for item in _dicts(data):
            if address := _first(item, _NEXT):
                into.add(address, NEXT)
    return ""


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
