"""The dictionary of a running program: known words and compounds, loaded when first needed.

Loading takes seconds and a hundred megabytes, so only who builds an index does it. What a search
needs of the dictionary is whether a word exists; a ``KnownWords`` filter of two megabytes says
that, and goes with the index.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np

from search.swedish.compounds import Splitter

#: 2²⁴ bits for about a million words, three each: 4 words in a thousand pass that are unknown.
_BITS = 1 << 24
_SALTS = (0, 0x9E3779B9, 0x7F4A7C15)


class KnownWords:
    """A Bloom filter (Bloom 1970): never denies a word that was put in, seldom affirms another."""

    def __init__(self, bits: bytes = b"") -> None:
        """``bits`` as ``to_bytes`` gave them; without any, no word is known."""
        self._bits = np.frombuffer(bits, np.uint8)

    @classmethod
    def of(cls, words: Iterable[str]) -> KnownWords:
        """A filter of these words."""
        encoded = [word.encode() for word in words]
        sums = np.fromiter(map(zlib.crc32, encoded), np.uint32, len(encoded))
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        marked = np.zeros(_BITS, bool)
        for salt in _SALTS:
            # A sum with a salt is the sum without one, changed by salt and length alone.
            blank = map(bytes, range(int(lengths.max(initial=0)) + 1))
            change = [zlib.crc32(data, salt) ^ zlib.crc32(data) for data in blank]
            salted = sums ^ np.array(change, np.uint32)[lengths]
            marked[salted & np.uint32(_BITS - 1)] = True
        return cls(np.packbits(marked).tobytes())

    def __contains__(self, word: str) -> bool:
        if not len(self._bits):
            return False
        return all(self._bits[place >> 3] & (128 >> (place & 7)) for place in _places(word))

    def to_bytes(self) -> bytes:
        """The filter, to be written."""
        return self._bits.tobytes()


def _places(word: str) -> Iterable[int]:
    data = word.encode()
    return (zlib.crc32(data, salt) & (_BITS - 1) for salt in _SALTS)


class Lexicon:
    """Compounds and known words, for building an index."""

    def __init__(self, vocabulary: Path) -> None:
        self._vocabulary = vocabulary

    def parts(self, word: str) -> tuple[str, ...]:
        """The base forms of a compound's parts; ``()`` for a word that is none."""
        return _load(self._vocabulary).parts(word)

    def known(self) -> KnownWords:
        """A filter of every word of the dictionary."""
        return _known(self._vocabulary)


@lru_cache(maxsize=1)
def _load(vocabulary: Path) -> Splitter:
    return Splitter.load(vocabulary)


@lru_cache(maxsize=1)
def _known(vocabulary: Path) -> KnownWords:
    return KnownWords.of(_load(vocabulary).known)
