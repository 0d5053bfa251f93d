"""What a run came to: percentiles of each engine, ratios of ours to each peer, and equal work.

A figure is the median over runs. A ratio is made within a run, where both had the same machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.benchmark.equality import Comparison
from bench.benchmark.measuring import percentile
from bench.benchmark.registry import PRODUCT
from bench.benchmark.tasks import ASKED, BYTES, SEARCH, TASKS

SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
#: Of so many questions a 99th percentile is only the slowest one.
RATIO_SHARES = ("p50", "p95")
#: Tasks of many samples; the others have one figure, which stands in p50.
MANY = frozenset({*ASKED, SEARCH, "open", "update"})

Figures = Mapping[str, float]
Samples = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is told of a run; ``samples`` has task → runs → engine → figures.

    ``engines`` says of each engine what version it is, what it lacks and how many segments its
    index has. ``real`` is how many of the questions people asked.
    """

    collection: str
    documents: int
    questions: int
    real: int
    ours: str
    peers: tuple[str, ...]
    engines: Mapping[str, Mapping[str, Any]]
    samples: Mapping[str, Sequence[Samples]]
    comparisons: Sequence[Comparison]
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def complaints(self) -> tuple[str, ...]:
        """What makes the work of two engines unequal, so that the ratios say nothing."""
        return tuple(line for each in self.comparisons for line in each.complaints)

    @property
    def tasks(self) -> Mapping[str, Mapping[str, Any]]:
        """Task → engine → percentiles, and under ``ratio`` peer → percentiles of ours to it."""
        return {name: self._task(name) for name in TASKS if self.samples.get(name)}

    def to_json(self) -> Mapping[str, Any]:
        """The whole as plain JSON values."""
        return {
            "collection": self.collection,
            "documents": self.documents,
            "questions": {"all": self.questions, "real": self.real},
            "runs": max((len(runs) for runs in self.samples.values()), default=0),
            "ours": self.ours,
            "engines": self.engines,
            "tasks": self.tasks,
            "equal_work": [
                {
                    "task": each.task,
                    "peer": each.peer,
                    "questions": each.questions,
                    "differing": len(each.differing),
                    "overlap": each.overlap,
                    "same_formula": each.same_formula,
                }
                for each in self.comparisons
            ],
            "complaints": self.complaints,
            "notes": list(self.notes),
        }

    @property
    def about(self) -> str:
        """What the table is of, in a line."""
        return (
            f"{self.documents:,} documents, {self.questions:,} questions, {self.real:,} of them"
            f" people's own. A ratio is {self.ours} to the engine, in {SEARCH} {PRODUCT}."
        )

    def head(self) -> tuple[str, ...]:
        """The columns of the table for people."""
        return ("task", "engine", *SHARES, *(f"ratio {s}" for s in RATIO_SHARES))

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The table's rows, one a task and engine."""
        for task, found in self.tasks.items():
            for name in (engine for engine in found if engine != "ratio"):
                ratio = found["ratio"].get(name, {})
                yield (
                    task,
                    name,
                    *(_shown(task, found[name].get(share)) for share in SHARES),
                    *(f"{ratio[s]:.2f}" if s in ratio else "" for s in RATIO_SHARES),
                )

    def _task(self, task: str) -> Mapping[str, Any]:
        shares = SHARES if task in MANY else {"p50": SHARES["p50"]}
        runs = [_percentiles(run, shares) for run in self.samples[task]]
        engines = dict.fromkeys(name for run in runs for name in run)
        found: dict[str, Any] = {
            name: _medians([run[name] for run in runs if name in run]) for name in engines
        }
        ours = PRODUCT if task == SEARCH else self.ours
        found["ratio"] = {}
        for peer in self.peers:
            if shared := [run for run in runs if ours in run and peer in run]:
                found["ratio"][peer] = _medians([_ratios(run[ours], run[peer]) for run in shared])
        return found


def _percentiles(run: Samples, shares: Mapping[str, float]) -> Mapping[str, Figures]:
    return {
        name: {key: percentile(values, share) for key, share in shares.items()}
        for name, values in run.items()
        if values
    }


def _ratios(ours: Figures, theirs: Figures) -> Figures:
    return {s: ours[s] / theirs[s] for s in RATIO_SHARES if s in ours and theirs.get(s)}


def _medians(runs: Sequence[Figures]) -> Figures:
    return {key: median(run[key] for run in runs) for key in runs[0]}


def _shown(task: str, value: float | None) -> str:
    if value is None:
        return ""
    if task in BYTES:
        return f"{value / 1e6:,.1f} MB"
    return f"{value:,.2f} s" if value >= 1 else f"{value * 1000:,.3f} ms"
