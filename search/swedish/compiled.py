"""A dictionary in arrays, where each answer is looked up as it lies, and nothing is loaded.

A table is lines of text, gathered by a checksum of their first word, so that a look at a few dozen
of them finds one. What is asked of it is what ``compiling`` made: words with base forms and the
beginnings before them, beginnings of compounds with their families, forms by stem.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.grouped import Arrays
from search.swedish.evidence import (
    SHORTEST_JOINED_WORD,
    Head,
    PartLists,
    base_of,
    is_joined,
    judged,
)
from search.swedish.lemmas import is_base

Array = NDArray[Any]

#: Groups of lines in a table.
GROUPS = 1 << 16
#: Letters that words are told apart by at a first look: three times as many ask in vain.
FIRST_LETTERS = 4
#: Stands where a word has no count: it is none that a compound may be made of, or end with.
UNKNOWN, NO_END = "-", ""
#: Between the forms of one stem and of the next.
NEXT_STEM = "|"


def table(name: str, words: Sequence[str], rests: Iterable[str]) -> Mapping[str, Array]:
    """The arrays of a table: words, none with white space in it, and what stands beside each."""
    sums = map(zlib.crc32, map(str.encode, words))
    groups = np.fromiter(sums, np.uint32, len(words)) % GROUPS
    lines = [f"{word}\t{rest}\n" for word, rest in zip(words, rests, strict=True)]
    order = np.argsort(groups, kind="stable").tolist()
    text = np.frombuffer(f"\n{''.join(map(lines.__getitem__, order))}".encode(), np.uint8)
    before = np.zeros(GROUPS + 1, np.int64)
    np.cumsum(np.bincount(groups, minlength=GROUPS), out=before[1:])
    breaks = np.flatnonzero(text == ord("\n"))
    return {f"{name}.text": text, f"{name}.start": breaks[before].astype(np.uint32)}


class Table:
    """Finds what stands beside a word."""

    def __init__(self, arrays: Arrays, name: str) -> None:
        self._text = arrays[f"{name}.text"].data
        self._start = arrays[f"{name}.start"].data

    def find(self, word: str) -> str | None:
        """What stands beside a word, None where the table does not have it."""
        data = word.encode()
        line = b"\n" + data + b"\t"
        group = zlib.crc32(data) % GROUPS
        # From the line break before them to the one that ends them.
        lines = self._text[self._start[group] : self._start[group + 1] + 1].tobytes()
        place = lines.find(line)
        if place < 0:
            return None
        first = place + len(line)
        return lines[first : lines.index(b"\n", first)].decode()


class Compiled:
    """A dictionary as ``Evidence`` and ``Forms``. Threads may share it."""

    def __init__(self, arrays: Arrays, lists: PartLists) -> None:
        self._arrays = arrays
        self._lists = lists
        self._words = Table(arrays, "words")
        self._forms = Table(arrays, "forms")
        #: Words that only occur with a capital, folded.
        self.names = frozenset(self._lines("names"))
        self._own = frozenset(self._lines("own"))
        self._counts: dict[str, int] = {}
        self._found: dict[str, Head | None] = {}

    def known(self) -> bytes:
        """The bits of a filter of all known words."""
        return self._arrays["known"].tobytes()

    def alike(self) -> dict[str, str]:
        """As ``Paradigms`` has it."""
        return dict(pair.split("\t") for pair in self._lines("alike"))

    def lemma_of(self, word: str) -> str | None:
        """The base form that the dictionary gives."""
        found = self._words.find(word)
        return None if found is None else found[: found.index("\t")]

    # As ``Evidence`` has it.

    def head(self, letters: str) -> Head | None:
        """The beginning that letters are."""
        if letters not in self._found:
            self._found[letters] = self._head(letters)
        return self._found[letters]

    def heads(self, word: str, start: int, last: int) -> list[tuple[int, Head]]:
        """The beginnings that stand in a word, and where each ends."""
        known, found = self._heads, []
        for end in range(start + 2, last + 1):
            letters = word[start:end]
            # Few letters are any: most are none at this look.
            if (letters in known or letters[-1] == "s") and (head := self.head(letters)):
                found.append((end, head))
        return found

    def ends(self, word: str) -> list[int]:
        """Where in a word an ending may begin."""
        firsts, counts, found = self._firsts, self._counts, []
        for start in range(2, len(word) - 2):
            if word[start : start + FIRST_LETTERS] not in firsts:
                continue
            letters = word[start:]
            count = counts.get(letters)
            if (self._count(letters) if count is None else count) >= 0:
                found.append(start)
        return found

    def beginnings(self, ending: str) -> int:
        """How many known beginnings stand before an ending."""
        return max(0, self._count(ending))

    # As ``Forms`` has it.

    def base_of(self, word: str) -> str:
        """The base form that a word is counted to."""
        if word in self._own:
            return word
        base = self.lemma_of(word) if word.islower() else None
        return base if base and is_base(base) else ""

    def forms_of(self, base: str) -> Sequence[Sequence[str]]:
        """A base form's words by stem; none where there is one stem."""
        found = self._forms.find(base)
        return [some.split() for some in found.split(NEXT_STEM)] if found else ()

    def _head(self, letters: str) -> Head | None:
        if said := self._heads.get(letters):
            base, _, family = said.partition("\t")
            return judged(letters, base, int(family), self._lists)
        # Nothing follows it in known words: only a joining s makes it one.
        if len(letters) <= SHORTEST_JOINED_WORD or not is_joined(letters):
            return None
        return judged(letters, base_of(letters, self._is_known), 0, self._lists)

    def _is_known(self, word: str) -> bool:
        found = self._words.find(word)
        return found is not None and not found.endswith(f"\t{UNKNOWN}")

    def _count(self, letters: str) -> int:
        """How many beginnings stand before letters, -1 for those that may not end a word."""
        count = self._counts.get(letters)
        if count is None:
            found = self._words.find(letters)
            told = found[found.index("\t") + 1 :] if found else NO_END
            count = self._counts[letters] = -1 if told in (UNKNOWN, NO_END) else int(told)
        return count

    @cached_property
    def _heads(self) -> dict[str, str]:
        return dict(line.split("\t", 1) for line in self._lines("heads"))

    @cached_property
    def _firsts(self) -> frozenset[str]:
        """The first letters of what may end a word: most letters are none by these already."""
        return frozenset(self._lines("firsts"))

    def _lines(self, name: str) -> list[str]:
        text = self._arrays[name].tobytes().decode()
        return text.split("\n") if text else []
