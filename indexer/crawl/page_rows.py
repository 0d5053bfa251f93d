"""The rows of addresses inside a transaction: made, wanted, seen again, settled.

Owns what each of these changes in a row; ``frontier`` says when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, select

from indexer.crawl.addresses import FETCH_WHOLE, Answer, Page, PageState, Seen
from indexer.crawl.runs import Became, Crawl, RunState
from indexer.database import put_row
from indexer.history import time_text
from indexer.tables import crawls, documents, pages, visits
from search.errors import LibraryError

#: Addresses in one question to the database, which has a limit on what one may hold.
_AT_ONCE = 400
#: After failures an address is due again in 1, 2, 4 … hours, at most when all of them are.
_MOST_DOUBLINGS = 16
_CHANGES = frozenset({Became.NEW, Became.CHANGED})


@dataclass(frozen=True, slots=True)
class Moment:
    """A run at a point in time, with how often its source is due."""

    crawl: Crawl
    at: datetime
    every: timedelta

    @property
    def text(self) -> str:
        """The time as the library writes it."""
        return time_text(self.at)

    def due_after(self, times: float = 1) -> str:
        """When an address is due again.

        Counted from the run's start: else a weekly run would find its last pages not yet due.
        """
        return time_text(datetime.fromisoformat(self.crawl.started) + self.every * times)

    def due_after_failures(self, number: int) -> str:
        """When an address is due again that has failed so many times before."""
        wait = timedelta(hours=2 ** min(number, _MOST_DOUBLINGS))
        return time_text(self.at + min(wait, self.every))

    def wants(self, url: str) -> bool:
        """Whether the run goes on to addresses it finds: not where it was asked for one."""
        return self.crawl.asked.url in ("", url)


def row_of(connection: Connection, source: str, url: str) -> Row[Any]:
    """An address's row of ``held_pages``. Raises LibraryError when it was never seen."""
    query = held_pages().where(pages.c.source == source, pages.c.url == url)
    row = connection.execute(query).first()
    if row is None:
        raise LibraryError(f"the crawl of {source} has never seen {url}")
    return row


def known_rows(connection: Connection, source: str, urls: Iterable[str]) -> dict[str, Row[Any]]:
    """The rows of those addresses that are known."""
    listed, known = list(urls), dict[str, Row[Any]]()
    for start in range(0, len(listed), _AT_ONCE):
        some = pages.c.url.in_(listed[start : start + _AT_ONCE])
        query = select(pages).where(pages.c.source == source, some)
        known.update({row.url: row for row in connection.execute(query)})
    return known


def held_pages() -> Select[Any]:
    """The question for pages, each with whether its document was removed."""
    return select(pages, documents.c.removed).outerjoin(documents, documents.c.key == pages.c.key)


def page_of(row: Row[Any]) -> Page:
    """The page of a row of ``held_pages``."""
    values = {name: getattr(row, name) for name in Page.__slots__}
    lost = {**FETCH_WHOLE, "text_digest": ""} if _is_lost(row) else {}
    return Page(**{**values, **lost})


def became_of(row: Row[Any], answer: Answer) -> Became:
    """What an answer makes of a page, by its text; ``row`` is one of ``held_pages``."""
    if _is_lost(row) or not row.text_digest:
        return Became.NEW
    return Became.UNCHANGED if row.text_digest == answer.text_digest else Became.CHANGED


def new_row(moment: Moment, seen: Seen) -> dict[str, object]:
    """The row of an address that was not known."""
    empty: dict[str, object] = {
        column.name: 0 if column.type.python_type is int else ""
        for column in pages.columns
        if not column.primary_key
    }
    return empty | {
        "source": moment.crawl.source,
        "url": seen.url,
        "depth": seen.depth,
        "found_by": seen.found_by,
        "state": PageState.WAITING,
        "crawl": moment.crawl.id if moment.wants(seen.url) else None,
        "first_seen": moment.text,
        "last_seen": moment.text,
    }


def seen_again(moment: Moment, seen: Seen, row: Row[Any]) -> dict[str, object]:
    """What seeing a known address changes in its row: nothing, mostly."""
    changes: dict[str, object] = {}
    if row.last_seen < moment.crawl.started:
        changes["last_seen"] = moment.text
    if seen.depth < row.depth:
        changes["depth"] = seen.depth
    waits_for_nobody = row.state == PageState.WAITING and row.crawl is None
    is_named_again = row.state == PageState.GONE and row.crawl != moment.crawl.id
    if (waits_for_nobody or is_named_again) and moment.wants(seen.url):
        changes |= {"crawl": moment.crawl.id, "state": PageState.WAITING}
    return changes


def want(connection: Connection, crawl: Crawl) -> None:
    """Let a run that begins want the known addresses it is for."""
    asked = crawl.asked
    chosen = [pages.c.source == crawl.source, pages.c.state != PageState.FORGOTTEN]
    if asked.url:
        chosen.append(pages.c.url == asked.url)
    else:
        chosen.append(~_is_in_another_run(crawl))
        if asked.only_failed:
            chosen.append(pages.c.state == PageState.FAILED)
        else:
            chosen.append(~_is_long_gone(crawl.started))
    changes = {"state": PageState.WAITING, "crawl": crawl.id}
    connection.execute(pages.update().where(*chosen).values(**changes))


def settle(
    connection: Connection,
    moment: Moment,
    row: Row[Any],
    values: Mapping[str, object],
    answer: Answer,
    became: Became,
    why: str = "",
) -> None:
    """Write down what became of an address, in its row and in the run's receipt.

    ``values`` are what it changes in the row besides what every answer does.
    """
    if row.state == PageState.FORGOTTEN:
        # Erased while it was in hand: nothing of it may be written down again.
        values = {"key": row.key, "state": row.state, "text_digest": "", **FETCH_WHOLE}
        answer, became, why = Answer(answer.http_status), Became.SKIPPED, "forgotten"
    changes = {**_after(moment, row, answer, became), **values, "reason": why}
    if row.state == PageState.WAITING and row.crawl != moment.crawl.id:
        # Another run took it over meanwhile, and still wants it.
        changes["state"] = row.state
    connection.execute(pages.update().where(pages.c.id == row.id).values(**changes))
    of_page = ("key", "digest", "words", "pages_without_text")
    visit = {
        "at": moment.text,
        "http_status": answer.http_status,
        "outcome": became,
        "reason": why,
        "bytes": answer.bytes,
        "milliseconds": answer.milliseconds,
        **{name: changes.get(name, getattr(row, name)) for name in of_page},
    }
    put_row(connection, visits, {"crawl": moment.crawl.id, "url": row.url}, visit)


def _after(moment: Moment, row: Row[Any], answer: Answer, became: Became) -> dict[str, object]:
    """What every answer changes in a row."""
    failed = became is Became.FAILED
    was_asked = bool(answer.http_status) or failed
    return {
        "key": answer.key or row.key,
        "failures": 0,
        "http_status": answer.http_status or row.http_status,
        "last_fetched": moment.text if was_asked else row.last_fetched,
        "last_changed": moment.text if became in _CHANGES else row.last_changed,
        "claimed": "",
        "next_due": moment.due_after_failures(row.failures) if failed else moment.due_after(),
    }


def _is_lost(row: Row[Any]) -> bool:
    """Whether the library no longer has the document that was read at an address."""
    return bool(row.key) and row.removed in (None, True)


def _is_in_another_run(crawl: Crawl) -> ColumnElement[bool]:
    """Wanted by a run that goes on: an editor's page is left to it."""
    running = select(crawls.c.id).where(crawls.c.state == RunState.RUNNING)
    others = running.where(crawls.c.id != crawl.id)
    return and_(
        pages.c.state == PageState.WAITING, pages.c.crawl.is_not(None), pages.c.crawl.in_(others)
    )


def _is_long_gone(moment: str) -> ColumnElement[bool]:
    """Gone, with no document left that it could be asked about, and not due again."""
    lives = exists().where(documents.c.key == pages.c.key, ~documents.c.removed)
    return and_(pages.c.state == PageState.GONE, pages.c.next_due > moment, ~lives)
