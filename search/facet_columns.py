"""What narrows, groups and orders documents, as arrays: counted for all that were found at once.

A work's variants count as one document. Documents are numbers from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from search.columns import Floats, Grouped, Ints, ranges
from search.query import FACETS
from search.results import FacetCount, StoredDocument

#: Facet → the values chosen.
Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Facet:
    """A facet's values in order, and the numbers of each document's."""

    values: Sequence[str]
    of_document: Grouped


class FacetColumns:
    """The facets, works and tie-breaks of one generation."""

    def __init__(
        self,
        documents: Sequence[StoredDocument],
        facets: Sequence[Mapping[str, tuple[str, ...]]],
        works: Sequence[int] | None,
    ) -> None:
        """``facets`` and ``works`` stand beside the documents; no works where each is its own."""
        self._facets = {name: _facet([found.get(name, ()) for found in facets]) for name in FACETS}
        self._works = None if works is None else np.array(works, np.int64)
        #: Equals come newest first, then by key, so that a list never shuffles.
        days = [item.document.published.day or item.document.changed.day for item in documents]
        newest = [-(day or date.min).toordinal() for day in days]
        keys = [item.document.key for item in documents]
        order = sorted(range(len(documents)), key=lambda n: (newest[n], keys[n]))
        self._place = np.empty(len(documents), np.int64)
        self._place[order] = np.arange(len(documents))

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


def _facet(lists: Sequence[tuple[str, ...]]) -> _Facet:
    values = sorted({value for found in lists for value in found})
    code = {value: number for number, value in enumerate(values)}
    items = np.array([code[value] for found in lists for value in found], np.int64)
    start = np.cumsum([0, *map(len, lists)], dtype=np.int64)
    return _Facet(values, Grouped(start, items))
