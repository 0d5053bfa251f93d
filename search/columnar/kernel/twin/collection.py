"""Questions against a whole collection.

Points are added up in the order of the compiled kernel, so that they are the same bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import log1p
from typing import NamedTuple

import numpy as np

from search.bm25 import bm25
from search.columnar.kernel.shapes import (
    Array,
    CollectionArrays,
    Formula,
    Kind,
    Ranked,
    Reading,
)
from search.columnar.kernel.twin.windows import (
    Bits,
    bit_values,
    block_bits,
    widened,
    word_bits,
    worth,
)
from search.grouped import MOST_TIMES, ranges


class Collection:
    """A collection to rank."""

    def __init__(self, arrays: CollectionArrays) -> None:
        self.arrays = arrays
        self.documents = len(arrays.length)


class Points(NamedTuple):
    """Documents, each once, and what they earn for one thing."""

    documents: Array
    points: Array


def rank(
    collection: Collection,
    readings: Iterable[Reading],
    formula: Formula,
    grams: Array,
    gram_weights: Array,
) -> Ranked:
    """Rank a collection in two stages; ``grams`` i32 are a question's, with their weights f64."""
    count = collection.documents
    score, covered, whole = np.zeros(count), np.zeros(count), 0.0
    for clause, some in groupby(readings, lambda reading: reading.clause):
        holding = [np.empty(0, np.int32)]
        for documents, points in _given(collection.arrays, formula, some):
            score[documents] += points
            holding.append(documents)
        having = np.unique(np.concatenate(holding))
        if clause >= 0 and len(having):
            rare = _rarity(count, len(having))
            covered[having] += rare
            whole += rare
    found = np.flatnonzero((covered > 0) & (covered >= formula.least * whole)).astype(np.int32)
    best = np.argsort(-score[found], kind="stable")[: formula.candidates]
    return _read(collection, formula, grams, gram_weights, score, found, np.sort(found[best]))


# -- the first stage -------------------------------------------------------------------------


def _given(
    arrays: CollectionArrays, formula: Formula, readings: Iterable[Reading]
) -> Iterator[Points]:
    """What each thing of a clause gives; of the words of a group the best."""
    for (kind, _), some in groupby(readings, lambda reading: (reading.kind, reading.group)):
        if kind == Kind.WORDS:
            best = np.zeros(len(arrays.length))
            for reading in some:
                documents, points = _by_words(arrays, formula, reading)
                best[documents] = np.maximum(best[documents], points)
            documents = np.flatnonzero(best)
            yield Points(documents, best[documents])
            continue
        for reading in some:
            if kind == Kind.PARTS:
                yield _by_parts(arrays, formula, reading)
            elif kind == Kind.FIELDS:
                yield from _by_fields(arrays, formula, reading)
            else:
                yield _by_words(arrays, formula, reading)


def _by_words(arrays: CollectionArrays, formula: Formula, reading: Reading) -> Points:
    if len(reading.run) == 1:
        here = _span(arrays.posting_start, reading.run[0])
        documents, times = arrays.posting[here], arrays.frequency[here]
    else:
        places = _places_of_run(arrays, reading.run)
        owners = arrays.document_of_row[arrays.row_of[places]]
        documents, times = np.unique(owners, return_counts=True)
        times = np.minimum(times, MOST_TIMES)
    share = _share(formula, times, arrays.length[documents], arrays.average)
    rare = _rarity(len(arrays.length), len(documents))
    return Points(documents, reading.weight * (rare * share))


def _by_parts(arrays: CollectionArrays, formula: Formula, reading: Reading) -> Points:
    here = _span(arrays.part_start, reading.run[0])
    documents, times = arrays.part_posting[here], arrays.part_frequency[here]
    share = _share(formula, times, arrays.part_length[documents], arrays.average_parts)
    rare = _rarity(len(arrays.length), len(documents))
    return Points(documents, reading.weight * rare * share)


def _by_fields(arrays: CollectionArrays, formula: Formula, reading: Reading) -> Iterator[Points]:
    places = arrays.place[_span(arrays.place_start, reading.run[0])]
    having = _span(arrays.posting_start, reading.run[0])
    value = reading.weight * _rarity(len(arrays.length), having.stop - having.start)
    fields = arrays.field_of[places]
    for number, (weight, full) in enumerate(
        zip(formula.field_weights.tolist(), formula.full_lengths.tolist(), strict=True)
    ):
        here = places[fields == number] if weight else places[:0]
        documents = np.unique(arrays.document_of_row[arrays.row_of[here]])
        if len(documents):
            shorter = np.minimum(1.0, full / arrays.field_length[number][documents])
            yield Points(documents, weight * value * shorter)


def _places_of_run(arrays: CollectionArrays, run: Sequence[int]) -> Array:
    """Places where a run of stems begins: those of its rarest, with the others beside them."""
    if len(run) == 2:
        here = _span(arrays.place_start, run[0])
        two: Array = arrays.place[here][arrays.following[here] == run[1]]
        return two
    spans = [_span(arrays.place_start, stem) for stem in run]
    rarest = min(range(len(run)), key=lambda k: spans[k].stop - spans[k].start)
    firsts = arrays.place[spans[rarest]].astype(np.int64) - rarest
    firsts = firsts[(firsts >= 0) & (firsts + len(run) <= len(arrays.word))]
    for offset, stem in enumerate(run):
        places = firsts + offset
        beside = arrays.stem_of_word[arrays.word[places]] == stem
        beside &= arrays.row_of[places] == arrays.row_of[firsts]
        beside &= arrays.field_of[places] == arrays.field_of[firsts]
        firsts = firsts[beside]
    return firsts


def _span(start: Array, number: int) -> slice:
    return slice(int(start[number]), int(start[number + 1]))


def _rarity(documents: int, holding: int) -> float:
    return log1p((documents - holding + 0.5) / (holding + 0.5))


def _share(formula: Formula, times: Array, lengths: Array, average: float) -> Array:
    share: Array = bm25(times, lengths, average, formula.k1, formula.b)
    return share


# -- the second stage ------------------------------------------------------------------------


def _read(
    collection: Collection,
    formula: Formula,
    grams: Array,
    weights: Array,
    score: Array,
    found: Array,
    read: Array,
) -> Ranked:
    arrays = collection.arrays
    if not len(grams) or not len(read):
        none = np.empty(0)
        ints = np.empty(0, np.int32)
        return Ranked(score, found, ints, none, np.zeros(1, np.int64), ints, none)
    starts = arrays.document_block
    counts = starts[read + 1] - starts[read]
    first = np.cumsum(counts) - counts
    blocks = ranges(starts[read], counts)
    owner = np.repeat(np.arange(len(read)), counts)
    bits = block_bits(arrays, word_bits(arrays, grams), blocks)
    points = formula.whole * _whole(arrays, formula, read, bits, first, weights)
    values, width = bit_values(weights), 1
    worths = np.zeros(len(blocks))
    for size, weight in formula.widths:
        while width < size:
            bits, width = widened(bits, owner, width), width * 2
        worths = worth(bits, values)
        points += weight * np.maximum.reduceat(worths, first)
    score[read] += points
    rows = arrays.row_of[arrays.block_start[blocks]]
    begins = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    row_start = np.searchsorted(begins, np.append(first, len(blocks)))
    return Ranked(
        score, found, read, points, row_start, rows[begins], np.maximum.reduceat(worths, begins)
    )


def _whole(
    arrays: CollectionArrays,
    formula: Formula,
    documents: Array,
    bits: Bits,
    first: Array,
    weights: Array,
) -> Array:
    """BM25 of the grams over whole documents, counted in blocks; ``first`` is each one's first."""
    each = np.unpackbits(bits, axis=1, bitorder="little")[:, : len(weights)]
    counts = np.add.reduceat(each, first, axis=0, dtype=np.int32)
    shares = _share(formula, counts, arrays.length[documents][:, None], arrays.average)
    points = np.zeros(len(documents))
    for gram, weight in enumerate(weights.tolist()):
        points += shares[:, gram] * weight
    return points
