"""Words of a collection that look like another: they share most of their letters four by four."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from search.columns import Columns
from search.swedish.grams import grams

#: The share of the shorter word's grams from which on two words look alike.
ALIKE_SHARE = 0.6
#: Words of fewer letters have too few grams to look like anything.
SHORTEST_ALIKE = 5
#: The grams that two words must share at least to look alike.
_LEAST_SHARED = math.ceil(ALIKE_SHARE * (SHORTEST_ALIKE - 1))


def alike(columns: Columns, word: str) -> Sequence[tuple[float, int]]:
    """Words that look like a folded one, and the share of grams in common; most alike first.

    The word itself is among them. A word that is no run of letters, or short, looks like none.
    """
    if not word.isalpha() or len(word) < SHORTEST_ALIKE:
        return ()
    own = grams(word)
    numbers = [number for gram in own if (number := columns.gram(gram)) is not None]
    # Each gram has its words in order, which a stable sort merges: a word stands in a row as often
    # as it shares grams, and few words do so often enough.
    met = np.sort(columns.words_with_gram.of_all(numbers), kind="stable")
    first = np.flatnonzero(np.diff(met, prepend=-1) > 0)
    times = np.diff(first, append=len(met))
    often = times >= _LEAST_SHARED
    shared, found = times[often], met[first[often]]
    fewer = np.minimum(len(own), columns.gram_counts[found])
    near = (shared >= ALIKE_SHARE * fewer) & (fewer >= SHORTEST_ALIKE - 1)
    near &= columns.holding[found] > 0
    shares = zip((shared[near] / fewer[near]).tolist(), found[near].tolist(), strict=True)
    return sorted(shares, key=lambda each: (-each[0], columns.words.words[each[1]]))
