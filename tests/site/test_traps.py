"""Each trap of the fixture site is really set."""

from __future__ import annotations

import gzip
import http.client
import re
import socket
import subprocess
import sys
import time
import zlib
from collections import Counter
from urllib.parse import quote, urlsplit

import pytest

from tests.site import attacks, traps
from tests.site.asking import ask, follow
from tests.site.difficult import WANTED
from tests.site.files import endless_pdf
from tests.site.front import site_of
from tests.site.labels import read_labels
from tests.site.server import Served

LABELS = read_labels()
BRA, SKR, GR = "https://bra.se", "https://skr.se", "https://goteborgsregionen.se"


def address(name: str, day: int = 1) -> str:
    return site_of().by_name[name].at(day).url


def difficult(behaviour: str) -> str:
    return address(f"bra-difficult-{behaviour}")


def words_of(html: str) -> str:
    return re.sub(r"v\d+|<[^>]+>", " ", html)


# --- Redirects


def test_redirects_lead_in_circles_and_on_for_ever(site: Served) -> None:
    ways = {}
    for ending in ("1-slinga-a", "1-slinga-b", "2-rundgang", "3-langre"):
        answer = ask(site, f"{BRA}{traps.NEWS}{ending}")
        assert answer.status in (301, 302)
        ways[ending] = answer.headers["Location"]
    assert ways["1-slinga-a"].endswith("slinga-b") and ways["1-slinga-b"].endswith("slinga-a")
    assert ways["2-rundgang"].endswith("2-rundgang")
    longer = ask(site, f"{BRA}{ways['3-langre']}").headers["Location"]
    assert longer.endswith("?steg=1&steg=1")


def test_two_hundred_ways_lead_out_as_links_and_as_redirects(site: Served) -> None:
    forms = attacks.forms(site.trap_port)
    assert len(forms) >= 200
    for wanted in ("http://169.254.169.254/latest/meta-data/", "https://user:pass@bra.se/",
                   f"http://2130706433:{site.trap_port}/hemligt", f"http://[::1]:{site.trap_port}"
                   "/hemligt", f"https://bra.se:{site.trap_port}/hemligt"):  # fmt: skip
        assert wanted in forms
    listed = ask(site, f"{BRA}{traps.WAYS_OUT}").text
    for number, form in enumerate(forms):
        assert f'href="{form}"' in listed, form
        if number % 3 == 0:
            answer = ask(site, f"{BRA}{traps.WAYS_OUT}-{number}")
            assert answer.status in (301, 302, 303, 307, 308)
            sent = answer.headers["Location"].encode("latin-1").decode()
            assert sent == form.replace("\t", "%09"), form
    assert ask(site, f"{BRA}{traps.WAYS_OUT}-{len(forms)}").status == 404


def test_who_comes_to_the_listener_is_written_down(site: Served) -> None:
    assert site.intrusions == []
    for host in ("127.0.0.1", "127.0.0.2"):
        line = http.client.HTTPConnection(host, site.trap_port, timeout=2)
        line.request("GET", "/hemligt")
        assert line.getresponse().read() == b"hemligt.."
        line.close()
    socket.create_connection(("127.0.0.1", site.trap_port)).close()
    deadline = time.monotonic() + 2
    while len(site.intrusions) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert site.intrusions[:2] == [f"{h} GET /hemligt HTTP/1.1" for h in ("127.0.0.1", "127.0.0.2")]
    assert len(site.intrusions) == 3
    site.intrusions.clear()


# --- Bodies


def test_bombs_are_small_on_the_line_and_huge_unpacked(site: Served) -> None:
    packed = ask(site, f"{BRA}{traps.NEWS}4-bomb")
    twice = ask(site, f"{BRA}{traps.NEWS}4-bomb-tva-ganger")
    sitemap = ask(site, f"{BRA}/sitemap-bomb.xml.gz")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert twice.headers["Content-Encoding"] == "gzip, gzip"
    assert "Content-Encoding" not in sitemap.headers
    assert packed.body == sitemap.body == gzip.decompress(twice.body)
    assert len(packed.body) < 200_000 and len(twice.body) < 20_000
    unpacking, left, size = zlib.decompressobj(31), packed.body, 0
    while left:
        size += len(unpacking.decompress(left, 2**22))
        left = unpacking.unconsumed_tail
    assert size > traps.BOMB_BYTES


def test_the_huge_page_says_no_length(site: Served) -> None:
    answer = ask(site, f"{BRA}{traps.NEWS}5-jattesida")
    assert "Content-Length" not in answer.headers
    assert len(answer.body) > traps.HUGE_BYTES * 0.99


def test_who_hangs_up_early_is_logged_as_not_served(site: Served) -> None:
    host, port = site.address.split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(f"GET {traps.NEWS}5-jattesida HTTP/1.1\r\nHost: bra.se\r\n\r\n".encode())
        assert line.recv(12) == b"HTTP/1.1 200"
    (entry,) = site.log
    assert not entry.whole and entry.bytes < traps.HUGE_BYTES


@pytest.mark.parametrize("behaviour", ["cut", "cut-chunks"])
def test_a_response_is_cut_off_on_the_first_day(site: Served, behaviour: str) -> None:
    with pytest.raises(http.client.IncompleteRead):
        ask(site, difficult(behaviour))
    assert [entry.whole for entry in site.log] == [False]
    site.set_day(2)
    assert WANTED[behaviour] in ask(site, difficult(behaviour)).text


def test_one_page_never_comes_whole(site: Served) -> None:
    for day in (1, 2):
        site.set_day(day)
        with pytest.raises(http.client.IncompleteRead):
            ask(site, f"{BRA}{traps.NEWS}6-aldrig-hel")


@pytest.mark.parametrize("behaviour", ["slow", "drips"])
def test_some_pages_take_their_time(site: Served, behaviour: str) -> None:
    started = time.monotonic()
    assert ask(site, difficult(behaviour)).status == 200
    assert 1 < time.monotonic() - started < 3


@pytest.mark.parametrize(("behaviour", "status"), [("busy-429", 429), ("busy-503", 503)])
def test_a_busy_page_is_served_to_who_comes_back(site: Served, behaviour: str, status: int) -> None:
    site.set_day(2)
    answers = [ask(site, difficult(behaviour)) for _ in range(3)]
    assert [answer.status for answer in answers] == [status, status, 200]
    assert answers[0].headers["Retry-After"] == "1"


def test_charsets_are_said_wrongly(site: Served) -> None:
    wrong = ask(site, difficult("says-latin1"))
    assert "iso-8859-1" in wrong.headers["Content-Type"]
    assert "svaret" in wrong.body.decode() and 'charset="utf-8"' in wrong.text
    for behaviour, kind in (("says-utf8", "text/html; charset=utf-8"),
                            ("latin1-in-meta", "text/html")):  # fmt: skip
        answer = ask(site, difficult(behaviour))
        assert answer.headers["Content-Type"] == kind
        with pytest.raises(UnicodeDecodeError):
            answer.body.decode()
        assert "åtgärd" in answer.body.decode("cp1252") or "ö" in answer.body.decode("cp1252")


def test_bodies_are_packed_for_who_can_unpack_them(site: Served) -> None:
    plain = ask(site, difficult("deflated"))
    packed = ask(site, difficult("deflated"), Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert words_of(gzip.decompress(packed.body).decode()) == words_of(plain.body.decode())


def test_a_small_pdf_never_ends(site: Served) -> None:
    body = ask(site, address("bra-difficult-endless-pdf")).body
    assert body == endless_pdf() and len(body) < 10_000
    code = "import sys, pypdfium2 as p; p.PdfDocument(sys.stdin.buffer.read())[0].get_textpage()"
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", code], input=body, timeout=1.5, check=False)


def test_notices_empty_pages_and_pictures_call_themselves_pages(site: Served) -> None:
    for path in (f"{traps.NEWS}7-borta", "/amnen/nedlagd"):
        answer = ask(site, f"{BRA}{path}")
        assert answer.status == 200 and '<h1 class="heading">Sidan finns inte' in answer.text
    assert ask(site, f"{BRA}/finns-inte").status == 404
    assert ask(site, f"{BRA}{traps.NEWS}8-tom").body == b""
    picture = ask(site, f"{BRA}{traps.NEWS}8-bild")
    assert picture.body[:4] == b"\x89PNG" and "text/html" in picture.headers["Content-Type"]


# --- Conditional requests


def test_what_has_not_changed_is_not_sent_again(site: Served) -> None:
    kinds: Counter[str] = Counter()
    for item in [i for i in site_of().of("gr") if not i.behaviour]:
        url = item.at(2).url
        first = ask(site, url)
        tag, since = first.headers.get("ETag"), first.headers.get("Last-Modified")
        kinds[f"{(tag or '-')[:1]}{'m' if since else '-'}"] += 1
        site.set_day(2)
        if tag:
            assert ask(site, url, If_None_Match=tag).status == 304
            assert ask(site, url, If_None_Match='"annan"').status == 200
        if since:
            again = ask(site, url, If_Modified_Since=since)
            assert (again.status, again.body) == (304, b"")
        site.set_day(1)
    assert kinds['"m'] > kinds.total() * 0.6
    assert kinds.keys() == {'"m', "Wm", '"-', "-m", "--"}


def test_a_page_that_changed_is_sent_again(site: Served) -> None:
    for name in ("bra-news-03", "skr-377", "bra-report-02"):  # the last one's file moved
        url = address(name, 2)
        first = ask(site, url).headers
        site.set_day(3)
        headers = {"If_None_Match": first["ETag"]} if "ETag" in first else {}
        if "Last-Modified" in first:
            headers["If_Modified_Since"] = first["Last-Modified"]
        assert follow(site, address(name, 3)).status == 200
        assert ask(site, address(name, 3), **headers).status == 200, name
        site.set_day(1)


def test_an_etag_may_lie(site: Served) -> None:
    first, second = (ask(site, difficult("etag-lies")) for _ in range(2))
    assert first.headers["ETag"] != second.headers["ETag"]
    assert words_of(first.text) == words_of(second.text)
    assert ask(site, difficult("etag-lies"), If_None_Match=first.headers["ETag"]).status == 200


# --- Many addresses, one page


def test_spellings_show_the_same_page(site: Served) -> None:
    url = address("bra-news-01")
    plain = words_of(ask(site, url).text)
    for other in (f"{url}?utm_source=brev", f"{url}?sv.target=12.0a", f"{url}.printable",
                  url.replace("bra.se", "www.bra.se")):  # fmt: skip
        assert words_of(ask(site, other).text) == plain, other
    marked = difficult("session")
    for mark in ("A1B2C3D4E5F60718", "99887766554433EE"):
        other = f"{marked};jsessionid={mark}"
        assert words_of(ask(site, other).text) == words_of(ask(site, marked).text)


def test_alias_hosts_show_the_whole_tree(site: Served) -> None:
    path = urlsplit(address("skr-page-03")).path
    pages = {
        words_of(ask(site, f"https://{host}{path}").text)
        for host in ("skr.se", "webbutik.skr.se", "extra.skr.se", "www.sfti.se",
                     "www.kvalitetsregister.se", "webbutik.skl.se")
    }  # fmt: skip
    assert len(pages) == 1


def test_twins_have_one_text_and_two_numbers(site: Served) -> None:
    twin, original = site_of().by_name["gr-twin-0"], site_of().by_name["gr-news-30"]
    assert twin.key != original.key and twin.work == original.work
    lines = [re.findall(r"<h1.*?</h1>|<p class=\"(?:normal|ingress)\">.*?</p>",
                        ask(site, i.main.url).text) for i in (twin, original)]  # fmt: skip
    assert lines[0] == lines[1] and lines[0]


def test_percents_may_be_written_otherwise(site: Served) -> None:
    url = address("bra-report-00-summary")
    assert "%C3%A5" in url
    for other in (url, url.replace("%C3%A5", "%c3%a5")):
        assert ask(site, other).body[:5] == b"%PDF-"
    assert quote("å") in url


def test_english_pages_say_so(site: Served) -> None:
    english = [d for d in LABELS.documents if d.language == "en" and d.kind != "pdf"]
    assert len(english) > 10 and not any(d.wanted for d in english)
    assert {'<html lang="en"' in ask(site, d.url_on(1)).text for d in english} == {True}


def test_calendars_and_paths_have_no_end(site: Served) -> None:
    for host in (BRA, SKR, GR):
        text = ask(site, f"{host}/kalender/2399/12").text
        assert "/kalender/2400/1" in text and "/kalender/2399/11" in text
    deep = f"{BRA}/amnen/vilse{'/vilse/amnen' * 30}"
    assert ask(site, deep).status == 200


def test_a_whole_host_is_busy_for_a_day(site: Served) -> None:
    site.set_day(5)
    for path in ("/", "/robots.txt", "/sitemap.xml", urlsplit(address("skr-377")).path):
        answer = ask(site, f"{SKR}{path}")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert ask(site, f"{BRA}/").status == 200


def test_template_words_and_empty_labels_leak(site: Served) -> None:
    every = [line for page in LABELS.cluttered for line in page.clutter]
    for line in ("ISBN: $isbn", "Kundkorg", "Created with Sketch.", "Kontakt", "Uppdaterad",
                 "Informationsansvarig", "Var informationen till nytta?"):  # fmt: skip
        assert line in every
    assert any(page.once and page.once[-1] == page.holds[0] for page in LABELS.cluttered)
