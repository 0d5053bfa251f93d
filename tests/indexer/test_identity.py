"""An address is an identity: many lead to one page, and a page keeps its key."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.identity import canonical_url, key_for, node_of, source_of
from indexer.sources import Source, load_sources

ROOT = Path(__file__).resolve().parents[2]
SOURCES = load_sources(ROOT / "corpus" / "sources.toml")

segments = st.text(st.sampled_from("abcÅäö-_.~%20AZ"), min_size=1, max_size=12)
paths = st.lists(segments, max_size=5).map(lambda parts: "/" + "/".join(parts))
hosts = st.sampled_from(
    ["bra.se", "www.bra.se", "WWW.SKR.SE", "webbutik.skr.se", "goteborgsregionen.se", "åäö.se"]
)
queries = st.sampled_from(
    ["", "?sv.target=1&id=2", "?utm_source=x", "?q=å b&state=rss", "?&&", "?pub=7&lang=sv&id=3"]
)
addresses = st.builds(
    lambda scheme, host, port, path, query, end: f"{scheme}://{host}{port}{path}{query}{end}",
    st.sampled_from(["http", "https"]),
    hosts,
    st.sampled_from(["", ":80", ":443", ":8099"]),
    paths,
    queries,
    st.sampled_from(["", "#del"]),
)


@pytest.fixture(scope="module")
def sources() -> Mapping[str, Source]:
    return SOURCES


@given(st.one_of(addresses, st.text(max_size=60)), st.sampled_from(sorted(SOURCES)))
@example("http://www.www.bra.se/a/../b;jsessionid=1/./c.printable.html?x=%7e#y", "bra")
@example("https://[::1", "bra")
@example("http://bra.se/%2e%2E/%41%c3%a5%zz", "bra")
def test_a_canonical_address_is_its_own(url: str, name: str) -> None:
    once = canonical_url(url, SOURCES[name])
    assert canonical_url(once, SOURCES[name]) == once
    assert key_for(SOURCES[name], once) == key_for(SOURCES[name], url)


@given(segments.filter(lambda text: text.isascii() and text.isalnum()))
def test_letters_in_a_path_keep_their_case(name: str) -> None:
    assert canonical_url(f"HTTP://WWW.BRA.SE/{name}", SOURCES["bra"]) == f"https://bra.se/{name}"


def test_what_only_shows_a_page_is_no_part_of_its_address(sources: Mapping[str, Source]) -> None:
    url = "http://www.skr.se:80/a.377.html?sv.target=12.a&utm_medium=x&fbclid=1&id=7&printerfriendly=true#b"
    assert canonical_url(url, sources["skr"]) == "https://skr.se/a.377.html?id=7"


def test_the_order_of_a_query_says_nothing(sources: Mapping[str, Source]) -> None:
    for url in ("https://sbu.se/301?pub=49&lang=sv", "https://www.sbu.se/301?lang=sv&pub=49#x"):
        assert canonical_url(url, sources["sbu"]) == "https://sbu.se/301?lang=sv&pub=49"


def test_a_state_with_other_content_stays(sources: Mapping[str, Source]) -> None:
    start = "https://bra.se/4.1f/12.2e.htm"
    more = "isRenderingAjaxPagingResult=true&query=&startAtHit=10&state=executePaging"
    assert canonical_url(f"{start}?{more}&sv.x=1", sources["bra"]) == f"{start}?{more}"
    assert canonical_url(f"{start}?state=show", sources["bra"]) == start


def test_a_session_is_no_part_of_an_address(sources: Mapping[str, Source]) -> None:
    for session in ("PHPSESSID=1f2e", "sessionid=3", "ASPSESSIONIDQA=4", "jsessionid=5"):
        assert canonical_url(f"https://skr.se/a?{session}", sources["skr"]) == "https://skr.se/a"


def test_alias_hosts_become_the_sources_own(sources: Mapping[str, Source]) -> None:
    skr = sources["skr"]
    for host in (
        "webbutik.skr.se",
        "extra.skr.se",
        "skl.se",
        "www.sfti.se",
        "kvalitetsregister.se",
    ):
        assert (
            canonical_url(f"http://{host}/skr/a.377.html", skr) == "https://skr.se/skr/a.377.html"
        )
    assert canonical_url("https://sfti.se/annat.377.html", skr) == "https://sfti.se/annat.377.html"
    assert key_for(skr, "https://sfti.se/annat.377.html") is None


def test_a_port_of_its_own_stays(sources: Mapping[str, Source]) -> None:
    url = "http://127.0.0.2:8099/a"
    assert canonical_url(url, sources["bra"]) == url


@pytest.mark.parametrize(
    ("name", "url", "key"),
    [
        ("skr", "https://skr.se/skr/demokrati/hot/valfardsbrottslighet.377.html", "skr:377"),
        ("skr", "https://www.sfti.se/skr/demokrati/styrning/valfardsbrott.377.html", "skr:377"),
        ("skr", "https://skr.se/kommunerochregioner.html", None),
        ("gr", "https://goteborgsregionen.se/nyheter/gammalt.5.49a5f3280b6.html", "gr:49a5f3280b6"),
        (
            "gr",
            "https://www.goteborgsregionen.se/nyheter/nytt.5.49a5f3280b6.html",
            "gr:49a5f3280b6",
        ),
        ("gr", "https://goteborgsregionen.se/4.49a5f3280b6.html", "gr:49a5f3280b6"),
        ("gr", "https://karta.goteborgsregionen.se/a.5.49a5f3280b6.html", None),
        (
            "bra",
            "https://www.bra.se/publikationer/arkiv/publikationer/2022-06-10-x.html",
            "bra:2022-06-10-x",
        ),
        ("bra", "https://bra.se/rapporter/arkiv/2022-06-10-x", "bra:2022-06-10-x"),
        ("bra", "https://bra.se/om-bra/nytt-fran-bra/arkiv/nyheter/Ny-lag.html", "bra:Ny-lag"),
        ("bra", "https://bra.se/forebygga-brott/forebyggande-metoder/gvi.html", "bra:gvi"),
        ("bra", "https://bra.se/amnen/bostadsinbrott", "bra:bostadsinbrott"),
        ("bra", "https://bra.se/statistik/kriminalstatistik/bostadsinbrott.html", None),
        ("bra", "https://bra.se/", None),
        ("bra", "https://bra.se/download/18.1f2a/1729515966490/2021_9.pdf", "file:18.1f2a"),
        ("bra", "https://bra.se/download/18.1f2a/1800000000000/nytt%20namn.pdf", "file:18.1f2a"),
        ("gr", "https://skr.se/a.377.html", None),
        ("skolverket", "https://www.skolverket.se/publikationer?id=3456", "skolverket:3456"),
        (
            "skolverket",
            "http://skolverket.se/publikationer/?utm_source=x&id=3456&sv.a=b#c",
            "skolverket:3456",
        ),
        ("skolverket", "https://skolverket.se/getFile?file=3456", "skolverket:3456"),
        ("skolverket", "https://skolverket.se/publikationer?sida=3456", None),
        ("skolverket", "https://skolverket.se/publikationer?kid=3456", None),
        ("sbu", "https://www.sbu.se/301?lang=sv&pub=49", "sbu:49"),
        ("sbu", "https://sbu.se/sv/publikationer/SBU-utvarderar/skydd/?pub=49", "sbu:49"),
        ("sbu", "https://sbu.se/sv/publikationer/SBU-utvarderar/skydd/", "sbu:skydd"),
        ("lagtext", "http://data.riksdagen.se/dokument/sfs-2023-196.html", "lagtext:2023-196"),
        ("lagtext", "https://data.riksdagen.se/dokument/sfs-2023-196", "lagtext:2023-196"),
        ("cve", "https://cve.se/publikationer/a.5.1f2e3d4c.html", "cve:1f2e3d4c"),
        ("cve", "https://cve.se/publikationer/a?x=.5.1f2e3d4c.html", None),
        ("egna", "https://skr.se/a.377.html", None),
        ("bra", "inte en adress", None),
    ],
)
def test_a_page_keeps_its_key(
    name: str, url: str, key: str | None, sources: Mapping[str, Source]
) -> None:
    assert key_for(sources[name], url) == key


@given(st.from_regex(r"[a-z]{1,20}", fullmatch=True), st.integers(1, 99_999))
def test_a_renamed_slug_keeps_the_key(slug: str, node: int) -> None:
    assert key_for(SOURCES["skr"], f"https://skr.se/{slug}/{slug}.{node}.html") == f"skr:{node}"
    assert node_of(SOURCES["skr"], f"https://skr.se/{slug}.{node}.html") == str(node)


def test_a_misspelt_slug_is_the_right_one(sources: Mapping[str, Source]) -> None:
    old = (
        "https://bra.se/forebygga-brott/forebyggande-utifran-amne/parallella-samhallstrukturer.html"
    )
    new = "https://bra.se/amnen/parallella-samhallsstrukturer"
    assert key_for(sources["bra"], old) == key_for(sources["bra"], new)


def test_a_slug_is_no_node(sources: Mapping[str, Source]) -> None:
    assert node_of(sources["bra"], "https://bra.se/amnen/bostadsinbrott") == ""


def test_a_source_is_known_by_its_hosts(sources: Mapping[str, Source]) -> None:
    def name(url: str) -> str | None:
        found = source_of(url, sources)
        return found.name if found else None

    assert name("http://WWW.bra.se/amnen/") == "bra"
    assert name("https://webbutik.skr.se/x") == "skr"
    assert name("https://sfti.se/skr/x") == "skr"
    assert name("https://sfti.se/x") is None
    assert name("https://bra.se.example/x") is None
    assert name("mailto:a@bra.se") is None
