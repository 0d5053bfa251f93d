"""Questions against a whole collection."""

from __future__ import annotations

import ctypes
import struct
import threading
from collections.abc import Iterable

import numpy as np

from search.columnar.kernel.native.library import TOO_MANY, address, checked, function
from search.columnar.kernel.shapes import Array, CollectionArrays, Formula, Ranked, Reading

_rank = function("rank", "pppp")
_READING = struct.Struct("=iiiiqd")
_QUESTION = struct.Struct("=qQqQQQdddqqQQdqQQ")
_ANSWER = struct.Struct("=QQqqQQQqQQ")
_READ, _READ_AT = struct.Struct("=q"), 24
_ROWS = 1 << 12


#: The arrays of a collection, and those that have other than whole numbers of four bytes.
_ARRAYS = CollectionArrays._fields[:-2]
_KINDS = {"field_of": "i1", "frequency": "u2", "part_frequency": "u2", "document_block": "i8"}
_KINDS |= dict.fromkeys(("place_start", "posting_start", "part_start", "gram_start"), "i8")


class Collection:
    """A collection to rank."""

    def __init__(self, arrays: CollectionArrays) -> None:
        """Raises ValueError for arrays of other kinds of numbers."""
        for name in _ARRAYS:
            array, kind = getattr(arrays, name), _KINDS.get(name, "i4")
            if array.dtype != kind or not array.flags.c_contiguous:
                raise ValueError(f"{name} is of {array.dtype}, not {kind}")
        self._kept = arrays
        self.documents, self.words = len(arrays.length), len(arrays.stem_of_word)
        fields = len(arrays.field_length)
        self.packed = struct.pack(
            "=11qdd21Q",
            self.documents,
            len(arrays.document_of_row),
            len(arrays.word),
            self.words,
            len(arrays.place_start) - 1,
            len(arrays.block_start),
            len(arrays.gram_start) - 1,
            fields,
            len(arrays.posting),
            len(arrays.part_posting),
            len(arrays.gram_word),
            arrays.average,
            arrays.average_parts,
            *[address(getattr(arrays, name)) for name in _ARRAYS],
        )


class _Desk(threading.local):
    """What ranking works on: zero between calls, and grown to what is asked of it."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew with nothing."""
        self.documents = self.words = -1
        self.grow_rows(_ROWS)
        self.have_room(0, 0)

    def have_room(self, documents: int, words: int) -> None:
        """Have room for so many documents and words."""
        if documents <= self.documents and words <= self.words:
            return
        self.documents, self.words = max(documents, self.documents), max(words, self.words)
        count = self.documents
        self.found = np.empty(count + 1, np.int32)
        self._arrays: tuple[Array, ...] = (
            *(np.zeros(count + 1) for _ in range(2)),
            np.zeros(count + 1, np.int32),
            np.zeros(count // 64 + 1, np.uint64),
            np.zeros(self.words + 1, np.uint32),
            *(np.empty(count + 1, np.int32) for _ in range(3)),
            np.empty(count + 1, np.uint16),
        )
        self.packed = struct.pack("=9Q", *[address(array) for array in self._arrays])

    def grow_rows(self, size: int) -> None:
        """Have room for the points of so many rows."""
        self.row, self.row_points = np.empty(size, np.int32), np.empty(size)


_DESK = _Desk()


def rank(
    collection: Collection,
    readings: Iterable[Reading],
    formula: Formula,
    grams: Array,
    gram_weights: Array,
) -> Ranked:
    """Rank a collection in two stages; ``grams`` i32 are a question's, with their weights f64."""
    desk, size = _DESK, formula.candidates
    desk.have_room(collection.documents, collection.words)
    question = _Question(readings, formula, grams, gram_weights)
    read, points, row_start = np.empty(size, np.int32), np.empty(size), np.empty(size + 1, np.int64)
    while True:
        score = np.zeros(collection.documents)
        answer = bytearray(
            _ANSWER.pack(
                *_all(score, desk.found),
                0,
                0,
                *_all(read, points, row_start),
                len(desk.row),
                *_all(desk.row, desk.row_points),
            )
        )
        at = ctypes.addressof(ctypes.c_char.from_buffer(answer))
        found = _rank(collection.packed, question.packed, at, desk.packed)
        if found != TOO_MANY:
            break
        desk.grow_rows(2 * len(desk.row))
    if found < 0:
        desk.forget()
        checked(found)
    (many,) = _READ.unpack_from(answer, _READ_AT)
    starts = row_start[: many + 1] if many else np.zeros(1, np.int64)
    rows = slice(0, int(starts[-1]))
    row, row_points = desk.row[rows].copy(), desk.row_points[rows].copy()
    return Ranked(
        score, desk.found[:found].copy(), read[:many], points[:many], starts, row, row_points
    )


def _all(*arrays: Array) -> list[int]:
    return [address(array) for array in arrays]


class _Question:
    """A question as the kernel takes it."""

    def __init__(
        self, readings: Iterable[Reading], formula: Formula, grams: Array, gram_weights: Array
    ) -> None:
        made, run = list[bytes](), list[int]()
        for kind, clause, group, weight, stems in readings:
            made.append(_READING.pack(kind, clause, group, len(stems), len(run), weight))
            run += stems
        packed = np.frombuffer(b"".join((*made, b"\0")), np.uint8)
        stem = np.array(run, np.int32)
        widths = np.array([width for width, _ in formula.widths], np.int64)
        width_weights = np.array([weight for _, weight in formula.widths])
        self._kept = (packed, stem, widths, width_weights)
        self.packed = _QUESTION.pack(
            len(made),
            *_all(packed),
            len(run),
            *_all(stem, formula.field_weights, formula.full_lengths),
            formula.k1,
            formula.b,
            formula.least,
            formula.candidates,
            len(grams),
            *_all(grams, gram_weights),
            formula.whole,
            len(widths),
            *_all(widths, width_weights),
        )
