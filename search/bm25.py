"""BM25: what a word in a document is worth (Robertson & Zaragoza, 2009)."""

from __future__ import annotations

from typing import Any

import numpy as np

from search.weights import K1, B


def rarity(documents: int, holding: Any) -> Any:
    """Inverse document frequency, never negative: ln(1 + (N - n + ½) / (n + ½))."""
    return np.log1p((documents - holding + 0.5) / (holding + 0.5))


def bm25(frequencies: Any, lengths: Any, average: float, k1: float = K1, b: float = B) -> Any:
    """The share [0, k1 + 1) of a word's rarity that a document earns by its frequency there."""
    norm = k1 * (1 - b + b * lengths / average) if average else k1
    return frequencies * (k1 + 1) / (frequencies + norm)
