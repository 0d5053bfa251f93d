from __future__ import annotations

import pytest
from sqlalchemy import update

from indexer.database import writing
from indexer.jobs import Jobs, State
from indexer.library import Library
from indexer.tables import jobs as table
from search.errors import LibraryError


@pytest.fixture
def jobs(library: Library) -> Jobs:
    return Jobs(library.engine)


def test_publishing_goes_before_everything_else(jobs: Jobs) -> None:
    first, second = jobs.add("scan"), jobs.add("publish")
    claimed = [job.id for job in iter(lambda: jobs.claim("worker"), None)]
    assert claimed == [second.id, first.id]


def test_a_job_is_claimed_once(jobs: Jobs) -> None:
    jobs.add("publish")
    assert jobs.claim("one") is not None
    assert jobs.claim("two") is None


def test_a_job_whose_worker_fell_silent_is_taken_up_again(jobs: Jobs, library: Library) -> None:
    job = jobs.add("publish", worker="dead")
    with writing(library.engine) as connection:
        connection.execute(update(table).values(alive="2020-01-01T00:00:00.000+00:00"))
    again = jobs.claim("alive")
    assert again is not None
    assert again.id == job.id


def test_a_waiting_job_is_cancelled_at_once_and_a_running_one_is_asked(jobs: Jobs) -> None:
    waiting, running = jobs.add("scan"), jobs.add("add", worker="w")
    jobs.cancel(waiting.id)
    jobs.cancel(running.id)
    assert jobs.get(waiting.id).state is State.CANCELLED
    assert jobs.get(running.id).state is State.RUNNING
    assert jobs.progress(running.id, 1, 2) is True


def test_progress_and_end_are_kept(jobs: Jobs) -> None:
    job = jobs.add("add", {"paths": ["/å"]}, worker="w")
    assert jobs.progress(job.id, 3, 7, "fil.pdf") is False
    jobs.end(job.id, State.FAILED, "why")
    ended = jobs.get(job.id)
    assert (ended.done, ended.total, ended.state, ended.message) == (3, 7, State.FAILED, "why")
    assert ended.arguments == {"paths": ["/å"]}


def test_an_unknown_kind_or_number_is_refused(jobs: Jobs) -> None:
    with pytest.raises(LibraryError, match="kind"):
        jobs.add("dance")
    with pytest.raises(LibraryError, match="no job 99"):
        jobs.get(99)
