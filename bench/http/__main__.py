"""``python -m bench.http``: measure the site over HTTP; 1 when an error or twice an aim is seen."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import terminal
from bench.benchmark.run import KEPT
from bench.http.asked import collection
from bench.http.inside import inside
from bench.http.phases import Lengths, measured
from bench.http.report import AIM_RATE, Report
from bench.http.servers import SERVERS, named
from bench.http.site import REMEMBERED, SEARCH
from search.errors import SettingsError
from search.settings import read_settings

#: Distinct questions: more than any one server is asked in a run.
QUESTIONS = 20_000
RATES = (10.0, 25.0, AIM_RATE)
_LENGTHS = Lengths()


def main(arguments: list[str] | None = None) -> int:
    """Measure, tell, and say whether it fails."""
    asked = _arguments(arguments)
    noise = os.getloadavg()[0]
    try:
        chosen = [named(name) for name in asked.server or (SERVERS[0].name,)]
        home = read_settings().home / KEPT
        terminal.whisper("The index ...")
        put = collection(home, QUESTIONS, asked.folder, asked.queries)
    except SettingsError as error:
        terminal.complain(str(error))
        return 2
    if asked.inside:
        return _tell_inside(inside(put), asked.json)
    found = []
    for server in (each for each in chosen if each.installed()):
        lengths = Lengths(asked.seconds, asked.seconds / 2, asked.seconds / 5)
        page = REMEMBERED if asked.remembered else SEARCH
        found.append(measured(server, put, asked.rate or RATES, lengths, page, terminal.whisper))
    report = Report(put, found, noise)
    terminal.benchmark(report, asked.json)
    for server in (each for each in chosen if not each.installed()):
        terminal.complain(f"{server.name} is not installed, and was left out")
    for failure in report.failures:
        terminal.complain(failure)
    return int(bool(report.failures))


def _tell_inside(found: Mapping[str, float], as_json: bool) -> int:
    if as_json:
        terminal.print_json(found)
        return 0
    for name, microseconds in found.items():
        terminal.say(f"{microseconds:9,.0f} µs  {name}")
    return 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.http", description=__doc__)
    names = ", ".join(server.name for server in SERVERS)
    add = parser.add_argument
    add("folder", nargs="?", type=Path, metavar="DIR", help="a corpus.jsonl in BEIR layout")
    add("--queries", type=Path, help="people's questions: a queries.jsonl")
    add("--server", action="append", help=f"again for each: {names}")
    add("--rate", action="append", type=float, help="requests a second, again for each")
    add("--seconds", type=float, default=_LENGTHS.open, help="of each rate; others in proportion")
    add("--remembered", action="store_true", help="leave the search out: answers from memory")
    add("--inside", action="store_true", help="no server: where a request's time goes")
    add("--json", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
