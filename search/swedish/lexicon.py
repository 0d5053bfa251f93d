"""The dictionary of a running program: known words, compounds, lemmas, loaded when first needed.

Loading takes seconds and a hundred megabytes, so only who builds an index does it. What a search
needs of the dictionary goes with the index: whether a word exists, as a ``KnownWords`` filter of
two megabytes, and the ``Lemmas`` of the words that it may be asked for.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from search.columnar.building.collecting import no_collection
from search.grouped import Arrays
from search.swedish.compiled import Array, Compiled
from search.swedish.compiling import compiled
from search.swedish.compounds import Splitter, dictionary, read_dictionary
from search.swedish.evidence import PartLists, load_part_lists
from search.swedish.kept import fingerprint, found, kept
from search.swedish.lemmas import Lemmas, Paradigms, needed_of

#: 2²⁴ bits for about a million words, three each: 4 words in a thousand pass that are unknown.
_BITS = 1 << 24
_SALTS = (0, 0x9E3779B9, 0x7F4A7C15)

#: Words of an index from which on compiling the dictionary takes less than asking it as it is.
WORTH_COMPILING = 20_000


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

    def __init__(self, vocabulary: Path, kept_at: Path | None = None) -> None:
        """``kept_at`` is a file that keeps the dictionary compiled, made when it pays.

        Without one all is found in the dictionary itself, in every process anew.
        """
        self._vocabulary = vocabulary
        self._kept_at = kept_at
        self._asked = 0

    def parts(self, word: str) -> tuple[str, ...]:
        """The base forms of a compound's parts; ``()`` for a word that is none."""
        self._asked += 1
        if self._asked == WORTH_COMPILING:
            self.__dict__.pop("_splitter", None)
        return self._splitter.parts(word)

    def known(self) -> KnownWords:
        """A filter of every word of the dictionary."""
        compiled = self._compiled()
        return KnownWords(compiled.known()) if compiled else _known()

    def lemmas(
        self, before: Lemmas, added: Iterable[str], is_held: Callable[[str], bool]
    ) -> Lemmas:
        """The lemmas of an index to which words were added, from those ``before``.

        ``is_held`` says which words the index has now, the added ones among them.
        """
        compiled = self._compiled()
        alike: Mapping[str, str] = {}
        if not len(before):
            alike = compiled.alike() if compiled else _alike()
        return before.joined({**alike, **needed_of(compiled or _paradigms(), added, is_held)})

    @cached_property
    def _splitter(self) -> Splitter:
        if compiled := self._compiled():
            return Splitter(compiled, compiled.names, compiled.lemma_of)
        return _load(self._vocabulary)

    @cached_property
    def _marked(self) -> tuple[PartLists, str]:
        """The part lists, and the fingerprint of the dictionary with them."""
        lists = load_part_lists(self._vocabulary)
        return lists, fingerprint(lists)

    def _compiled(self) -> Compiled | None:
        """The compiled dictionary, if it is there or many words are asked for."""
        if self._kept_at is None:
            return None
        if self._vocabulary not in _OPENED:
            lists, mark = self._marked
            if self._asked >= WORTH_COMPILING:
                arrays: Arrays | None = kept(self._kept_at, mark, lambda: _made(lists))
            else:
                arrays = found(self._kept_at, mark)
            if arrays is None:
                return None
            _OPENED[self._vocabulary] = self._kept_at, Compiled(arrays, lists)
        path, opened = _OPENED[self._vocabulary]
        if path != self._kept_at:
            # Another home: its next process need not compile what this one has.
            with suppress(OSError):
                os.link(path, self._kept_at)
        return opened


#: By the folder of the part lists, with the file that each was opened at.
_OPENED: dict[Path, tuple[Path, Compiled]] = {}


def _made(lists: PartLists) -> Mapping[str, Array]:
    with no_collection():
        words = read_dictionary()
        bits = KnownWords.of(words.known).to_bytes()
        return {**compiled(words, lists), "known": np.frombuffer(bits, np.uint8)}


@lru_cache(maxsize=1)
def _load(vocabulary: Path) -> Splitter:
    return Splitter.load(vocabulary)


@lru_cache(maxsize=1)
def _known() -> KnownWords:
    return KnownWords.of(dictionary().known)


@lru_cache(maxsize=1)
def _paradigms() -> Paradigms:
    return Paradigms(dictionary().known, dictionary().lemmas.get)


@lru_cache(maxsize=1)
def _alike() -> Mapping[str, str]:
    return _paradigms().alike()
