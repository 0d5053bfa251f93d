"""When sources are due: which of them the worker crawls now, and when the next time is.

A crawl on a schedule asks other people's sites while nobody watches. It begins only after an
editor has crawled the source once, and only where the sites can see who asks
(``crawl_contact``): a fresh installation asks nobody.
"""

from __future__ import annotations

from datetime import datetime

from indexer.context import Context
from indexer.crawl.runs import Crawls
from indexer.history import time_text
from indexer.sources import Source


def due_crawls(context: Context, now: datetime) -> tuple[str, ...]:
    """The sources to crawl now, the longest due first; none that is asked for already."""
    if not context.settings.crawl_contact:
        return ()
    asked = {name for job in context.jobs.unfinished("crawl") for name in job.arguments["sources"]}
    due = {
        source.name: next_due(context, source)
        for source in context.sources.values()
        if source.name not in asked and is_scheduled(context, source)
    }
    moment = time_text(now)
    return tuple(sorted((name for name in due if due[name] <= moment), key=lambda name: due[name]))


def is_scheduled(context: Context, source: Source) -> bool:
    """Whether a source is crawled again and again: it is on, and an editor has begun it."""
    if source.crawl is None:
        return False
    said = context.library.switched().get(source.name)
    is_on = source.on if said is None else said
    return is_on and bool(Crawls(context.library.engine).latest(source.name, limit=1))


def next_due(context: Context, source: Source) -> str:
    """When a source is due, as the library writes times; ``""``, which sorts first, for now."""
    every = source.crawl.every_hours if source.crawl else 0
    return Crawls(context.library.engine).next_due(source.name, every)
