"""What a run came to: a table, JSON, and what makes it fail.

Seconds are aims on a machine of two cores and fail only at ``MOST`` times the aim; an error fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.benchmark.measuring import percentile
from bench.http.asked import Collection
from bench.http.load import Outcome
from bench.http.phases import CROWD, Measured
from bench.http.site import CONSTANT, REMEMBERED, SEARCH

#: Requests a second, and the p95 in seconds that the site should keep at it.
AIM_RATE, AIM_P95 = 100.0, 0.050
#: Throughput of pages of results to the constant page.
AIM_RATIO = 0.4
MOST = 2.0
SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
_NAMES = {SEARCH: "results", REMEMBERED: "from memory", CONSTANT: "constant"}


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is told of a run. ``noise`` is the load of the machine before it began."""

    asked: Collection
    found: Sequence[Measured]
    noise: float

    @property
    def failures(self) -> tuple[str, ...]:
        """What fails the run."""
        return tuple(line for each in self.found for line in _failures(each))

    @property
    def complaints(self) -> Sequence[str]:
        """None: a run has no peers whose work could be unequal."""
        return ()

    @property
    def notes(self) -> Sequence[str]:
        """The aims, and what the search alone costs in throughput."""
        aim = (
            f"Aims: p95 of {AIM_P95 * 1000:g} ms at {AIM_RATE:g}/s, no errors, results at"
            f" {AIM_RATIO:g} of the constant page (ratio). Time counts from when a request was due."
        )
        shares = (
            f"{each.server}: searching leaves {each.ratio(SEARCH, REMEMBERED):.2f} of the pages"
            " that are rendered from memory."
            for each in self.found
            if {SEARCH, REMEMBERED} <= each.turns.keys()
        )
        return (aim, *shares, f"Load of the machine before the run: {self.noise:.2f}.")

    @property
    def about(self) -> str:
        """What the table is of, in a line."""
        return (
            f"{self.asked.documents:,} documents ({self.asked.name}),"
            f" {len(self.asked.questions):,} questions, {self.asked.real:,} of them people's own."
        )

    def head(self) -> tuple[str, ...]:
        """The columns of the table for people."""
        return (
            "server",
            "load",
            *(f"{s} ms" for s in SHARES),
            "pages/s",
            "ratio",
            "errors",
            "memory",
        )

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The table's rows, one a server and load."""
        for each in self.found:
            for rate, outcome in each.rates.items():
                yield (each.server, f"{rate:g}/s", *_row(outcome), "", _errors(outcome), "")
            if each.crowd:
                memory = f"{each.memory / 1e6:,.0f} MB"
                crowd = each.crowd
                yield (
                    each.server, f"{CROWD} clients", *_row(crowd), "", _errors(crowd), memory,
                )  # fmt: skip
            for page, turns in each.turns.items():
                errors = sum(turn.failed for turn in turns)
                figures = ("", "", "", f"{each.throughput(page):,.0f}", f"{each.ratio(page):.3f}")
                yield (each.server, _NAMES[page], *figures, str(errors), "")

    def to_json(self) -> Mapping[str, Any]:
        """The whole as plain JSON values: seconds, bytes, pages a second."""
        return {
            "collection": self.asked.name,
            "documents": self.asked.documents,
            "questions": {"all": len(self.asked.questions), "real": self.asked.real},
            "load": self.noise,
            "aims": {"rate": AIM_RATE, "p95": AIM_P95, "ratio": AIM_RATIO},
            "servers": {each.server: _json(each) for each in self.found},
            "failures": list(self.failures),
        }


def _failures(found: Measured) -> Iterator[str]:
    aimed = found.rates.get(AIM_RATE)
    if aimed and (p95 := percentile(aimed.latencies, SHARES["p95"])) > MOST * AIM_P95:
        yield (
            f"{found.server}: p95 of {p95 * 1000:,.0f} ms at {AIM_RATE:g}/s is over {MOST:g} times"
            f" the aim of {AIM_P95 * 1000:g} ms"
        )
    for outcome in found.outcomes:
        for what, many in outcome.errors.items():
            yield f"{found.server}: {what}, {many} of {len(outcome.latencies)} times"


def _json(found: Measured) -> Mapping[str, Any]:
    return {
        "page": _NAMES[found.page],
        "rates": {f"{rate:g}": _figures(outcome) for rate, outcome in found.rates.items()},
        "crowd": _figures(found.crowd) if found.crowd else None,
        "saturation": {
            _NAMES[page]: {
                "throughput": found.throughput(page),
                "to_constant": found.ratio(page),
                "to_memory": found.ratio(page, REMEMBERED) if REMEMBERED in found.turns else None,
                "turns": [turn.throughput for turn in turns],
            }
            for page, turns in found.turns.items()
        },
        "memory": found.memory,
    }


def _figures(outcome: Outcome) -> Mapping[str, Any]:
    return {
        **{name: percentile(outcome.latencies, share) for name, share in SHARES.items()},
        "requests": len(outcome.latencies),
        "throughput": outcome.throughput,
        "late": outcome.late,
        "errors": dict(outcome.errors),
    }


def _row(outcome: Outcome) -> tuple[str, ...]:
    shares = (percentile(outcome.latencies, share) for share in SHARES.values())
    return (*(f"{seconds * 1000:,.1f}" for seconds in shares), f"{outcome.throughput:,.0f}")


def _errors(outcome: Outcome) -> str:
    return f"{outcome.failed}/{len(outcome.latencies)}"
