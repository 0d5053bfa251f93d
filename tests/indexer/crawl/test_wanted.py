"""Which addresses are wanted, and what a receipt says of those that are not."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.crawl.found import Findings
from indexer.crawl.wanted import settled, wanted
from indexer.crawl_rules import CrawlRules, PathRule
from indexer.identity import canonical_url
from indexer.sources import Source, load_sources

SOURCES = load_sources(Path(__file__).resolve().parents[3] / "corpus" / "sources.toml")


def verdict(name: str, url: str, hint: str = "") -> tuple[bool, bool]:
    answer = wanted(SOURCES[name], url, hint)
    assert answer.why
    return answer.keep, answer.follow


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("bra", "https://bra.se/publikationer/arkiv/publikationer/2022-06-10-agera.html"),
        ("bra", "https://bra.se/rapporter/arkiv/2022-06-10-agera"),
        ("bra", "https://bra.se/nyheter/arkiv/2024-11-18-ny-rapport"),
        ("bra", "https://bra.se/om-bra/nytt-fran-bra/arkiv/nyheter/Kommunerna-behover.html"),
        ("bra", "https://bra.se/om-bra/projekt-och-uppdrag/projekt/2021-03-01-x.html"),
        ("bra", "https://bra.se/forebygga-brott/forebyggande-metoder/gvi-sluta-skjut.html"),
        ("bra", "https://bra.se/forebygga-brott/erfarenhetsbank/erfarenhetsbank/2019-01-02-x.html"),
        ("bra", "https://bra.se/forebygga-brott/arbeta-brottsforebyggande/egna/monster.html"),
        ("bra", "https://bra.se/forebygga-brott/kommuner-mot-brott.html"),
        ("bra", "https://bra.se/amnen/otillaten-paverkan"),
        ("bra", "https://bra.se/kunskapsstod/ekonomiskt-stod/ekonomiskt-stod-till-kommuner"),
        ("skr", "https://skr.se/skr/demokrati/hotmot/valfardsbrottslighet.377.html"),
        ("skr", "https://skr.se/kommunerochregioner/kommungruppsindelning.8281.html"),
        ("skr", "https://skr.se/skr/tjanster/pressrum/skridebatten/engelskavalet.51.html"),
        ("gr", "https://goteborgsregionen.se/nyheterochpress/kommunernas.5.49a549b18529.html"),
        ("gr", "https://goteborgsregionen.se/kunskapsbank/x.5.51f49f9317c1158e.html"),
        ("gr", "https://goteborgsregionen.se/4.49a549b18529.html"),
        ("lansstyrelserna", "https://www.lansstyrelsen.se/skane/samhalle/social-hallbarhet/brottsforebyggande-arbete/orsaker.html"),
        ("polisen", "https://polisen.se/aktuellt/nyheter/nationell/2024/mars/ny-metod/"),
        ("socialstyrelsen", "https://www.socialstyrelsen.se/kunskapsstod-och-regler/omraden/barn-och-unga/unga-som-begar-brott/exempel-brottsforebyggande-metoder/triple-p/"),
        ("kunskapsguiden", "https://kunskapsguiden.se/omraden-och-teman/barn-och-unga/vald/stod/"),
        ("skolverket", "https://www.skolverket.se/publikationer?id=3456"),
        ("skolverket", "https://www.skolverket.se/publikationer?id=3456&sv.target=12.a"),
        ("cve", "https://cve.se/publikationer/radikalisering.5.1f2e3d4c.html"),
        ("sbu", "https://www.sbu.se/sv/publikationer/SBU-utvarderar/skyddsfaktorer/"),
        ("sbu", "https://www.sbu.se/301?pub=49&lang=sv"),
        ("lagtext", "https://data.riksdagen.se/dokument/sfs-2023-196.html"),
    ],
)  # fmt: skip
def test_a_document_is_kept_and_followed(name: str, url: str) -> None:
    assert verdict(name, url) == (True, True)


@pytest.mark.parametrize("name", ["bra", "skr", "gr", "cve"])
def test_a_file_is_kept_and_has_no_links(name: str) -> None:
    host = SOURCES[name].hosts[0]
    file = f"https://{host}/download/18.1f2a/1729515966490/2021_9%20Metodst%C3%B6d.pdf"
    assert verdict(name, file) == (True, False)
    assert verdict(name, file.replace(".pdf", ".docx")) == (True, False)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("bra", "https://bra.se/"),
        ("bra", "https://bra.se/rapporter/arkiv"),
        ("bra", "https://bra.se/publikationer/arkiv/publikationer.html"),
        ("bra", "https://bra.se/amnen/"),
        ("bra", "https://bra.se/forebygga-brott/forebyggande-metoder.html"),
        ("bra", "https://bra.se/forskning-och-analys/ungdomar-och-brott.html"),
        ("bra", "https://bra.se/4.1f2a/12.3e4d.htm?state=executePaging&startAtHit=10"),
        ("bra", "https://bra.se/rapporter/arkiv?page=3"),
        ("skr", "https://skr.se/nyheter.1234.html"),
        ("skr", "https://skr.se/skr/demokratiledningstyrning.99.html"),
        ("gr", "https://goteborgsregionen.se/nyheterochpress.4.49a549b1.html"),
        ("gr", "https://goteborgsregionen.se/kunskapsbank"),
        ("polisen", "https://polisen.se/aktuellt/nyheter/nationell/2024/mars/"),
        ("skolverket", "https://www.skolverket.se/publikationer?sida=2"),
        ("sbu", "https://www.sbu.se/sv/publikationer/SBU-utvarderar/"),
        ("lagtext", "https://data.riksdagen.se/dokumentlista/?doktyp=sfs&utformat=json&p=2"),
        ("skr", "https://skr.se/4.7a383bf01715da022e3fffa/12.1f376ad3177c89481f750329.portlet?state=rss&sv.contenttype=text/xml;charset=UTF-8"),
        ("bra", "https://www.bra.se/sitemap.xml"),
    ],
)  # fmt: skip
def test_a_list_is_followed_and_is_no_document(name: str, url: str) -> None:
    assert verdict(name, url) == (False, True)


@pytest.mark.parametrize(
    ("name", "url", "why"),
    [
        ("bra", "https://bra.se/english/publications/archive/2021-09-01-x", "language (en)"),
        ("bra", "https://bra.se/bra-in-english.html", "another language"),
        ("bra", "https://bra.se/om-bra/other-languages", "another language"),
        ("skr", "https://skr.se/skr/tjanster/englishpages.411.html", "another language"),
        ("skr", "https://skr.se/skr/tjanster/englishpages/x.412.html", "language (en)"),
        ("gr", "https://goteborgsregionen.se/english/about.4.1f2e3d4c.html", "another language"),
        ("bra", "https://bra.se/download/18.1f/17/2021_9%20X%20english.pdf", "language (en)"),
        ("sbu", "https://www.sbu.se/301?pub=49&lang=en", "another language"),
        ("gr", "https://goteborgsregionen.se/kalender/2024/05.4.1f2e3d4c.html", "calendar"),
        ("gr", "https://goteborgsregionen.se/kalender.4.1f2e3d4c.html?month=2031-05", "calendar"),
        ("gr", "https://goteborgsregionen.se/arkiv/evenemang/x.5.1f2e3d4c.html", "calendar"),
        ("skr", "https://skr.se/skr/tjanster/kurserochkonferenser/x.12.html", "courses"),
        ("bra", "https://bra.se/nyheter/arkiv?month=5", "calendar"),
        ("bra", "https://bra.se/amnen/gvi?print=true", "print view"),
        ("bra", "https://bra.se/amnen/gvi/skriv-ut", "print view"),
        ("bra", "https://bra.se/amnen/gvi?sort=date", "query variant of https://bra.se/amnen/gvi"),
        ("bra", "https://bra.se/amnen/gvi?page=2", "query variant of https://bra.se/amnen/gvi"),
        ("bra", "https://bra.se/amnen/gvi/sida/2", "query variant of https://bra.se/amnen/gvi"),
        ("skr", "https://skr.se/a/b.377.html?tab=2", "query variant of https://skr.se/a/b.377.html"),
        ("bra", "https://bra.se/statistik/kriminalstatistik/anmalda-brott.html", "tables"),
        ("bra", "https://bra.se/download/18.1f/17/tabell.xlsx", "statistics or spreadsheet"),
        ("bra", "https://bra.se/download/18.1f/17/tabell.XLS", "statistics or spreadsheet"),
        ("bra", "https://bra.se/download/18.1f/17/data.csv", "statistics or spreadsheet"),
        ("bra", "https://bra.se/download/18.1f/17/bild.jpg", "picture"),
        ("bra", "https://bra.se/download/18.1f/17/allt.zip", "archive"),
        ("bra", "https://bra.se/download/18.1f/17/bilder.pptx", "presentation"),
        ("bra", "https://bra.se/amnen/sok?query=brott", "search page"),
        ("skr", "https://skr.se/sok.12.html?query=x", "search page"),
        ("bra", "https://bra.se/login", "login"),
        ("bra", "https://bra.se/rapporter/kundkorg", "shop"),
        ("bra", "https://bra.se/kunskapsstod/kontakta-oss.html", "contact"),
        ("skr", "https://skr.se/skr/tjanster/pressrum/presskontakter.7.html", "contact"),
        ("gr", "https://goteborgsregionen.se/kontaktaoss.4.1f2e3d4c.html", "contact"),
        ("bra", "https://bra.se/om-bra/om-webbplatsen/data-fran-bra", "about the site"),
        ("bra", "https://bra.se/sitevision/proxy/amnen/gvi", "Sitevision's own"),
        ("bra", "https://bra.se/om-bra/organisation.html", "outside the allowed paths"),
        ("polisen", "https://polisen.se/aktuellt/handelser/2024/mars/7/", "events"),
        ("kunskapsguiden", "https://kunskapsguiden.se/omraden-och-teman/a/Sidor/X.aspx", "dead"),
        ("gr", "https://karta.goteborgsregionen.se/a.5.1f2e3d4c.html", "another host"),
        ("gr", "https://gymnasieantagningen.goteborgsregionen.se/", "another host"),
        ("bra", "https://statistik.bra.se/solwebb/action", "another host"),
        ("bra", "https://docplayer.se/123-metodstod.html", "another host"),
        ("skr", "https://sfti.se/annat.377.html", "another host"),
        ("bra", "https://bra.se@evil.example/amnen/gvi", "another host"),
        ("bra", "mailto:info@bra.se", "no web address"),
        ("bra", "tel:+46840000000", "no web address"),
        ("bra", "javascript:void(0)", "no web address"),
        ("bra", "https://[::1", "no web address"),
        ("bra", "", "no web address"),
        ("bra", "https://bra.se/amnen/gvi/gvi/gvi", "repeats itself"),
        ("bra", "https://bra.se/amnen/a/b/a/b/a/b", "repeats itself"),
        ("bra", "https://bra.se/amnen/" + "/".join(map(str, range(30))), "too deep"),
        ("bra", "https://bra.se/amnen/" + "x" * 2000, "too long"),
        ("bra", "https://bra.se/rapporter/arkiv?page=900000", "without end"),
        ("bra", "https://bra.se/4.1f/12.2a.htm?startAtHit=99999999", "without end"),
        ("exempel", "https://bra.se/amnen/gvi", "not crawled"),
    ],
)  # fmt: skip
def test_what_is_not_wanted_has_its_reason(name: str, url: str, why: str) -> None:
    answer = wanted(SOURCES[name], url)
    assert (answer.keep, answer.follow) == (False, False), answer
    assert why in answer.why


@pytest.mark.parametrize(
    "url",
    [
        "https://bra.se/rapporter/arkiv/2023-05-04-english-defence-league-i-sverige",
        "https://bra.se/rapporter/arkiv/2023-05-04-kalendern-och-brotten",
        "https://bra.se/amnen/sokandet-efter-trygghet",
        "https://bra.se/amnen/bestallningsmord",
        "https://bra.se/amnen/kontaktforbud",
        "https://bra.se/amnen/personuppgifter-i-samverkan",
        "https://bra.se/nyheter/arkiv/2024-01-02-statistik-over-brott",
        "https://bra.se/nyheter/arkiv/2024-01-02-event-i-orebro.html",
        "https://bra.se/kunskapsstod/en-vag-framat",
    ],
)
def test_a_word_in_a_title_is_no_trap(url: str) -> None:
    assert verdict("bra", url) == (True, True)


def test_an_alias_host_is_accepted_as_the_sources_own() -> None:
    page = "/skr/demokrati/valfardsbrottslighet.377.html"
    answers = {
        wanted(SOURCES["skr"], f"{start}{page}")
        for start in (
            "https://skr.se", "http://www.skr.se", "https://webbutik.skr.se",
            "https://www.sfti.se", "http://kvalitetsregister.se", "https://skl.se:443",
        )
    }  # fmt: skip
    assert [(answer.keep, answer.follow) for answer in answers] == [(True, True)]


def test_a_query_variant_names_the_page_that_it_shows() -> None:
    answer = wanted(SOURCES["bra"], "http://www.bra.se/amnen/gvi?sort=1&utm_source=x#del")
    assert answer.instead == "https://bra.se/amnen/gvi"
    assert wanted(SOURCES["bra"], answer.instead).keep


def test_the_finder_may_know_that_an_address_is_no_document() -> None:
    url = "https://bra.se/rapporter/sida-tva"
    assert verdict("bra", url) == (True, True)
    assert verdict("bra", url, "listing") == (False, True)
    assert verdict("bra", "https://bra.se/amnen/gvi?page=2", "listing") == (False, True)
    assert verdict("bra", "https://bra.se/karta/del-2.xml.gz", "sitemap") == (False, True)
    assert verdict("bra", "https://bra.example/del-2.xml.gz", "sitemap") == (False, False)
    assert verdict("bra", "https://bra.se/kalender/nasta", "listing") == (False, False)


def test_a_source_may_want_other_languages() -> None:
    bra = SOURCES["bra"]
    assert bra.crawl is not None
    both = replace(bra, crawl=replace(bra.crawl, languages=("sv", "en"), allow=()))
    url = "https://bra.se/english/publications/archive/2021-09-01-x"
    assert wanted(both, url).keep
    assert not wanted(both, "https://bra.se/om-bra/other-languages").keep


def test_a_source_without_allowed_paths_has_all_of_them() -> None:
    mora = Source("mora", "Mora", hosts=("mora.se",), crawl=CrawlRules(start=("https://mora.se/",)))
    assert wanted(mora, "https://mora.se/omsorg/trygghet").keep
    assert not wanted(mora, "https://mora.se/omsorg/trygghet?flik=2").keep


def test_a_start_page_outside_the_allowed_paths_is_followed() -> None:
    rule = PathRule(re.compile("^/omsorg/"), "care", "guess")
    crawl = CrawlRules(start=("https://www.mora.se/vagen-in?x=1",), allow=(rule,))
    mora = Source("mora", "Mora", hosts=("mora.se",), crawl=crawl)
    answer = wanted(mora, "https://mora.se/vagen-in?x=1")
    assert (answer.keep, answer.follow) == (False, True)


WAYS = st.fixed_dictionaries(
    {
        "scheme": st.sampled_from(["http", "https", "HTTPS"]),
        "www": st.sampled_from(["", "www.", "WWW."]),
        "has_port": st.booleans(),
        "more": st.lists(
            st.sampled_from(
                ["sv.target=12.1f", "utm_source=brev", "state=show", "logout=1", "fbclid=x", "&"]
            ),
            max_size=3,
        ),
        "end": st.sampled_from(["", "#del", "#h-Rubrik"]),
    }
)
PATHS = st.sampled_from(
    [
        "/", "/amnen/gvi", "/amnen/%61ldre", "/rapporter/arkiv", "/rapporter/arkiv?page=2",
        "/rapporter/arkiv/2022-06-10-a%C3%A5", "/statistik/x.html", "/kalender/2024/05",
        "/english/a", "/a/../amnen/b", "/download/18.1f/17/a.pdf", "/download/18.1f/17/a.xlsx",
        "/amnen/gvi?sort=1", "/publikationer?id=7&b=2", "/sitemap.xml", "/x.377.html",
        "/skr/a/b.377.html", "/4.1f2a3b/12.2e.htm?startAtHit=10&query=", "/x.5.1f2e3d.html?id=3",
    ]
)  # fmt: skip


@given(st.sampled_from(sorted(SOURCES)), PATHS, WAYS, st.sampled_from(["", "listing", "sitemap"]))
def test_every_way_to_write_an_address_is_answered_alike(
    name: str, path: str, ways: dict[str, Any], hint: str
) -> None:
    source = SOURCES[name]
    host = source.hosts[0] if source.hosts else "mora.se"
    plain = f"https://{host}{path}"
    start, _, query = path.partition("?")
    pieces = "&".join(filter(None, [*ways["more"], query]))
    port = (":80" if ways["scheme"] == "http" else ":443") if ways["has_port"] else ""
    before = f"{ways['scheme']}://{ways['www']}{host}{port}"
    written = f"{before}{start}{'?' + pieces if pieces else ''}{ways['end']}"
    answer = wanted(source, written, hint)
    assert answer == wanted(source, plain, hint)
    assert answer == wanted(source, canonical_url(written, source), hint)
    assert not (answer.keep and hint)


@given(st.sampled_from(sorted(SOURCES)), st.text(max_size=60))
def test_any_text_has_an_answer(name: str, text: str) -> None:
    for url in (text, f"https://bra.se/{text}", f"https://{text}"):
        answer = wanted(SOURCES[name], url)
        assert answer.why
        assert not answer.keep or canonical_url(url, SOURCES[name]).startswith("https://")


@given(PATHS, st.sampled_from(sorted(SOURCES)))
def test_the_address_in_place_of_another_is_final(path: str, name: str) -> None:
    source = SOURCES[name]
    answer = wanted(source, f"https://{(source.hosts or ('mora.se',))[0]}{path}")
    if answer.instead:
        assert wanted(source, answer.instead).instead == ""


# What a page says of itself, once it has been fetched.

PAGE = "https://bra.se/amnen/gvi"


def after(url: str = PAGE, name: str = "bra", **said: Any) -> tuple[bool, bool, str]:
    answer = settled(SOURCES[name], url, Findings(**said))
    return answer.keep, answer.follow, answer.instead


def test_a_page_that_says_nothing_is_what_its_address_says() -> None:
    assert after() == (True, True, "")
    assert after("https://bra.se/rapporter/arkiv", noindex=True) == (False, True, "")
    assert after("https://bra.se/statistik/x.html") == (False, False, "")


def test_a_pages_own_wishes_are_obeyed() -> None:
    assert after(noindex=True) == (False, True, "")
    assert after(nofollow=True) == (True, False, "")
    assert after(noindex=True, nofollow=True) == (False, False, "")


def test_a_page_in_another_language_is_left() -> None:
    assert after(language="en") == (False, False, "")
    assert after(language="sv") == (True, True, "")


def test_a_page_that_is_another_page_gives_way_to_it() -> None:
    other = "https://bra.se/amnen/sluta-skjut"
    assert after(canonical=other) == (False, True, other)
    assert after(canonical="http://www.bra.se/amnen/gvi#x") == (True, True, "")


def test_an_address_of_the_same_document_is_no_other_page() -> None:
    old = "https://bra.se/publikationer/arkiv/publikationer/2022-06-10-x.html"
    assert after(old, canonical="https://bra.se/rapporter/arkiv/2022-06-10-x") == (True, True, "")
    url, alias = "https://skr.se/skr/b/a.377.html", "https://webbutik.skr.se/skr/b/ny.377.html"
    assert after(url, "skr", canonical=alias) == (True, True, "")


@pytest.mark.parametrize(
    "canonical", ["https://bra.se/", "https://bra.se/rapporter/arkiv", "https://example.se/x", "x"]
)
def test_a_page_that_calls_a_list_its_own_is_not_believed(canonical: str) -> None:
    assert after(canonical=canonical) == (True, True, "")
