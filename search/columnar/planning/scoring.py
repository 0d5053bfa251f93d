"""How much a term's occurrence in a document is worth: tables that the kernel reads.

BM25F as Whoosh has it by default: Robertson and Zaragoza, "The Probabilistic Relevance Framework:
BM25 and Beyond", 2009, with field lengths rounded to a byte and an idf of log(N / (n + 1)) + 1 in
which deleted documents count.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from search.columnar import kernel
from search.columnar.layout import LENGTH_OF_BYTE
from search.columnar.storage.arrays import Array

#: The kernel's sign for a score that is the plain frequency.
PLAIN = -1.0
_CODES = 1 << 16


@dataclass(frozen=True, slots=True)
class Table:
    """Scores of a field by code, 256 length norms after them, and BM25's k1 or ``PLAIN``;
    ``handle`` is what the kernel knows the scores by."""

    scores: Array
    k1: float
    handle: kernel.Handle


@dataclass(frozen=True, slots=True)
class BM25:
    """Parameters as Whoosh's ``BM25F`` has them."""

    k1: float = 1.2
    b: float = 0.75

    def table(self, average: float, most: int) -> Table:
        """The scores of a field of this average length, for frequencies up to ``most``."""
        scores = np.zeros(_CODES + 256)
        norms = self.k1 * ((1 - self.b) + self.b * LENGTH_OF_BYTE / average)
        scores[_CODES:] = norms
        frequencies = np.arange(min(most, 255) + 1, dtype=np.float64)[:, None]
        made = frequencies * (self.k1 + 1) / np.maximum(frequencies + norms, 1e-300)
        scores[: made.size] = made.ravel()
        return Table(scores, self.k1, kernel.handle(scores))

    def idf(self, documents: int, found: int) -> float:
        """What a term is worth that is found in so many of so many documents."""
        return log(documents / (found + 1)) + 1


def plain_table() -> Table:
    """The scores of a field without lengths: each frequency is its own."""
    scores = np.zeros(_CODES + 256)
    scores[:_CODES] = np.repeat(np.arange(256.0), 256)
    return Table(scores, PLAIN, kernel.handle(scores))
