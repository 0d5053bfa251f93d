"""Documents found, scored and counted.

Structures are packed once and handed over by address; what they point at is kept beside them.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterable, Sequence

import numpy as np

from search.columnar.kernel.native.library import MOST_FIELDS, ROOM, address, checked, function
from search.columnar.kernel.shapes import (
    Array,
    FacetArrays,
    Found,
    PostingArrays,
    TermArrays,
    TooManyError,
)

_score = function("score", "ppiuuupppipp")
_count_facets = function("count_facets", "pipip")
_lookup = function("lookup", "ppipip")
_sort_best = function("sort_best", "p", None)
_TERM = struct.Struct("=qqdQdii")
_TERM_SIZE = _TERM.size
_BOOST_AT, _CLAUSE_AT = 16, 40
_BEST, _HEAD = struct.Struct("=qqQQ"), 32
_I64, _DOUBLE, _I32 = struct.Struct("=q"), struct.Struct("=d"), struct.Struct("=i")

#: Terms of a question, packed one after the other.
Prepared = bytes
#: A table of scores.
Handle = int
#: Where the terms of some fields are, packed.
Ranges = bytes
_FOUND, _RANGE = struct.Struct("=qqqq"), struct.Struct("=qq")


class Dictionary:
    """Terms to look up."""

    def __init__(self, arrays: TermArrays) -> None:
        self._kept = arrays
        sizes = (len(arrays.documents), len(arrays.text))
        self._packed = struct.pack("=qqQQQQ", *sizes, *map(address, arrays))

    def find(self, text: bytes, ranges: Ranges) -> Sequence[Found]:
        """A text among the terms of each of some fields."""
        count = len(ranges) // 16
        out = ROOM.found
        if count > MOST_FIELDS:
            raise TooManyError("more fields than a term is looked up in at once")
        _lookup(self._packed, ranges, count, text, len(text), ROOM.found_at)
        return [Found._make(_FOUND.unpack_from(out, 32 * field)) for field in range(count)]


def ranges_of(fields: Sequence[tuple[int, int]]) -> Ranges:
    """The numbers [first, last) of the terms of fields."""
    return b"".join([_RANGE.pack(*field) for field in fields])


class Postings:
    """Postings to score."""

    def __init__(self, arrays: PostingArrays) -> None:
        self._kept = arrays
        self.documents = arrays.documents
        _, document, code, block, start, counts, long_posting, long_frequency = arrays
        addresses = map(address, (document, code, block, start, counts))
        self.packed = struct.pack(
            "=qqqQQQQQqQQ",
            arrays.documents,
            len(block),
            len(document),
            *addresses,
            len(long_posting),
            address(long_posting),
            address(long_frequency),
        )


def handle(scores: Array) -> Handle:
    """What terms know their table of scores by, f64 [65,536 + 256], which must outlive them."""
    return address(scores)


def prepare(
    first: int, last: int, weight: float, scores: Handle, k1: float, clause: int, has_long: bool
) -> Prepared:
    """A term by its entries."""
    return _TERM.pack(first, last, weight, scores, k1, clause, has_long)


def joined(terms: Iterable[Prepared]) -> Prepared:
    """Several terms as one."""
    return b"".join(terms)


def count_of(terms: Prepared) -> int:
    """How many terms there are."""
    return len(terms) // _TERM_SIZE


def in_clause(terms: Prepared, clause: int) -> Prepared:
    """The same terms in another clause."""
    changed = bytearray(terms)
    for at in range(_CLAUSE_AT, len(terms), _TERM.size):
        _I32.pack_into(changed, at, clause)
    return bytes(changed)


def boosted(terms: Prepared, boost: float) -> Prepared:
    """The same terms with their weights multiplied."""
    changed = bytearray(terms)
    for at in range(_BOOST_AT, len(terms), _TERM.size):
        _DOUBLE.pack_into(changed, at, _DOUBLE.unpack_from(changed, at)[0] * boost)
    return bytes(changed)


class Best:
    """The best documents so far; equals by number."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._buffer = ctypes.create_string_buffer(_HEAD + 16 * size)
        self.at = at = ctypes.addressof(self._buffer)
        _BEST.pack_into(self._buffer, 0, size, 0, at + _HEAD, at + _HEAD + 8 * size)

    def keep(self, scores: Array, documents: Array) -> None:
        """Add documents that were scored elsewhere."""
        held, those = self._held()
        points = np.concatenate((np.array(held, np.float64), scores))
        numbers = np.concatenate((np.array(those, np.int64), documents))
        # The worst one first is a heap.
        order = np.lexsort((numbers, -points))[: self._size][::-1]
        second = _HEAD + 8 * self._size
        struct.pack_into(f"={len(order)}d", self._buffer, _HEAD, *points[order].tolist())
        struct.pack_into(f"={len(order)}q", self._buffer, second, *numbers[order].tolist())
        _I64.pack_into(self._buffer, 8, len(order))

    def unordered(self) -> tuple[Array, Array]:
        """Scores and documents as they come."""
        held: int = _I64.unpack_from(self._buffer, 8)[0]
        data = self._buffer.raw
        scores = np.frombuffer(data, np.float64, held, _HEAD)
        return scores, np.frombuffer(data, np.int64, held, _HEAD + 8 * self._size)

    def ordered(self) -> tuple[list[float], list[int]]:
        """Scores and documents, the best first. Nothing can be added afterwards."""
        _sort_best(self.at)
        points, numbers = self._held()
        return list(points), list(numbers)

    def _held(self) -> tuple[tuple[float, ...], tuple[int, ...]]:
        held: int = _I64.unpack_from(self._buffer, 8)[0]
        points = struct.unpack_from(f"={held}d", self._buffer, _HEAD)
        return points, struct.unpack_from(f"={held}q", self._buffer, _HEAD + 8 * self._size)


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

    ``masks`` say which clauses must, must not and may be there. With none of them the terms are a
    union, and every weight must be above 0. Sort keys are compared as doubles, exact below 2**53.
    Gives how many were found and, when asked to, which, until the thread's next call. Raises
    TooManyError.
    """
    room = ROOM
    if room.documents < postings.documents:
        room.for_documents(postings.documents)
    count: int = _score(
        postings.packed,
        terms,
        len(terms) // _TERM_SIZE,
        *masks,
        0 if allowed is None else address(allowed),
        0 if sort_key is None else address(sort_key),
        best.at,
        first,
        room.scratch,
        room.matched_at if matched else 0,
    )
    if count < 0:
        checked(count)
    return count, room.matched[:count] if matched else None


class Facet:
    """A facet to count."""

    def __init__(self, arrays: FacetArrays) -> None:
        self._kept = arrays
        self.values = arrays.values
        width = 0 if arrays.bits is None else arrays.bits.shape[1]
        code, start, bits, values = arrays
        sizes = (len(code) if start is None else len(start) - 1, len(code))
        self.packed = struct.pack(
            "=qqQQQqq", *sizes, address(code), address(start), address(bits), values, width
        )


def count_facets(
    facets: Sequence[Facet], matched: Array, documents: int, counts: Sequence[Array]
) -> None:
    """Add how many of the matched documents have each value to ``counts`` u32."""
    room = ROOM
    room.for_documents(documents)
    pairs = zip(facets, counts, strict=True)
    packed = b"".join([facet.packed + _I64.pack(address(count)) for facet, count in pairs])
    checked(
        _count_facets(packed, len(facets), address(matched), len(matched), room.matched_bits_at)
    )
