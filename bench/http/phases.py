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
from itertools import cycle, islice, permutations
from statistics import median

from bench.http.asked import Collection, target
from bench.http.load import Outcome, Plan, from_json
from bench.http.servers import Server
from bench.http.serving import ROOT, Served, serving
from bench.http.site import ANSWERS, CONSTANT, INDEX, QUESTIONS, REMEMBERED, SEARCH
from bench.http.wire import Target

#: Seconds that a server is warmed, by so many clients: its code and the index, not its answers.
WARMING, WARMERS = 2.0, 4
#: Clients at once that must see no error, and those that saturate.
CROWD, SATURATING = 50, 8
#: Turns of the site and the constant page; a figure is the median of them.
TURNS = 4
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
    """What came of a server: an outcome by rate, the crowd's, and by page those of its turns.

    ``page`` is what was asked for, ``memory`` bytes at the end of the crowd.
    """

    server: str
    page: str
    rates: dict[float, Outcome] = field(default_factory=dict)
    crowd: Outcome | None = None
    turns: dict[str, list[Outcome]] = field(default_factory=dict)
    memory: int = 0

    def throughput(self, page: str) -> float:
        """Pages a second when saturated, in the median turn."""
        return median(turn.throughput for turn in self.turns[page])

    def ratio(self, page: str, to: str = CONSTANT) -> float:
        """Throughput of one page to another's in the same turn, the median of the turns."""
        pairs = zip(self.turns[page], self.turns[to], strict=True)
        return median(one.throughput / other.throughput for one, other in pairs)

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """Everything that was asked."""
        crowd = (self.crowd,) if self.crowd else ()
        turns = (turn for turns in self.turns.values() for turn in turns)
        return (*self.rates.values(), *crowd, *turns)


class Phases:
    """The phases on one server, asking from one stock of questions."""

    def __init__(
        self, server: Server, asked: Collection, lengths: Lengths, page: str = SEARCH
    ) -> None:
        self._server = server
        self._asked = asked
        self._lengths = lengths
        self._next = 0
        self.found = Measured(server.name, page)

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
        """The three pages by turns, on one server, by the same clients."""
        pages = (self.found.page, CONSTANT, *({REMEMBERED} - {self.found.page}))
        with self._served() as served:
            for order in islice(cycle(permutations(pages)), TURNS):
                for page in order:
                    plan = Plan(
                        served.port,
                        self._lengths.saturation,
                        [Target(CONSTANT, "")] if page == CONSTANT else self._targets(page=page),
                        clients=SATURATING,
                    )
                    self.found.turns.setdefault(page, []).append(loaded(plan))

    @contextmanager
    def _served(self) -> Iterator[Served]:
        environment: Mapping[str, str] = {
            INDEX: str(self._asked.index),
            QUESTIONS: "\n".join(self._asked.questions[-ANSWERS:]),
        }
        with serving(self._server, environment) as served:
            loaded(Plan(served.port, WARMING, self._targets(), clients=WARMERS))
            yield served

    def _targets(self, count: int = 4_000, page: str = "") -> Sequence[Target]:
        """The next questions of the stock; when it is at its end, from its beginning."""
        stock = self._asked.questions
        start, self._next = self._next, self._next + count
        numbers = range(start, start + count)
        return [target(stock[n % len(stock)], page or self.found.page) for n in numbers]


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
    page: str = SEARCH,
    progress: Progress = lambda what: None,
) -> Measured:
    """Every phase of a server."""
    phases = Phases(server, asked, lengths, page)
    for rate in rates:
        progress(f"{server.name}: {rate:g} requests/s ...")
        phases.at_rate(rate)
    progress(f"{server.name}: {CROWD} clients at once ...")
    phases.crowd()
    progress(f"{server.name}: saturation ...")
    phases.saturation()
    return phases.found
