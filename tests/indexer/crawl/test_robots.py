"""robots.txt as RFC 9309 has it: what an answer stands for, and what it forbids."""

from __future__ import annotations

import pytest
from scrapy.http import Response

from indexer.crawl.robots import MOST_PAUSE, Rules

US = "Metodsok/1.0 (+webb@kommun.example)"
ADDRESS = "https://bra.se/robots.txt"
PAGE = "https://bra.se/nyheter/en"


def rules(status: int, body: bytes = b"") -> Rules:
    return Rules.of(Response(ADDRESS, status=status, body=body))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_file_that_is_not_there_forbids_nothing(status: int) -> None:
    assert rules(status, b"User-agent: *\nDisallow: /").allowed(PAGE, US)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 301, 302])
def test_one_that_cannot_be_had_forbids_everything(status: int) -> None:
    found = rules(status)
    assert not found.allowed(PAGE, US)
    assert found.missing == f"the server answered {status}"


def test_the_longest_rule_decides_and_a_name_goes_before_everybody() -> None:
    found = rules(200, b"User-agent: *\nDisallow: /\n\nUser-agent: metodsok\nDisallow: /nyheter/\n"
                       b"Allow: /nyheter/en\n")  # fmt: skip
    assert found.allowed(PAGE, US)
    assert not found.allowed("https://bra.se/nyheter/tva", US)
    assert found.allowed("https://bra.se/rapporter/", US)
    assert not found.allowed(PAGE, "Annan/1.0")


def test_a_mark_at_the_beginning_hides_no_rule() -> None:
    assert not rules(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /nyheter/").allowed(PAGE, US)


@pytest.mark.parametrize("body", [b"", b"<html><p>Sidan finns inte</p></html>", b"\x00\xff" * 99])
def test_what_is_no_rule_forbids_nothing(body: bytes) -> None:
    assert rules(200, body).allowed(PAGE, US)


@pytest.mark.parametrize(
    ("said", "pause"), [("10", 10.0), ("0.5", 0.5), ("86400", MOST_PAUSE), ("snart", 0.0)]
)
def test_a_pause_that_is_asked_for_is_kept_within_reason(said: str, pause: float) -> None:
    found = rules(200, f"User-agent: *\nCrawl-delay: {said}\n".encode())
    assert found.pause(US) == pause


def test_sitemaps_are_named_as_they_are_written() -> None:
    found = rules(200, b"Sitemap: https://bra.se/karta.xml?a=1\nSitemap: /relativ.xml\n")
    assert found.sitemaps() == ("https://bra.se/karta.xml?a=1", "/relativ.xml")
    assert found.summary(US) == "read, 2 sitemaps"


def test_a_summary_says_why_everything_is_forbidden() -> None:
    assert rules(503).summary(US) == "everything is forbidden for now: the server answered 503"
