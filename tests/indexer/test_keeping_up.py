"""While a crawl goes on, what it found is published in jobs of their own."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from indexer.jobs import Job, Jobs, State
from indexer.keeping_up import DOCUMENTS, SECONDS, KeepingUp
from indexer.library import Library


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def jobs(library: Library) -> Jobs:
    return Jobs(library.engine)


@pytest.fixture
def done() -> list[int]:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keeping_up(jobs: Jobs, done: list[int], clock: Clock) -> KeepingUp:
    def do(job: Job) -> None:
        done.append(job.id)
        jobs.end(job.id, State.DONE)

    return KeepingUp(jobs, do, clock)


def test_nothing_is_published_where_nothing_was_stored(keeping_up: KeepingUp, jobs: Jobs) -> None:
    keeping_up.tick(0)
    assert jobs.latest() == ()


def test_many_documents_are_published_at_once(keeping_up: KeepingUp, jobs: Jobs) -> None:
    keeping_up.tick(DOCUMENTS - 1)
    assert jobs.latest() == ()
    keeping_up.tick(DOCUMENTS)
    assert [job.kind for job in jobs.latest()] == ["publish"]


def test_few_wait_a_minute(keeping_up: KeepingUp, jobs: Jobs, clock: Clock) -> None:
    keeping_up.tick(1)
    clock.now = SECONDS - 1
    keeping_up.tick(2)
    assert jobs.latest() == ()
    clock.now = SECONDS
    keeping_up.tick(2)
    assert len(jobs.latest()) == 1


def test_a_worker_that_is_there_does_the_job(
    keeping_up: KeepingUp, jobs: Jobs, done: list[int], clock: Clock
) -> None:
    keeping_up.tick(DOCUMENTS)
    job = jobs.claim("worker:1")
    assert job is not None
    clock.now = 20.0
    keeping_up.tick(DOCUMENTS)
    assert done == []
    jobs.end(job.id, State.DONE)
    keeping_up.tick(2 * DOCUMENTS)
    assert len(jobs.latest()) == 2


def test_without_a_worker_the_crawl_does_it_itself(
    keeping_up: KeepingUp, jobs: Jobs, done: list[int], clock: Clock
) -> None:
    keeping_up.tick(DOCUMENTS)
    clock.now = 5.0
    keeping_up.tick(DOCUMENTS)
    assert done == [jobs.latest()[0].id]


def test_at_the_end_all_is_published_before_it_returns(
    keeping_up: KeepingUp, jobs: Jobs, done: list[int], clock: Clock
) -> None:
    class Running(Clock):
        def __call__(self) -> float:
            self.now += 1.0
            return self.now

    keeping_up.clock = Running()
    keeping_up.finish()
    assert done == [jobs.latest()[0].id]
