"""Removal: when a page that is gone takes its document with it.

Owns the rule and the count. A document goes when each of its addresses has been said to be gone
on two days, or once where its source means it. Nothing else removes one: no failure, no refusal,
no page that nobody links to any more. A run that would remove much removes nothing and waits for
an editor. What is to go is returned and the library's ``remove`` does it; if that is not done,
the next run finds the pages gone and returns them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, exists, func, select

from indexer.crawl.addresses import Answer, PageState
from indexer.crawl.frontier import Frontier
from indexer.crawl.page_rows import row_of, settle
from indexer.crawl.runs import Asked, Became, Crawl, RunState, end_run, now, run_of
from indexer.database import writing
from indexer.tables import crawls, documents, pages, visits
from search.errors import LibraryError

#: Answers by which a server says that a page is gone. All others say something of the server.
GONE_STATUSES = frozenset({404, 410})
#: Removing more of a source's documents at once is rather a broken site, or rules that are wrong.
MOST_REMOVED_PERCENT = 20
#: On so many days a page must have been gone. A site that is being rebuilt is back the next day.
ENOUGH_DAYS = 2
#: A page that is gone for good is asked for only so many rounds later, unless something names it.
_ROUNDS_TO_REST = 4
#: Values in one question to the database.
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Absence:
    """Since which day (UTC) a page is said to be gone, and on how many days, at most enough."""

    since: date | None = None
    times: int = 0

    @property
    def is_sure(self) -> bool:
        """Whether it is gone."""
        return self.times >= ENOUGH_DAYS


@dataclass(frozen=True, slots=True)
class Settled:
    """How a run ended: the documents to remove, or the English reason why an editor is asked."""

    remove: tuple[str, ...] = ()
    held: str = ""


def absence_after(absence: Absence, http_status: int, day: date, *, at_once: bool) -> Absence:
    """What an answer on a day makes of a page's absence; status 0 is no answer at all.

    >>> first = absence_after(Absence(), 404, date(2026, 3, 1), at_once=False)
    >>> absence_after(first, 404, date(2026, 3, 2), at_once=False).is_sure
    True
    """
    if http_status in (200, 304):
        return Absence()
    if http_status not in GONE_STATUSES:
        return absence
    if at_once:
        return Absence(absence.since or day, ENOUGH_DAYS)
    if absence.since is None:
        return Absence(day, 1)
    return Absence(absence.since, ENOUGH_DAYS if day > absence.since else absence.times)


def is_too_much(removed: int, documents: int) -> bool:
    """Whether so many removals of a source with so many documents need an editor's word."""
    return removed * 100 > documents * MOST_REMOVED_PERCENT


class Removal:
    """The removals of one run."""

    def __init__(self, frontier: Frontier, *, gone_at_once: bool = False) -> None:
        """``gone_at_once`` is the source's own rule."""
        self._frontier = frontier
        self._engine = frontier.engine
        self._at_once = gone_at_once

    def gone(self, url: str, answer: Answer, why: str = "") -> Absence:
        """An address answered that it is gone.

        ``why`` says how, for answers that are no 404 or 410: the page asks not to be kept, or has
        become another one. Raises LibraryError without it for any other answer.
        """
        status = answer.http_status
        if status not in GONE_STATUSES:
            if not why:
                raise LibraryError(f"an answer of {status} does not say that a page is gone")
            status = min(GONE_STATUSES)
        moment = self._frontier.moment()
        day = moment.at.astimezone(UTC).date()
        with writing(self._engine) as connection:
            row = row_of(connection, self._frontier.source, url)
            since = date.fromisoformat(row.gone_since) if row.gone_since else None
            before = Absence(since, row.gone_times)
            after = absence_after(before, status, day, at_once=self._at_once)
            values = {
                "state": PageState.GONE,
                "gone_since": after.since.isoformat() if after.since else "",
                "gone_times": after.times,
                "next_due": moment.due_after(_ROUNDS_TO_REST if after.is_sure else 1),
            }
            said = f"gone since {after.since}" if after.is_sure else "gone for the first time"
            said = f"{why}: {said}" if why else said
            settle(connection, moment, row, values, answer, Became.GONE, said)
        return after

    def finish(self, *, stopped: bool = False, reason: str = "") -> Settled:
        """End the run and say what is to be removed; nothing, where an editor must be asked.

        A run that already waits for an editor, for whatever reason, stays so.
        """
        number, moment = self._frontier.crawl.id, self._frontier.clock()
        with writing(self._engine) as connection:
            run = run_of(connection, number)
            keys = _gone_documents(connection, run)
            held = run.reason if run.state is RunState.HELD else ""
            held = held or _too_much(connection, run.source, len(keys))
            if held:
                end_run(connection, number, RunState.HELD, held, moment)
            else:
                _say_removed(connection, run, keys)
                state = RunState.STOPPED if stopped else RunState.DONE
                end_run(connection, number, state, reason, moment)
            if run.asked == Asked() and not stopped:
                _ask_no_older(connection, run)
        return Settled((), held) if held else Settled(keys)


def release(engine: Engine, number: int) -> tuple[str, ...]:
    """An editor says that a held run is right: the documents to remove, as things are now.

    Raises LibraryError when the run is not held.
    """
    with writing(engine) as connection:
        run = _held_run(connection, number)
        keys = _gone_documents(connection, run)
        _say_removed(connection, run, keys)
        end_run(connection, number, RunState.DONE, f"{run.reason}; released by an editor", now())
    return keys


def refuse(engine: Engine, number: int) -> None:
    """An editor says that a held run is wrong: its pages are not gone until it is said anew.

    Raises LibraryError when the run is not held.
    """
    with writing(engine) as connection:
        run = _held_run(connection, number)
        theirs = (pages.c.source == run.source, pages.c.key.in_(_said_gone(run)))
        not_gone = {"gone_since": "", "gone_times": 0}
        connection.execute(pages.update().where(*theirs).values(**not_gone))
        end_run(connection, number, RunState.DONE, f"{run.reason}; refused by an editor", now())


def _held_run(connection: Connection, number: int) -> Crawl:
    run = run_of(connection, number)
    if run.state is not RunState.HELD:
        raise LibraryError(f"crawl {number} is {run.state} and does not wait for an editor")
    return run


def _said_gone(run: Crawl) -> Select[tuple[str]]:
    """The documents of which the run found an address gone."""
    return select(visits.c.key).where(
        visits.c.crawl == run.id, visits.c.outcome == Became.GONE, visits.c.key != ""
    )


def _gone_documents(connection: Connection, run: Crawl) -> tuple[str, ...]:
    """Of those, the ones with no address that may be there, that are not removed yet."""
    theirs = and_(pages.c.source == run.source, pages.c.key == documents.c.key)
    query = select(documents.c.key).where(
        documents.c.source == run.source,
        ~documents.c.removed,
        documents.c.key.in_(_said_gone(run)),
        ~exists().where(theirs, pages.c.gone_times < ENOUGH_DAYS, ~_sends_on()),
    )
    return tuple(connection.scalars(query.order_by(documents.c.key)))


def _sends_on() -> ColumnElement[bool]:
    """An address that only leads to another: that one is asked whether the page is there."""
    return and_(pages.c.http_status.between(300, 399), pages.c.http_status != 304)


def _too_much(connection: Connection, source: str, removed: int) -> str:
    """Why an editor must be asked, or ``""``."""
    theirs = (documents.c.source == source, ~documents.c.removed)
    held = connection.scalar(select(func.count()).where(*theirs)) or 0
    if not is_too_much(removed, held):
        return ""
    return (
        f"{removed} of the source's {held} documents would be removed, "
        f"which is more than {MOST_REMOVED_PERCENT} %"
    )


def _say_removed(connection: Connection, run: Crawl, keys: tuple[str, ...]) -> None:
    """Let the run's receipt say which documents go."""
    for start in range(0, len(keys), _AT_ONCE):
        some = visits.c.key.in_(keys[start : start + _AT_ONCE])
        theirs = (visits.c.crawl == run.id, visits.c.outcome == Became.GONE, some)
        connection.execute(visits.update().where(*theirs).values(outcome=Became.REMOVED))


def _ask_no_older(connection: Connection, run: Crawl) -> None:
    """A run of the whole source has looked at every document again: older questions are its."""
    older = (crawls.c.source == run.source, crawls.c.state == RunState.HELD, crawls.c.id < run.id)
    values = {"state": RunState.DONE, "reason": crawls.c.reason + f"; crawl {run.id} looked again"}
    connection.execute(crawls.update().where(*older).values(**values))
