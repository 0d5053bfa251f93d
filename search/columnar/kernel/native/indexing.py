"""Texts in pieces, and postings from pieces."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import numpy as np

from search.columnar.kernel.native.library import address, checked, function
from search.columnar.kernel.shapes import Array, Inverted, Tokenised

_tokenise = function("tokenise", "pppiipppppp")
_invert = function("invert", "ppipipipppppp")
_pieces_new = function("pieces_new", "", ctypes.c_void_p)
_pieces_free = function("pieces_free", "p", None)
_pieces_count = function("pieces_count", "p")
_pieces_texts = function("pieces_texts", "p", ctypes.c_void_p)
_pieces_table = function("pieces_table", "p", ctypes.c_void_p)
_PIECE = np.dtype([("start", "u8"), ("length", "u4"), ("hash", "u4")])


class Pieces:
    """Distinct pieces of text, numbered as they are met."""

    def __init__(self) -> None:
        self.at = _pieces_new()
        if not self.at:
            raise MemoryError

    def __del__(self) -> None:
        _pieces_free(self.at)

    def texts_from(self, first: int) -> list[str]:
        """The pieces from a number on."""
        count = _pieces_count(self.at)
        if count <= first:
            return []
        size = _PIECE.itemsize
        raw = ctypes.string_at(_pieces_table(self.at) + size * first, size * (count - first))
        table = np.frombuffer(raw, _PIECE)
        sizes = table["length"].tolist()
        base, last = int(table["start"][0]), int(table["start"][-1])
        texts = ctypes.string_at(_pieces_texts(self.at) + base, last + sizes[-1] - base)
        found, at = [], 0
        for size in sizes:
            found.append(texts[at : at + size].decode("utf-8", "surrogatepass"))
            at += size
        return found


def tokenise(pieces: Pieces, texts: Sequence[bytes], joins: bool) -> Tokenised:
    """Cut texts at white space; pieces that may be one word stay one with ``joins``."""
    data = b"".join(texts)
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), dtype=np.int64)
    room = len(data) // 2 + len(texts) + 1
    numbers, counts = np.empty(room, np.uint32), np.empty(len(texts), np.int64)
    odd = np.empty((3, room + len(texts)), np.int64)
    odd_count = ctypes.c_int64()
    held = checked(
        _tokenise(
            pieces.at,
            data,
            address(ends),
            len(texts),
            int(joins),
            address(numbers),
            address(counts),
            *map(address, odd),
            ctypes.addressof(odd_count),
        )
    )
    at, first, length = odd[:, : odd_count.value]
    spaces = [data[a : a + n] for a, n in zip(first.tolist(), length.tolist(), strict=True)]
    return Tokenised(numbers[:held].copy(), counts, at.copy(), spaces)


def invert(items: Array, item_start: Array, term_start: Array, terms: Array, most: int) -> Inverted:
    """Postings of documents, at most 65,536 of them, from their items and each item's terms."""
    counts = term_start[1:] - term_start[:-1]
    room = int(counts[items].sum()) if len(items) else 0
    documents = len(item_start) - 1
    start, lengths = np.empty(most + 1, np.int64), np.empty(documents, np.uint32)
    found, frequencies = np.empty(room, np.uint16), np.empty(room, np.uint32)
    work = (np.empty(most, np.int32), np.empty(most, np.int64))
    given: tuple[Array, ...] = (*work, start, lengths, found, frequencies)
    held = checked(
        _invert(
            address(items),
            address(item_start),
            documents,
            address(term_start),
            len(term_start) - 1,
            address(terms),
            most,
            *map(address, given),
        )
    )
    return Inverted(start, lengths, found[:held].copy(), frequencies[:held].copy())
