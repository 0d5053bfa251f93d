"""Runs: each crawl of a source as a row, with what was asked, how it ended and what it came to.

Owns the state of a run. Which addresses it wants is ``frontier``'s business. A run that was
killed stays ``running`` and is taken up again by whoever asks for the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select

from indexer.database import writing
from indexer.history import time_text
from indexer.tables import crawls, visits
from search.errors import LibraryError


class RunState(StrEnum):
    """Where a run is in its life. A held one waits for an editor's word about removals."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    HELD = "held"


class Became(StrEnum):
    """What became of an address in a run. ``followed`` was read for its links only."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FOLLOWED = "followed"
    SKIPPED = "skipped"
    FAILED = "failed"
    GONE = "gone"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is for: the whole source, what failed before, or one address.

    ``limit`` is the most addresses that are fetched; 0 is no limit.
    """

    only_failed: bool = False
    url: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """What a run came to: documents ``removed``, everything else in addresses.

    ``seconds`` were spent waiting for answers and reading them, also before a run was killed.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    followed: int = 0
    skipped: int = 0
    failed: int = 0
    gone: int = 0
    removed: int = 0
    bytes: int = 0
    pages_without_text: int = 0
    seconds: float = 0.0

    @property
    def addresses(self) -> int:
        """How many addresses were looked at."""
        outcomes = (self.new, self.changed, self.unchanged, self.followed, self.skipped)
        return sum(outcomes) + self.failed + self.gone + self.removed


@dataclass(frozen=True, slots=True)
class Crawl:
    """A run. ``totals`` are those of its end; ``reason`` is English and says why it was held."""

    id: int
    source: str
    state: RunState
    asked: Asked
    totals: Totals
    reason: str
    started: str
    ended: str


@dataclass(frozen=True, slots=True)
class Crawls:
    """The runs in a library's database."""

    engine: Engine = field(repr=False)

    def get(self, number: int) -> Crawl:
        """A run by its number. Raises LibraryError when there is none."""
        with self.engine.connect() as connection:
            return run_of(connection, number)

    def latest(self, source: str = "", limit: int = 10) -> tuple[Crawl, ...]:
        """The newest runs, of one source or all, newest first."""
        query = select(crawls).order_by(crawls.c.id.desc()).limit(limit)
        if source:
            query = query.where(crawls.c.source == source)
        with self.engine.connect() as connection:
            return tuple(_crawl(row) for row in connection.execute(query))

    def last_whole(self, source: str) -> Crawl | None:
        """The newest run that was for the whole source, or None."""
        query = select(crawls).where(crawls.c.source == source).order_by(crawls.c.id.desc())
        with self.engine.connect() as connection:
            whole = (run for row in connection.execute(query) if _is_whole(run := _crawl(row)))
            return next(whole, None)

    def next_due(self, source: str, every_hours: int) -> str:
        """When the whole source is to be crawled next; ``""``, which sorts first, for now.

        A run that has not ended is to be gone on with now. One that was stopped counts as made,
        or the worker would start it again at once.
        """
        last = self.last_whole(source)
        if last is None or last.state is RunState.RUNNING:
            return ""
        return time_text(datetime.fromisoformat(last.started) + timedelta(hours=every_hours))

    def totals(self, number: int) -> Totals:
        """What a run has come to so far."""
        with self.engine.connect() as connection:
            return count_visits(connection, number)

    def give_up(self, source: str, asked: Asked) -> None:
        """End the runs of a source that were for something else and left unfinished.

        For whoever knows that no process works on them any more.
        """
        query = select(crawls).where(crawls.c.source == source, crawls.c.state == RunState.RUNNING)
        with writing(self.engine) as connection:
            runs = [_crawl(row) for row in connection.execute(query)]
            for run in runs:
                if run.asked != asked and not (run.asked.url or asked.url):
                    end_run(connection, run.id, RunState.STOPPED, "given up for another", now())

    def hold(self, number: int, reason: str) -> None:
        """Let a run wait for an editor; ``reason`` is one English line."""
        with writing(self.engine) as connection:
            end_run(connection, number, RunState.HELD, reason, now())


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


def run_of(connection: Connection, number: int) -> Crawl:
    """A run by its number. Raises LibraryError when there is none."""
    row = connection.execute(select(crawls).where(crawls.c.id == number)).first()
    if row is None:
        raise LibraryError(f"there is no crawl {number}")
    return _crawl(row)


def begin_run(
    connection: Connection, source: str, asked: Asked, moment: datetime
) -> tuple[Crawl, bool]:
    """The run that goes on or begins, and whether it is new.

    Raises LibraryError when another run of the source, for something else, has not ended. Runs
    for one address may go on beside it: an editor's page does not wait for a crawl of hours.
    """
    query = select(crawls).where(crawls.c.source == source, crawls.c.state == RunState.RUNNING)
    running = [_crawl(row) for row in connection.execute(query.order_by(crawls.c.id))]
    for run in running:
        if run.asked == asked:
            return run, False
        if not (asked.url or run.asked.url):
            what = f"crawl {run.id} of {source} has not ended and was asked for something else"
            raise LibraryError(f"{what}; let it finish, or stop it")
    values = {
        "source": source,
        "state": RunState.RUNNING,
        "asked": json.dumps(asdict(asked), ensure_ascii=False),
        "totals": "{}",
        "reason": "",
        "started": time_text(moment),
        "ended": "",
    }
    number = connection.scalar(crawls.insert().values(**values).returning(crawls.c.id))
    assert number is not None  # noqa: S101 - returning gives the row's number
    return run_of(connection, number), True


def end_run(
    connection: Connection, number: int, state: RunState, reason: str, moment: datetime
) -> None:
    """Write down how a run ended and what it came to."""
    totals = json.dumps(asdict(count_visits(connection, number)))
    values = {"state": state, "reason": reason, "totals": totals, "ended": time_text(moment)}
    connection.execute(crawls.update().where(crawls.c.id == number).values(**values))


def count_visits(connection: Connection, number: int) -> Totals:
    """What a run has come to by its visits; a document with many addresses is removed once."""
    of_run = visits.c.crawl == number
    query = (
        select(
            visits.c.outcome,
            func.count(),
            func.count(visits.c.key.distinct()),
            func.sum(visits.c.bytes),
            func.sum(visits.c.pages_without_text),
            func.sum(visits.c.milliseconds),
        )
        .where(of_run)
        .group_by(visits.c.outcome)
    )
    rows = connection.execute(query).all()
    counts = {Became(row[0]).value: row[1] for row in rows}
    if Became.REMOVED in counts:
        counts[Became.REMOVED] = next(row[2] for row in rows if row[0] == Became.REMOVED)
    return Totals(
        **counts,
        bytes=sum(row[3] for row in rows),
        pages_without_text=sum(row[4] for row in rows),
        seconds=sum(row[5] for row in rows) / 1000,
    )


def _is_whole(run: Crawl) -> bool:
    return not (run.asked.url or run.asked.only_failed or run.asked.limit)


def _crawl(row: Row[Any]) -> Crawl:
    values = dict(row._mapping)
    values["state"] = RunState(values["state"])
    values["asked"] = Asked(**_json(values["asked"]))
    values["totals"] = Totals(**_json(values["totals"]))
    return Crawl(**values)


def _json(text: str) -> Mapping[str, Any]:
    return dict(json.loads(text))
