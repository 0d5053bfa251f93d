from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.crawl.addresses import Answer, Seen
from indexer.crawl.frontier import Frontier
from indexer.crawl.receipt import read_receipt
from indexer.crawl.removal import (
    GONE_STATUSES,
    Absence,
    Removal,
    Settled,
    absence_after,
    is_too_much,
    refuse,
    release,
)
from indexer.crawl.runs import Asked, Crawls, RunState
from indexer.library import Library
from search.document import Document
from search.errors import LibraryError

MakeDocument = Callable[..., Document]
FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Site:
    """A source's documents in a library, crawled on days that are told."""

    def __init__(self, library: Library, document: MakeDocument) -> None:
        self.library = library
        self._document = document
        #: What addresses answer that are known and that nothing names.
        self.unnamed = (0, "")

    def store(self, key: str) -> None:
        data = key.encode()
        self.library.store(self._document(key), data, origin=f"/{key}", parsed_by="p")

    def crawl(
        self, day: int, answers: dict[str, tuple[int, str]], *, at_once: bool = False, **asked: str
    ) -> Settled:
        """A run in which addresses answer with a status and, where that is 200, a key."""
        moment = FIRST + timedelta(days=day)
        engine = self.library.engine
        wanted = Asked(**asked)  # type: ignore[arg-type]
        frontier = Frontier.begin(engine, "gr", wanted, clock=lambda: moment)
        removal = Removal(frontier, gone_at_once=at_once)
        frontier.see(Seen(url) for url in answers)
        for page in frontier.claim(1000):
            status, key = answers.get(page.url, self.unnamed)
            if status == 200:
                if (known := self.library.known_by_key(key)) is None or known.removed:
                    self.store(key)
                frontier.fetched(page.url, Answer(200, key=key, text_digest=key))
            elif status == 304:
                frontier.unchanged(page.url, Answer(304))
            elif status in GONE_STATUSES:
                removal.gone(page.url, Answer(status))
            else:
                frontier.failed(page.url, "no answer", Answer(status))
        self.last = frontier.crawl.id
        settled = removal.finish()
        self.remove(settled.remove)
        return settled

    def remove(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self.library.remove(key, "gone at the source")

    def held(self) -> set[str]:
        return set(self.library.state_at(self.library.revision()))

    def state(self, number: int) -> RunState:
        return Crawls(self.library.engine).get(number).state


@pytest.fixture
def site(library: Library, document: MakeDocument) -> Site:
    return Site(library, document)


def there(*numbers: int) -> dict[str, tuple[int, str]]:
    return {f"/{number}": (200, f"gr:{number}") for number in numbers}


def gone(*numbers: int, status: int = 404) -> dict[str, tuple[int, str]]:
    return {f"/{number}": (status, "") for number in numbers}


def test_a_page_that_is_gone_on_two_days_takes_its_document_with_it(site: Site) -> None:
    site.crawl(0, there(*range(10)))
    assert site.crawl(1, gone(0) | there(*range(1, 10))).remove == ()
    assert site.crawl(1, gone(0) | there(*range(1, 10))).remove == ()
    assert site.crawl(2, gone(0, status=410) | there(*range(1, 10))).remove == ("gr:0",)
    assert site.held() == {f"gr:{number}" for number in range(1, 10)}


def test_a_source_that_means_it_is_believed_at_once(site: Site) -> None:
    site.crawl(0, there(*range(10)))
    settled = site.crawl(1, gone(0) | there(*range(1, 10)), at_once=True)
    assert settled.remove == ("gr:0",)


@pytest.mark.parametrize("status", [0, 301, 401, 403, 408, 429, 451, 500, 502, 503, 504])
def test_no_failure_ever_removes_a_document(site: Site, status: int) -> None:
    site.crawl(0, there(0))
    for day in range(1, 30):
        assert site.crawl(day, {"/0": (status, "")}, at_once=True) == Settled()
    assert site.held() == {"gr:0"}


def test_a_refusal_by_robots_removes_nothing_and_clears_nothing(
    site: Site, library: Library
) -> None:
    site.crawl(0, there(*range(10)))
    site.crawl(1, gone(0) | there(*range(1, 10)))
    moment = FIRST + timedelta(days=2)
    frontier = Frontier.begin(library.engine, "gr", clock=lambda: moment)
    for page in frontier.claim(100):
        frontier.skipped(page.url, "robots.txt")
    assert Removal(frontier).finish().remove == ()
    assert site.crawl(3, gone(0) | there(*range(1, 10))).remove == ("gr:0",)


@pytest.mark.parametrize("status", [200, 304])
def test_a_page_that_was_back_in_between_must_be_gone_twice_again(site: Site, status: int) -> None:
    others = there(*range(1, 10))
    site.crawl(0, there(0) | others)
    site.crawl(1, gone(0) | others)
    site.crawl(2, {"/0": (status, "gr:0")} | others)
    assert site.crawl(3, gone(0) | others).remove == ()
    assert site.crawl(4, gone(0) | others).remove == ("gr:0",)


def test_a_page_that_nobody_links_to_any_more_stays(site: Site) -> None:
    site.crawl(0, there(*range(10)))
    for day in range(1, 5):
        assert site.crawl(day, {"/0": (304, "")}).remove == ()
    assert len(site.held()) == 10


def test_a_document_that_has_moved_stays_though_its_old_address_is_gone(site: Site) -> None:
    others = there(*range(1, 10))
    site.crawl(0, there(0) | others)
    for day in range(1, 4):
        moved = {"/old-slug": (404, ""), "/0": (404, ""), "/new": (200, "gr:0")}
        assert site.crawl(day, moved | others).remove == ()
    assert "gr:0" in site.held()
    both = {"/0": (404, ""), "/new": (404, "")}
    assert site.crawl(4, both | others).remove == ()
    assert site.crawl(5, both | others).remove == ("gr:0",)


def test_a_document_that_comes_back_is_there_again(site: Site) -> None:
    others = there(*range(1, 10))
    site.crawl(0, there(0) | others)
    site.crawl(1, gone(0) | others)
    site.crawl(2, gone(0) | others)
    assert "gr:0" not in site.held()
    site.crawl(3, there(0) | others)
    assert "gr:0" in site.held()


def test_what_is_gone_for_good_is_asked_for_seldom_unless_something_names_it(
    site: Site, library: Library
) -> None:
    others = there(*range(1, 10))
    site.crawl(0, there(0) | others)
    for day in (7, 14):
        site.crawl(day, gone(0) | others)
    asked, site.unnamed = [], (404, "")
    for day in range(21, 63, 7):
        site.crawl(day, others)
        visits = read_receipt(library.engine, site.last).visits
        asked.append(any(visit.url == "/0" for visit in visits))
    assert asked == [False, False, False, True, False, False]
    site.crawl(64, gone(0) | others)
    assert "/0" in {visit.url for visit in read_receipt(library.engine, site.last).visits}


def test_a_run_that_would_remove_more_than_a_fifth_removes_nothing_and_asks(site: Site) -> None:
    site.crawl(0, there(*range(10)))
    site.crawl(1, gone(0, 1, 2) | there(*range(3, 10)))
    settled = site.crawl(2, gone(0, 1, 2) | there(*range(3, 10)))
    assert settled.remove == ()
    assert settled.held.startswith("3 of the source's 10 documents would be removed")
    assert site.state(site.last) is RunState.HELD
    assert len(site.held()) == 10


def test_a_fifth_exactly_is_removed(site: Site) -> None:
    site.crawl(0, there(*range(10)))
    site.crawl(1, gone(0, 1) | there(*range(2, 10)))
    assert site.crawl(2, gone(0, 1) | there(*range(2, 10))).remove == ("gr:0", "gr:1")


def test_an_editor_may_release_a_held_run(site: Site, library: Library) -> None:
    half = gone(*range(5)) | there(*range(5, 10))
    site.crawl(0, there(*range(10)))
    for day in (1, 2):
        site.crawl(day, half)
    keys = release(library.engine, site.last)
    assert keys == tuple(f"gr:{number}" for number in range(5))
    site.remove(keys)
    run = Crawls(library.engine).get(site.last)
    assert run.state is RunState.DONE
    assert run.totals.removed == 5
    assert "released" in run.reason
    with pytest.raises(LibraryError, match="does not wait"):
        release(library.engine, site.last)


def test_an_editor_may_refuse_a_held_run_and_is_asked_again_after_two_days(
    site: Site, library: Library
) -> None:
    half = gone(*range(5)) | there(*range(5, 10))
    site.crawl(0, there(*range(10)))
    for day in (1, 2):
        site.crawl(day, half)
    refuse(library.engine, site.last)
    assert site.state(site.last) is RunState.DONE
    assert site.crawl(3, half) == Settled()
    assert site.crawl(4, half).held
    with pytest.raises(LibraryError, match="does not wait"):
        refuse(library.engine, site.last - 1)


def test_a_later_run_of_the_whole_source_takes_over_the_question(site: Site) -> None:
    half = gone(*range(5)) | there(*range(5, 10))
    site.crawl(0, there(*range(10)))
    for day in (1, 2):
        site.crawl(day, half)
    older = site.last
    assert site.crawl(3, half).held
    assert (site.state(older), site.state(site.last)) == (RunState.DONE, RunState.HELD)
    assert site.crawl(4, there(*range(10))) == Settled()
    assert site.state(site.last - 1) is RunState.DONE
    assert len(site.held()) == 10


def test_a_run_for_one_address_neither_answers_nor_repeats_the_question(site: Site) -> None:
    half = gone(*range(5)) | there(*range(5, 10))
    site.crawl(0, there(*range(10)))
    for day in (1, 2):
        site.crawl(day, half)
    held = site.last
    assert site.crawl(3, there(7), url="/7") == Settled()
    assert site.state(held) is RunState.HELD


def test_a_run_held_for_another_reason_removes_nothing_until_it_is_released(
    site: Site, library: Library
) -> None:
    site.crawl(0, there(*range(10)))
    site.crawl(1, gone(0) | there(*range(1, 10)))
    moment = FIRST + timedelta(days=2)
    frontier = Frontier.begin(library.engine, "gr", clock=lambda: moment)
    removal = Removal(frontier)
    removal.gone("/0", Answer(404))
    Crawls(library.engine).hold(frontier.crawl.id, "no titles")
    assert removal.finish() == Settled(held="no titles")
    assert release(library.engine, frontier.crawl.id) == ("gr:0",)


def test_what_was_not_removed_since_the_process_was_killed_is_removed_by_the_next_run(
    site: Site, library: Library
) -> None:
    others = there(*range(1, 10))
    site.crawl(0, there(0) | others)
    site.crawl(1, gone(0) | others)
    removing = site.remove
    site.remove = lambda keys: None  # type: ignore[method-assign]
    site.crawl(2, gone(0) | others)
    site.remove = removing  # type: ignore[method-assign]
    assert site.crawl(3, gone(0) | others).remove == ("gr:0",)


def test_an_answer_that_does_not_say_gone_is_no_absence(site: Site, library: Library) -> None:
    frontier = Frontier.begin(library.engine, "gr")
    frontier.see([Seen("/a")])
    with pytest.raises(LibraryError, match="does not say"):
        Removal(frontier).gone("/a", Answer(500))


# The rule against all that may happen

STATUSES = [0, 200, 304, 301, 403, 404, 410, 429, 500, 503]


def oracle(answers: list[tuple[int, int]], *, at_once: bool) -> bool:
    """Whether a page is gone after (day, status) answers: said so on two days since there."""
    since_there: list[tuple[int, int]] = []
    for day, status in answers:
        since_there = [] if status in (200, 304) else [*since_there, (day, status)]
    days = {day for day, status in since_there if status in (404, 410)}
    return len(days) >= (1 if at_once else 2)


@given(
    answers=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(STATUSES)), max_size=30),
    at_once=st.booleans(),
)
def test_the_rule_says_what_a_plain_reading_of_all_answers_says(
    answers: list[tuple[int, int]], at_once: bool
) -> None:
    absence, day, dated = Absence(), 0, []
    for step, status in answers:
        day += step
        dated.append((day, status))
        absence = absence_after(
            absence, status, date(2026, 3, 1) + timedelta(days=day), at_once=at_once
        )
        assert absence.is_sure == oracle(dated, at_once=at_once)


@given(removed=st.integers(0, 300), documents=st.integers(0, 300))
def test_too_much_is_more_than_a_fifth(removed: int, documents: int) -> None:
    assert is_too_much(removed, documents) == (removed > documents * 20 / 100)


KEYS = [f"gr:{number}" for number in range(4)]
#: Each address has its key, and two keys have two addresses.
ADDRESSES = {f"/{number}": key for number, key in enumerate([*KEYS, *KEYS[:2]])}
DAY = st.fixed_dictionaries(
    {url: st.sampled_from([0, 200, 200, 404, 404, 500]) for url in ADDRESSES}
)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(days=st.lists(st.tuples(st.integers(0, 2), DAY), min_size=1, max_size=7))
def test_the_rows_lead_to_the_same_removals_as_a_plain_reading(
    tmp_path_factory: pytest.TempPathFactory,
    document: MakeDocument,
    days: list[tuple[int, dict[str, int]]],
) -> None:
    path = tmp_path_factory.mktemp("removal") / "library.sqlite"
    fillers = [f"gr:filler{number}" for number in range(8)]
    with Library(Path(path)) as library:
        site = Site(library, document)
        for key in fillers:
            site.store(key)
        site.crawl(0, {url: (200, key) for url, key in ADDRESSES.items()})
        said: dict[str, list[tuple[int, int]]] = defaultdict(list)
        held, day = {*KEYS, *fillers}, 0
        for step, answers in days:
            day += step
            for url, status in answers.items():
                said[url].append((day, status))
            held |= {key for url, key in ADDRESSES.items() if answers[url] == 200}
            going = {
                key
                for key in KEYS
                if key in held
                and all(
                    oracle(said[url], at_once=False) for url, k in ADDRESSES.items() if k == key
                )
                and any(answers[url] == 404 for url, k in ADDRESSES.items() if k == key)
            }
            asks = len(going) * 5 > len(held)
            settled = site.crawl(day, {url: (s, ADDRESSES[url]) for url, s in answers.items()})
            assert bool(settled.held) == asks
            if not asks:
                held -= going
            assert site.held() == held
