"""What an answer of a site becomes: documents, links, aliases, and what is left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from indexer.crawl.addresses import Page, Seen
from indexer.crawl.fetched import Fetched
from indexer.crawl.frontier import Frontier
from indexer.crawl.reader import Reader, Reading
from indexer.crawl.receipt import Visit, read_receipt
from indexer.crawl.removal import Removal
from indexer.crawl.runs import Became
from indexer.intake import Intake
from indexer.library import Library
from indexer.sources import Source

NODE = "5.1a2b3c4d5e6f7a8b9c0d1e2f.html"
PAGE = f"https://goteborgsregionen.se/nyheterochpress/medling.{NODE}"
RENAMED = f"https://goteborgsregionen.se/nyheterochpress/nyttnamn.{NODE}"
OTHER = "https://goteborgsregionen.se/nyheterochpress/annan.5.ffeeddccbbaa998877665544.html"
LIST = "https://goteborgsregionen.se/nyheterochpress"
KEY = "gr:1a2b3c4d5e6f7a8b9c0d1e2f"
TEXT = "Kommunen samlar polis, skola och socialtjänst varje vecka och skriver ned vad de ser. " * 4


def html(text: str = TEXT, *, title: str = "Medling", head: str = "", body: str = "") -> bytes:
    return (
        '<!DOCTYPE html><html lang="sv"><head><meta name="generator" content="Sitevision 11">'
        f'<title>{title}</title>{head}</head><body><main><div class="pagecontent">'
        f'<div class="sv-text-portlet-content"><h1>{title}</h1><p>{text}</p>{body}</div></div>'
        "</main></body></html>"
    ).encode()


class Run:
    """A run of GR's crawl, on a day."""

    def __init__(self, library: Library, source: Source, intake: Intake, day: int = 0) -> None:
        now = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=day)
        self.library = library
        self.frontier = Frontier.begin(library.engine, source.name, clock=lambda: now)
        self.removal = Removal(self.frontier)
        self.reader = Reader(Reading(source, self.frontier, self.removal, intake))

    def see(self, url: str, by: str = "link", depth: int = 1) -> Page:
        self.frontier.see([Seen(url, depth, by)])
        page = self.frontier.page(url)
        assert page is not None
        return page

    def read(self, url: str, got: Fetched | bytes, by: str = "link", depth: int = 1) -> Visit:
        if isinstance(got, bytes):
            got = Fetched(url, 200, {"content-type": "text/html; charset=utf-8"}, got)
        self.reader.read(self.see(url, by, depth), got)
        return self.visit(url)

    def visit(self, url: str) -> Visit:
        visits = read_receipt(self.library.engine, self.frontier.crawl.id).visits
        return next(visit for visit in visits if visit.url == url)

    def outcomes(self) -> Mapping[str, Became]:
        visits = read_receipt(self.library.engine, self.frontier.crawl.id).visits
        return {visit.url: visit.outcome for visit in visits}

    def end(self) -> tuple[str, ...]:
        keys = self.removal.finish().remove
        for key in keys:
            self.library.remove(key, "gone")
        return keys


@pytest.fixture
def gr(sources: Mapping[str, Source]) -> Source:
    return sources["gr"]


@pytest.fixture
def run(library: Library, gr: Source, intake: Intake) -> Run:
    return Run(library, gr, intake)


def keys(library: Library) -> list[str]:
    return [known.key for known in library.of_sources()]


# --- Documents


def test_a_page_becomes_a_document_with_the_key_of_its_address(run: Run) -> None:
    visit = run.read(PAGE, html())
    assert (visit.outcome, visit.key, visit.http_status) == (Became.NEW, KEY, 200)
    assert visit.words == len(TEXT.split())
    assert keys(run.library) == [KEY]


def test_an_answer_that_nothing_has_changed_is_no_document_anew(
    run: Run, library: Library, gr: Source, intake: Intake
) -> None:
    run.read(PAGE, html())
    run.end()
    revision = library.revision()
    second = Run(library, gr, intake, day=7)
    assert second.read(PAGE, Fetched(PAGE, 304)).outcome is Became.UNCHANGED
    assert library.revision() == revision


@pytest.mark.parametrize("body", ["", "<!-- besök 4711 -->"])
def test_the_same_text_is_unchanged_whatever_its_bytes(
    run: Run, library: Library, gr: Source, intake: Intake, body: str
) -> None:
    run.read(PAGE, html())
    run.end()
    revision = library.revision()
    visit = Run(library, gr, intake, day=7).read(PAGE, html(body=body))
    assert visit.outcome is Became.UNCHANGED
    assert library.revision() == revision


def test_another_text_is_changed(run: Run, library: Library, gr: Source, intake: Intake) -> None:
    run.read(PAGE, html())
    run.end()
    visit = Run(library, gr, intake, day=7).read(PAGE, html(TEXT + "Nytt."))
    assert visit.outcome is Became.CHANGED
    assert "Nytt." in str(library.version(KEY))


def test_what_cannot_be_read_fails_with_the_reason_and_leaves_what_was(
    run: Run, library: Library, gr: Source, intake: Intake
) -> None:
    run.read(PAGE, html())
    run.end()
    visit = Run(library, gr, intake, day=7).read(PAGE, b"\x89PNG\r\n\x1a\n" + bytes(2000))
    assert (visit.outcome, visit.reason) == (Became.FAILED, "could not be read: not_html")
    assert keys(library) == [KEY]


@pytest.mark.parametrize(
    ("status", "reason"), [(500, "the server answered 500"), (403, "the server answered 403")]
)
def test_other_answers_fail_and_remove_nothing(
    run: Run, library: Library, gr: Source, intake: Intake, status: int, reason: str
) -> None:
    run.read(PAGE, html())
    run.end()
    for day in (7, 8, 9):
        later = Run(library, gr, intake, day=day)
        visit = later.read(PAGE, Fetched(PAGE, status))
        assert (visit.outcome, visit.reason) == (Became.FAILED, reason)
        assert later.end() == ()
    assert keys(library) == [KEY]


# --- What is left out


@pytest.mark.parametrize(
    ("got", "reason"),
    [
        (html(head='<meta name="robots" content="noindex">'), "the page asks not to be indexed"),
        (html(TEXT, title="Sidan kunde inte hittas"), "says that the page is not there"),
        (
            html(
                "The municipality brings police, schools and social services together every week, "
                "and they write down what they see in the town. " * 4
            ).replace(b'lang="sv"', b'lang="en"'),
            "another language (en)",
        ),
        (
            html("", body="".join(f'<a href="/x{n}.5.aabb{n}aabb.html">Länk {n}</a> '
                                  for n in range(5))),
            "only leads on to other pages",
        ),
    ],
)  # fmt: skip
def test_a_page_that_is_no_document_is_skipped_with_the_reason(
    run: Run, got: bytes, reason: str
) -> None:
    visit = run.read(PAGE, got)
    assert (visit.outcome, visit.reason) in (
        (Became.SKIPPED, reason),
        (Became.FOLLOWED, ""),
    )
    assert keys(run.library) == []


def test_a_header_may_ask_not_to_be_indexed_too(run: Run) -> None:
    headers = {"content-type": "text/html", "x-robots-tag": "googlebot, noindex"}
    run.read(PAGE, Fetched(PAGE, 200, headers, html()))
    assert keys(run.library) == []


def test_a_document_that_asks_to_be_left_out_goes_after_two_days(
    run: Run, library: Library, gr: Source, intake: Intake
) -> None:
    run.read(PAGE, html())
    for number in range(9):  # a fifth of the source may go at once
        run.read(OTHER.replace("ff", f"f{number}", 1), html(f"Nummer {number}. {TEXT}"))
    run.end()
    hidden = html(head='<meta name="robots" content="noindex">')
    for day, removed in ((7, ()), (8, (KEY,))):
        later = Run(library, gr, intake, day=day)
        assert later.read(PAGE, hidden).outcome is Became.GONE
        assert later.end() == removed


# --- Addresses


def moved(to: str, status: int = 301) -> Fetched:
    return Fetched(PAGE, status, {"location": to})


def test_a_renamed_page_stays_the_same_document(
    run: Run, library: Library, gr: Source, intake: Intake
) -> None:
    run.read(PAGE, html())
    run.end()
    later = Run(library, gr, intake, day=7)
    visit = later.read(PAGE, moved(RENAMED))
    assert (visit.outcome, visit.reason) == (Became.SKIPPED, f"moved to {RENAMED}")
    assert later.read(RENAMED, html()).key == KEY
    version = library.version(KEY)
    assert version is not None and version.document.url == RENAMED
    assert keys(library) == [KEY]


def test_the_key_goes_along_to_an_address_that_would_give_another(
    library: Library, sources: Mapping[str, Source], intake: Intake
) -> None:
    old, new = "https://bra.se/amnen/klotter", "https://bra.se/amnen/klotter-och-skadegorelse"
    run = Run(library, sources["bra"], intake)
    assert run.read(old, html()).key == "bra:klotter"
    run.end()
    later = Run(library, sources["bra"], intake, day=7)
    later.read(old, Fetched(old, 301, {"location": new}))
    assert later.read(new, html()).key == "bra:klotter"
    assert keys(library) == ["bra:klotter"]


def test_a_page_that_now_leads_to_a_list_is_gone_after_two_days(
    run: Run, library: Library, gr: Source, intake: Intake
) -> None:
    run.read(PAGE, html())
    run.end()
    for _ in range(2):
        later = Run(library, gr, intake, day=7)
        visit = later.read(PAGE, moved(LIST))
        assert visit.outcome is Became.GONE
        assert "which is something else" in visit.reason
        later.end()
    assert keys(library) == [KEY]


def test_for_a_while_is_not_for_good(
    run: Run, library: Library, gr: Source, intake: Intake
) -> None:
    run.read(PAGE, html())
    run.end()
    visit = Run(library, gr, intake, day=7).read(PAGE, moved(LIST, 302))
    assert visit.outcome is Became.SKIPPED


@pytest.mark.parametrize("to", ["https://annan.example/", "javascript:alert(1)", "http://[::1"])
def test_what_sends_on_elsewhere_is_followed_no_further(run: Run, to: str) -> None:
    assert run.read(PAGE, moved(to)).outcome is Became.SKIPPED
    assert set(run.outcomes()) == {PAGE}


def test_two_addresses_of_one_page_are_one_document_from_the_start(run: Run) -> None:
    assert run.read(PAGE, html()).outcome is Became.NEW
    visit = run.read(RENAMED, html())
    assert (visit.outcome, visit.reason) == (Became.SKIPPED, f"the same document as {PAGE}")
    assert visit.key == KEY


def test_of_two_new_addresses_the_one_that_the_page_calls_its_own_is_the_documents(
    run: Run, library: Library
) -> None:
    own = html(head=f'<link rel="canonical" href="{RENAMED}">')
    run.read(PAGE, own)
    run.read(RENAMED, own)
    version = library.version(KEY)
    assert version is not None and version.document.url == RENAMED
    assert keys(library) == [KEY]


# --- Links


def links(*addresses: str) -> bytes:
    return html(body="".join(f'<p><a href="{a}">{a}</a></p>' for a in addresses))


def test_wanted_links_wait_and_others_stand_in_the_receipt_with_why(run: Run) -> None:
    run.read(PAGE, links(OTHER, "/kalender", "https://annan.example/sida"))
    assert run.frontier.page(OTHER) is not None
    assert run.visit("https://goteborgsregionen.se/kalender").reason.startswith("calendar")
    assert all("annan.example" not in url for url in run.outcomes())


def test_a_chain_of_links_without_end_is_left(run: Run, gr: Source) -> None:
    assert gr.crawl is not None
    run.read(PAGE, links(OTHER), depth=gr.crawl.most_depth)
    assert run.visit(OTHER).reason == "too many links from where the crawl begins"


def test_nofollow_is_obeyed(run: Run) -> None:
    headers = {"content-type": "text/html", "x-robots-tag": "nofollow"}
    run.read(PAGE, Fetched(PAGE, 200, headers, links(OTHER)))
    assert run.frontier.page(OTHER) is None


def test_a_list_that_says_what_it_said_before_is_followed_no_further(run: Run) -> None:
    first, second, third = (f"{LIST}?page={number}" for number in (2, 3, 4))
    body = f'<ul><li class="sv-channel-item"><h3><a href="{OTHER}">Annan</a></h3></li></ul>'
    run.read(first, html(body=f'{body}<a rel="next" href="{second}">Nästa</a>'), "next page")
    assert run.frontier.page(second) is not None
    run.read(second, html(body=f'{body}<a rel="next" href="{third}">Nästa</a>'), "next page")
    assert run.frontier.page(third) is None


def test_a_claimed_page_is_settled_whatever_comes_back(run: Run) -> None:
    answers = (
        Fetched(PAGE, 0, error="no answer in time"),
        Fetched(PAGE, 204),
        Fetched(PAGE, 410),
        Fetched(PAGE, 200),
        Fetched(PAGE, 301),
        replace(moved(RENAMED), headers={}),
    )
    for got in answers:
        run.reader.read(run.see(PAGE), got)
        assert PAGE in run.outcomes()
