"""The words of an index: each distinct word once, numbered in the order it was first met.

A word that is a compound carries its parts, found once when it is first met. The numbers are
what a text is stored as; they never change within an index, and the list only grows until the
index is rebuilt. ``Words`` grow while an index is made; a ``WordTable`` is the same as arrays,
which a search reads where they lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from search.errors import IndexUnavailableError
from search.grouped import Arrays, Grouped, numbered
from search.strings import Strings
from search.swedish.analyzer import tokens

FILE_NAME = "words.tsv"

#: Numbers of words, as they are stored with a row.
WordNumbers = NDArray[np.int32]


class Words:
    """Word ↔ number, and the parts of compounds."""

    def __init__(self, parts_of: Callable[[str], tuple[str, ...]] | None = None) -> None:
        """``parts_of`` gives the base forms of a compound's parts, ``()`` for other words."""
        self.words: list[str] = []
        self.parts: list[tuple[str, ...]] = []
        self._numbers: dict[str, int] = {}
        self._parts_of = parts_of

    def __len__(self) -> int:
        return len(self.words)

    def number(self, word: str) -> int | None:
        """A word's number, or None for a word that is not in the index."""
        return self._numbers.get(word)

    def numbers_of(self, text: str) -> WordNumbers:
        """The words of a text in order; words met for the first time get the next numbers."""
        return np.fromiter((self._add(token.word) for token in tokens(text)), np.int32)

    def add(self, words: Iterable[str]) -> WordNumbers:
        """The numbers of words; those met for the first time get the next."""
        return np.fromiter(map(self._add, words), np.int32)

    def write(self, path: Path) -> None:
        """Write all words, a line each: the word, a tab, its parts."""
        lines = (f"{word}\t{' '.join(parts)}\n" for word, parts in self._entries())
        path.write_text("".join(lines), encoding="utf-8")

    @classmethod
    def read(cls, path: Path, parts_of: Callable[[str], tuple[str, ...]] | None = None) -> Words:
        """The words of a file that ``write`` made. Raises IndexUnavailableError when damaged."""
        made = cls(parts_of)
        try:
            *lines, rest = path.read_text(encoding="utf-8").split("\n")
            if rest:
                raise ValueError("the last line is cut off")
            for line in lines:
                word, parts = line.split("\t")
                made._append(word, tuple(parts.split()))
        except (OSError, ValueError) as error:
            what = f"{path} is damaged: {error}"
            raise IndexUnavailableError(f"{what}; run 'metodsok index --full'") from error
        return made

    def _entries(self) -> Iterable[tuple[str, tuple[str, ...]]]:
        return zip(self.words, self.parts, strict=True)

    def _add(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = self._append(word, self._parts_of(word) if self._parts_of else ())
        return number

    def _append(self, word: str, parts: tuple[str, ...]) -> int:
        number = self._numbers[word] = len(self.words)
        self.words.append(word)
        self.parts.append(parts)
        return number


class Parts(Sequence[tuple[str, ...]]):
    """The parts of each word, ``()`` for what is no compound. Immutable."""

    def __init__(self, bases: Strings, of_word: Grouped) -> None:
        """``of_word`` has the numbers of each word's parts among ``bases``."""
        self.bases, self.of_word = bases, of_word
        self._start, self._items = of_word.start.data, of_word.items.data

    def __len__(self) -> int:
        return len(self._start) - 1

    @overload
    def __getitem__(self, number: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, number: slice) -> list[tuple[str, ...]]: ...
    def __getitem__(self, number: int | slice) -> tuple[str, ...] | list[tuple[str, ...]]:
        """The parts of one word, or of several."""
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        items = self._items[self._start[number] : self._start[number + 1]]
        return tuple([self.bases[base] for base in items])

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return map(self.__getitem__, range(len(self)))


class WordTable:
    """Word ↔ number, and the parts of compounds, as arrays. Immutable; threads may share it."""

    def __init__(self, words: Strings, parts: Parts) -> None:
        self.words, self.parts = words, parts
        #: A word's number, or None for a word that is not in the index.
        self.number = words.number

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def of(cls, words: Words) -> WordTable:
        """All words there are by now."""
        numbers, of_word = numbered(words.parts)
        return cls(Strings.of(words.words), Parts(Strings.of(list(numbers)), of_word))

    @classmethod
    def read(cls, arrays: Arrays) -> WordTable:
        """What ``named`` gave."""
        parts = Parts(Strings.read(arrays, "bases"), Grouped.read(arrays, "word.bases"))
        return cls(Strings.read(arrays, "words"), parts)

    def named(self) -> dict[str, NDArray[Any]]:
        """Its arrays by name."""
        bases, of_word = self.parts.bases.named("bases"), self.parts.of_word.named("word.bases")
        return {**self.words.named("words"), **bases, **of_word}
