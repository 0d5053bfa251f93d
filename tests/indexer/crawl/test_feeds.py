"""Sitemaps and feeds: every entry with its day, nothing fetched, nothing unpacked without bound."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.crawl.finding import found
from indexer.crawl.found import FEED, MAP, SITEMAP, Findings, Found
from indexer.crawl.unpack import MOST_BYTES, MOST_RATIO, NotReadError, unpacked
from indexer.crawl.wanted import wanted
from indexer.sources import load_sources

SOURCES = load_sources(Path(__file__).resolve().parents[3] / "corpus" / "sources.toml")
SKR = SOURCES["skr"]
URL = "https://skr.se/sitemap.xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def read(body: str | bytes, content_type: str = "application/xml") -> Findings:
    data = body.encode() if isinstance(body, str) else body
    return found(data, URL, content_type, SKR)


SITEMAP_TEXT = f"""{HEAD}<!-- made by hand --><urlset {NAMESPACE}
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc> https://www.skr.se/a.377.html </loc><lastmod>2022-07-05T10:00:00+02:00</lastmod>
    <image:image><image:loc>https://skr.se/bild.png</image:loc></image:image></url>
  <url><loc>https://webbutik.skr.se/b.378.html?a=1&amp;b=2</loc></url>
  <url><lastmod>2022-07-05</lastmod></url>
</urlset>"""
ENTRIES = (
    Found("https://skr.se/a.377.html", "", "2022-07-05", SITEMAP),
    Found("https://skr.se/b.378.html?a=1&b=2", "", "", SITEMAP),
)


@pytest.mark.parametrize("content_type", ["application/xml", "text/html", ""])
def test_a_sitemap_gives_addresses_and_days(content_type: str) -> None:
    assert read(SITEMAP_TEXT, content_type) == Findings(ENTRIES)


def test_a_sitemap_may_be_packed() -> None:
    packed = gzip.compress(SITEMAP_TEXT.encode())
    assert read(packed, "application/gzip").items == ENTRIES
    assert read(packed[:-20], "").items[:1] == ENTRIES[:1]


def test_a_map_of_maps_leads_to_maps() -> None:
    text = f"""{HEAD}<sitemapindex {NAMESPACE}>
      <sitemap><loc>https://skr.se/karta-1.xml.gz</loc><lastmod>2024-01-02</lastmod></sitemap>
      <sitemap><loc>/karta-2.xml</loc></sitemap></sitemapindex>"""
    first, second = read(text)
    assert (first.by, first.date, first.hint) == (MAP, "2024-01-02", "sitemap")
    assert second.url == "https://skr.se/karta-2.xml"
    assert wanted(SKR, first.url, first.hint).follow


def test_rss_gives_titles_and_days() -> None:
    text = f"""{HEAD}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
      <title>Nyheter</title><link>https://skr.se/</link>
      <image><url>https://skr.se/logo.png</url><link>https://skr.se/</link></image>
      <item><title>Å &amp; <![CDATA[<Ö>]]></title><link>https://skr.se/a.377.html</link>
        <pubDate>Tue, 05 Jul 2022 23:30:00 GMT</pubDate><guid>5.1f</guid></item>
      <item><title>B</title><guid isPermaLink="true">https://skr.se/b.378.html</guid>
        <dc:date>2023-01-02T08:00:00+01:00</dc:date></item>
      <item><title>Utan adress</title><guid>x</guid></item>
    </channel></rss>"""
    assert read(text, "text/xml").items == (
        Found("https://skr.se/a.377.html", "Å & <Ö>", "2022-07-06", FEED),
        Found("https://skr.se/b.378.html", "B", "2023-01-02", FEED),
    )


def test_atom_gives_titles_and_days() -> None:
    text = f"""{HEAD}<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://skr.se/"/>
      <entry><title>A</title><link rel="enclosure" href="/bild.png"/>
        <link rel="alternate" href="/a.377.html"/><id>urn:x</id>
        <updated>2024-01-02T03:04:05Z</updated><published>2023-05-06T00:00:00Z</published></entry>
      <entry><title>B</title><id>https://skr.se/b.378.html</id></entry></feed>"""
    assert read(text, "application/atom+xml").items == (
        Found("https://skr.se/a.377.html", "A", "2023-05-06", FEED),
        Found("https://skr.se/b.378.html", "B", "", FEED),
    )


def test_a_sitemap_may_be_a_plain_list() -> None:
    text = "https://skr.se/a.377.html\nhttps://skr.se/b.378.html\n"
    items = found(text.encode(), "https://skr.se/sitemap.txt", "text/plain", SKR).items
    assert [(item.url, item.by) for item in items] == [
        ("https://skr.se/a.377.html", SITEMAP),
        ("https://skr.se/b.378.html", SITEMAP),
    ]


def test_what_came_before_a_cut_is_kept() -> None:
    cut = read(SITEMAP_TEXT[: SITEMAP_TEXT.index("<url><lastmod>") - 20])
    assert cut.items[:1] == ENTRIES[:1]


@pytest.mark.parametrize(
    "document_type",
    [
        '<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE urlset SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_xml_with_a_document_type_is_not_read(document_type: str) -> None:
    entry = "<url><loc>https://skr.se/&a;&b;.377.html</loc></url>"
    for text in (
        f"{HEAD}{document_type}<urlset>{entry}</urlset>",
        f"{HEAD}<!-- <urlset> -->{document_type}<urlset>{entry}</urlset>",
    ):
        assert "passwd" not in str(read(text))
        assert [item for item in read(text) if "aaaa" in item.url or "root" in item.url] == []


def test_no_more_is_taken_than_a_sitemap_may_have() -> None:
    entry = "<url><loc>https://skr.se/x.{}.html</loc></url>"
    text = f"<urlset>{''.join(entry.format(n) for n in range(50_005))}</urlset>"
    findings = read(text)
    assert len(findings.items) == 50_000
    assert findings.cut == "more than 50000 addresses"


def test_a_burst_of_gzip_is_not_unpacked() -> None:
    bomb = gzip.compress(b"<a>" * 20_000_000)
    findings = read(bomb)
    assert list(findings) == []
    assert findings.cut.startswith("gzip of ")


def test_gzip_in_gzip_is_no_text() -> None:
    assert read(gzip.compress(gzip.compress(b"<a>"))) == Findings(cut="no text")


@given(st.binary(max_size=200))
def test_damaged_gzip_is_no_error(data: bytes) -> None:
    assert isinstance(read(b"\x1f\x8b" + data), Findings)


@given(st.binary(max_size=2000), st.integers(0, 18))
def test_what_is_unpacked_is_a_beginning_of_what_was_packed(data: bytes, cut: int) -> None:
    packed = gzip.compress(data)
    try:
        assert data.startswith(unpacked(packed[: len(packed) - cut]))
    except NotReadError:
        assert len(packed) - cut < 10


@pytest.mark.parametrize("size", [MOST_BYTES, 2_000_000])
def test_the_bound_is_on_what_comes_out(size: int) -> None:
    packed = zlib.compress(b"\x00" * size, wbits=31)
    assert len(packed) * MOST_RATIO < size
    with pytest.raises(NotReadError, match="that holds more than"):
        unpacked(packed)
