"""Words of a collection that look like another: they share most of their letters four by four."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from search.columns import Columns, Floats, Ints
from search.swedish.grams import grams

#: The share of the shorter word's grams from which on two words look alike.
ALIKE_SHARE = 0.6
#: Words of fewer letters have too few grams to look like anything.
SHORTEST_ALIKE = 5
#: The grams that two words must share at least to look alike.
_LEAST_SHARED = math.ceil(ALIKE_SHARE * (SHORTEST_ALIKE - 1))
#: Words whose grams are remembered.
_REMEMBERED = 10_000
_NONE: tuple[Ints, Floats] = (np.empty(0, np.int32), np.empty(0))


def gram_numbers(columns: Columns) -> Callable[[str], tuple[int, ...]]:
    """What gives the numbers of a word's grams, those that no word of the collection has left out.

    It remembers some thousand words.
    """

    @lru_cache(maxsize=_REMEMBERED)
    def of(word: str) -> tuple[int, ...]:
        return tuple(_known_grams(columns, word))

    return of


def alike(columns: Columns, word: str, most: int | None = None) -> Sequence[tuple[float, int]]:
    """Words that look like a folded one, and the share of grams in common; most alike first.

    The word itself is among them. Of many the best ``most`` are given.
    """
    found, shares = looking_alike(columns, word)
    if most is not None and most < len(found):
        # Words need be told apart only where they are as good as the last one given.
        best = shares >= np.partition(shares, -most)[-most]
        found, shares = found[best], shares[best]
    pairs = zip(shares.tolist(), found.tolist(), strict=True)
    in_order = sorted(pairs, key=lambda each: (-each[0], columns.words.words[each[1]]))
    return tuple(in_order[:most])


def looking_alike(columns: Columns, word: str) -> tuple[Ints, Floats]:
    """The numbers of words that look like a folded one, and the shares of grams in common.

    A word that is no run of letters, or short, looks like none.
    """
    if not word.isalpha() or len(word) < SHORTEST_ALIKE:
        return _NONE
    own, numbers = grams(word), _known_grams(columns, word)
    # Each gram has its words in order, which a stable sort merges: then a word stands in a row as
    # often as it shares grams. Few words stand so often that they are met again this far behind.
    met = np.sort(columns.words_with_gram.of_all(numbers), kind="stable")
    behind = _LEAST_SHARED - 1
    again = met[behind:]
    again = again[again == met[: len(again)]]
    if not len(again):
        return _NONE
    first = np.flatnonzero(np.concatenate(([True], again[1:] != again[:-1], [True])))
    found, shared = again[first[:-1]], first[1:] - first[:-1] + behind
    fewer = np.minimum(len(own), columns.gram_counts[found])
    near = (shared >= ALIKE_SHARE * fewer) & (fewer >= SHORTEST_ALIKE - 1)
    near &= columns.holding[found] > 0
    return found[near], shared[near] / fewer[near]


def _known_grams(columns: Columns, word: str) -> list[int]:
    return [number for gram in grams(word) if (number := columns.gram(gram)) is not None]
