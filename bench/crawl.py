"""How well a crawl does on a site that fights back: ``make bench-crawl``.

Crawls the fixture site (tests/site) on its ten days with pacing off, and holds library, search and
the server's own log against labels that were written before the spider. Names every miss, ends with
one summary line, and exits 1 when a figure falls short of its floor.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.crawl_judge import Figure, Held, Judge, clutter, manners, one_hit
from bench.crawl_kills import disturbed, undisturbed
from indexer.context import Context
from indexer.crawl.runs import Crawl, RunState
from indexer.crawling import crawl, decide
from indexer.grouping import group
from search.query import read_query
from search.searcher import Searcher
from search.settings import Settings
from tests.site.front import site_of
from tests.site.labels import Labels, read_labels
from tests.site.plan import LAST_DAY
from tests.site.server import Entry, Served, serve

SOURCES = ("bra", "skr", "gr")
#: Generated pages for measuring a second crawl, and the most that it may cost of the first.
MORE, MOST_OF_FIRST = 1000, 0.1
#: By the general extraction, on markup without a sign of Sitevision.
PLAIN_TITLES, PLAIN_LINES = 0.95, 0.95
KILLS, SEED = 30, 1789
_MOST_NAMED = 40


def main() -> int:
    """Crawl, judge, print; 1 when a figure falls short."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--days", type=int, default=LAST_DAY, help="only the first days")
    parser.add_argument("--kills", type=int, default=KILLS, help="so many kills in all")
    asked = parser.parse_args()
    started = time.perf_counter()
    figures = [*_days(asked.days), *_plain(), _second_crawl(), *_kills(asked.kills)]
    for figure in figures:
        _say(figure)
    held = sum(figure.holds for figure in figures)
    seconds = time.perf_counter() - started
    print(f"bench-crawl: {held} of {len(figures)} figures hold ({seconds:.0f} s)")
    return int(held < len(figures))


def _days(days: int) -> list[Figure]:
    labels, site = read_labels(), site_of(0)
    judge, log = Judge(labels, site), list[Entry]()
    figures: list[Figure] = []
    with serve(day=1) as served, _opened(served) as context:
        for day in range(1, days + 1):
            served.set_day(day)
            _crawl_all(context, day)
            held = _held(context)
            judge.day(day, held)
            if day == 1:
                figures += [*clutter(labels.cluttered, held), _one_hit(context, labels)]
            log += served.log
            served.clear_log()
            print(f"day {day}: {len(held)} documents", flush=True)
        figures += manners(log, served.intrusions)
        mistakes = tuple(served.mistakes)
    figures.append(Figure("days without a mistake of the site's own", int(not mistakes), 1, 1.0,
                          mistakes))  # fmt: skip
    return [*judge.figures(), *figures]


def _plain() -> list[Figure]:
    """The same content in other markup: titles and texts by the general extraction."""
    labels = read_labels()
    judge = Judge(labels, site_of(0))
    with serve(day=1, variant="plain") as served, _opened(served) as context:
        runs = _crawl_all(context, 1)
        alarms = sum(run.state is RunState.HELD for run in runs)
        for run in runs:
            decide(context, run.id, is_right=True)
        _crawl_all(context, 1)
        held = _held(context)
        judge.day(1, held)
    titles, lines = judge.titles.figure(), clutter(labels.cluttered, held)[1]
    return [
        Figure("plain: crawls that are held, since no rule fits", alarms, len(runs), 1.0),
        Figure("plain: titles", titles.right, titles.of, PLAIN_TITLES, titles.misses),
        Figure("plain: lines kept", lines.right, lines.of, PLAIN_LINES, lines.misses),
    ]


def _second_crawl() -> Figure:
    """What a second crawl of an unchanged site costs, in bytes of the first one's."""
    with serve(day=1, more=MORE) as served, _opened(served) as context:
        costs = []
        for _ in range(2):
            served.clear_log()
            crawl(context, context.source("gr"))
            costs.append(sum(entry.bytes for entry in served.log))
    print(f"second crawl of {MORE} pages more: {costs[1]:,} of {costs[0]:,} bytes", flush=True)
    saved = costs[0] - costs[1]
    return Figure("bytes saved by a second crawl", saved, costs[0], 1 - MOST_OF_FIRST)


def _kills(number: int) -> list[Figure]:
    """Crawls that are killed at random moments end in the library of one that was not."""
    with serve(day=1) as served, tempfile.TemporaryDirectory() as folder:
        clean = undisturbed(served, Path(folder, "clean"), "gr")
        killed = disturbed(served, Path(folder, "killed"), "gr", number, SEED)
    same = sum(kept == clean for kept in killed.kept)
    name = f"libraries of crawls killed {killed.kills} times that are as of one that was not"
    return [
        Figure(name, same, len(killed.kept), 1.0),
        Figure("killed crawls that left no process behind", int(not killed.orphans), 1, 1.0),
    ]


def _one_hit(context: Context, labels: Labels) -> Figure:
    """Ask for each work of several documents by its title."""
    context.publisher.publish()
    searcher = Searcher(context.settings.index_path, context.settings.vocabulary)
    members, titles = defaultdict[str, list[str]](list), dict[str, str]()
    for label in labels.wanted(1):
        members[label.work].append(label.key)
        if label.role in ("landing", "full") and label.work not in titles:
            titles[label.work] = label.title
    works = {work: keys for work, keys in members.items() if len(keys) > 1 and work in titles}
    hits = {
        work: [
            hit.document.key for hit in searcher.search(read_query(titles[work], page_size=50)).hits
        ]
        for work in works
    }
    return one_hit(works, hits)


def _crawl_all(context: Context, day: int) -> list[Crawl]:
    runs = []
    for name in SOURCES:
        source = context.source(name)
        runs.append(crawl(context, source, days_ahead=day - 1).crawl)
        group(context.library, source)
    return runs


def _held(context: Context) -> Sequence[Held]:
    known = context.library.of_sources(SOURCES)
    versions = ((one, context.library.version(one.key)) for one in known)
    return [Held(one.key, one.origin, v.document) for one, v in versions if v]


@contextmanager
def _opened(served: Served) -> Iterator[Context]:
    """A new library that knows where the fixture site is."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["SSL_CERT_FILE"] = str(served.ca_file)
        settings = Settings(
            home=Path(home),
            crawl_allow_addresses=(served.https_address,),
            crawl_resolve=tuple(f"{host}={at}" for host, at in served.resolve().items()),
            crawl_pace_percent=0,
            crawl_timeout=5,
            parse_seconds=5,
        )
        with Context(settings) as context:
            yield context


def _say(figure: Figure) -> None:
    verdict = "" if figure.holds else f"  SHORT of {figure.floor:.0%}"
    print(f"{figure.share:8.2%}  {figure.right} of {figure.of}  {figure.name}{verdict}")
    for miss in figure.misses[:_MOST_NAMED]:
        print(f"          {miss}")
    if len(figure.misses) > _MOST_NAMED:
        print(f"          … and {len(figure.misses) - _MOST_NAMED} more")


if __name__ == "__main__":
    sys.exit(main())
