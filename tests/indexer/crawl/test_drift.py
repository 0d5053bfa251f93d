"""The drift alarm: a site that was rebuilt is noticed, and harms nothing that was there."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.context import Context
from indexer.crawl.addresses import Answer, Seen
from indexer.crawl.drift import FITS, Drift, drift_of, is_drift, is_sampled
from indexer.crawl.frontier import Frontier
from indexer.crawl.receipt import read_receipt
from indexer.crawl.runs import RunState
from indexer.crawling import crawl, decide
from indexer.library import Library
from indexer.parse.readings import Readings
from search.document import Block, Document, Section
from search.settings import Settings
from tests.site.server import serve


def text(words: int) -> Document:
    block = Block(" ".join(["ord"] * words))
    return Document(key="k", source="gr", title="T", sections=(Section(blocks=(block,)),))


@pytest.mark.parametrize(
    ("site", "general", "has_title", "drift"),
    [
        (100, 100, True, FITS),
        (60, 100, True, FITS),
        (59, 100, True, "the site's rules find 59% of the words"),
        (100, 100, False, "the site's rules find no title"),
        (0, 100, True, "the site's rules find 0% of the words"),
        (300, 100, True, FITS),
        (0, 49, False, ""),
    ],
)
def test_drift_is_told_by_title_and_share_of_words(
    site: int, general: int, has_title: bool, drift: str
) -> None:
    assert drift_of(Readings(text(site), text(general), has_title)) == drift


def test_rules_that_find_nothing_at_all_do_not_fit() -> None:
    assert drift_of(Readings(None, text(100), has_title=False)) == "the site's rules find no title"


def test_the_first_pages_are_compared_and_then_one_in_ten() -> None:
    assert all(is_sampled(number) for number in range(20))
    assert sum(is_sampled(number) for number in range(20, 120)) == 10


MISFIT = "the site's rules find no title"


def compared(library: Library, bad: int, fits: int, *, waiting: int = 0) -> Frontier:
    """A run whose first pages were compared, the bad ones first."""
    frontier = Frontier.begin(library.engine, "gr")
    drift = Drift(library.engine, frontier.crawl.id)
    frontier.see(Seen(f"/{number}") for number in range(bad + fits + waiting))
    for number in range(bad + fits):
        answer = Answer(200, digest=f"d{number}", text_digest="t", key=f"gr:{number}", words=100)
        frontier.fetched(f"/{number}", answer)
        drift.note(f"/{number}", MISFIT if number < bad else FITS)
    return frontier


def alarm(library: Library, bad: int, fits: int, *, waiting: int = 0) -> str:
    frontier = compared(library, bad, fits, waiting=waiting)
    return Drift(library.engine, frontier.crawl.id).alarm()


def test_more_than_a_tenth_of_a_finished_runs_pages_is_drift(library: Library) -> None:
    assert alarm(library, 2, 17) == "the site's rules no longer fit 2 of 19 compared pages"


def test_a_tenth_is_not_more_than_a_tenth(library: Library) -> None:
    assert alarm(library, 2, 18) == ""


def test_nine_pages_say_nothing_of_a_share(library: Library) -> None:
    assert alarm(library, 9, 0) == ""


def test_a_rebuilt_site_is_noticed_after_ten_pages_of_many(library: Library) -> None:
    assert alarm(library, 10, 0, waiting=500)


def test_two_of_the_first_ten_pages_stop_no_run(library: Library) -> None:
    assert alarm(library, 2, 8, waiting=1) == ""


def test_an_alarm_once_given_stays_whatever_the_pages_in_hand_say(library: Library) -> None:
    frontier = compared(library, 4, 6, waiting=30)
    drift = Drift(library.engine, frontier.crawl.id)
    said = drift.alarm()
    for number in range(10, 30):
        frontier.fetched(f"/{number}", Answer(200, digest=f"d{number}"))
        drift.note(f"/{number}", FITS)
    assert said
    assert Drift(library.engine, frontier.crawl.id).alarm() == ""
    assert drift.alarm() == said


def chance_of_alarm(share: float, most: int) -> float:
    """How likely a run is ever stopped when each compared page misfits with a chance of its own."""
    silent, loud = {0: 1.0}, 0.0
    for number in range(1, most + 1):
        after: dict[int, float] = {}
        for bad, chance in silent.items():
            after[bad] = after.get(bad, 0) + chance * (1 - share)
            after[bad + 1] = after.get(bad + 1, 0) + chance * share
        loud += sum(c for bad, c in after.items() if is_drift(bad, number, goes_on=True))
        silent = {b: c for b, c in after.items() if not is_drift(b, number, goes_on=True)}
    return loud


@pytest.mark.parametrize(
    ("share", "least", "most"), [(0.03, 0, 0.001), (0.05, 0, 0.01), (0.3, 0.99, 1), (1, 1, 1)]
)
def test_a_run_is_hardly_ever_stopped_on_a_site_that_was_not_rebuilt(
    share: float, least: float, most: float
) -> None:
    assert least <= chance_of_alarm(share, 120) <= most


def test_a_killed_run_goes_on_with_what_it_knew(library: Library) -> None:
    first = compared(library, 8, 0, waiting=4)
    again = Frontier.begin(library.engine, "gr")
    assert again.crawl.id == first.crawl.id
    drift = Drift(library.engine, again.crawl.id)
    assert drift.alarm() == ""
    for url in ("/8", "/9"):
        again.fetched(url, Answer(200, digest=url))
        drift.note(url, MISFIT)
    assert drift.alarm() == "the site's rules no longer fit 10 of 10 compared pages"


def test_every_form_of_the_receipt_names_the_pages(library: Library) -> None:
    receipt = read_receipt(library.engine, compared(library, 2, 1).crawl.id)
    assert [visit.url for visit in receipt.drifting()] == ["/0", "/1"]
    assert f"          /1: {MISFIT}" in list(receipt.lines())
    rows = csv.DictReader(io.StringIO(receipt.to_csv()))
    assert [row["drift"] for row in rows] == [MISFIT, MISFIT, FITS]
    visits = json.loads(receipt.to_json())["visits"]
    assert [visit["drift"] for visit in visits] == [MISFIT, MISFIT, FITS]


@contextmanager
def opened(
    home: Path, variant: str, day: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Context]:
    with serve(day, variant=variant) as site:
        monkeypatch.setenv("SSL_CERT_FILE", str(site.ca_file))
        settings = Settings(
            home=home,
            crawl_allow_addresses=(site.https_address,),
            crawl_resolve=tuple(f"{host}={at}" for host, at in site.resolve().items()),
            crawl_pace_percent=0,
            crawl_timeout=5,
        )
        with Context(settings) as context:
            yield context


def test_a_rebuilt_site_is_held_takes_nothing_and_goes_on_when_an_editor_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, "sitevision", 1, monkeypatch) as context:
        assert crawl(context, context.source("gr")).crawl.state is RunState.DONE
        before = context.library.state_at(context.library.revision())
    with opened(tmp_path, "plain", 3, monkeypatch) as context:
        held = crawl(context, context.source("gr"), days_ahead=2).crawl
        assert held.state is RunState.HELD
        assert held.reason.startswith("the site's rules no longer fit")
        receipt = read_receipt(context.library.engine, held.id)
        assert receipt.drifting()
        assert any(visit.url in line for visit in receipt.drifting() for line in receipt.lines())
        assert context.library.state_at(context.library.revision()) == before
        decide(context, held.id, is_right=True)
        again = crawl(context, context.source("gr"), days_ahead=3).crawl
        assert again.state is RunState.DONE
        assert again.totals.changed >= len(receipt.drifting())
