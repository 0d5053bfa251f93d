"""What narrows, groups and orders documents, as arrays: counted for all that were found at once.

A work's variants count as one document. Documents are numbers from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.columnar import kernel
from search.grouped import Arrays, Floats, Ints
from search.results import FacetCount

#: Facet → the values chosen.
Filters = Mapping[str, tuple[str, ...]]


#: Where most of the best are variants of the same works, so many times as many are looked at.
_MORE_FOR_VARIANTS = 4


@dataclass(frozen=True, slots=True)
class _Facet:
    """A facet's values have numbers of their own from ``first`` on, in order.

    ``rows`` of all codes are those of each document's: as many as any has. Where one has fewer
    stands the number after the last one's.
    """

    values: Sequence[str]
    first: int
    rows: slice

    @property
    def end(self) -> int:
        """The number after the last value's."""
        return self.first + len(self.values)


class FacetColumns:
    """The facets, works and tie-breaks of one generation."""

    def __init__(self, arrays: Arrays, facts: Mapping[str, Any]) -> None:
        """Those that ``fronts`` made, where they lie."""
        #: Equals come newest first, then by key, so that a list never shuffles.
        self._place: Ints = arrays["place"]
        documents = len(self._place)
        heights = [facet["rows"] for facet in facts["facets"].values()]
        #: All facets in one, counted at once.
        self._codes = arrays["facet_codes"].reshape(sum(heights), documents)
        self._facets: dict[str, _Facet] = {}
        row = self._numbers = 0
        for (name, facet), height in zip(facts["facets"].items(), heights, strict=True):
            made = _Facet(facet["values"], self._numbers, slice(row, row + height))
            self._facets[name] = made
            row, self._numbers = row + height, made.end + 1
        narrow = self._codes.dtype == np.uint16
        #: Each row as the kernel counts it.
        self._rows = [
            kernel.Facet(kernel.FacetArrays(codes, None, None, self._numbers))
            for codes in (self._codes if narrow else ())
        ]
        self._all_are = not facts["works"]
        self._works: Ints = np.arange(documents) if self._all_are else arrays["works"]
        #: Whether a document is the only variant of its work.
        self._is_alone: NDArray[np.bool_] = (
            np.ones(documents, bool)
            if self._all_are
            else np.bincount(self._works, minlength=documents)[self._works] == 1
        )

    def passing(self, found: Ints, filters: Filters, leave_out: str = "") -> Ints:
        """Those that have one of the chosen values of every facet that is filtered by."""
        for name, chosen in filters.items():
            if name != leave_out:
                found = found[self._has(name, chosen)[found]]
        return found

    def best_first(self, found: Ints, score: Floats, most: int | None = None) -> Ints:
        """The best first: so many, or all."""
        if most is not None and most < len(found):
            points = score[found]
            # Those that are as good as the last one wanted, and only they are put in order.
            found = found[points >= np.partition(points, -most)[-most]]
        ordered: Ints = found[np.lexsort((self._place[found], -score[found]))]
        return ordered[:most]

    def page(self, found: Ints, score: Floats, first: int, size: int) -> tuple[int, list[int]]:
        """How many works there are, and those from a number on: of each the best variant."""
        alone, together = self._parted(found)
        works = len(alone) + len(_distinct(self._works[together]))
        most = min(first + size, works)
        looked_at = most
        while True:
            best = self.best_first(found, score, looked_at)
            of_work: dict[int, int] = {}
            for number, work in zip(best.tolist(), self._works[best].tolist(), strict=True):
                of_work.setdefault(work, number)
            if len(of_work) >= most:
                return works, list(of_work.values())[first:most]
            looked_at *= _MORE_FOR_VARIANTS

    def counted(self, found: Ints, filters: Filters) -> dict[str, tuple[FacetCount, ...]]:
        """By facet, how many works have each value: those of which any variant found has it.

        What is chosen of a facet does not narrow that facet itself. Most first.
        """
        counts = self._counts(slice(None), self.passing(found, filters))
        for name in self._facets.keys() & filters.keys():
            facet = self._facets[name]
            others = self.passing(found, filters, leave_out=name)
            own = slice(facet.first, facet.end)
            counts[own] = self._counts(facet.rows, others)[own]
        held = counts.tolist()
        made = {}
        for name, facet in self._facets.items():
            having = [number for number in range(facet.first, facet.end) if held[number]]
            # Equals stay in the order of their values.
            having.sort(key=held.__getitem__, reverse=True)
            made[name] = tuple(
                [FacetCount(facet.values[number - facet.first], held[number]) for number in having]
            )
        return made

    def _parted(self, found: Ints) -> tuple[Ints, Ints]:
        """Those that are works by themselves, and variants of works that have several."""
        if self._all_are:
            return found, found[:0]
        alone: NDArray[np.bool_] = self._is_alone[found]
        return found[alone], found[~alone]

    def _counts(self, rows: slice, found: Ints) -> Ints:
        """How many works have each number, of some rows of codes."""
        alone, together = self._parted(found)
        if facets := self._rows[rows]:
            counted = np.zeros(self._numbers, np.uint32)
            matched = alone.astype(np.uint32)
            kernel.count_facets(facets, matched, len(self._place), [counted] * len(facets))
            counts: Ints = counted.astype(np.int64)
        else:
            counts = np.bincount(self._codes[rows, alone].ravel(), minlength=self._numbers)
        if len(together):
            pairs = self._works[together] * self._numbers + self._codes[rows, together]
            counts += np.bincount(_distinct(pairs.ravel()) % self._numbers, minlength=len(counts))
        return counts

    def _has(self, name: str, chosen: Sequence[str]) -> NDArray[np.bool_]:
        """Whether each document has one of some values; of what is no facet none has any."""
        if name not in self._facets:
            return np.zeros(len(self._place), bool)
        facet = self._facets[name]
        wanted = [n for n, value in enumerate(facet.values, facet.first) if value in set(chosen)]
        codes = self._codes[facet.rows]
        has: NDArray[np.bool_] = np.logical_or.reduce(np.isin(codes, wanted), axis=0)
        return has


def _distinct(numbers: Ints) -> Ints:
    """Numbers in order, each once."""
    ordered = np.sort(numbers)
    is_first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    once: Ints = ordered[is_first]
    return once
