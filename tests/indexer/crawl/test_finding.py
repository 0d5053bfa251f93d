"""Pages and lists give their links, each once, with what was said of them, and never an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.crawl.finding import found
from indexer.crawl.found import LINK, LISTED, NEXT, SCRIPT, Findings, Found
from indexer.sources import load_sources

SOURCES = load_sources(Path(__file__).resolve().parents[3] / "corpus" / "sources.toml")
BRA = SOURCES["bra"]
URL = "https://bra.se/nyheter/arkiv"
HTML = "text/html; charset=utf-8"

Read = Callable[..., Findings]


def read(body: str, url: str = URL, content_type: str = HTML) -> Findings:
    return found(body.encode(), url, content_type, BRA)


def urls(findings: Findings, by: str = "") -> list[str]:
    return [item.url for item in findings if not by or item.by == by]


def page(body: str, head: str = "", html: str = 'lang="sv"') -> str:
    return f"<!doctype html><html {html}><head>{head}</head><body><main>{body}</main></body></html>"


# Anchors


def test_anchors_give_canonical_addresses_once() -> None:
    text = page(
        '<a href="/amnen/gvi">Sluta skjut</a> <a href="http://www.bra.se/amnen/gvi?utm_source=x">'
        '</a><a href=" ../amnen/a&#10;b ">AB</a> <area href="//bra.se/kort"><a href="#upp">Upp</a>'
        '<a href="arkiv">Här</a> <a>Inget</a> <a href="https://mora.se/#x">Mora</a>'
    )
    assert list(read(text)) == [
        Found("https://bra.se/amnen/gvi", "Sluta skjut"),
        Found("https://bra.se/amnen/ab", "AB"),
        Found("https://bra.se/kort"),
        Found("https://mora.se/", "Mora"),
    ]


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@bra.se", "tel:112", "javascript:open('/x')", "JavaScript:x", "data:text/html,x",
        "java\nscript:x", "ftp://bra.se/x", "file:///etc/passwd", "https://[::1", "", "  ", "#x",
        "x" * 5000, "sms:1", "webcal://bra.se/kalender",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_not_found(href: str) -> None:
    assert list(read(page(f'<a href="{href}">x</a>'))) == []


def test_links_that_are_not_to_be_followed_are_not_found() -> None:
    text = page('<a rel="external nofollow" href="/a">A</a><a rel="noopener" href="/b">B</a>')
    assert urls(read(text)) == ["https://bra.se/b"]


def test_links_in_comments_scripts_and_templates_of_text_are_none() -> None:
    text = page('<!-- <a href="/a">A</a> --><script>"<a href=\'/b\'>"</script><a href="/c">C</a>')
    assert urls(read(text)) == ["https://bra.se/c"]


def test_a_calendar_gives_no_links() -> None:
    text = page(
        '<div class="sv-eventcalendar-portlet sv-x"><ul><li><time datetime="2031-01-02">2</time>'
        '<a href="/a/2031-01">Januari</a></li></ul></div><a href="/b">B</a>'
    )
    assert urls(read(text)) == ["https://bra.se/b"]


def test_the_base_of_a_page_is_heeded() -> None:
    text = page('<a href="gvi">x</a>', head='<base href="/amnen/">')
    assert urls(read(text)) == ["https://bra.se/amnen/gvi"]
    text = page('<a href="gvi">x</a>', head='<base href="javascript:x">')
    assert urls(read(text)) == ["https://bra.se/nyheter/gvi"]


def test_the_text_of_a_link_is_without_what_machines_add() -> None:
    text = page(
        '<a href="/download/18.1f/17/a.pdf">Handbok <b>om</b>\n unga (pdf, 223 kB)'
        '<span class="env-assistive-text">Länk till annan webbplats</span></a>'
    )
    assert [item.text for item in read(text)] == ["Handbok om unga"]


def test_a_page_may_send_a_browser_on() -> None:
    text = page("", head='<meta http-equiv="Refresh" content="0; URL=\'/amnen/ny\'">')
    assert urls(read(text)) == ["https://bra.se/amnen/ny"]


def test_a_link_may_say_its_language() -> None:
    assert [item.language for item in read(page('<a hreflang="en-GB" href="/x">X</a>'))] == ["en"]


def test_letters_come_from_the_charset_that_is_true() -> None:
    text = page('<a href="/amnen/g%E5rd">Gård å ä ö</a>', head='<meta charset="utf-8">')
    body = text.encode("iso-8859-1")
    items = list(found(body, URL, "text/html; charset=iso-8859-1", BRA))
    assert [item.text for item in items] == ["Gård å ä ö"]


# What the head says


def test_the_head_is_read() -> None:
    head = """
      <link rel="canonical" href="http://www.bra.se/amnen/gvi#x">
      <link rel="alternate" hreflang="en" href="/english/crime-prevention/gvi">
      <link rel="alternate" hreflang="sv" href="/nyheter/arkiv">
      <link rel="alternate" type="application/rss+xml"
            href="/4.1f/12.2e.portlet?state=rss&amp;sv.contenttype=text/xml">
      <meta name="ROBOTS" content="NoIndex, follow">
    """
    said = read(page('<a href="/x">x</a>', head, html='lang="sv-SE"'))
    assert (said.canonical, said.language) == ("https://bra.se/amnen/gvi", "sv")
    assert (said.noindex, said.nofollow) == (True, False)
    assert said.twins == (Found("https://bra.se/english/crime-prevention/gvi", language="en"),)
    assert said.feeds == ("https://bra.se/4.1f/12.2e.portlet?state=rss",)
    assert urls(said) == ["https://bra.se/x"]


def test_a_page_that_asks_for_it_gives_no_links() -> None:
    for wish in ("nofollow", "none", "index,NOFOLLOW"):
        said = read(page('<a href="/x">x</a>', head=f'<meta name="robots" content="{wish}">'))
        assert (said.nofollow, list(said)) == (True, [])
    assert read(page("", head='<meta name="robots" content="none">')).noindex


# Entries of lists


def test_entries_of_sitevision_lists_have_title_and_day() -> None:
    text = page(
        """<ul><li class="sv-channel-item x"><img src="a.png">
             <h3 class="h"><a href="/nyheter/arkiv/2024-03-05-a">Ny   rapport</a></h3>
             <time class="normal" datetime="2024-03-05T23:59:00+01:00">05 mars 2024</time>
             <span class="normal">Text <a href="/amnen/gvi">gvi</a></span></li>
           <li class="sv-search-hit"><h3><a href="/rapporter/arkiv/2023-01-02-b">B</a></h3>
             <p class="normal">Publicerad 2023-01-02</p><ul><li><a href="/amnen/a">a</a></li></ul>
           </li></ul>"""
    )
    assert [(item.url, item.text, item.date, item.by) for item in read(text)] == [
        ("https://bra.se/nyheter/arkiv/2024-03-05-a", "Ny rapport", "2024-03-05", LISTED),
        ("https://bra.se/rapporter/arkiv/2023-01-02-b", "B", "2023-01-02", LISTED),
        ("https://bra.se/amnen/gvi", "gvi", "", LINK),
        ("https://bra.se/amnen/a", "a", "", LINK),
    ]


@pytest.mark.parametrize(
    "entry",
    [
        '<li><a href="/a"><h3>Titel</h3></a><time datetime="2024-03-05">i mars</time></li>',
        '<article><h2><a href="/a">Titel</a></h2><p><time>5 mars 2024</time></p></article>',
        '<li class="nyhet"><time datetime="2024-03-05 09:00">x</time> <a href="/a">Titel</a></li>',
        '<li><p>Publicerad: 5 mars 2024</p><time></time><a href="/a">Titel</a></li>',
    ],
)
def test_other_sites_entries_have_them_too(entry: str) -> None:
    assert list(read(page(f"<ul>{entry}</ul>"))) == [
        Found("https://bra.se/a", "Titel", "2024-03-05", LISTED)
    ]


def test_the_day_of_a_page_is_not_its_links() -> None:
    text = page(
        '<article><h1>Rubrik</h1><time datetime="2024-03-05">x</time><h2>Mer</h2>'
        '<p><a href="/a">A</a> <a href="/b">B</a></p></article>'
    )
    assert [(item.date, item.by) for item in read(text)] == [("", LINK), ("", LINK)]


def test_a_season_is_no_day() -> None:
    text = page('<li class="sv-channel-item"><a href="/a">A</a><time>hösten 2022</time></li>')
    assert [item.date for item in read(text)] == [""]


# Lists that only scripts have


def test_what_an_app_is_started_with_is_a_list() -> None:
    text = page(
        """<div data-cid="12.1f2e"></div><script nonce="x">
        AppRegistry.registerInitialState('12.1f2eabcdef',{"config":{"url":"/rest/fraga"},
          "articles":[{"title":"Å &amp; Ö } {","uri":"/nyheter/arkiv/2024-03-05-a",
                       "date":"2024-03-05","lead":"\\u003cp>"},
                      {"name":"B","URI":"//bra.se/b","publishedLong":1709593200000}],
          "inner":{"pages":[{"news":[{"uri":"/c","published":"5 mars 2024"}]}]}});
        AppRegistry.registerInitialState("12.2a",{"files":[{"name":"Plan.pdf",
          "url":"https://www.bra.se/download/18.1f/17/plan.pdf","lastModified":"2024-03-05"}]});
        </script>"""
    )
    day = "2024-03-05"
    assert list(read(text)) == [
        Found("https://bra.se/nyheter/arkiv/2024-03-05-a", "Å & Ö } {", day, SCRIPT),
        Found("https://bra.se/b", "B", day, SCRIPT),
        Found("https://bra.se/c", "", day, SCRIPT),
        Found("https://bra.se/download/18.1f/17/plan.pdf", "Plan.pdf", day, SCRIPT),
    ]


def test_a_damaged_state_hides_no_other() -> None:
    text = page(
        "<script>AppRegistry.registerInitialState('12.a',{oops});"
        'AppRegistry.registerInitialState(\'12.b\',{"x":[{"title":"\\x41","uri":"/a"}]});'
        'AppRegistry.registerInitialState(\'12.c\',{"x":[{"uri":"/b"},</script>'
        '<script>AppRegistry.registerInitialState(\'12.d\',[{"uri":"/d"}]);</script>'
    )
    assert [(item.url, item.text) for item in read(text)] == [
        ("https://bra.se/a", "A"),
        ("https://bra.se/d", ""),
    ]


def test_json_is_a_list_with_an_end() -> None:
    url = "https://data.riksdagen.se/dokumentlista/?doktyp=sfs&utformat=json"
    text = """{"dokumentlista":{"@sida":"1","@nasta_sida":"http://data.riksdagen.se/dokumentlista/?%s",
      "dokument":[{"titel":"Lag (2023:196)","datum":"2023-04-13",
                   "dokument_url_text":"//data.riksdagen.se/dokument/sfs-2023-196.text",
                   "dokument_url_html":"//data.riksdagen.se/dokument/sfs-2023-196.html"}]}}"""
    body = (text % "doktyp=sfs&utformat=json&p=2").encode()
    items = list(found(body, url, "application/json", SOURCES["lagtext"]))
    law = "https://data.riksdagen.se/dokument/sfs-2023-196.html"
    assert items[0] == Found(law, "Lag (2023:196)", "2023-04-13", SCRIPT)
    assert [(item.by, item.hint, item.url) for item in items[1:]] == [
        (NEXT, "listing", "https://data.riksdagen.se/dokumentlista/?doktyp=sfs&p=2&utformat=json")
    ]
    end = b'{"dokumentlista":{"@nasta_sida":"/dokumentlista/?p=9","dokument":[]}}'
    assert list(found(end, url, "application/json", SOURCES["lagtext"])) == []


# Next pages

HIT = '<li class="sv-search-hit"><h3><a href="/rapporter/arkiv/2023-01-{n:02}-b">B</a></h3></li>'
MORE = "/4.1f2a/12.3e4d.htm?state=executePaging&isRenderingAjaxPagingResult=true&query="


def hits(number: int, more: str = "") -> str:
    return page("<ul>" + "".join(HIT.format(n=n) for n in range(1, number + 1)) + f"</ul>{more}")


def nexts(text: str, url: str = URL) -> list[str]:
    """The next pages, by what counts in them."""
    return [u.partition("?")[2] or u for u in urls(read(text, url), NEXT)]


SHOWN = "isRenderingAjaxPagingResult=true&query=&startAtHit={}&state=executePaging"


@pytest.mark.parametrize(
    "more",
    [
        f'<a href="{MORE}&startAtHit=10">Visa fler</a>',
        f'<a href="{MORE.replace("&", "&amp;")}&amp;startAtHit=10">2</a>'
        f'<a href="{MORE}&startAtHit=20">3</a>',
        f'<button data-more="{MORE}&amp;startAtHit=10">Fler</button>',
        f"<script>more('{MORE}&startAtHit=10');</script>",
        '<script>var x={"more":"'
        + MORE.replace("&", "\\u0026")
        + '\\u0026startAtHit=10"};</script>',
    ],
)
def test_the_next_hits_of_a_faceted_list_are_found_wherever_they_stand(more: str) -> None:
    assert nexts(hits(10, more)) == [SHOWN.format(10)]


def test_a_faceted_list_goes_on_while_its_pages_are_full() -> None:
    url = f"https://bra.se{MORE}&startAtHit=10"
    assert nexts(hits(10), url) == [SHOWN.format(20)]
    assert nexts(hits(7), url) == []
    assert nexts(hits(10, f'<a href="{MORE}&startAtHit=0">1</a>'), url) == [SHOWN.format(20)]


def test_a_faceted_list_that_links_no_more_is_asked_by_its_numbers() -> None:
    script = "<script>register({portletId:'12.3e4d',pageId:'4.1f2a'})</script>"

    def shown(number: int, more: str) -> list[str]:
        inside = "<ul>" + "".join(HIT.format(n=n) for n in range(1, number + 1)) + "</ul>"
        text = page(f'<div id="svid12_3e4d"><div>{inside}</div></div>{more}')
        return urls(read(text), NEXT)

    assert shown(10, script) == [f"https://bra.se/4.1f2a/12.3e4d.htm?{SHOWN.format(10)}"]
    assert shown(9, script) == shown(10, "") == []


def test_a_page_past_the_end_has_no_next() -> None:
    more = '<nav><a href="?page=1">1</a><a href="?page=10" rel="next">Nästa</a></nav>'
    assert nexts(page("Inga träffar" + more), URL + "?page=9") == []
    assert nexts(page('<a href="/a">A</a>' + more), URL + "?page=9") == ["page=10"]


def test_pages_of_a_list_are_taken_one_after_the_other() -> None:
    more = "".join(f'<a href="?page={n}">{n}</a>' for n in (1, 2, 3, 4, 40))
    text = page('<a href="/a">A</a>' + more)
    assert nexts(text) == ["page=2"]
    assert nexts(text, URL + "?page=2") == ["page=3"]
    assert nexts(text, URL + "?page=4") == ["page=40"]
    assert nexts(text, URL + "?page=40") == []
    assert "https://bra.se/nyheter/arkiv?page=4" not in urls(read(text))


def test_a_list_without_end_ends() -> None:
    assert nexts(page('<a href="/a">A</a><a href="?page=501">Nästa</a>'), URL + "?page=500") == []


def test_pages_may_count_in_their_path() -> None:
    text = page('<a href="/a">A</a><a href="/nyheter/arkiv/sida/3">3</a>')
    assert nexts(text, URL + "/sida/2") == ["https://bra.se/nyheter/arkiv/sida/3"]


def test_a_next_page_that_does_not_count_is_believed() -> None:
    text = page('<a href="/a">A</a>', head='<link rel="next" href="/nyheter/arkiv/aldre">')
    assert nexts(text) == ["https://bra.se/nyheter/arkiv/aldre"]
    empty = page("", head='<link rel="next" href="/nyheter/arkiv/aldre">')
    assert nexts(empty) == []
    blocked = page('<a href="/a">A</a><a rel="next nofollow" href="?page=2">2</a>')
    assert nexts(blocked) == []


def test_two_lists_of_a_page_go_on_each_for_itself() -> None:
    text = page(
        '<a href="/a">A</a><a href="/4.1f/12.aa.htm?startAtHit=10">2</a>'
        '<a href="/4.1f/12.bb.htm?startAtHit=20">3</a><a href="/4.1f/12.bb.htm?startAtHit=10">2</a>'
    )
    assert nexts(text) == ["startAtHit=10", "startAtHit=10"]


# Whatever comes


@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
@settings(max_examples=300)
def test_no_bytes_are_an_error(body: bytes) -> None:
    for content_type in ("", HTML, "application/json", "text/xml; charset=utf-16"):
        assert isinstance(found(body, URL, content_type, BRA), Findings)


PIECES = st.lists(
    st.sampled_from(
        [
            "<a href='", "'>", "</a>", "<li class='sv-search-hit'>", "<time datetime='2024-03-05'>",
            "<base href='", "http://", "https://[", "//bra.se:99999/", "?page=", "startAtHit=9",
            "<script>", "</script>", "AppRegistry.registerInitialState('12.a',", "{", "}", "[", "]",
            '"uri":', '"/a"', ",", "<?xml version='1.0'?>", "<urlset>", "<url>", "<loc>", "</loc>",
            "<rss>", "<channel>", "<item>", "<link>", "&#0;", "&", "<!DOCTYPE x [",
            "<!ENTITY a 'b'>",
            "]>", "<!--", "-->", "\x00", "å", "2", "<link rel='next canonical alternate' href='",
            "\ud83d", "<meta name=robots content='", "<svg>", "<template>", "﻿", "999999999",
            "<article>", "<h2>", "]]>", "<![CDATA[", "%zz", "1e999", "\\x3c", "\\ud800", "NaN",
        ]
    ),
    max_size=30,
)  # fmt: skip


@given(PIECES, st.sampled_from(["", HTML, "application/json", "application/xml"]))
@settings(max_examples=500)
def test_no_pieces_of_pages_are_an_error(pieces: list[str], content_type: str) -> None:
    body = "".join(pieces).encode("utf-8", "surrogatepass")
    findings = found(body, URL, content_type, BRA)
    for item in findings:
        assert item.url.startswith(("https://", "http://"))
    assert len({item.url for item in findings}) == len(findings.items)


@pytest.mark.parametrize("url", ["", "bra.se", "https://[", "mailto:a@bra.se", "https://bra.se:x/"])
def test_a_page_from_nowhere_gives_nothing(url: str) -> None:
    assert found(b"<a href='https://bra.se/a'>", url, HTML, BRA) == Findings(cut="no web address")


def test_files_that_are_no_text_give_nothing() -> None:
    for body in (b"%PDF-1.7 http://bra.se/a", b"PK\x03\x04", b"", b"\x89PNG"):
        assert found(body, URL, HTML, BRA) == Findings(cut="no text")


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 50_000 + "<a href='/a'>",
        "<li class='sv-channel-item'><time>" * 20_000,
        "<ul><li><article><h2><a href='/x'>" * 20_000,
        "startAtHit=?" * 100_000,
        "&startAtHit=1?" * 100_000,
        "<script>" + "registerInitialState('12.a',{" * 50_000,
        "<script>registerInitialState('12.a'," + "[" * 300_000,
        '{"a":' * 300_000,
        "<a href='?page=" * 100_000,
        "<a href='/a'>" + "<b>" * 100_000,
        "<urlset>" + "<url>" * 100_000,
        "<time>" * 100_000,
        "<?xml " * 100_000,
        "<!--" * 100_000,
        "<!-- -->" * 100_000,
        "http://a " * 100_000,
    ],
    ids=range(16),
)
def test_pages_made_to_be_slow_are_not(text: str) -> None:
    import time

    before = time.process_time()
    found(text.encode(), URL, HTML, BRA)
    assert time.process_time() - before < 3
