"""Words of a collection that look like another: they share most of their letters four by four."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.columns import Columns
from search.swedish.grams import grams

#: The share of the shorter word's grams from which on two words look alike.
ALIKE_SHARE = 0.6
#: Words of fewer letters have too few grams to look like anything.
SHORTEST_ALIKE = 5


def alike(columns: Columns, word: str) -> Sequence[tuple[float, int]]:
    """Words that look like a folded one, and the share of grams in common; most alike first.

    The word itself is among them. A word that is no run of letters, or short, looks like none.
    """
    if not word.isalpha() or len(word) < SHORTEST_ALIKE:
        return ()
    own = grams(word)
    numbers = [number for gram in own if (number := columns.gram(gram)) is not None]
    shared = np.bincount(columns.words_with_gram.of_all(numbers), minlength=len(columns.words))
    fewer = np.minimum(len(own), columns.gram_counts)
    near = (shared >= ALIKE_SHARE * fewer) & (fewer >= SHORTEST_ALIKE - 1) & (columns.holding > 0)
    shares = [(float(shared[n] / fewer[n]), int(n)) for n in np.flatnonzero(near)]
    return sorted(shares, key=lambda found: (-found[0], columns.words.words[found[1]]))
