"""Character grams of a word: what misspelt, inflected and compounded forms have in common."""

from __future__ import annotations

from functools import lru_cache

#: Letters in a gram. Measured on windows of 40 words: 4 beats 3, 5 and 6.
GRAM_LETTERS = 4


@lru_cache(maxsize=100_000)
def grams(word: str, letters: int = GRAM_LETTERS) -> frozenset[str]:
    """The grams of a word with its edges marked.

    >>> sorted(grams("brott"))
    ['_bro', 'brot', 'ott_', 'rott']
    """
    padded = f"_{word}_"
    return frozenset(padded[i : i + letters] for i in range(max(1, len(padded) - letters + 1)))
