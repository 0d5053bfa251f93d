"""A trial of a source on its site: what it tells an operator, and that nothing is left of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import terminal
from indexer.checking import Checked, check
from indexer.context import Context
from indexer.crawl.drift import FITS
from indexer.crawl.receipt import Visit
from indexer.crawl.runs import Became
from search.settings import Settings
from tests.site.server import Served, serve

LIMIT = 12
SITEMAP = "https://skr.se/sitemap.xml"


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with serve(1) as served:
        yield served


@pytest.fixture(scope="module")
def context(site: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        crawl_allow_addresses=(site.https_address,),
        crawl_resolve=tuple(f"{host}={at}" for host, at in site.resolve().items()),
        crawl_pace_percent=0,
        crawl_timeout=5,
    )
    with pytest.MonkeyPatch.context() as patch, Context(settings) as context:
        patch.setenv("SSL_CERT_FILE", str(site.ca_file))
        yield context


@pytest.fixture(scope="module")
def made(context: Context) -> Checked:
    return check(context, context.source("skr"), LIMIT)


def shown(made: Checked, monkeypatch: pytest.MonkeyPatch) -> str:
    paper = Console(file=io.StringIO(), width=200, highlight=False, soft_wrap=True)
    for module in ("console", "checks"):
        monkeypatch.setattr(f"terminal.{module}.out", paper)
    terminal.checked(made, as_json=False)
    assert isinstance(paper.file, io.StringIO)
    return paper.file.getvalue()


def visit(number: int, reason: str, outcome: Became = Became.SKIPPED) -> Visit:
    url = f"https://skr.se/{number}"
    return Visit(url, "", 0, outcome, "", "", 0, 0, 0, 0, reason, "")


def test_a_trial_asks_no_more_than_it_may_and_stores_nothing(
    made: Checked, context: Context, site: Served
) -> None:
    assert sum(visit.outcome != Became.SKIPPED for visit in made.visits) <= LIMIT
    assert context.library.revision() == 0
    assert not list(context.library.of_sources())
    assert [entry for entry in Path(context.settings.home).iterdir() if entry.is_dir()] == []
    assert site.mistakes == []


def test_a_trial_tells_what_robots_txt_and_the_sitemap_say(made: Checked) -> None:
    assert made.robots == ("https://skr.se/robots.txt: read, 1 sitemaps",)
    # How many depends on the order of reading: an address counts where it is seen first.
    assert made.found["sitemap"] > 0
    assert SITEMAP not in made.unasked
    assert {v.outcome for v in made.visits if v.url == SITEMAP} == {Became.FOLLOWED}


def test_a_trial_reads_each_page_both_ways(made: Checked) -> None:
    compared = [page for page in made.pages if page.readings]
    assert compared
    assert {page.drift for page in compared} <= {FITS, ""}
    for page in compared:
        assert page.readings is not None
        # The document was enriched on its way into the library, the reading was not.
        assert page.readings.site == replace(page.document, facets={})


def test_sitemaps_that_a_trial_did_not_come_to_are_named(context: Context) -> None:
    made = check(context, context.source("bra"), 2)
    assert made.unasked
    assert all("sitemap" in address for address in made.unasked)


def test_an_operator_sees_robots_addresses_and_both_readings(
    made: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = shown(made, monkeypatch)
    assert "https://skr.se/robots.txt: read, 1 sitemaps" in said
    assert f"{made.found['sitemap']} by sitemap" in said
    page = next(page for page in made.pages if page.readings)
    assert page.readings is not None
    for told in (
        page.document.title,
        page.document.key,
        f"by the site's rules: {page.readings.site_words} words",
        f"by anyone: {page.readings.general_words} words",
        f"{len(made.pages)} documents would be kept",
        "Nothing was stored.",
    ):
        assert told in said
    day = str(page.document.published.day or page.document.changed.day or "no date")
    assert said.count(day) >= 3  # of the document, and of each reading


def test_pages_that_the_rules_do_not_fit_are_shown_first(
    made: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = made.pages[-1]
    odd = replace(page, document=replace(page.document, title="Den som inte passar"), drift="no")
    said = shown(replace(made, pages=(*[page] * 20, odd)), monkeypatch)
    assert said.index("Den som inte passar") < said.index(page.document.title)
    assert "… and 11 documents more" in said


def test_addresses_left_out_for_one_reason_are_counted_after_the_first(
    made: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    alike = tuple(visit(n, f"query variant of https://skr.se/a{n}") for n in range(3000))
    failed = tuple(visit(n, "timeout", Became.FAILED) for n in range(5000, 5009))
    said = shown(replace(made, visits=alike + failed, pages=()), monkeypatch)
    assert "… and 2995 more" in said
    assert said.count("timeout") == 9
    assert said.count("query variant") == 6


def test_what_a_site_writes_is_no_markup_for_the_terminal(
    made: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = replace(made.pages[0].document, title="[red]Fel[/] [link=https://x]")
    page = replace(made.pages[0], document=hostile)
    odd = visit(1, "[bold]x[/]")
    said = shown(replace(made, pages=(page,), visits=(odd,), robots=("[u]r[/]",)), monkeypatch)
    for told in (hostile.title, odd.reason, "[u]r[/]"):
        assert told in said


def test_a_program_gets_everything(made: Checked, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.checked(made, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert len(told["visits"]) == len(made.visits)
    assert told["found"] == dict(made.found)
    first = next(page for page in told["pages"] if page["readings"])
    assert first["readings"]["site"]["title"] == first["document"]["title"]
