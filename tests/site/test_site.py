"""The fixture site serves what its labels say, day by day, and its log tells the truth."""

from __future__ import annotations

import itertools
import re
import socket
import ssl
import threading
from collections import Counter
from contextlib import suppress
from urllib.parse import urlsplit

import pypdfium2
import pytest

from tests.site.asking import ask, follow
from tests.site.days import MOVE_DAY
from tests.site.front import site_of
from tests.site.labels import FILE, Label, as_json, on, plan_labels, read_labels
from tests.site.plan import LAST_DAY, MAIN_HOST
from tests.site.server import Served, serve

LABELS = read_labels()
PAGES = [d for d in LABELS.documents if d.kind not in ("pdf", "sheet")]
#: Wanted pages whose bytes come late, in pieces, or only when asked again: facts of their own.
SLOW = ("droppvis", "dröjer", "betänketid", "upptagen", "bröts", "aldrig tog slut")
PLAIN = [d for d in PAGES if not any(word in d.title for word in SLOW)]


def named(name: str) -> Label:
    """The label of an item of the plan."""
    key = site_of().by_name[name].key
    return next(label for label in LABELS.documents if label.key == key)


# --- The labels


def test_the_labels_are_what_the_plan_says() -> None:
    assert FILE.read_text(encoding="utf-8") == as_json(plan_labels())
    assert plan_labels() == LABELS


def test_there_are_hundreds_of_documents_and_sixty_pages_with_clutter() -> None:
    assert len(LABELS.documents) > 300
    assert len(LABELS.cluttered) == 60
    sources = Counter(page.key.partition(":")[0] for page in LABELS.cluttered)
    assert sources.keys() == {"bra", "skr", "gr"}


def test_keys_and_addresses_belong_to_one_document_each() -> None:
    keys = Counter(d.key for d in LABELS.documents)
    urls = Counter(url for d in (*LABELS.documents, *LABELS.others) for url in d.urls)
    assert [name for name, n in (keys + urls).items() if n > 1] == []


def test_keys_follow_the_identity_rules() -> None:
    for label in LABELS.documents:
        last = urlsplit(label.url).path.rsplit("/", 1)[-1]
        source, _, rest = label.key.partition(":")
        if source == "file":
            assert f"/download/{rest}/" in label.url
        elif source == "bra":
            assert last.removesuffix(".html") == rest
        else:
            assert re.search(rf"\.{rest}\.html$", last), label


def test_every_document_says_what_it_is_or_why_it_is_none() -> None:
    for label in LABELS.documents:
        assert label.work and label.title and label.dates and label.language, label.url
        assert label.wanted is True or label.why, label.url


def test_a_work_may_have_landing_full_summary_and_english_parts() -> None:
    roles: dict[str, set[str]] = {}
    for label in LABELS.documents:
        roles.setdefault(label.work, set()).add(label.role)
    assert {"landing", "full", "summary", "english"} in roles.values()


def test_no_two_pages_have_the_same_title_but_twins() -> None:
    titles = Counter(d.title for d in PAGES if d.role != "twin")
    assert [title for title, n in titles.items() if n > 1] == []


def test_texts_are_each_their_own(site: Served) -> None:
    """Under a third of the runs of four words are shared, so no one may take two for one."""
    runs = []
    readable = [d for d in PLAIN if d.wanted and d.role == "landing" and d.there(1)]
    for label in [d for d in readable if "teckenkod" not in d.title][::4]:
        html = follow(site, label.url_on(1)).text
        words = " ".join(re.findall(r"<p class=[^>]*>(.*?)</p>", html)).split()
        runs.append(set(zip(words, words[1:], words[2:], words[3:], strict=False)))
    assert len(runs) > 40 and min(map(len, runs)) > 80
    for one, other in itertools.combinations(runs, 2):
        assert len(one & other) < len(one | other) / 3


# --- What is served


def test_every_address_leads_to_its_document_on_its_days_only(site: Served) -> None:
    for day in (1, 4, MOVE_DAY):
        site.set_day(day)
        for label in PLAIN if day == 1 else PLAIN[day % 3 :: 3]:
            for url, days in ((label.url, label.days), *((u, s) for u, _, s in label.aliases)):
                answer = follow(site, url)
                assert (answer.status == 200) == on(days, day), (day, url, answer.status)
                if answer.status == 200 and "teckenkod" not in label.title:
                    assert f">{label.title}</h1>" in answer.text, url


def test_files_are_what_they_are_called(site: Served) -> None:
    for label in LABELS.documents:
        if label.kind != "pdf" or label.why == "hangs a parser":
            continue
        url = next(u for u in label.urls if ask(site, u, "HEAD").status == 200)
        answer = ask(site, url)
        assert answer.headers["Content-Type"] == "application/pdf"
        with pypdfium2.PdfDocument(answer.body) as document:
            assert document.get_metadata_value("Title") == label.title
            assert label.date(1).replace("-", "") in document.get_metadata_value("CreationDate")
            assert len(document) > 1


@pytest.mark.parametrize("variant", ["sitevision", "plain"])
def test_the_labelled_lines_stand_on_their_pages(variant: str) -> None:
    with serve(variant=variant) as site:
        for page in LABELS.cluttered:
            answer = ask(site, page.url)
            text = re.sub(r"<[^>]+>", "\n", answer.text)
            for line in (page.title, *page.clutter, *page.holds, *page.once):
                assert line in text, (page.url, line)
            assert not set(page.clutter) & set(page.holds)
            assert ("sv-" in answer.text or "Sitevision" in answer.text) == (variant != "plain")


def test_dates_are_shown_where_the_labels_have_one(site: Served) -> None:
    """In the address, in the metadata, or in the text; where there is none, no date is shown."""
    shown = re.compile(r"datePublished|published_time|<time|Publicerad (?:den )?\d")
    for label in [d for d in PLAIN if d.there(1) and "teckenkod" not in d.title]:
        text = follow(site, label.url_on(1)).text.partition("</main>")[0]
        if label.date(1):
            year, month, day = label.date(1).split("-")
            assert f"{year}-{month}-{day}" in text + label.url or f"{int(day)} " in text, label
        else:
            assert not shown.search(text), label.url


def test_what_is_no_document_is_there_to_be_found(site: Served) -> None:
    for label in LABELS.others:
        if not re.search("loop|redirect|too large|whole|empty|what it says|bomb", label.why):
            answer = ask(site, label.url)
            assert answer.status == 200, label.url
        assert (found := LABELS.of(label.url)) and found.wanted is False


def test_patterns_name_what_has_no_number(site: Served) -> None:
    for url, why in (
        ("https://bra.se/kalender/2031/4?date=2031-04-05", "calendar"),
        ("https://bra.se/amnen/vilse/vilse/amnen", "path without end"),
        ("https://bra.se/nyheter/arkiv/2025-01-09-vidare-17", "redirect out of the site"),
        ("https://skr.se/sok?query=x", "forbidden by robots.txt"),
        (named("bra-news-01").url + "?utm_source=brev", "query variant"),
        (named("skr-page-01").url + ".printable", "print view"),
        (named("bra-news-01").url + "?printerfriendly=true", "print view"),
    ):
        label = LABELS.of(url)
        assert label and label.wanted is False and label.why == why, url
    assert LABELS.of("https://bra.se/okand") is None
    assert all(LABELS.of(d.url) is d for d in LABELS.documents)


# --- Days


def test_day_two_and_the_last_day_are_the_days_before_again(site: Served) -> None:
    for earlier, later in ((1, 2), (LAST_DAY - 1, LAST_DAY)):
        for label in PAGES:
            assert on(label.days, earlier) == on(label.days, later) or "dagen" in label.title
        site.set_day(later)
        first, second = (ask(site, named("bra-method-02").url) for _ in range(2))
        assert first.body != second.body  # a token of the visit
        assert re.sub(r"v\d+", "", first.text) == re.sub(r"v\d+", "", second.text)


def test_what_is_reworded_says_more_and_is_marked_anew(site: Served) -> None:
    before = ask(site, named("bra-news-03").url)
    site.set_day(3)
    after = ask(site, named("bra-news-03").url)
    assert len(after.body) > len(before.body) + 200
    page = named("skr-377")
    assert page.dates == ((1, "2023-04-11"), (3, "2026-10-07"))
    assert "Publicerad 7 oktober 2026" in ask(site, page.url).text


def test_pages_vanish_and_come_back(site: Served) -> None:
    seen: dict[str, list[int]] = {}
    for name in ("skr-page-07", "bra-method-04", "skr-page-08", "bra-topic-02", "gr-news-10",
                 "gr-news-20", "gr-bank-00"):  # fmt: skip
        url = named(name).url
        seen[name] = []
        for day in range(1, LAST_DAY + 1):
            site.set_day(day)
            seen[name].append(ask(site, url).status)
    assert seen == {
        "skr-page-07": [200, 200, 404, 200, 503, 200, 200, 200, 200, 200],
        "bra-method-04": [200, 200, 404, 404, 200, 200, 200, 200, 200, 200],
        "skr-page-08": [200, 200, 410, 410, 503, 200, 200, 200, 200, 200],
        "bra-topic-02": [200, 200, 500, 500, 500, 200, 200, 200, 200, 200],
        "gr-news-10": [200, 200, 410, 410, 410, 410, 410, 410, 410, 410],
        "gr-news-20": [200, 200, 200, 200, 200, 200, 404, 404, 200, 200],
        "gr-bank-00": [200, 200, 200, 500, 200, 200, 200, 200, 200, 200],
    }


def test_the_accident_takes_more_than_a_fifth_of_gr() -> None:
    gr = [d for d in LABELS.documents if "goteborgsregionen.se" in d.url and d.wanted]
    before, during = (sum(d.there(day) for d in gr) for day in (6, 7))
    assert during < 0.8 * before


def test_the_move_sends_the_older_generation_on_and_stamps_files_anew(site: Served) -> None:
    report = named("bra-report-00")
    old = next(url for url, role, _ in report.aliases if role == "old")
    file = named("bra-report-00-full")
    assert (ask(site, old).status, ask(site, report.url).status) == (200, 404)
    assert ask(site, file.url).status == 404
    site.set_day(9)
    assert ask(site, old).headers["Location"] == urlsplit(report.url).path
    assert (ask(site, report.url).status, ask(site, file.url).status) == (200, 200)
    assert urlsplit(file.url).path in ask(site, report.url).text


# --- The log


def test_the_log_tells_what_was_asked(site: Served) -> None:
    ask(site, "https://skr.se/internt/lista?a=1", User_Agent="prov/1", X_Own="ja")
    ask(site, "https://annan.example/")
    ask(site, "https://bra.se/amnen", "HEAD")
    inside, foreign, head = site.log
    assert (inside.host, inside.path, inside.query) == ("skr.se", "/internt/lista", "a=1")
    assert inside.headers["User-Agent"] == "prov/1" and inside.headers["X-Own"] == "ja"
    assert (inside.status, inside.day, inside.forbidden, inside.foreign) == (200, 1, True, False)
    assert inside.bytes > 100 and inside.whole and not inside.secure
    assert (foreign.status, foreign.foreign, foreign.url) == (421, True, "https://annan.example/")
    assert (head.method, head.bytes, head.forbidden) == ("HEAD", 0, False)


def test_requests_at_once_are_counted_by_host(site: Served) -> None:
    slow = next(d.url for d in PAGES if "dröjer" in d.title)
    threads = [threading.Thread(target=ask, args=(site, slow)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ask(site, "https://skr.se/")
    assert site.most_at_once == {"bra.se": 3, "skr.se": 1}
    assert all(entry.seconds > 1 for entry in site.log[:3])


def test_https_is_served_with_a_certificate_of_our_own_authority(site: Served) -> None:
    context = ssl.create_default_context(cafile=str(site.ca_file))
    host, port = site.https_address.split(":")

    def first_line(name: str) -> bytes:
        with (
            socket.create_connection((host, int(port)), timeout=5) as sock,
            context.wrap_socket(sock, server_hostname=name) as line,
        ):
            line.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
            return line.recv(15)

    assert [first_line(name) for name in MAIN_HOST.values()] == [b"HTTP/1.1 200 OK"] * 3
    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
        first_line("webbutik.skl.se")
    assert [entry.secure for entry in site.log] == [True] * 3


def test_an_open_line_does_not_keep_the_site_up() -> None:
    with serve() as site:
        host, port = site.https_address.split(":")
        waiting = socket.create_connection((host, int(port)), timeout=5)
    with waiting, suppress(ConnectionResetError):
        assert waiting.recv(1) == b""
    with pytest.raises(OSError):
        socket.create_connection((host, int(port)), timeout=1).close()


def test_more_articles_are_served_when_asked_for() -> None:
    with serve(more=50) as site:
        listed = re.findall(
            r"<loc>(.*?)</loc>", ask(site, "https://goteborgsregionen.se/sitemap.xml").text
        )
        assert len(listed) == 50
        assert all(ask(site, url).status == 200 for url in listed[::10])
    assert len(plan_labels(50).documents) == len(LABELS.documents) + 50
