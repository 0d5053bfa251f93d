"""When sources are due: which of them the worker crawls now, and when the next time is.

A crawl on a schedule asks other people's sites while nobody watches. It begins only after an
editor has crawled the whole source once, and only where the sites can see who asks
(``crawl_contact``): a fresh installation asks nobody, and neither a single page nor a crawl with a
limit, which is a trial, begins it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from indexer.context import Context
from indexer.crawl.runs import Crawls
from indexer.history import time_text
from indexer.jobs import State
from indexer.sources import Source

#: After a crawl that failed, or was cancelled, a source rests so long: what fails at once would
#: otherwise ask its site again every minute.
_REST = timedelta(hours=1)
#: How far back failures are looked for, in jobs.
_JOBS_BACK = 200


def due_crawls(context: Context, now: datetime) -> tuple[str, ...]:
    """The sources to crawl now, the longest due first; none that is asked for already or rests."""
    if not context.settings.crawl_contact:
        return ()
    left_out = _asked_for(context) | _resting(context, now)
    due = {
        source.name: next_due(context, source)
        for source in context.sources.values()
        if source.name not in left_out and is_scheduled(context, source)
    }
    moment = time_text(now)
    return tuple(sorted((name for name in due if due[name] <= moment), key=lambda name: due[name]))


def is_scheduled(context: Context, source: Source) -> bool:
    """Whether a source is crawled again and again: it is on, and an editor has begun it."""
    if source.crawl is None or not is_on(context, source):
        return False
    return Crawls(context.library.engine).last_whole(source.name) is not None


def is_on(context: Context, source: Source) -> bool:
    """Whether a source is on: as an editor has said last, else as sources.toml has it."""
    return context.library.switched().get(source.name, source.on)


def next_due(context: Context, source: Source) -> str:
    """When a source is due, as the library writes times; ``""``, which sorts first, for now."""
    every = source.crawl.every_hours if source.crawl else 0
    return Crawls(context.library.engine).next_due(source.name, every)


def _asked_for(context: Context) -> set[str]:
    return {name for job in context.jobs.unfinished("crawl") for name in job.arguments["sources"]}


def _resting(context: Context, now: datetime) -> set[str]:
    """The sources whose last crawl came to nothing a moment ago."""
    since = time_text(now - _REST)
    return {
        name
        for job in context.jobs.latest(_JOBS_BACK)
        if job.kind == "crawl"
        and job.state in (State.FAILED, State.CANCELLED)
        and job.ended > since
        for name in job.arguments["sources"]
    }
