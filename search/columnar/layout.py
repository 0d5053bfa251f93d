"""What an index says about its fields beyond Whoosh's schema, and how documents are numbered."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from whoosh.util.numeric import byte_to_length, length_to_byte

from search.columnar.storage.arrays import Array

#: Documents of a block: a document's number in one fits two bytes, its sums fit a core's cache.
BLOCK = 1 << 16
#: Frequencies from here on stand beside the postings.
LONG = 255

_TOP_LENGTH = 106_374
#: Field length → the byte that Whoosh makes of it, for lengths up to the last that differs.
BYTE_OF_LENGTH = np.array([length_to_byte(n) for n in range(_TOP_LENGTH + 1)], np.uint8)
#: Byte → field length.
LENGTH_OF_BYTE = np.array([byte_to_length(n) for n in range(256)], np.int64)


@dataclass(frozen=True)
class Layout:
    """How a segment's stored fields and columns lie.

    ``texts`` are stored fields that lie apart from the small ones, so that a title is read without
    its body; an empty one is as none. ``facets`` are fields whose terms are counted; ``sort_keys``
    are fields whose whole numbers, below 2**53, documents are sorted by.
    """

    texts: frozenset[str] = field(default_factory=frozenset)
    facets: frozenset[str] = field(default_factory=frozenset)
    sort_keys: frozenset[str] = field(default_factory=frozenset)


def length_bytes(lengths: Array) -> Array:
    """Whoosh's byte for each field length."""
    return BYTE_OF_LENGTH[np.minimum(lengths, _TOP_LENGTH)]


def rounded(length: int) -> int:
    """A field length as Whoosh's byte keeps it."""
    return int(LENGTH_OF_BYTE[BYTE_OF_LENGTH[min(int(length), _TOP_LENGTH)]])
