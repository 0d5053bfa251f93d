"""Who asks the site: ``python -m bench.http.load``, a plan on standard input, what came on output.

Open loop: each request has a due time that no earlier answer moves, and its latency counts from
there. Who waits for an answer before asking again measures a slow server less often than a fast
one, and calls its queue nothing (coordinated omission). Closed loop: so many clients, each asking
as soon as it has its answer, which finds the throughput.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

from bench.http.wire import Connection, Target, WireError

#: Seconds until a request is given up, from its due time. It counts as an error, and as no faster.
LONGEST_ANSWER = 10.0
#: What a page of results says of itself, and no page about an error.
RESULTS = b'<body class="results">'
SEED = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """A load: ``rate`` requests a second, or with 0 ``clients`` that ask as fast as they can."""

    port: int
    seconds: float
    targets: Sequence[Target]
    rate: float = 0.0
    clients: int = 1
    longest: float = LONGEST_ANSWER


@dataclass(slots=True)
class Outcome:
    """What came of a load: seconds of each request, and what went wrong how often.

    ``late`` is how far behind its due time the slowest request was sent: the asker's own fault,
    which latencies have in them. ``seconds`` is from the first due time to the last answer.
    """

    latencies: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    late: float = 0.0
    seconds: float = 0.0

    @property
    def failed(self) -> int:
        """How many requests did not get their page."""
        return sum(self.errors.values())

    @property
    def throughput(self) -> float:
        """Right answers a second."""
        return (len(self.latencies) - self.failed) / self.seconds if self.seconds else 0.0


def due_times(rate: float, seconds: float) -> list[float]:
    """When requests are due, in seconds from the start: at random, as from people who know nothing
    of each other, but always the same.
    """
    rolled = random.Random(SEED)  # noqa: S311
    due, times = 0.0, list[float]()
    while (due := due + rolled.expovariate(rate)) < seconds:
        times.append(due)
    return times


async def open_loop(plan: Plan) -> Outcome:
    """Send each request when it is due, whatever became of those before."""
    outcome, idle, loop = Outcome(), list[Connection](), asyncio.get_running_loop()
    tasks: list[asyncio.Task[None]] = []
    started = loop.time()
    for number, due in enumerate(due_times(plan.rate, plan.seconds)):
        if (wait := started + due - loop.time()) > 0:
            await asyncio.sleep(wait)
        target = plan.targets[number % len(plan.targets)]
        tasks.append(asyncio.create_task(_lent(plan, target, started + due, idle, outcome)))
    await asyncio.gather(*tasks)
    outcome.seconds = loop.time() - started
    _close(idle)
    return outcome


async def closed_loop(plan: Plan) -> Outcome:
    """Have each client ask again as soon as it is answered, until the time is up."""
    outcome, loop, numbers = Outcome(), asyncio.get_running_loop(), count()
    connections = [Connection(plan.port) for _ in range(plan.clients)]
    started = loop.time()

    async def client(connection: Connection) -> None:
        while (now := loop.time()) < started + plan.seconds:
            target = plan.targets[next(numbers) % len(plan.targets)]
            await _one(plan, target, now, connection, outcome)

    await asyncio.gather(*map(client, connections))
    outcome.seconds = loop.time() - started
    _close(connections)
    return outcome


async def _lent(
    plan: Plan, target: Target, due: float, idle: list[Connection], outcome: Outcome
) -> None:
    connection = idle.pop() if idle else Connection(plan.port)
    await _one(plan, target, due, connection, outcome)
    idle.append(connection)


async def _one(
    plan: Plan, target: Target, due: float, connection: Connection, outcome: Outcome
) -> None:
    """Ask once, and write down what came and how long after ``due``."""
    loop = asyncio.get_running_loop()
    outcome.late = max(outcome.late, loop.time() - due)
    wrong = ""
    try:
        async with asyncio.timeout_at(due + plan.longest):
            answer = await connection.get(target.path)
        outcome.bytes += len(answer.body)
        if answer.status != 200:
            wrong = f"status {answer.status}"
        elif RESULTS not in answer.body or target.holds.encode() not in answer.body:
            wrong = "another page"
    except TimeoutError:
        wrong = f"no answer in {plan.longest:g} s"
    except (WireError, OSError) as error:
        wrong = type(error).__name__
    outcome.latencies.append(loop.time() - due)
    if wrong:
        outcome.errors[wrong] = outcome.errors.get(wrong, 0) + 1


def _close(connections: Sequence[Connection]) -> None:
    for connection in connections:
        connection.close()


def run(plan: Plan) -> Outcome:
    """Do a plan in this process."""
    loading: Coroutine[Any, Any, Outcome] = open_loop(plan) if plan.rate else closed_loop(plan)
    gc.disable()
    try:
        return asyncio.run(loading)
    finally:
        gc.enable()


def to_json(outcome: Outcome) -> str:
    """An outcome on its way to the process that wanted it."""
    return json.dumps(asdict(outcome))


def from_json(text: str) -> Outcome:
    """The inverse of ``to_json``."""
    return Outcome(**json.loads(text))


def main() -> None:
    """Read a plan, do it, and write what came of it."""
    given = json.load(sys.stdin)
    targets = [Target(*pair) for pair in given.pop("targets")]
    print(to_json(run(Plan(targets=targets, **given))))


if __name__ == "__main__":
    main()
