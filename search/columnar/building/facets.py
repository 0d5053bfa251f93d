"""A facet of a segment while it is written: which of a field's terms each document has."""

from __future__ import annotations

import numpy as np

from search.columnar.building.vocabulary import ValueVocabulary
from search.columnar.storage.arrays import Array, ArrayWriter
from search.columnar.storage.growing import expanded
from search.columnar.storage.spool import Budget, Spool
from search.errors import MetodsokError

_MOST_VALUES = 1 << 16
#: Up to so many values of a facet with several a document are bitmaps too.
_MOST_BITMAPS = 256


class FacetBuilder:
    """Takes each document's value, as numbered by a vocabulary."""

    def __init__(self, values: ValueVocabulary, budget: Budget) -> None:
        self._values = values
        self._items = Spool(np.uint32, budget)
        self._counts = Spool(np.uint8, budget)

    def add(self, items: Array, counts: Array) -> None:
        """Add documents by their values, and how many each has: one or none."""
        self._items.append(items)
        self._counts.append(counts)

    def write(self, name: str, file: ArrayWriter, rank: Array) -> None:
        """Write the codes: a term's code is its number in the field, which ``rank`` gives.

        Raises MetodsokError when there are more values than a code can tell.
        """
        if len(rank) > _MOST_VALUES:
            raise MetodsokError(f"the facet {name} has {len(rank)} values, of {_MOST_VALUES}")
        start, codes = self._codes_of_values(rank)
        counts = self._counts.whole()
        documents = np.flatnonzero(counts)
        each, places = expanded(start, self._items.whole())
        code = codes[places]
        of_document = np.zeros(len(counts), np.int64)
        of_document[documents] = each
        file.put(f"{name}.facet", code.astype(np.uint16))
        if (of_document == 1).all():
            return
        starts = np.zeros(len(counts) + 1, np.uint32)
        np.cumsum(of_document, out=starts[1:])
        file.put(f"{name}.facet.start", starts)
        if len(rank) <= _MOST_BITMAPS:
            owners = np.repeat(np.arange(len(counts)), of_document)
            file.put(f"{name}.facet.bits", _bitmaps(owners, code, len(counts), len(rank)).ravel())

    def close(self) -> None:
        """Give back memory and disk."""
        self._items.close()
        self._counts.close()

    def _codes_of_values(self, rank: Array) -> tuple[Array, Array]:
        """Value → its codes, each once, as the beginnings of lists and what is in them."""
        lists = self._values.terms_of
        values = np.repeat(np.arange(len(lists)), np.diff(lists.start))
        pairs = np.unique(values << 16 | rank[lists.items])
        start = np.searchsorted(pairs >> 16, np.arange(len(lists) + 1))
        return start, pairs & (_MOST_VALUES - 1)


def _bitmaps(owners: Array, codes: Array, documents: int, values: int) -> Array:
    words = (documents + 63) // 64
    made = np.zeros((values, words), np.uint64)
    bits = np.uint64(1) << (owners % 64).astype(np.uint64)
    np.bitwise_or.at(made, (codes, owners // 64), bits)
    return made
