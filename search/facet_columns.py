"""What narrows, groups and orders documents, as arrays: counted for all that were found at once.

A work's variants count as one document. Documents are numbers from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.grouped import Arrays, Floats, Grouped, Ints, ranges
from search.results import FacetCount

#: Facet → the values chosen.
Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Facet:
    """A facet's values in order, and the numbers of each document's."""

    values: Sequence[str]
    of_document: Grouped


class FacetColumns:
    """The facets, works and tie-breaks of one generation."""

    def __init__(self, arrays: Arrays, facts: Mapping[str, Any]) -> None:
        """Those that ``fronts`` made, where they lie."""
        self._facets = {
            name: _Facet(values, Grouped.read(arrays, f"facet.{name}"))
            for name, values in facts["facets"].items()
        }
        self._works: Ints | None = arrays["works"] if facts["works"] else None
        #: Equals come newest first, then by key, so that a list never shuffles.
        self._place: Ints = arrays["place"]

    def passing(self, found: Ints, filters: Filters, leave_out: str = "") -> Ints:
        """Those that have one of the chosen values of every facet that is filtered by."""
        for name, chosen in filters.items():
            if name != leave_out:
                found = found[self._has(name, chosen)[found]]
        return found

    def best_first(self, found: Ints, score: Floats) -> Ints:
        """The best first."""
        ordered: Ints = found[np.lexsort((self._place[found], -score[found]))]
        return ordered

    def ordered(self, found: Ints, score: Floats) -> list[int]:
        """The best first, and of each work only the one that comes first."""
        found = self.best_first(found, score)
        if self._works is not None:
            _, first = np.unique(self._works[found], return_index=True)
            found = found[np.sort(first)]
        numbers: list[int] = found.tolist()
        return numbers

    def counted(self, found: Ints, filters: Filters, name: str) -> tuple[FacetCount, ...]:
        """How many works have each value: those of which any variant that was found has it.

        What is chosen of this facet itself does not narrow it. Most first.
        """
        facet = self._facets[name]
        found = self.passing(found, filters, leave_out=name)
        start = facet.of_document.start
        sizes = start[found + 1] - start[found]
        codes = facet.of_document.items[ranges(start[found], sizes)]
        if self._works is not None:
            owners = np.repeat(self._works[found], sizes)
            codes = np.unique(owners * len(facet.values) + codes) % max(1, len(facet.values))
        counts = np.bincount(codes, minlength=len(facet.values)).tolist()
        pairs = [
            (-count, value) for value, count in zip(facet.values, counts, strict=True) if count
        ]
        return tuple([FacetCount(value, -count) for count, value in sorted(pairs)])

    def _has(self, name: str, chosen: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.bool]]:
        """Whether each document has one of some values; of what is no facet none has any."""
        has = np.zeros(len(self._place), bool)
        if name in self._facets:
            facet = self._facets[name]
            wanted = [code for code, value in enumerate(facet.values) if value in set(chosen)]
            owners = np.repeat(np.arange(len(has)), np.diff(facet.of_document.start))
            has[owners[np.isin(facet.of_document.items, wanted)]] = True
        return has
