"""What leads to the documents of the fixture site: robots.txt, sitemaps, feeds and lists."""

from __future__ import annotations

import gzip
import json
import re
from collections import deque
from urllib.parse import urljoin, urlsplit

from tests.site import feeds, lists
from tests.site.asking import ask
from tests.site.front import site_of
from tests.site.labels import read_labels
from tests.site.plan import HOSTS, LAST_DAY, MAIN_HOST
from tests.site.server import Served

LABELS = read_labels()
BRA, SKR, GR = "https://bra.se", "https://skr.se", "https://goteborgsregionen.se"
#: Wanted pages whose bytes come late, in pieces, or only when asked again.
SLOW = ("droppvis", "dröjer", "betänketid", "upptagen", "bröts", "aldrig tog slut")


# --- What a site says to machines


def test_robots_txt_changes_and_fails(site: Served) -> None:
    def robots(host: str, day: int) -> tuple[int, bool, bool]:
        site.set_day(day)
        answer = ask(site, f"https://{host}/robots.txt")
        lines = answer.text.splitlines()
        return answer.status, "Disallow: /nyheter/" in lines, "Disallow: /" in lines

    assert [robots("bra.se", day) for day in (4, 5, 6)] == [
        (200, False, False), (200, True, False), (500, False, False),
    ]  # fmt: skip
    assert robots("goteborgsregionen.se", 6) == (200, False, True)
    assert robots("webbutik.skr.se", 1) == (200, False, True)
    assert robots("www.kvalitetsregister.se", 1)[0] == 404
    moved = ask(site, "https://www.sfti.se/robots.txt")
    assert (moved.status, urlsplit(moved.headers["Location"]).hostname) == (301, "169.254.169.254")


def test_the_log_knows_what_robots_txt_forbids(site: Served) -> None:
    for url in (f"{BRA}/internt/lista", f"{BRA}/sok?query=brott", f"{BRA}/nyheter/utkast/x",
                f"{BRA}/sitevision/proxy/a", "https://webbutik.skr.se/"):  # fmt: skip
        ask(site, url)
    assert all(entry.forbidden for entry in site.log)
    site.clear_log()
    for url in (f"{BRA}/robots.txt", f"{BRA}/nyheter/arkiv", f"{BRA}/sitevision/system-resource/a",
                "https://webbutik.skr.se/robots.txt", "https://www.sfti.se/internt/"):  # fmt: skip
        ask(site, url)
    assert not any(entry.forbidden for entry in site.log)
    site.set_day(5)
    ask(site, f"{BRA}/nyheter/arkiv")
    assert site.log[-1].forbidden


def test_sitemaps_are_indexed_packed_and_dirty(site: Served) -> None:
    index = ask(site, f"{BRA}/sitemapindex.xml").text
    first, second, bomb = re.findall("<loc>(.*?)</loc>", index)
    assert bomb.endswith("bomb.xml.gz")
    packed = gzip.decompress(ask(site, first).body).decode()
    plain = ask(site, second).text
    assert "<lastmod>" in packed and "/amnen/nedlagd" in packed
    assert "http://127.0.0.1/" in plain and "https://annan.example/sida" in plain
    assert ask(site, f"{GR}/sitemap.xml").status == 404
    tag = ask(site, second).headers["ETag"]
    assert ask(site, second, If_None_Match=tag).status == 304


def test_feeds_name_the_newest(site: Served) -> None:
    for name, host in (("bra", BRA), ("skr", SKR), ("gr", GR)):
        url = f"{host}{feeds.RSS_PATHS[name]}?{feeds.RSS_QUERY}"
        answer = ask(site, url)
        assert answer.headers["Content-Type"].startswith("text/xml")
        links = re.findall("<item>.*?<link>(.*?)</link>", answer.text)
        assert len(links) == feeds.RSS_ITEMS and all(LABELS.of(link) for link in links)
        assert ask(site, f"{host}{feeds.RSS_PATHS[name]}").status == 404


# --- Lists


def test_hits_come_ten_by_ten(site: Served) -> None:
    url, seen = f"{BRA}/rapporter/arkiv", []
    while url:
        text = ask(site, url).text
        seen.append(len(re.findall('class="sv-search-hit"', text)))
        assert text.count("<p>Träffar") == 2  # once within a comment
        way = re.search(r'href="([^"]+startAtHit=\d+)"', text)
        url = f"{BRA}{way[1]}" if way else ""
    assert seen == [10, 10, 10, 6]
    beyond = f"{BRA}{lists.faceted_path('/rapporter/arkiv')}?state=executePaging&startAtHit=900"
    assert "sv-search-hit" not in ask(site, beyond).text


def test_numbered_lists_end_but_answer_beyond_their_end(site: Served) -> None:
    pages = [ask(site, f"{BRA}/nyheter/arkiv?page={n}").text for n in range(1, 7)]
    assert ['rel="next"' in text for text in pages] == [True, True, True, False, False, False]
    assert "sv-channel-item" not in pages[4]


def test_script_lists_have_no_anchor_and_page_by_ajax_only(site: Served) -> None:
    for path, name in (("/nyheterochpress", "articles"), ("/kunskapsbank", "news")):
        text = ask(site, f"{GR}{path}").text
        assert "sv-channel-item" not in text and not re.search(r"<a [^>]*\.5\.", text)
        found = re.search(r"registerInitialState\('12\.[0-9a-f]+',", text)
        assert found
        state, _ = json.JSONDecoder().raw_decode(text, found.end())
        assert len(state[name]) == lists.SCRIPT_PAGE and state["pages"] > 1
        url = f"{GR}{state['route']}2"
        assert "<html" in ask(site, url).text
        rows = json.loads(ask(site, url, X_Requested_With="XMLHttpRequest").body)[name]
        assert rows and rows != state[name]
    assert len(state["files"]) == 1  # a PDF that no link leads to


# --- Everything wanted can be found


def test_every_wanted_document_can_be_reached(site: Served) -> None:
    """By links, sitemaps, feeds, hits, script data, and two pages by AJAX alone."""
    for day, ajax, missed in ((1, True, 0), (1, False, 2), (LAST_DAY, True, 0)):
        site.set_day(day)
        found = walked(site, ajax=ajax)
        missing = [d.url for d in LABELS.wanted(day) if not found & set(d.urls)]
        assert len(missing) == missed, missing


def walked(site: Served, *, ajax: bool) -> set[str]:
    """Addresses that a patient reader of the site comes upon."""
    seen: set[str] = set()
    ways = deque(f"https://{host}/" for host in MAIN_HOST.values())
    ways += ["https://bra.se/sitemap1.xml.gz", "https://bra.se/sitemap2.xml"]
    ways += ["https://skr.se/sitemap.xml"]
    ways += [f"https://{MAIN_HOST[s]}{p}?{feeds.RSS_QUERY}" for s, p in feeds.RSS_PATHS.items()]
    known = {url: d for d in LABELS.documents for url in d.urls}
    while ways:
        url = ways.popleft()
        url = re.sub(r"://www\.(bra|goteborgsregionen)", r"://\1", url)
        listing = (label := LABELS.of(url)) is None or label.why in ("list", "feed")
        if url in seen or urlsplit(url).hostname not in HOSTS:
            continue
        seen.add(url)
        if url in known and ("teckenkod" in known[url].title or known[url].kind == "pdf"):
            continue
        if listing or (url in known and not any(w in known[url].title for w in SLOW)):
            ways += _ways(url, ask(site, url).body, ajax, site)
    return seen


def _ways(url: str, body: bytes, ajax: bool, site: Served) -> list[str]:
    text = (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode("utf-8", "replace")
    links = re.findall(r"<loc>(.*?)</loc>|<link>(.*?)</link>|href=\"\s*([^\"#]+)", text)
    found = [next(filter(None, groups)).replace("&amp;", "&") for groups in links]
    data = re.search(r"registerInitialState\('12\.[0-9a-f]+',(.*?)\);</script>", text)
    if data:
        state = json.loads(data[1])
        rows = [state]
        for number in range(2, state["pages"] + 1) if ajax else ():
            route = urljoin(url, f"{state['route']}{number}")
            rows.append(json.loads(ask(site, route, X_Requested_With="XMLHttpRequest").body))
        for row in rows:
            found += [i["uri"] for name in ("articles", "news", "files") for i in row.get(name, ())]
    return [urljoin(url, way.strip()) for way in found if ":" not in way[:4] or "//" in way]


def test_lists_show_what_is_there_that_day(site: Served) -> None:
    gone = site_of().by_name["bra-method-04"].main.url.rsplit("/", 1)[-1]
    url = "https://bra.se/forebygga-brott/forebyggande-metoder.html"
    assert gone in ask(site, url).text
    site.set_day(3)
    assert gone not in ask(site, url).text
    assert {path for _, path in lists.paths()} >= {"/", "/rapporter/arkiv", "/nyheterochpress"}
