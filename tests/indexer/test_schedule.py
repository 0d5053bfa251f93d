from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from indexer.context import Context
from indexer.crawl.frontier import Frontier
from indexer.crawl.runs import Asked
from indexer.jobs import State
from indexer.schedule import due_crawls, next_due
from indexer.status import read_status

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATER = MONDAY + timedelta(days=30)


@pytest.fixture
def context(make_context: Callable[..., Context]) -> Context:
    return make_context(crawl_contact="webb@kommun.example")


def crawl(context: Context, name: str, at: datetime = MONDAY, **asked: object) -> Frontier:
    """A run that has ended."""
    frontier = begin(context, name, at, **asked)
    frontier.end()
    return frontier


def begin(context: Context, name: str, at: datetime = MONDAY, **asked: object) -> Frontier:
    engine = context.library.engine
    return Frontier.begin(engine, name, Asked(**asked), clock=lambda: at)  # type: ignore[arg-type]


def test_a_fresh_installation_asks_nobody(context: Context) -> None:
    assert due_crawls(context, LATER) == ()
    assert {source.due for source in read_status(context).sources} == {""}


def test_a_crawled_source_is_due_when_its_time_has_passed(context: Context) -> None:
    crawl(context, "gr")
    hours = timedelta(hours=72)
    assert due_crawls(context, MONDAY + hours - timedelta(minutes=1)) == ()
    assert due_crawls(context, MONDAY + hours) == ("gr",)


def test_the_longest_due_goes_first(context: Context) -> None:
    for name, days in {"gr": 8, "skr": 7, "bra": 0}.items():
        crawl(context, name, MONDAY + timedelta(days=days))
    due = due_crawls(context, LATER)
    assert set(due) == {"gr", "skr", "bra"}
    times = [next_due(context, context.source(name)) for name in due]
    assert times == sorted(times)
    assert due[0] == "bra"


def test_without_a_contact_nothing_is_crawled_on_a_schedule(
    make_context: Callable[..., Context],
) -> None:
    context = make_context()
    crawl(context, "gr")
    assert due_crawls(context, LATER) == ()
    assert {source.due for source in read_status(context).sources} == {""}


@pytest.mark.parametrize(
    "asked", [{"url": "https://goteborgsregionen.se/"}, {"limit": 10}, {"only_failed": True}]
)
def test_a_page_or_a_trial_begins_no_schedule(context: Context, asked: dict[str, object]) -> None:
    crawl(context, "gr", MONDAY, **asked)
    assert due_crawls(context, LATER) == ()


def test_a_page_added_later_moves_nothing(context: Context) -> None:
    crawl(context, "gr")
    crawl(context, "gr", LATER, url="https://goteborgsregionen.se/")
    assert due_crawls(context, LATER) == ("gr",)


def test_a_run_that_was_killed_is_gone_on_with_at_once(context: Context) -> None:
    crawl(context, "skr")
    begin(context, "gr", LATER)
    assert due_crawls(context, LATER) == ("gr", "skr")


def test_a_run_that_was_stopped_counts_as_made(context: Context) -> None:
    begin(context, "gr").end(stopped=True)
    assert due_crawls(context, MONDAY + timedelta(hours=1)) == ()


def test_a_source_that_is_asked_for_is_left_to_that_job(context: Context) -> None:
    for name in ("gr", "skr"):
        crawl(context, name)
    job = context.jobs.add("crawl", {"sources": ["gr"]})
    assert due_crawls(context, LATER) == ("skr",)
    context.jobs.claim("somebody:1", job.id)
    assert due_crawls(context, LATER) == ("skr",)
    context.jobs.end(job.id, State.DONE)
    assert set(due_crawls(context, LATER)) == {"gr", "skr"}


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_after_a_crawl_that_came_to_nothing_a_source_rests(context: Context, state: State) -> None:
    begin(context, "gr")
    context.jobs.end(context.jobs.add("crawl", {"sources": ["gr"]}).id, state)
    now = datetime.now(UTC)
    assert due_crawls(context, now + timedelta(minutes=59)) == ()
    assert due_crawls(context, now + timedelta(minutes=61)) == ("gr",)


def test_a_source_switched_off_is_not_crawled_until_it_is_on_again(context: Context) -> None:
    crawl(context, "gr")
    context.library.switch("gr", shown=False)
    assert due_crawls(context, LATER) == ()
    context.library.switch("gr", shown=True)
    assert due_crawls(context, LATER) == ("gr",)


def test_a_source_that_is_off_from_the_start_is_crawled_once_an_editor_says_so(
    context: Context,
) -> None:
    crawl(context, "polisen")
    assert due_crawls(context, LATER) == ()
    context.library.switch("polisen", shown=True)
    assert due_crawls(context, LATER) == ("polisen",)


def test_the_status_says_when_a_source_was_crawled_and_is_due(context: Context) -> None:
    crawl(context, "gr")
    crawl(context, "polisen")
    status = {source.name: source for source in read_status(context).sources}
    assert (status["gr"].crawled[:16], status["gr"].state) == ("2026-03-02T08:00", "done")
    assert status["gr"].due[:16] == "2026-03-05T08:00"
    assert (status["polisen"].state, status["polisen"].due) == ("done", "")
    assert (status["egna"].crawled, status["egna"].due) == ("", "")
