"""A page read both ways: alike where the site's rules fit, and not where the site was rebuilt."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from indexer.crawl.drift import FITS, drift_of, is_drift
from indexer.parse.comparing import compare
from indexer.parse.html import parse
from indexer.parse.raw import Limits, RawFile
from indexer.parse.sandbox import ParserProcess
from indexer.sources import load_sources
from search.errors import ParseError
from tests.site.front import Front, site_of
from tests.site.labels import FILE
from tests.site.plan import HOSTS
from tests.site.reply import Visit

ROOT = Path(__file__).resolve().parents[3]
SOURCES_PATH = ROOT / "corpus" / "sources.toml"
SOURCES = load_sources(SOURCES_PATH)
#: Pages of all three sites and of every kind, which a person has labelled line by line.
LABELLED = json.loads(FILE.read_text("utf-8"))["cluttered"]
GENERATOR = b'<meta name="generator" content="Sitevision 10">'

Change = Callable[[bytes], bytes]


def as_it_is(body: bytes) -> bytes:
    return body


def with_sign(body: bytes) -> bytes:
    """Still made with Sitevision, whatever its parts are called now."""
    return body.replace(b"<head>", b"<head>" + GENERATOR, 1)


def without_h1(body: bytes) -> bytes:
    return body.replace(b"<h1", b"<p").replace(b"</h1>", b"</p>")


@cache
def pages(variant: str) -> tuple[RawFile, ...]:
    """The labelled web pages as the site gives them on its first day."""
    front, found = Front(site_of(), variant=variant), []
    for label in LABELLED:
        parts = urlsplit(label["url"])
        site = HOSTS[parts.netloc]
        reply = front.answer(Visit(parts.netloc, site, parts.path, parts.query, {}, 1))
        assert reply.status == 200
        found.append(RawFile(reply.body, "sida", site, label["key"], label["url"], "text/html"))
    return tuple(found)


def drifts(variant: str, change: Change = as_it_is) -> Counter[str]:
    found: Counter[str] = Counter()
    for raw in pages(variant):
        changed = RawFile(change(raw.data), raw.name, raw.source, raw.key, raw.url, "text/html")
        found[drift_of(compare(changed, SOURCES[raw.source]))] += 1
    return found


def is_alarm(found: Counter[str]) -> bool:
    compared = found.total() - found[""]
    return is_drift(compared - found[FITS], compared, goes_on=True)


@pytest.fixture(scope="module")
def parser() -> Iterator[ParserProcess]:
    with ParserProcess(Limits(), SOURCES_PATH) as process:
        yield process


def test_the_rules_fit_every_labelled_page_of_the_three_sites() -> None:
    assert len(pages("sitevision")) == 60
    assert drifts("sitevision") == {FITS: 60}


def test_no_page_of_a_site_with_other_class_names_fits() -> None:
    found = drifts("plain")
    assert found == {"the site's rules find no title": 60}
    assert is_alarm(found)


def test_a_rebuilt_site_is_noticed_also_where_the_signs_of_its_template_are_left() -> None:
    found = drifts("plain", with_sign)
    assert found[FITS] == 0
    assert is_alarm(found)


def test_a_site_that_no_longer_has_titles_is_noticed() -> None:
    assert drifts("sitevision", without_h1) == {"the site's rules find no title": 60}


def test_the_reading_by_the_rules_is_the_one_that_is_stored() -> None:
    for raw in pages("sitevision")[::7]:
        assert compare(raw, SOURCES[raw.source]).site == parse(raw, SOURCES[raw.source])


def test_the_general_reading_is_the_one_of_a_site_nobody_knows() -> None:
    for raw in pages("plain")[::7]:
        readings = compare(raw, SOURCES[raw.source])
        assert readings.site is None
        assert readings.general == parse(raw, SOURCES[raw.source])


def test_the_process_that_parses_compares_too_and_both_may_be_asked_in_turn(
    parser: ParserProcess,
) -> None:
    for raw in pages("sitevision")[::20]:
        source = SOURCES[raw.source]
        assert parser.compare(raw, source) == compare(raw, source)
        assert parser.parse(raw, source) == parse(raw, source)


def test_what_is_no_page_is_refused_with_a_reason(parser: ParserProcess) -> None:
    for data in (b"", b"\x00\x01\x02\x03" * 50):
        with pytest.raises(ParseError) as refused:
            parser.compare(RawFile(data, "sida", "gr", "gr:x"), SOURCES["gr"])
        assert refused.value.reason in ("empty", "not_html")


def test_a_page_nested_beyond_reason_is_refused_and_the_next_one_compared(
    parser: ParserProcess,
) -> None:
    deep = b"<html><body><main>" + b"<div>" * 3000 + b"text"
    with pytest.raises(ParseError) as refused:
        parser.compare(RawFile(deep, "sida", "gr", "gr:x"), SOURCES["gr"])
    assert refused.value.reason == "too_deep"
    raw = pages("sitevision")[-1]
    assert parser.compare(raw, SOURCES[raw.source]).has_title
