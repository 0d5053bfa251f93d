"""The frontier: which addresses are known, which a run still wants, and what became of them.

Owns the rows of pages and visits. Every call is one short transaction, so that a run may be
killed anywhere and goes on from its rows, and several processes may work on one. It knows no
network, and removes nothing: see ``removal``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, or_, select

from indexer.crawl.addresses import FETCH_WHOLE, IS_THERE, Answer, Page, PageState, Seen
from indexer.crawl.found import MAP
from indexer.crawl.page_rows import (
    Moment,
    became_of,
    held_pages,
    known_rows,
    new_row,
    page_of,
    row_of,
    seen_again,
    settle,
    want,
)
from indexer.crawl.runs import (
    Asked,
    Became,
    Crawl,
    RunState,
    begin_run,
    end_run,
    now,
    run_of,
)
from indexer.database import writing
from indexer.history import time_text
from indexer.tables import crawls, pages, visits

#: A process that has held an address for so long has died: others may take it. Longer than any
#: answer, with its retries, may take.
CLAIM_SECONDS = 900


class Frontier:
    """The addresses of one source, seen from one run."""

    def __init__(
        self,
        engine: Engine,
        crawl: Crawl,
        *,
        every_hours: int = 168,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.engine = engine
        self.crawl = crawl
        self.source = crawl.source
        self.clock = clock
        self._every = timedelta(hours=every_hours)

    @classmethod
    def begin(
        cls,
        engine: Engine,
        source: str,
        asked: Asked | None = None,
        *,
        every_hours: int = 168,
        clock: Callable[[], datetime] = now,
    ) -> Frontier:
        """Begin a run, or go on with the one for the same that was killed.

        For the one process that answers for the run: what others had claimed is let go. More
        processes join with ``Frontier(engine, crawl)``. Raises LibraryError when a run for
        something else has not ended.
        """
        asked, moment = asked or Asked(), clock()
        with writing(engine) as connection:
            crawl, is_new = begin_run(connection, source, asked, moment)
            if is_new:
                want(connection, crawl)
            of_run = pages.c.crawl == crawl.id
            connection.execute(pages.update().where(of_run).values(claimed=""))
        frontier = cls(engine, crawl, every_hours=every_hours, clock=clock)
        if asked.url:
            frontier.see([Seen(asked.url)])
        return frontier

    def see(self, found: Iterable[Seen]) -> int:
        """Note addresses that were found; how many were new. Seeing one again changes little.

        In a run for one address, others are noted for a later run.
        """
        moment, wanted = self.moment(), dict[str, Seen]()
        for seen in found:
            if seen.url not in wanted or seen.depth < wanted[seen.url].depth:
                wanted[seen.url] = seen
        # A site's pages mostly link to what is known: then nothing is written.
        with self.engine.connect() as connection:
            known = known_rows(connection, self.source, wanted)
        if all(u in known and not seen_again(moment, wanted[u], known[u]) for u in wanted):
            return 0
        with writing(self.engine) as connection:
            known = known_rows(connection, self.source, wanted)
            fresh = [new_row(moment, seen) for url, seen in wanted.items() if url not in known]
            if fresh:
                connection.execute(pages.insert(), fresh)
            for url, row in known.items():
                if changes := seen_again(moment, wanted[url], row):
                    connection.execute(pages.update().where(pages.c.id == row.id).values(**changes))
        return len(fresh)

    def claim(self, most: int = 1) -> tuple[Page, ...]:
        """Take addresses in hand, so that nobody else does, until they are settled.

        Those never fetched come first, sitemaps before pages, in the order they were found from the
        start; then those longest due. Fewer than ``most`` when the run's limit is near, none when
        all is settled or in others' hands: see ``remaining``.
        """
        moment = self.clock()
        silent = time_text(moment - timedelta(seconds=CLAIM_SECONDS))
        free = and_(*self._waits(), pages.c.claimed < silent)
        order = (
            pages.c.last_fetched != "",
            pages.c.next_due,
            pages.c.found_by != MAP,
            pages.c.depth,
            pages.c.id,
        )
        with writing(self.engine) as connection:
            room = self._room(connection, silent)
            most = most if room is None else max(min(most, room), 0)
            query = held_pages().where(free).order_by(*order).limit(most)
            rows = connection.execute(query).all()
            taken = pages.c.id.in_([row.id for row in rows])
            if rows:
                connection.execute(pages.update().where(taken).values(claimed=time_text(moment)))
        return tuple(page_of(row) for row in rows)

    def moment(self) -> Moment:
        """Now, as the run's rows are written."""
        return Moment(self.crawl, self.clock(), self._every)

    def remaining(self) -> int:
        """How many addresses the run still wants, with those in hand."""
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).where(*self._waits())) or 0

    def page(self, url: str) -> Page | None:
        """What is known of an address, or None."""
        query = held_pages().where(pages.c.source == self.source, pages.c.url == url)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return page_of(row) if row else None

    def headers(self, url: str) -> Mapping[str, str]:
        """The headers that ask for an address only if it has changed."""
        page = self.page(url)
        return page.headers if page else {}

    def due(self, moment: datetime | None = None) -> int:
        """How many addresses of the source are due: never fetched, or not for long."""
        due = or_(
            pages.c.state == PageState.WAITING,
            pages.c.next_due <= time_text(moment or self.clock()),
        )
        ours = (pages.c.source == self.source, pages.c.state != PageState.FORGOTTEN)
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).where(*ours, due)) or 0

    def settled_in_this_run(self, url: str) -> PageState | None:
        """What an address became in this run; None while it waits, or when it is not known."""
        query = select(pages.c.state, visits.c.url).join(
            visits, and_(visits.c.crawl == self.crawl.id, visits.c.url == pages.c.url)
        )
        with self.engine.connect() as connection:
            row = connection.execute(
                query.where(pages.c.source == self.source, pages.c.url == url)
            ).first()
        return PageState(row.state) if row else None

    # What became of an address

    def fetched(self, url: str, answer: Answer, became: Became | None = None) -> Became:
        """The address answered and was read. Says what it became, as its text tells unless given.

        ``became`` is ``FOLLOWED`` for pages that are no documents.
        """
        with writing(self.engine) as connection:
            row = row_of(connection, self.source, url)
            became = became or became_of(row, answer)
            values = {
                "state": PageState.FETCHED,
                "words": answer.words,
                "pages_without_text": answer.pages_without_text,
                **answer.validators,
                **IS_THERE,
            }
            settle(connection, self.moment(), row, values, answer, became)
        return became

    def unchanged(self, url: str, answer: Answer) -> None:
        """The address answered as it did before: not modified, or with the same bytes."""
        with writing(self.engine) as connection:
            row = row_of(connection, self.source, url)
            said = {name: value for name, value in answer.validators.items() if value}
            values = {"state": PageState.FETCHED, **said, **IS_THERE}
            settle(connection, self.moment(), row, values, answer, Became.UNCHANGED)

    def skipped(self, url: str, why: str, answer: Answer | None = None) -> None:
        """The address is not wanted, or may not be fetched; ``why`` is for the receipt."""
        answer = answer or Answer()
        with writing(self.engine) as connection:
            row = row_of(connection, self.source, url)
            values = {"state": PageState.SKIPPED, **(IS_THERE if answer.is_there else {})}
            settle(connection, self.moment(), row, values, answer, Became.SKIPPED, why)

    def left_out(self, found: Mapping[Seen, str]) -> None:
        """Addresses that are not wanted: noted for the receipt, each with why, and not fetched."""
        self.see(found)
        moment = self.moment()
        with writing(self.engine) as connection:
            known = known_rows(connection, self.source, [seen.url for seen in found])
            for seen, why in found.items():
                row = known[seen.url]
                if row.state in (PageState.WAITING, PageState.SKIPPED):
                    values = {"state": PageState.SKIPPED}
                    settle(connection, moment, row, values, Answer(), Became.SKIPPED, why)

    def moved(self, url: str, target: Seen, answer: Answer, why: str) -> None:
        """The address sends on to another, which takes the document's key with it."""
        self.see([target])
        with writing(self.engine) as connection:
            row = row_of(connection, self.source, url)
            known = known_rows(connection, self.source, [target.url])[target.url]
            if row.key and not known.key:
                key = {"key": row.key}
                connection.execute(pages.update().where(pages.c.id == known.id).values(**key))
            values = {"state": PageState.SKIPPED}
            settle(connection, self.moment(), row, values, answer, Became.SKIPPED, why)

    def failed(self, url: str, why: str, answer: Answer | None = None) -> None:
        """No answer, or none that could be read. What was read before stays.

        A page that answered and could not be read is asked for whole the next time.
        """
        answer = answer or Answer()
        with writing(self.engine) as connection:
            row = row_of(connection, self.source, url)
            values = {"state": PageState.FAILED, "failures": row.failures + 1}
            values |= {**FETCH_WHOLE, **IS_THERE} if answer.is_there else {}
            settle(connection, self.moment(), row, values, answer, Became.FAILED, why)

    def end(self, *, stopped: bool = False, reason: str = "") -> None:
        """End a run of which nothing is to be removed; otherwise see ``removal``."""
        state = RunState.STOPPED if stopped else RunState.DONE
        with writing(self.engine) as connection:
            if run_of(connection, self.crawl.id).state is RunState.RUNNING:
                end_run(connection, self.crawl.id, state, reason, self.clock())

    def _waits(self) -> tuple[ColumnElement[bool], ...]:
        return pages.c.crawl == self.crawl.id, pages.c.state == PageState.WAITING

    def _room(self, connection: Connection, silent: str) -> int | None:
        """How many more addresses the run may fetch; None for any number."""
        limit = self.crawl.asked.limit
        if not limit:
            return None
        fetched = (visits.c.crawl == self.crawl.id, visits.c.outcome != Became.SKIPPED)
        done = connection.scalar(select(func.count()).where(*fetched)) or 0
        in_hand = (*self._waits(), pages.c.claimed >= silent)
        return limit - done - (connection.scalar(select(func.count()).where(*in_hand)) or 0)


def addresses_of(engine: Engine, source: str, key: str) -> tuple[str, ...]:
    """Every address that was ever one of a document's."""
    query = select(pages.c.url).where(pages.c.source == source, pages.c.key == key)
    with engine.connect() as connection:
        return tuple(connection.scalars(query.order_by(pages.c.id)))


def read_anew(engine: Engine, source: str, url: str, answer: Answer) -> None:
    """The bytes that came from an address are read otherwise now; nothing was fetched."""
    values = {
        "key": answer.key,
        "text_digest": answer.text_digest,
        "words": answer.words,
        "pages_without_text": answer.pages_without_text,
    }
    theirs = pages.update().where(pages.c.source == source, pages.c.url == url)
    with writing(engine) as connection:
        connection.execute(theirs.where(pages.c.state != PageState.FORGOTTEN).values(**values))


def ask_again(engine: Engine, crawl: int) -> None:
    """Have the addresses of a run asked for whole the next time, whatever they answered."""
    theirs = select(visits.c.url).where(visits.c.crawl == crawl)
    anew = {**FETCH_WHOLE, "text_digest": ""}
    with writing(engine) as connection:
        source = connection.scalar(select(crawls.c.source).where(crawls.c.id == crawl))
        rows = (pages.c.source == source, pages.c.url.in_(theirs))
        connection.execute(pages.update().where(*rows).values(**anew))
