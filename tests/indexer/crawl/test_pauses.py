"""How patient a crawl is with a site that is busy."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.crawl.fetched import MOST_SECONDS, Fetched
from indexer.crawl.pauses import MOST_IN_A_ROW, MOST_TRIES, MOST_TRIES_BUSY, Pauses

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def answer(status: int = 503, **headers: str) -> Fetched:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fetched("https://bra.se/", status, names)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("86400", MOST_SECONDS),
        ("Wed, 25 Nov 2026 12:00:30 GMT", 30.0),
        ("Wed, 25 Nov 2026 11:00:00 GMT", 0.0),
        ("snart", None),
        ("-5", None),
        ("", None),
    ],
)
def test_a_site_says_in_seconds_or_by_the_clock_when_to_come_back(
    said: str, seconds: float | None
) -> None:
    assert answer(retry_after=said).retry_after(NOW) == seconds


def test_a_busy_site_is_left_alone_as_long_as_it_asks() -> None:
    pauses = Pauses()
    assert pauses.try_again("a", 100.0, is_busy=True, asked_for=30.0)
    assert pauses.wait(100.0) == 30.0
    assert pauses.wait(131.0) == 0.0


def test_without_its_word_each_pause_is_twice_the_one_before() -> None:
    pauses, waits = Pauses(), []
    now = 0.0
    while pauses.try_again("a", now, is_busy=True):
        waits.append(pauses.wait(now))
        now += waits[-1]
    assert waits == [10.0, 20.0, 40.0]
    assert len(waits) == MOST_TRIES_BUSY - 1


def test_what_is_not_busy_is_asked_once_more() -> None:
    pauses = Pauses()
    asked = [pauses.try_again("a", 0.0) for _ in range(MOST_TRIES)]
    assert asked == [True, False]


def test_many_failures_in_a_row_end_the_run_and_one_answer_begins_anew() -> None:
    pauses = Pauses(scale=0.0)
    for number in range(MOST_IN_A_ROW - 1):
        while pauses.try_again(str(number), 0.0):
            pass
    assert not pauses.is_over
    pauses.answered("en sida")
    assert pauses.failed_in_a_row == 0
    for number in range(MOST_IN_A_ROW):
        while pauses.try_again(str(number), 0.0):
            pass
    assert pauses.is_over


def test_robots_txt_may_ask_for_a_longer_pause_between_requests() -> None:
    pauses = Pauses(least=5.0)
    pauses.asked(100.0)
    assert pauses.wait(100.0) == 5.0


@given(st.floats(0, 1e6), st.floats(0, 300) | st.none(), st.booleans())
def test_no_pause_is_ever_shorter_than_one_that_was_set(
    now: float, asked_for: float | None, is_busy: bool
) -> None:
    pauses = Pauses(resume_at=now + 50)
    pauses.try_again("a", now, is_busy=is_busy, asked_for=asked_for)
    assert pauses.wait(now) >= 49.9


def test_wishes_of_a_header_are_read_whatever_their_case() -> None:
    assert "noindex" in answer(200, x_robots_tag="Googlebot: NoIndex, nofollow").wishes
    assert answer(200, x_robots_tag="none").wishes >= {"noindex", "nofollow"}
    assert answer(200).wishes == frozenset()


def test_where_an_answer_sends_on_is_read_from_its_own_address() -> None:
    assert answer(301, location="../b").target == "https://bra.se/b"
    assert answer(301, location="http://[::1").target == ""
