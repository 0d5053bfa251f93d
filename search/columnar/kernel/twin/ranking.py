"""Documents found, scored and counted.

Sums are added up in the order of the compiled kernel, so that scores are the same bit for bit.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from heapq import heappush, heappushpop
from typing import NamedTuple

import numpy as np

from search.columnar.kernel.shapes import (
    Array,
    FacetArrays,
    Found,
    PostingArrays,
    TermArrays,
    TooManyError,
)

_BLOCK = 1 << 16
_MOST_TERMS, MOST_CLAUSES = 1024, 32
_LONG = 255


class Term(NamedTuple):
    """A term of a question."""

    first: int
    last: int
    weight: float
    scores: Array
    k1: float
    clause: int
    has_long: bool


#: Terms of a question.
Prepared = tuple[Term, ...]
#: A table of scores.
Handle = Array
#: Where the terms of some fields are.
Ranges = tuple[tuple[int, int], ...]


class Dictionary:
    """Terms to look up."""

    def __init__(self, arrays: TermArrays) -> None:
        self._text, self._start, self._entry, self._documents = (each.data for each in arrays)

    def __getitem__(self, number: int) -> bytes:
        return self._text[self._start[number] : self._start[number + 1]].tobytes()

    def __len__(self) -> int:
        return len(self._documents)

    def find(self, text: bytes, ranges: Ranges) -> Sequence[Found]:
        """A text among the terms of each of some fields."""
        found = []
        for low, high in ranges:
            at = bisect_left(self, text, low, high)
            if at < high and self[at] == text:
                entries = (self._entry[at], self._entry[at + 1])
                found.append(Found(at, *entries, self._documents[at]))
            else:
                found.append(Found(-1, 0, 0, 0))
        return found


def ranges_of(fields: Sequence[tuple[int, int]]) -> Ranges:
    """The numbers [first, last) of the terms of fields."""
    return tuple(fields)


class Postings:
    """Postings to score."""

    def __init__(self, arrays: PostingArrays) -> None:
        self.arrays = arrays
        self.documents = arrays.documents


def handle(scores: Array) -> Handle:
    """What terms know their table of scores by, f64 [65,536 + 256]."""
    return scores


def prepare(
    first: int, last: int, weight: float, scores: Handle, k1: float, clause: int, has_long: bool
) -> Prepared:
    """A term by its entries."""
    return (Term(first, last, weight, scores, k1, clause, has_long),)


def joined(terms: Iterable[Prepared]) -> Prepared:
    """Several terms as one."""
    return tuple([term for some in terms for term in some])


def in_clause(terms: Prepared, clause: int) -> Prepared:
    """The same terms in another clause."""
    return tuple([term._replace(clause=clause) for term in terms])


def boosted(terms: Prepared, boost: float) -> Prepared:
    """The same terms with their weights multiplied."""
    return tuple([term._replace(weight=term.weight * boost) for term in terms])


class Best:
    """The best documents so far; equals by number."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[float, int]] = []

    def keep(self, scores: Array, documents: Array) -> None:
        """Add documents that were scored elsewhere."""
        if len(scores) > self._size:
            order = np.lexsort((documents, -scores))[: self._size]
            scores, documents = scores[order], documents[order]
        for found in zip(scores.tolist(), (-documents).tolist(), strict=True):
            if len(self._heap) < self._size:
                heappush(self._heap, found)
            elif self._size:
                heappushpop(self._heap, found)

    def unordered(self) -> tuple[Array, Array]:
        """Scores and documents as they come."""
        points, numbers = zip(*self._heap, strict=True) if self._heap else ((), ())
        return np.array(points, np.float64), -np.array(numbers, np.int64)

    def ordered(self) -> tuple[list[float], list[int]]:
        """Scores and documents, the best first."""
        found = sorted(self._heap, reverse=True)
        return [points for points, _ in found], [-number for _, number in found]


def score(
    postings: Postings,
    terms: Prepared,
    masks: tuple[int, int, int],
    best: Best,
    first: int,
    allowed: Array | None = None,
    sort_key: Array | None = None,
    matched: bool = False,
) -> tuple[int, Array | None]:
    """Find and score the documents of one segment, whose first has the number ``first``.

    ``masks`` say which clauses must, must not and may be there. Gives how many were found and, when
    asked to, which. Raises TooManyError.
    """
    must, must_not, any_of = masks
    if len(terms) > _MOST_TERMS:
        raise TooManyError("more terms than the kernel takes at once")
    found_by_term = [(term, *worth_of(postings, term)) for term in terms]
    if not any(masks) and sum(len(each[1]) for each in found_by_term) < postings.documents // 8:
        union = _sparse_union(found_by_term)
        return kept(*union, best, first, allowed, sort_key, matched)
    sums = np.zeros(postings.documents)
    bits = np.zeros(postings.documents, np.uint32)
    first_clause = _first_clauses(postings, terms, must)
    for goes_first in (True, False) if must else (True,):
        for term, documents, worth in found_by_term:
            held = documents, worth
            if must:
                wanted = (first_clause[documents >> 16] == term.clause) == goes_first
                held = documents[wanted], worth[wanted]
            sums[held[0]] += term.weight * held[1]
            bits[held[0]] |= np.uint32(1 << term.clause)
    found = (bits != 0) & (bits & must == must) & (bits & must_not == 0)
    if any_of:
        found &= bits & any_of != 0
    documents = np.flatnonzero(found)
    return kept(documents, sums[documents], best, first, allowed, sort_key, matched)


def _sparse_union(found: Sequence[tuple[Term, Array, Array]]) -> tuple[Array, Array]:
    """The documents of a union and their sums, in time that depends on its postings alone."""
    documents = np.concatenate([np.empty(0, np.int64), *(each for _, each, _ in found)])
    worth = [term.weight * each for term, _, each in found]
    unique, place = np.unique(documents, return_inverse=True)
    return unique, np.bincount(place, np.concatenate([np.empty(0), *worth]), len(unique))


def _first_clauses(postings: Postings, terms: Prepared, must: int) -> Array:
    """By block, the clause that must be there and has the fewest postings: it is added up first."""
    arrays, blocks = postings.arrays, -(-postings.documents // _BLOCK)
    counts = np.zeros((MOST_CLAUSES, blocks), np.int64)
    for term in terms:
        held = slice(term.first, term.last)
        counts[term.clause, arrays.block[held]] += arrays.counts[held]
    counts[[not must >> clause & 1 for clause in range(MOST_CLAUSES)]] = np.iinfo(np.int64).max
    first: Array = counts.argmin(axis=0)
    return first


def worth_of(postings: Postings, term: Term) -> tuple[Array, Array]:
    """A term's documents and what each is worth, without the weight."""
    arrays = postings.arrays
    held = slice(term.first, term.last)
    counts = arrays.counts[held].astype(np.int64)
    if len(counts) == 1:
        start = int(arrays.start[term.first])
        places: slice | Array = slice(start, start + int(counts[0]))
    else:
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        places = np.arange(total) + np.repeat(arrays.start[held] - (ends - counts), counts)
    blocks = np.repeat(arrays.block[held].astype(np.int64) * _BLOCK, counts)
    codes = arrays.code[places]
    worth = term.scores[codes]
    if term.has_long:
        at = np.flatnonzero(codes >> 8 == _LONG)
        numbers = np.arange(places.start, places.stop) if isinstance(places, slice) else places
        exact = arrays.long_frequency[np.searchsorted(arrays.long_posting, numbers[at])]
        frequencies = exact.astype(np.float64)
        norms = term.scores[_BLOCK + (codes[at] & 255).astype(np.int64)]
        k1 = term.k1
        worth[at] = frequencies if k1 < 0 else frequencies * (k1 + 1) / (frequencies + norms)
    return arrays.document[places] + blocks, worth


def kept(
    documents: Array,
    points: Array,
    best: Best,
    first: int,
    allowed: Array | None,
    sort_key: Array | None,
    matched: bool,
) -> tuple[int, Array | None]:
    """Keep the best of the allowed documents; gives how many those are, and which if asked to."""
    if allowed is not None:
        bits = allowed[documents >> 6] >> (documents & 63).astype(np.uint64)
        held = (bits & np.uint64(1)).astype(bool)
        documents, points = documents[held], points[held]
    if sort_key is not None:
        points = sort_key[documents].astype(np.float64)
    best.keep(points, documents + first)
    return len(documents), documents.astype(np.uint32) if matched else None


class Facet:
    """A facet to count."""

    def __init__(self, arrays: FacetArrays) -> None:
        self.arrays = arrays
        self.values = arrays.values


def count_facets(
    facets: Sequence[Facet], matched: Array, documents: int, counts: Sequence[Array]
) -> None:
    """Add how many of the matched documents have each value to ``counts`` u32."""
    for facet, count in zip(facets, counts, strict=True):
        code, start = facet.arrays.code, facet.arrays.start
        if start is None:
            held = code[matched]
        else:
            firsts = start[matched].astype(np.int64)
            sizes = start[matched + 1].astype(np.int64) - firsts
            ends = np.cumsum(sizes)
            total = int(ends[-1]) if len(ends) else 0
            held = code[np.arange(total) + np.repeat(firsts - (ends - sizes), sizes)]
        count += np.bincount(held, minlength=facet.values).astype(np.uint32)
