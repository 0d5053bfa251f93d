"""Lists of numbers that lie one after the other, made many at a time and kept by name.

Of any such list of lists ``start`` says where each begins: the items of ``n`` are
``items[start[n]:start[n + 1]]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]

#: Numbers that are sorted at once: numpy sorts so short ones by counting them.
_RADIX = 16
#: Up to so many times as many, picking them out first is quicker than to sort twice.
_FEW = 4


#: How often something stands in a document is counted so far.
MOST_TIMES = 65_535


class Arrays(Protocol):
    """Arrays by name: a dictionary, or a file that has them mapped."""

    def __getitem__(self, name: str, /) -> NDArray[Any]:
        """The array of a name."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Items grouped by number: those of ``n`` are ``items[start[n]:start[n + 1]]``."""

    start: Ints
    items: Ints

    def of(self, number: int) -> Ints:
        """The items of one number, in the order they came."""
        return self.items[self.start[number] : self.start[number + 1]]

    def of_all(self, numbers: Iterable[int]) -> Ints:
        """The items of several numbers, one after the other."""
        found = [self.of(number) for number in numbers]
        return np.concatenate(found) if found else np.empty(0, self.items.dtype)

    def turned(self, groups: int) -> Grouped:
        """Of each item, the numbers that have it."""
        owners = np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), np.diff(self.start))
        by_item = group(self.items, groups)
        return Grouped(by_item.start, owners[by_item.items])

    def named(self, name: str) -> dict[str, NDArray[Any]]:
        """Its arrays by name."""
        return {f"{name}.start": self.start, f"{name}.items": self.items}

    @classmethod
    def read(cls, arrays: Arrays, name: str) -> Grouped:
        """What ``named`` gave."""
        return cls(arrays[f"{name}.start"], arrays[f"{name}.items"])


@dataclass(frozen=True, slots=True)
class Postings:
    """For each number the documents that have it, ascending, and how often."""

    start: Ints
    documents: Ints
    frequencies: Ints

    def of(self, number: int) -> tuple[Ints, Ints]:
        """The documents of a number and its frequency in each."""
        here = slice(self.start[number], self.start[number + 1])
        return self.documents[here], self.frequencies[here]

    def count(self, number: int) -> int:
        """How many documents have a number."""
        return int(self.start[number + 1] - self.start[number])

    def named(self, name: str) -> dict[str, NDArray[Any]]:
        """Its arrays by name."""
        kept = {"start": self.start, "documents": self.documents, "frequencies": self.frequencies}
        return {f"{name}.{part}": array for part, array in kept.items()}

    @classmethod
    def read(cls, arrays: Arrays, name: str) -> Postings:
        """What ``named`` gave."""
        return cls(*(arrays[f"{name}.{part}"] for part in ("start", "documents", "frequencies")))

    @classmethod
    def of_places(cls, places: Grouped, document_of: Ints) -> Postings:
        """Ascending places of each number, counted by document."""
        documents = document_of[places.items]
        new = np.ones(len(documents) + 1, bool)
        new[1:-1] = documents[1:] != documents[:-1]
        new[places.start] = True
        first = np.flatnonzero(new)
        # Nothing is told apart by being said still more often.
        counts = np.minimum(np.diff(first), MOST_TIMES).astype(np.uint16)
        return cls(np.searchsorted(first, places.start), documents[first[:-1]], counts)


def group(numbers: Ints, groups: int) -> Grouped:
    """The places of an array by the number that stands there; less than 2³² are told apart."""
    low, most = numbers.astype(np.uint16), max(groups - 1, 0) >> _RADIX
    if most <= _FEW:
        high = (numbers >> _RADIX).astype(np.uint8)
        parts = (np.flatnonzero(high == number).astype(np.int32) for number in range(most + 1))
        order = np.concatenate([part[np.argsort(low[part], kind="stable")] for part in parts])
    else:
        order = np.argsort(low, kind="stable").astype(np.int32)
        high = (numbers >> _RADIX).astype(np.uint16)[order]
        order = order[np.argsort(high, kind="stable")]
    return Grouped(starts(np.bincount(numbers, minlength=groups)), order)


def starts(counts: Ints) -> Ints:
    """Where lists of so many items begin, and after the last one where it ends."""
    made: Ints = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
    return made


def numbered(lists: Iterable[Iterable[str]]) -> tuple[dict[str, int], Grouped]:
    """Numbers for strings in the order they are met, and the numbers in each list."""
    numbers: dict[str, int] = {}
    found = [[numbers.setdefault(text, len(numbers)) for text in texts] for texts in lists]
    return numbers, flat(found)


def ranges(starts: Ints, counts: Ints) -> Ints:
    """The numbers from each start on, as many as its count, one run after the other."""
    before = np.cumsum(counts) - counts
    runs: Ints = np.arange(int(counts.sum())) + np.repeat(starts - before, counts)
    return runs


def flat(lists: Sequence[Sequence[int]]) -> Grouped:
    """Lists of numbers, one after the other."""
    start = starts(np.fromiter(map(len, lists), np.int64, len(lists)))
    return Grouped(start, np.fromiter(chain.from_iterable(lists), np.int32, int(start[-1])))
