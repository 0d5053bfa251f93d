"""One field's postings while a segment is written, block by block.

The items of a block's documents are gathered and inverted at its end; when they get too many, in
several runs that are put together then. So memory is bounded by the budget and a block's postings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search.columnar import kernel
from search.columnar.building.vocabulary import Vocabulary
from search.columnar.layout import LONG, length_bytes
from search.columnar.storage.arrays import Array
from search.columnar.storage.spool import Budget, Spool


@dataclass(frozen=True, slots=True)
class _Run:
    """Postings by term, and within it by document."""

    terms: Array
    counts: Array
    documents: Array
    frequencies: Array


class PostingsBuilder:
    """Takes each document's items in order; ``write`` needs all of them."""

    def __init__(self, vocabulary: Vocabulary, scored: bool, budget: Budget) -> None:
        self.vocabulary = vocabulary
        self.scored = scored
        self._most_items = max(1, budget.limit // 16)
        self._items: list[Array] = []
        self._counts: list[Array] = []
        self._pending = 0
        self._before = 0  # documents of the open block that are inverted already
        self._runs: list[_Run] = []
        self._block = 0
        self._block_lengths: list[Array] = []
        self._postings = 0
        self.total_length = 0
        self.most_frequency = 0
        self.lengths = Spool(np.uint32, budget)
        self.documents = Spool(np.uint16, budget)
        self.codes = Spool(np.uint16, budget)
        self.entry_term = Spool(np.uint32, budget)
        self.entry_block = Spool(np.uint16, budget)
        self.entry_count = Spool(np.uint32, budget)
        self.long_posting = Spool(np.int64, budget)
        self.long_frequency = Spool(np.uint32, budget)

    def add(self, items: Array, counts: Array) -> None:
        """Add documents by their items and how many each has; none is of another block."""
        self._items.append(items)
        self._counts.append(counts)
        self._pending += len(items)
        if self._pending > self._most_items:
            self._invert()

    def close_block(self) -> None:
        """No more documents come for this block."""
        self._invert()
        run = self._runs[0] if len(self._runs) == 1 else _joined(self._runs)
        lengths = np.concatenate(self._block_lengths)
        low = length_bytes(lengths) if self.scored else np.zeros(len(lengths), np.uint8)
        codes = np.minimum(run.frequencies, LONG).astype(np.uint16) << 8 | low[run.documents]
        long_ones = np.flatnonzero(run.frequencies >= LONG)
        self.long_posting.append(long_ones + self._postings)
        self.long_frequency.append(run.frequencies[long_ones])
        self.documents.append(run.documents)
        self.codes.append(codes)
        self.entry_term.append(run.terms)
        self.entry_count.append(run.counts)
        self.entry_block.append(np.full(len(run.terms), self._block))
        if self.scored:
            self.lengths.append(lengths)
            self.total_length += int(lengths.sum())
        self._postings += len(run.documents)
        self.most_frequency = max(self.most_frequency, int(run.frequencies.max(initial=0)))
        self._block += 1
        self._before, self._runs, self._block_lengths = 0, [], []

    @cached_property
    def in_order(self) -> tuple[list[bytes], Array]:
        """As ``Vocabulary.in_order``. Needs all documents."""
        return self.vocabulary.in_order()

    @property
    def sorted_terms(self) -> list[bytes]:
        """The terms in order."""
        return self.in_order[0]

    @property
    def rank(self) -> Array:
        """A term's number in the sorted field, for the one it was met by."""
        return self.in_order[1]

    def close(self) -> None:
        """Give back memory and disk."""
        for spool in vars(self).values():
            if isinstance(spool, Spool):
                spool.close()

    def _invert(self) -> None:
        counts = np.concatenate(self._counts) if self._counts else np.empty(0, np.int64)
        items = np.concatenate(self._items) if self._items else np.empty(0, np.uint32)
        starts = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=starts[1:])
        lists = self.vocabulary.terms_of
        made = kernel.invert(items, starts, lists.start, lists.items, len(self.vocabulary.terms))
        held = np.diff(made.start)
        terms = np.flatnonzero(held)
        documents = made.documents + np.uint16(self._before)
        self._runs.append(_Run(terms, held[terms], documents, made.frequencies))
        self._block_lengths.append(made.lengths)
        self._before += len(counts)
        self._items, self._counts, self._pending = [], [], 0


def _joined(runs: list[_Run]) -> _Run:
    """Runs over ascending documents as one."""
    terms = np.concatenate([np.repeat(run.terms, run.counts) for run in runs])
    order = np.argsort(terms, kind="stable")
    found, counts = np.unique(terms, return_counts=True)
    documents = np.concatenate([run.documents for run in runs])[order]
    frequencies = np.concatenate([run.frequencies for run in runs])[order]
    return _Run(found, counts, documents, frequencies)
