from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from indexer.crawl.addresses import Answer, Seen
from indexer.crawl.frontier import CLAIM_SECONDS, Frontier
from indexer.crawl.runs import Asked, Became, Crawls, RunState
from indexer.library import Library
from search.document import Document
from search.errors import LibraryError

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
MakeDocument = Callable[..., Document]


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def on(self, hours: float) -> None:
        self.at += timedelta(hours=hours)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def begin(library: Library, clock: Clock) -> Callable[..., Frontier]:
    """Begin a run, or go on with it: ``begin(limit=2)``."""

    def start(**asked: object) -> Frontier:
        return Frontier.begin(library.engine, "gr", Asked(**asked), clock=clock)  # type: ignore[arg-type]

    return start


def urls(frontier: Frontier, most: int = 100) -> list[str]:
    return [page.url for page in frontier.claim(most)]


def outcomes(library: Library, frontier: Frontier) -> dict[str, int]:
    totals = Crawls(library.engine).totals(frontier.crawl.id)
    return {became: n for became in Became if (n := getattr(totals, became))}


def answer(text: str = "t", **fields: object) -> Answer:
    return Answer(200, digest=text, text_digest=text, **fields)  # type: ignore[arg-type]


def test_an_address_is_seen_once_however_often_it_is_found(begin: Callable[..., Frontier]) -> None:
    frontier = begin()
    assert frontier.see([Seen("/a"), Seen("/b", 1), Seen("/a")]) == 2
    assert frontier.see([Seen("/b", 1), Seen("/a")]) == 0
    assert urls(frontier) == ["/a", "/b"]


def test_the_shortest_way_to_an_address_is_the_one_that_counts(
    begin: Callable[..., Frontier],
) -> None:
    frontier = begin()
    frontier.see([Seen("/a", 5), Seen("/b", 3)])
    frontier.see([Seen("/a", 1), Seen("/b", 4)])
    assert {page.url: page.depth for page in frontier.claim(9)} == {"/a": 1, "/b": 3}


def test_what_was_never_fetched_comes_first_and_then_what_is_longest_due(
    begin: Callable[..., Frontier], clock: Clock
) -> None:
    first = begin()
    first.see([Seen("/old"), Seen("/failing"), Seen("/older")])
    first.claim(9)
    first.fetched("/older", answer())
    first.failed("/failing", "timeout")
    first.fetched("/old", answer())
    first.end()
    clock.on(168)
    second = begin()
    second.see([Seen("/deep", 2), Seen("/new", 1)])
    assert urls(second) == ["/new", "/deep", "/failing", "/old", "/older"]


def test_two_processes_never_hold_the_same_address(
    library: Library, begin: Callable[..., Frontier], clock: Clock
) -> None:
    one = begin()
    two = Frontier(library.engine, one.crawl, clock=clock)
    one.see(Seen(f"/{number}") for number in range(10))
    held = [urls(one, 3), urls(two, 3), urls(one, 3), urls(two, 3)]
    assert sorted(url for some in held for url in some) == sorted(
        f"/{number}" for number in range(10)
    )
    assert one.remaining() == 10


def test_what_a_process_held_that_died_is_taken_by_others_after_a_while(
    library: Library, begin: Callable[..., Frontier], clock: Clock
) -> None:
    one = begin()
    one.see([Seen("/a")])
    assert urls(one) == ["/a"]
    two = Frontier(library.engine, one.crawl, clock=clock)
    assert urls(two) == []
    clock.on(CLAIM_SECONDS / 3600 + 0.1)
    assert urls(two) == ["/a"]


def test_a_killed_run_goes_on_from_its_rows(
    library: Library, begin: Callable[..., Frontier]
) -> None:
    killed = begin()
    killed.see([Seen("/a"), Seen("/b"), Seen("/c")])
    killed.claim(2)
    killed.fetched("/a", answer())
    again = begin()
    assert again.crawl.id == killed.crawl.id
    assert urls(again) == ["/b", "/c"]
    assert outcomes(library, again) == {"new": 1}


def test_a_source_has_one_run_at_a_time_but_an_editors_page_does_not_wait(
    begin: Callable[..., Frontier],
) -> None:
    whole = begin()
    whole.see([Seen("/a"), Seen("/b")])
    with pytest.raises(LibraryError, match="has not ended"):
        begin(only_failed=True)
    one = begin(url="/b")
    assert one.crawl.id != whole.crawl.id
    assert urls(one) == ["/b"]
    assert urls(whole) == ["/a"]


def test_a_run_for_one_address_leaves_others_to_a_later_run(
    begin: Callable[..., Frontier],
) -> None:
    one = begin(url="/a")
    one.see([Seen("/b", 1)])
    assert urls(one) == ["/a"]
    one.fetched("/a", answer())
    one.end()
    assert urls(begin()) == ["/b", "/a"]


def test_a_run_for_what_failed_takes_nothing_else(begin: Callable[..., Frontier]) -> None:
    first = begin()
    first.see([Seen("/good"), Seen("/bad"), Seen("/print")])
    first.fetched("/good", answer())
    first.failed("/bad", "timeout")
    first.skipped("/print", "print view")
    first.end()
    second = begin(only_failed=True)
    assert urls(second) == ["/bad"]


def test_a_limit_counts_what_is_fetched_and_in_hand_but_not_what_is_skipped(
    begin: Callable[..., Frontier],
) -> None:
    frontier = begin(limit=3)
    frontier.see(Seen(f"/{number}") for number in range(9))
    assert urls(frontier, 2) == ["/0", "/1"]
    frontier.skipped("/0", "print view")
    assert urls(frontier, 9) == ["/2", "/3"]
    frontier.fetched("/1", answer())
    assert urls(frontier) == []
    frontier.failed("/2", "timeout")
    frontier.fetched("/3", answer())
    assert urls(frontier) == []


def test_the_text_tells_what_a_page_became(
    library: Library, begin: Callable[..., Frontier], clock: Clock
) -> None:
    became = []
    for text in ("one", "one", "two"):
        frontier = begin()
        frontier.see([Seen("/a")])
        became.append(frontier.fetched("/a", answer(text)))
        frontier.end()
        clock.on(24)
    assert became == ["new", "unchanged", "changed"]


def test_a_page_is_asked_for_only_if_it_has_changed_while_its_document_is_held(
    library: Library, document: MakeDocument, begin: Callable[..., Frontier]
) -> None:
    library.store(document("gr:1"), b"bytes", origin="/a", parsed_by="p")
    frontier = begin()
    frontier.see([Seen("/a")])
    assert frontier.headers("/a") == {}
    frontier.fetched("/a", answer(key="gr:1", etag='"x"', last_modified="Mon, 02 Mar 2026"))
    both = {"If-None-Match": '"x"', "If-Modified-Since": "Mon, 02 Mar 2026"}
    assert frontier.headers("/a") == both
    frontier.unchanged("/a", Answer(304))
    assert frontier.headers("/a") == both
    frontier.unchanged("/a", Answer(304, etag='"y"'))
    assert frontier.headers("/a") == {**both, "If-None-Match": '"y"'}
    library.remove("gr:1", "test")
    assert frontier.headers("/a") == {}
    assert frontier.fetched("/a", answer(key="gr:1")) is Became.NEW


def test_a_page_that_could_not_be_read_is_asked_for_whole_and_keeps_what_was_read_before(
    begin: Callable[..., Frontier],
) -> None:
    frontier = begin()
    frontier.see([Seen("/a")])
    frontier.fetched("/a", answer(etag='"x"'))
    frontier.failed("/a", "timeout")
    assert frontier.headers("/a") == {"If-None-Match": '"x"'}
    frontier.failed("/a", "damaged", Answer(200))
    assert frontier.headers("/a") == {}
    assert frontier.fetched("/a", answer()) is Became.UNCHANGED


def test_a_page_that_fails_is_due_later_each_time_but_never_later_than_all(
    begin: Callable[..., Frontier], clock: Clock
) -> None:
    frontier = begin()
    frontier.see([Seen("/a")])
    waits = []
    for _ in range(12):
        frontier.failed("/a", "timeout")
        hours = [h for h in range(170) if frontier.due(clock.at + timedelta(hours=h))]
        waits.append(hours[0])
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 168, 168, 168, 168]


def test_every_page_is_due_again_when_the_next_run_begins(
    begin: Callable[..., Frontier], clock: Clock
) -> None:
    frontier = begin()
    frontier.see([Seen("/a"), Seen("/b")])
    assert frontier.due() == 2
    frontier.fetched("/a", answer())
    clock.on(5)
    frontier.fetched("/b", answer())
    assert frontier.due() == 0
    assert frontier.due(MONDAY + timedelta(hours=168)) == 2


def test_a_source_is_due_a_while_after_its_last_whole_run_began(
    library: Library, begin: Callable[..., Frontier], clock: Clock
) -> None:
    runs = Crawls(library.engine)
    assert runs.next_due("gr", 24) == ""
    frontier = begin()
    assert runs.next_due("gr", 24) == ""
    clock.on(3)
    frontier.end()
    begin(url="/a").end()
    assert runs.next_due("gr", 24) == "2026-03-03T08:00:00.000+00:00"
    assert runs.latest("gr")[1].state is RunState.DONE


def test_an_address_nobody_saw_cannot_have_become_anything(begin: Callable[..., Frontier]) -> None:
    with pytest.raises(LibraryError, match="never seen"):
        begin().fetched("/a", answer())


WORK = """
import sys
from pathlib import Path
from indexer.crawl.addresses import Answer, Seen
from indexer.crawl.frontier import Frontier
from indexer.crawl.runs import Crawls
from indexer.library import Library

with Library(Path(sys.argv[1])) as library:
    frontier = Frontier(library.engine, Crawls(library.engine).get(int(sys.argv[2])))
    while held := frontier.claim(3):
        for page in held:
            number = int(page.url[1:])
            frontier.see(Seen(f"/{n}", 1) for n in (2 * number + 1, 2 * number + 2) if n < 60)
            frontier.fetched(page.url, Answer(200, text_digest=page.url))
            print(page.url)
"""


def test_two_processes_do_a_run_together_each_address_once(library: Library, root: Path) -> None:
    frontier = Frontier.begin(library.engine, "gr")
    frontier.see(Seen(f"/{number}") for number in range(6))
    command = [sys.executable, "-c", WORK, str(library.path), str(frontier.crawl.id)]
    workers = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    done = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sorted(url for some in done for url in some) == sorted(
        f"/{number}" for number in range(60)
    )
    assert frontier.remaining() == 0
    assert outcomes(library, frontier) == {"new": 60}
