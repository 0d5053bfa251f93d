"""The dictionary of a running program: known words, compounds, lemmas, loaded when first needed.

Loading takes seconds and a hundred megabytes, so only who builds an index does it. What a search
needs of the dictionary goes with the index: whether a word exists, as a ``KnownWords`` filter of
two megabytes, and the ``Lemmas`` of the words that it may be asked for.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from search.swedish.compounds import Splitter, dictionary
from search.swedish.lemmas import Lemmas, Paradigms

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
    """Compounds, known words and lemmas, for building an index."""

    def __init__(self, vocabulary: Path) -> None:
        self._vocabulary = vocabulary

    def parts(self, word: str) -> tuple[str, ...]:
        """The base forms of a compound's parts; ``()`` for a word that is none."""
        return _load(self._vocabulary).parts(word)

    def known(self) -> KnownWords:
        """A filter of every word of the dictionary."""
        return _known(self._vocabulary)

    def lemmas(
        self, before: Lemmas, added: Iterable[str], is_held: Callable[[str], bool]
    ) -> Lemmas:
        """The lemmas of an index to which words were added, from those ``before``.

        ``is_held`` says which words the index has now, the added ones among them.
        """
        alike = {} if len(before) else _alike()
        return before.joined({**alike, **_paradigms().needed(added, is_held)})


@lru_cache(maxsize=1)
def _load(vocabulary: Path) -> Splitter:
    return Splitter.load(vocabulary)


@lru_cache(maxsize=1)
def _known(vocabulary: Path) -> KnownWords:
    return KnownWords.of(_load(vocabulary).known)


@lru_cache(maxsize=1)
def _paradigms() -> Paradigms:
    known, _, lemma_of = dictionary()
    return Paradigms(known, lemma_of)


@lru_cache(maxsize=1)
def _alike() -> Mapping[str, str]:
    return _paradigms().alike()
