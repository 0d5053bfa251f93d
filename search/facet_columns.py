"""What narrows, groups and orders documents, as arrays: counted for all that were found at once.

A work's variants count as one document. Documents are numbers from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from search.columns import Floats, Ints
from search.query import FACETS
from search.results import FacetCount, StoredDocument

#: Facet → the values chosen.
Filters = Mapping[str, tuple[str, ...]]


#: Where most of the best are variants of the same works, so many times as many are looked at.
_MORE_FOR_VARIANTS = 4


@dataclass(frozen=True, slots=True)
class _Facet:
    """A facet's values in order, and the numbers of each document's: [most of any, documents].

    Where a document has fewer stands one number more than there are values.
    """

    values: Sequence[str]
    codes: Ints


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
        self._works = np.arange(len(documents)) if works is None else np.array(works, np.int64)
        #: Whether a document is the only variant of its work.
        self._is_alone = np.bincount(self._works, minlength=len(documents))[self._works] == 1
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
            _, begins = np.unique(self._works[best], return_index=True)
            if len(begins) >= most:
                return works, best[np.sort(begins)][first:most].tolist()
            looked_at *= _MORE_FOR_VARIANTS

    def counted(self, found: Ints, filters: Filters) -> dict[str, tuple[FacetCount, ...]]:
        """By facet, how many works have each value: those of which any variant found has it.

        What is chosen of a facet does not narrow that facet itself. Most first.
        """
        passing = self._parted(self.passing(found, filters))
        counts = {}
        for name, facet in self._facets.items():
            if name in filters:
                parted = self._parted(self.passing(found, filters, leave_out=name))
                counts[name] = self._counted(facet, *parted)
            else:
                counts[name] = self._counted(facet, *passing)
        return counts

    def _parted(self, found: Ints) -> tuple[Ints, Ints]:
        """Those that are works by themselves, and variants of works that have several."""
        alone = self._is_alone[found]
        return (found, found[:0]) if alone.all() else (found[alone], found[~alone])

    def _counted(self, facet: _Facet, alone: Ints, together: Ints) -> tuple[FacetCount, ...]:
        size = len(facet.values) + 1
        counts = np.zeros(size, np.int64)
        for codes in facet.codes:
            counts += np.bincount(codes[alone], minlength=size)
        if len(together):
            pairs = _distinct((self._works[together] * size + facet.codes[:, together]).ravel())
            counts += np.bincount(pairs % size, minlength=size)
        held = counts[:-1].tolist()
        # Equals stay in the order of their values.
        most_first = sorted(filter(held.__getitem__, range(size - 1)), key=lambda n: -held[n])
        return tuple([FacetCount(facet.values[code], held[code]) for code in most_first])

    def _has(self, name: str, chosen: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.bool]]:
        """Whether each document has one of some values; of what is no facet none has any."""
        has = np.zeros(len(self._place), bool)
        if name in self._facets:
            facet = self._facets[name]
            wanted = [code for code, value in enumerate(facet.values) if value in set(chosen)]
            has = np.isin(facet.codes, wanted).any(axis=0)
        return has


def _facet(lists: Sequence[tuple[str, ...]]) -> _Facet:
    values = sorted({value for found in lists for value in found})
    code = {value: number for number, value in enumerate(values)}
    codes = np.full((max(map(len, lists), default=0), len(lists)), len(values), np.int32)
    for document, found in enumerate(lists):
        own = [code[value] for value in dict.fromkeys(found)]
        codes[: len(own), document] = own
    return _Facet(values, codes)


def _distinct(numbers: Ints) -> Ints:
    """Numbers in order, each once."""
    ordered = np.sort(numbers)
    is_first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    once: Ints = ordered[is_first]
    return once
