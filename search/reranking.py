"""The second stage: the best documents of the first, read word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from search.asked import AskedWord
from search.bm25 import bm25
from search.columns import Columns, Floats, Ints, ranges
from search.weights import DOCUMENT_GRAMS, WINDOW_WEIGHTS
from search.windows import Bits, bit_values, block_bits, widened, word_bits, worth


@dataclass(slots=True)
class Reranked:
    """Points beside ``documents``, and document → row → the points of its best widest window."""

    documents: Ints
    points: Floats
    rows: dict[int, dict[int, float]] = field(default_factory=dict)


def rerank(columns: Columns, asked: Sequence[AskedWord], documents: Ints) -> Reranked:
    """What the grams of a question earn in documents: ascending, none without a word."""
    grams, weights = _grams(columns, asked)
    reranked = Reranked(documents, np.zeros(len(documents)))
    if not len(grams) or not len(documents):
        return reranked
    starts = columns.document_block
    counts = starts[documents + 1] - starts[documents]
    first = np.cumsum(counts) - counts
    blocks = ranges(starts[documents], counts)
    owner = np.repeat(np.arange(len(documents)), counts)
    bits = block_bits(columns, word_bits(columns, grams), blocks)
    reranked.points += DOCUMENT_GRAMS * _whole(columns, documents, bits, first, weights)
    values = bit_values(weights)
    width = 1
    for size, weight in WINDOW_WEIGHTS.items():
        while width < size:
            bits, width = widened(bits, owner, width), width * 2
        worths = worth(bits, values)
        reranked.points += weight * np.maximum.reduceat(worths, first)
    _note_rows(columns.row_of_block[blocks], documents[owner], worths, reranked)
    return reranked


def _grams(columns: Columns, asked: Sequence[AskedWord]) -> tuple[Ints, Floats]:
    """The grams of a question, and the weight of each: its rarity times how surely it is meant.

    Per gram the surest word counts, never the sum.
    """
    sure: dict[int, float] = {}
    for word in asked:
        for gram, weight in word.grams.items():
            sure[gram] = max(weight, sure.get(gram, 0.0))
    grams = np.array(sorted(sure), np.int64)
    return grams, columns.gram_rarity[grams] * np.array([sure[gram] for gram in sorted(sure)])


def _whole(columns: Columns, documents: Ints, bits: Bits, first: Ints, weights: Floats) -> Floats:
    """BM25 of the grams over whole documents, counted in blocks; ``first`` is each one's first."""
    each = np.unpackbits(bits, axis=1, bitorder="little")[:, : len(weights)]
    counts = np.add.reduceat(each, first, axis=0, dtype=np.int32)
    points: Floats = bm25(counts, columns.lengths[documents][:, None], columns.average) @ weights
    return points


def _note_rows(rows: Ints, documents: Ints, worths: Floats, reranked: Reranked) -> None:
    starts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    best = np.maximum.reduceat(worths, starts).tolist()
    places = zip(documents[starts].tolist(), rows[starts].tolist(), best, strict=True)
    for document, row, points in places:
        reranked.rows.setdefault(document, {})[row] = points
