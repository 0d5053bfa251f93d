"""A trial of a source's rules on the live site: what a crawl would keep, and how it would be read.

A real crawl of a few addresses, by the real spider, into a library that is thrown away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine, func, select

from indexer.context import Context
from indexer.crawl.addresses import PageState
from indexer.crawl.drift import drift_of
from indexer.crawl.found import MAP
from indexer.crawl.receipt import Visit, read_receipt
from indexer.crawl.runs import Asked
from indexer.crawling import Watch, accept, crawl
from indexer.library import Version
from indexer.parse.raw import RawFile
from indexer.parse.readings import Readings
from indexer.sources import Source
from indexer.tables import pages
from search.document import Document
from search.errors import ParseError

#: Addresses that a trial asks for: some lists and a handful of pages.
ADDRESSES = 40
_HTML = "text/html"


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """A page that would be kept: as a document, and for web pages as both readings of it.

    ``drift`` is what the drift alarm would note of it.
    """

    document: Document
    readings: Readings | None = None
    drift: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a trial came to: what robots.txt says, every address with what became of it, and the
    pages that would be kept.

    ``found`` counts the addresses by how they were first found. ``unasked`` are sitemaps and feeds
    that the trial did not come to; ``stopped`` is why it ended early.
    """

    source: str
    robots: tuple[str, ...]
    found: Mapping[str, int]
    unasked: tuple[str, ...]
    visits: tuple[Visit, ...]
    pages: tuple[CheckedPage, ...]
    stopped: str = ""


def check(
    context: Context,
    source: Source,
    limit: int = ADDRESSES,
    watch: Watch = lambda totals, remaining: False,
) -> Checked:
    """Try a source's rules on its site; nothing is stored. Raises as ``crawl``."""
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(context.settings, home=Path(folder))
        with Context(settings) as trial:
            accept(trial, source)  # what does not fit is to be seen, not held
            made = crawl(trial, source, Asked(limit=limit), watch=watch)
            receipt = read_receipt(trial.library.engine, made.crawl.id)
            versions = (trial.library.version(known.key) for known in trial.library.of_sources())
            kept = tuple(_page(trial, source, version) for version in versions if version)
            lists = _found(trial.library.engine), _unasked(trial.library.engine)
    return Checked(source.name, made.robots, *lists, receipt.visits, kept, made.crawl.reason)


def _found(engine: Engine) -> Mapping[str, int]:
    number = func.count()
    query = select(pages.c.found_by, number).group_by(pages.c.found_by).order_by(number.desc())
    with engine.connect() as connection:
        return {row.found_by: row[1] for row in connection.execute(query)}


def _unasked(engine: Engine) -> tuple[str, ...]:
    waits = (pages.c.state == PageState.WAITING, pages.c.found_by == MAP)
    with engine.connect() as connection:
        return tuple(connection.scalars(select(pages.c.url).where(*waits).order_by(pages.c.id)))


def _page(context: Context, source: Source, version: Version) -> CheckedPage:
    document = version.document
    if document.content_type != _HTML:
        return CheckedPage(document)
    data = context.library.blob(version.digest)
    raw = RawFile(data, document.title, source.name, document.key, document.url, _HTML)
    try:
        readings = context.parser.compare(raw, source)
    except ParseError:
        return CheckedPage(document)
    return CheckedPage(document, readings, drift_of(readings))
