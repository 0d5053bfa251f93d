from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from indexer.context import Context
from indexer.database import writing
from indexer.jobs import State
from indexer.tables import jobs as table
from indexer.tasks import Done
from indexer.verify import verify
from indexer.worker import work


def add(context: Context, path: Path) -> int:
    return context.jobs.add("add", {"paths": [str(path)], "source": "egna"}).id


def until_idle(context: Context) -> int:
    return work(context, threading.Event(), until_idle=True)


def test_every_waiting_job_is_done(context: Context, files: Path) -> None:
    add(context, files)
    context.jobs.add("publish")
    assert until_idle(context) == 2
    assert {job.state for job in context.jobs.latest()} == {State.DONE}
    assert verify(context.library, context.index).documents == 2


def test_jobs_go_by_their_lanes(context: Context, files: Path) -> None:
    scan, added = context.jobs.add("scan").id, add(context, files)
    publish = context.jobs.add("publish").id
    until_idle(context)
    # A scan that came first would have found no folder.
    assert context.jobs.get(scan).message == "2 unchanged"
    # A publication that came last would have been the second generation.
    assert context.jobs.get(publish).message == "generation 1"
    assert context.jobs.get(added).message == "2 added, generation 2"


def test_a_failing_job_is_written_down_and_the_worker_goes_on(
    context: Context, files: Path, tmp_path: Path
) -> None:
    bad, good = add(context, tmp_path / "finns inte"), add(context, files)
    assert until_idle(context) == 2
    assert context.jobs.get(bad).state is State.FAILED
    assert "no such file" in context.jobs.get(bad).message
    assert context.jobs.get(good).state is State.DONE


def test_a_fault_nobody_foresaw_does_not_end_the_worker_either(
    context: Context, files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = context.jobs.add("add", {"source": "egna"}).id, add(context, files)
    assert until_idle(context) == 2
    assert context.jobs.get(bad).message == "KeyError: 'paths'"
    assert context.jobs.get(good).state is State.DONE
    assert "Traceback" in caplog.text


def test_a_job_whose_worker_fell_silent_is_taken_up_again(context: Context, files: Path) -> None:
    arguments = {"paths": [str(files)], "source": "egna"}
    job = context.jobs.add("add", arguments, worker="dead:1")
    assert until_idle(context) == 0
    with writing(context.library.engine) as connection:
        connection.execute(update(table).values(alive="2020-01-01T00:00:00.000+00:00"))
    assert until_idle(context) == 1
    assert context.jobs.get(job.id).state is State.DONE
    assert verify(context.library, context.index).documents == 2


def test_a_worker_that_is_asked_to_stop_leaves_the_rest(context: Context, files: Path) -> None:
    waiting = add(context, files)
    stopping = threading.Event()
    stopping.set()
    assert work(context, stopping) == 0
    assert context.jobs.get(waiting).state is State.QUEUED


def test_a_cancelled_job_is_not_done(context: Context, files: Path) -> None:
    job = add(context, files)
    context.jobs.cancel(job)
    assert until_idle(context) == 0
    assert context.library.is_empty()


class Minutes:
    """An event that is never set, and a clock that its waiting moves on by ten minutes."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds
        self.now = 0.0

    def is_set(self) -> bool:
        return self.rounds == 0

    def wait(self, seconds: float) -> bool:
        self.rounds -= 1
        self.now += 600
        return False


def idle(context: Context, monkeypatch: pytest.MonkeyPatch, rounds: int) -> None:
    clock = Minutes(rounds)
    monkeypatch.setattr("indexer.worker.time.monotonic", lambda: clock.now)
    work(context, clock)  # type: ignore[arg-type]


def test_an_idle_worker_looks_through_whole_folders_now_and_then(
    context: Context, do: Callable[..., Done], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do("add", paths=[files])
    (files / "medling.txt").unlink()
    idle(context, monkeypatch, rounds=4)
    scans = [job for job in context.jobs.latest() if job.kind == "scan"]
    assert [scan.state for scan in scans] == [State.QUEUED, State.DONE, State.DONE]
    assert scans[-1].message == "1 unchanged, 1 removed, generation 2"


def test_without_whole_folders_there_is_nothing_to_look_through(
    context: Context, do: Callable[..., Done], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do("add", paths=[files / "medling.txt"])
    idle(context, monkeypatch, rounds=4)
    assert [job.kind for job in context.jobs.latest() if job.kind != "purge"] == ["add"]


def test_one_scan_is_asked_for_at_a_time(
    context: Context, do: Callable[..., Done], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    do("add", paths=[files])
    context.jobs.add("scan", worker="another:1")
    idle(context, monkeypatch, rounds=4)
    assert [job.kind for job in context.jobs.latest() if job.kind != "purge"] == ["scan", "add"]


def test_once_a_day_bytes_are_let_go(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    idle(context, monkeypatch, rounds=5)
    assert [job.kind for job in context.jobs.latest()] == ["purge"]
    context.library.set_fact("purged_on", "2020-01-01")
    idle(context, monkeypatch, rounds=5)
    jobs = context.jobs.latest()
    assert [(job.kind, job.state) for job in jobs] == [("purge", State.DONE)] * 2
