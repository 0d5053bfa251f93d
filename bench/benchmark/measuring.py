"""Taking times so that they can be compared: by turns, without the garbage collector.

Pure of what is measured: contestants are functions.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, permutations
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Pass(Generic[A]):
    """One pass over the questions: by contestant, how long each took and what was answered."""

    seconds: Mapping[str, Sequence[float]]
    answers: Mapping[str, Sequence[A]]


def by_turns(contestants: Mapping[str, Callable[[Q], A]], questions: Sequence[Q]) -> Pass[A]:
    """Have everyone answer each question once, in every order there is, one after the other.

    So each comes as often behind a slow one, which leaves nothing of its own in the caches.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    answers: dict[str, list[A]] = {name: [] for name in contestants}
    orders = cycle(permutations(contestants))
    with no_collecting():
        for question, order in zip(questions, orders, strict=False):
            for name in order:
                answer = contestants[name]
                started = time.perf_counter()
                answered = answer(question)
                seconds[name].append(time.perf_counter() - started)
                answers[name].append(answered)
    return Pass(seconds, answers)


@contextmanager
def no_collecting() -> Iterator[None]:
    """Keep the garbage collector, whose pauses are nobody's in particular, out of a block."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def percentile(values: Sequence[float], share: float) -> float:
    """The value under which a share of the values lies, between neighbours in proportion.

    >>> percentile([4.0, 1.0, 2.0], 0.5), percentile([1.0, 2.0], 0.95)
    (2.0, 1.95)
    """
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
