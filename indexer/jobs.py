"""Jobs: rows in the library, and the only truth for what was asked, runs, failed and ended.

Owns claiming, progress, cancelling and taking up again after a worker that died. What a job
does is not its business.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Row, select

from indexer.database import writing
from indexer.history import time_text
from indexer.tables import jobs
from search.errors import LibraryError

#: A running job whose worker has not been heard of for so long is taken to have died with it.
SILENCE_SECONDS = 30


class State(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: The lane of each kind; lower ones go first, so that publishing never waits behind a crawl.
LANES: Mapping[str, int] = {
    "publish": 0, "add": 1, "scan": 2, "reparse": 3, "purge": 4, "crawl": 9,
}  # fmt: skip

#: Kinds that take hours and wait for other people's sites; done beside the others.
LONG = frozenset({"crawl"})


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work, its state and how far it has come (``done`` of ``total`` steps)."""

    id: int
    kind: str
    arguments: Mapping[str, Any]
    state: State
    done: int
    total: int
    message: str
    cancel: bool
    created: str
    started: str
    ended: str


def worker_name() -> str:
    """Who this process is, among those that may work on one library."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Jobs:
    """The queue in a library's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, kind: str, arguments: Mapping[str, Any] | None = None, *, worker: str = ""
    ) -> Job:
        """Queue a job, or with a ``worker`` start it at once in that worker's name.

        Raises LibraryError for a kind nobody works on.
        """
        if kind not in LANES:
            raise LibraryError(f"no worker knows the kind of job {kind!r}")
        now = _now()
        values = {
            "kind": kind,
            "lane": LANES[kind],
            "arguments": json.dumps(dict(arguments or {})),
            "state": State.RUNNING if worker else State.QUEUED,
            "done": 0,
            "total": 0,
            "message": "",
            "cancel": False,
            "worker": worker,
            "created": now,
            "started": now if worker else "",
            "alive": now if worker else "",
            "ended": "",
        }
        with writing(self._engine) as connection:
            (number,) = connection.execute(
                jobs.insert().values(**values).returning(jobs.c.id)
            ).one()
        return self.get(number)

    def get(self, number: int) -> Job:
        """A job by its number. Raises LibraryError when there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == number)).first()
        if row is None:
            raise LibraryError(f"there is no job {number}")
        return _job(row._asdict())

    def unfinished(self, *kinds: str) -> tuple[Job, ...]:
        """The jobs of these kinds that wait, or whose worker lives; oldest first."""
        states = (State.QUEUED, State.RUNNING)
        query = select(jobs).where(jobs.c.kind.in_(kinds), jobs.c.state.in_(states))
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(jobs.c.id)).all()
        return tuple(_job(row._asdict()) for row in rows if not _is_dead(row))

    def latest(self, limit: int = 10) -> tuple[Job, ...]:
        """The newest jobs, newest first."""
        query = select(jobs).order_by(jobs.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return tuple(_job(row._asdict()) for row in connection.execute(query))

    def claim(
        self, worker: str, number: int | None = None, *, kinds: Collection[str] = ()
    ) -> Job | None:
        """Take the next job that waits, of these kinds or any, or the given one.

        None when there is nothing to take.
        """
        now = _now()
        silent = _now(-SILENCE_SECONDS)
        with writing(self._engine) as connection:
            # Whoever ran these is gone; running them again does no harm, leaving them does.
            connection.execute(
                jobs.update()
                .where(jobs.c.state == State.RUNNING, jobs.c.alive < silent)
                .values(state=State.QUEUED, worker="", message="taken up again")
            )
            waiting = select(jobs.c.id).where(jobs.c.state == State.QUEUED)
            if number is not None:
                waiting = waiting.where(jobs.c.id == number)
            if kinds:
                waiting = waiting.where(jobs.c.kind.in_(kinds))
            chosen = connection.scalar(waiting.order_by(jobs.c.lane, jobs.c.id).limit(1))
            if chosen is None:
                return None
            connection.execute(
                jobs.update()
                .where(jobs.c.id == chosen)
                .values(state=State.RUNNING, worker=worker, started=now, alive=now)
            )
        return self.get(chosen)

    def progress(self, number: int, done: int, total: int, message: str = "") -> bool:
        """Say how far a job is and that its worker lives; True when it should stop."""
        with writing(self._engine) as connection:
            connection.execute(
                jobs.update()
                .where(jobs.c.id == number)
                .values(done=done, total=total, message=message, alive=_now())
            )
            return bool(connection.scalar(select(jobs.c.cancel).where(jobs.c.id == number)))

    def alive(self, number: int) -> None:
        """Say that a job's worker lives."""
        with writing(self._engine) as connection:
            connection.execute(jobs.update().where(jobs.c.id == number).values(alive=_now()))

    def end(self, number: int, state: State, message: str = "") -> None:
        """Write down how a job ended."""
        with writing(self._engine) as connection:
            connection.execute(
                jobs.update()
                .where(jobs.c.id == number)
                .values(state=state, message=message, ended=_now())
            )

    def cancel(self, number: int) -> None:
        """Ask for a job to stop; one that still waits is cancelled at once."""
        with writing(self._engine) as connection:
            connection.execute(jobs.update().where(jobs.c.id == number).values(cancel=True))
            connection.execute(
                jobs.update()
                .where(jobs.c.id == number, jobs.c.state == State.QUEUED)
                .values(state=State.CANCELLED, ended=_now())
            )


def _is_dead(row: Row[Any]) -> bool:
    """Whether a job runs no more: its worker is silent, or was a process here that is gone."""
    if row.state != State.RUNNING:
        return False
    host, _, process = row.worker.partition(":")
    if host == socket.gethostname() and process.isdecimal():
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
    return bool(row.alive < _now(-SILENCE_SECONDS))


def _job(row: Mapping[str, Any]) -> Job:
    values = {name: row[name] for name in Job.__slots__}
    values["arguments"] = json.loads(row["arguments"])
    values["state"] = State(row["state"])
    return Job(**values)


def _now(offset_seconds: float = 0) -> str:
    return time_text(datetime.now(UTC) + timedelta(seconds=offset_seconds))
