"""Which words of a collection a misspelt word may mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.columns import Columns, Grouped, numbered
from search.swedish.analyzer import stem
from search.swedish.grams import grams
from search.swedish.misspelling import distance

#: Candidates that are measured letter by letter: those that share most pairs of letters.
_MEASURED = 80
#: How far a meant word may be, by the length of what was typed.
_LIMITS = ((4, 1.0), (7, 1.5), (math.inf, 2.1))
#: What a word earns for being common, and costs for being far: 97 % of 559 made errors are
#: repaired right with these.
_COMMON, _FAR = 0.35, 2.2
#: What it costs that the collection has another form of the word that was typed wrong, and how
#: far the stems and the words may be for it to be one, in shares of the shorter.
_OTHER_FORM = 0.3
_STEM_SHARE, _WORD_SHARE = 0.25, 0.6
#: Words nearly as likely as the best are tried too, each at the weight of its likelihood.
MOST_MEANT = 3
_LIKELY = 0.7


@dataclass(frozen=True, slots=True)
class Meant:
    """A word that may have been meant: its number, and how likely (0-1] against the best."""

    word: int
    likely: float
    cost: float


class Speller:
    """Repairs words with the words of one collection."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def meant(self, typed: str, strict: bool = False) -> Sequence[Meant]:
        """The words that a folded word may be a misspelling of, likeliest first.

        ``strict`` allows slips of one sound or doubled letter only, for words that may be right.
        """
        limit = next(cost for length, cost in _LIMITS if len(typed) <= length)
        if strict:
            limit = min(limit, 0.7)
        rated = []
        base = stem(typed)
        for number in self._like(typed):
            word = self._columns.words.words[number]
            # Another form of the word than the one that was typed may be all there is.
            near, far = _STEM_SHARE * min(len(base), len(stem(word))), 0.0
            apart = distance(base, stem(word), near)
            if apart <= near:
                far = _WORD_SHARE * min(len(typed), len(word))
            cost = distance(typed, word, max(limit, far))
            if cost <= far:
                cost = min(cost, apart + _OTHER_FORM)
            if 0 < cost <= limit:
                common = math.log(1 + int(self._columns.holding[number]))
                rated.append((_COMMON * common - _FAR * cost, number, cost))
        rated.sort(key=lambda found: (-found[0], self._columns.words.words[found[1]]))
        return [
            Meant(number, math.exp((score - rated[0][0]) / _LIKELY), cost)
            for score, number, cost in rated[:MOST_MEANT]
        ]

    def _like(self, typed: str) -> list[int]:
        own = grams(typed, 2)
        pairs, words_with, counts = self._pairs
        numbers = [n for gram in own if (n := pairs.get(gram)) is not None]
        shared = np.bincount(words_with.of_all(numbers), minlength=len(self._columns.words))
        likeness = 2 * shared / (len(own) + counts)
        likeness[~self._usable] = 0
        best = np.argsort(-likeness, kind="stable")[:_MEASURED]
        return [int(number) for number in best if likeness[number] > 0]

    @cached_property
    def _usable(self) -> NDArray[Any]:
        words = self._columns.words.words
        return np.array([len(w) > 2 and w.isalpha() and w.islower() for w in words], bool) & (
            self._columns.holding > 0
        )

    @cached_property
    def _pairs(self) -> tuple[dict[str, int], Grouped, NDArray[Any]]:
        """Numbers of letter pairs, the words that have each, and how many each word has."""
        numbers, of_word = numbered(grams(word, 2) for word in self._columns.words.words)
        return numbers, of_word.turned(len(numbers)), np.diff(of_word.start)
