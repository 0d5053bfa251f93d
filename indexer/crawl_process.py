"""The child process of a crawl: opens the library, runs the spider, says how it ended.

It is told what to do by one line of JSON on its standard input, and writes only to the library.
When that input closes, its parent is gone or wants it to stop: it finishes what it has in hand.
Its last word is one line of JSON on its standard output.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from indexer.context import Context
from indexer.crawl.frontier import Frontier
from indexer.crawl.guard import guard_for
from indexer.crawl.pauses import Pauses
from indexer.crawl.reader import Reader, Reading
from indexer.crawl.removal import Removal
from indexer.crawl.running import run_spider, user_agent
from indexer.crawl.runs import run_of
from indexer.crawl.spider import Run, seeds_of
from search.errors import SettingsError
from search.settings import Settings

#: Why a run ends early when its parent says no more.
TOLD = "told to stop"
#: How long what is in hand may take to be finished.
_END_SECONDS = 90


def order(settings: Settings, crawl: int, source: str, days_ahead: int) -> str:
    """The line that tells a child what to do."""
    told = {name: _plain(value) for name, value in asdict(settings).items()}
    line = {"settings": told, "crawl": crawl, "source": source, "days_ahead": days_ahead}
    return json.dumps(line)


def main() -> None:
    """Do what the line on the standard input says."""
    # What happened to each address is in the receipt; Scrapy would say it all again.
    logging.getLogger("indexer").addHandler(logging.StreamHandler())
    logging.getLogger("search").addHandler(logging.StreamHandler())
    told = json.loads(sys.stdin.readline())
    settings = _settings(told["settings"])
    ahead = timedelta(days=told["days_ahead"])
    with Context(settings) as context:
        run = _run(context, told["source"], told["crawl"], ahead)
        run_spider(run, guard_for(run.source, settings), settings, _when_told)
        json.dump({"stopped": run.stopped, "robots": run.robots}, sys.stdout)
        sys.stdout.flush()


def _run(context: Context, name: str, number: int, ahead: timedelta) -> Run:
    source, settings = context.source(name), context.settings
    rules = source.crawl
    if rules is None:
        raise SettingsError(f"{name} is not crawled: it has no table [source.{name}.crawl]")
    engine = context.library.engine
    with engine.connect() as connection:
        crawl = run_of(connection, number)
    frontier = Frontier(
        engine, crawl, every_hours=rules.every_hours, clock=lambda: datetime.now(UTC) + ahead
    )
    removal = Removal(frontier, gone_at_once=rules.gone_at_once)
    is_whole = not (crawl.asked.url or crawl.asked.only_failed)
    return Run(
        source,
        frontier,
        Reader(Reading(source, frontier, removal, context.intake, context.parser.compare)),
        Pauses(scale=settings.crawl_pace_percent / 100),
        user_agent(settings.crawl_contact),
        seeds=seeds_of(source) if is_whole else (),
    )


def _when_told() -> str:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    threading.Thread(target=_end_in_time, name="end-in-time", daemon=True).start()
    return TOLD


def _end_in_time() -> None:
    time.sleep(_END_SECONDS)
    os._exit(1)


def _plain(value: Any) -> Any:
    return str(value.resolve()) if isinstance(value, Path) else value


def _settings(told: Mapping[str, Any]) -> Settings:
    paths = {field.name for field in fields(Settings) if isinstance(field.default, Path)}
    values: dict[str, Any] = {}
    for name, value in told.items():
        plain = tuple(value) if isinstance(value, list) else value
        values[name] = Path(value) if name in paths else plain
    return Settings(**values)


if __name__ == "__main__":
    main()
