"""What is measured of one server: latency at each rate, many clients at once, and saturation.

Each phase has a server of its own, so that none inherits another's queue, and asks no question
that this server was asked before.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, field
from statistics import median

from bench.http.asked import Collection, target
from bench.http.load import Outcome, Plan, from_json
from bench.http.servers import Server
from bench.http.serving import ROOT, Served, serving
from bench.http.site import CONSTANT, INDEX, QUESTION
from bench.http.wire import Target

#: Seconds that a server is warmed, by so many clients: its code and the index, not its answers.
WARMING, WARMERS = 2.0, 4
#: Clients at once that must see no error, and those that saturate.
CROWD, SATURATING = 50, 8
#: Turns of the site and the constant page; a figure is the median of them.
TURNS = 3
#: Seconds that a load may take beyond its plan until it is given up.
_SLACK = 60.0

Progress = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds of each phase; of saturation of one turn of one page."""

    open: float = 20.0
    crowd: float = 10.0
    saturation: float = 4.0


@dataclass(slots=True)
class Measured:
    """What came of a server: an outcome by rate, the crowd's, and throughputs in turns."""

    server: str
    rates: dict[float, Outcome] = field(default_factory=dict)
    crowd: Outcome | None = None
    site: list[float] = field(default_factory=list)
    constant: list[float] = field(default_factory=list)
    saturated: list[Outcome] = field(default_factory=list)
    memory: int = 0

    @property
    def ratio(self) -> float | None:
        """Throughput of pages of results to that of the constant page, in the median turn."""
        turns = zip(self.site, self.constant, strict=True)
        ratios = [site / constant for site, constant in turns if constant]
        return median(ratios) if ratios else None


class Phases:
    """The phases on one server, asking from one stock of questions."""

    def __init__(self, server: Server, asked: Collection, lengths: Lengths) -> None:
        self._server = server
        self._asked = asked
        self._lengths = lengths
        self._next = 0
        self.found = Measured(server.name)

    def at_rate(self, rate: float) -> None:
        """Latency when so many requests a second are due."""
        with self._served() as served:
            count = int(self._lengths.open * rate * 1.3) + 10
            plan = Plan(served.port, self._lengths.open, self._targets(count), rate=rate)
            self.found.rates[rate] = loaded(plan)

    def crowd(self) -> None:
        """Many clients at once, each asking as soon as it is answered; then memory."""
        with self._served() as served:
            plan = Plan(served.port, self._lengths.crowd, self._targets(), clients=CROWD)
            self.found.crowd = loaded(plan)
            self.found.memory = served.memory

    def saturation(self) -> None:
        """The site and its constant page by turns, on one server, by the same clients."""
        with self._served() as served:
            for turn in range(TURNS * 2):
                is_site = turn % 2 == (turn // 2) % 2  # who comes first changes
                targets = self._targets() if is_site else [Target(CONSTANT, "")]
                plan = Plan(served.port, self._lengths.saturation, targets, clients=SATURATING)
                outcome = loaded(plan)
                (self.found.site if is_site else self.found.constant).append(outcome.throughput)
                self.found.saturated.append(outcome)

    @contextmanager
    def _served(self) -> Iterator[Served]:
        environment: Mapping[str, str] = {
            INDEX: str(self._asked.index),
            QUESTION: self._asked.questions[0],
        }
        with serving(self._server, environment) as served:
            loaded(Plan(served.port, WARMING, self._targets(), clients=WARMERS))
            yield served

    def _targets(self, count: int = 4_000) -> Sequence[Target]:
        """The next questions of the stock; when it is at its end, from its beginning."""
        stock = self._asked.questions
        start, self._next = self._next, self._next + count
        return [target(stock[number % len(stock)]) for number in range(start, start + count)]


def loaded(plan: Plan) -> Outcome:
    """Do a plan in a process of its own. Raises TimeoutExpired, CalledProcessError."""
    given = asdict(plan) | {"targets": [astuple(each) for each in plan.targets]}
    done = subprocess.run(
        [sys.executable, "-m", "bench.http.load"],
        input=json.dumps(given),
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=plan.seconds + plan.longest + _SLACK,
    )
    return from_json(done.stdout)


def measured(
    server: Server,
    asked: Collection,
    rates: Sequence[float],
    lengths: Lengths,
    progress: Progress = lambda what: None,
) -> Measured:
    """Every phase of a server."""
    phases = Phases(server, asked, lengths)
    for rate in rates:
        progress(f"{server.name}: {rate:g} requests/s ...")
        phases.at_rate(rate)
    progress(f"{server.name}: {CROWD} clients at once ...")
    phases.crowd()
    progress(f"{server.name}: saturation ...")
    phases.saturation()
    return phases.found

