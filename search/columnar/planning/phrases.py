"""Phrases in the numbers of a segment: which words may stand at which place, and where they do.

A phrase has at most 64 places.
"""

from __future__ import annotations

import numpy as np

from search.columnar import kernel
from search.columnar.planning.nodes import Phrase
from search.columnar.planning.snapshot import Snapshot
from search.columnar.reading.text import OpenedText
from search.columnar.storage.arrays import Array

#: Places that the kernel takes in one phrase.
_MOST_PLACES = 32


def is_simple(phrase: Phrase) -> bool:
    """Whether each place takes one term, so that the kernel finds it."""
    return 0 < len(phrase.places) <= _MOST_PLACES and all(len(p) == 1 for p in phrase.places)


def found_phrase(
    snapshot: Snapshot,
    at: int,
    phrase: Phrase,
    best: kernel.Best,
    allowed: Array | None = None,
    keys: Array | None = None,
    matched: bool = False,
) -> tuple[int, Array | None]:
    """Find and score a simple phrase in a part, as ``kernel.score`` does terms."""
    part = snapshot.parts[at]
    text = part.segment.text(phrase.field)
    leaves = [snapshot.leaf(phrase.field, place[0]) for place in phrase.places]
    if text is None or any(leaf.numbers[at] < 0 for leaf in leaves):
        return 0, np.empty(0, np.uint32)
    terms = kernel.joined([leaf.prepared[at] for leaf in leaves])
    if phrase.boost != 1.0:
        terms = kernel.boosted(terms, phrase.boost)
    places = word_places(snapshot, at, phrase)
    postings = part.segment.postings
    return kernel.phrase(
        postings, text.forward, terms, places, best, part.first, allowed, keys, matched
    )


def word_places(snapshot: Snapshot, part: int, phrase: Phrase) -> Array:
    """Words of a segment and the places of a phrase they fit, as word << 8 | place."""
    text = snapshot.parts[part].segment.text(phrase.field)
    if text is None:
        return np.empty(0, np.uint64)
    pairs = []
    for place, terms in enumerate(phrase.places):
        for term in terms:
            leaf = snapshot.leaf(phrase.field, term)
            if leaf.documents and leaf.numbers[part] >= 0:
                words = text.words_with(leaf.numbers[part]).astype(np.uint64)
                pairs.append(words << np.uint64(8) | np.uint64(place))
    return np.concatenate(pairs) if pairs else np.empty(0, np.uint64)


def standing(text: OpenedText, documents: Array, pairs: Array, length: int) -> Array:
    """For each of some documents, whether the words of a phrase of ``length`` places stand side by
    side in it. ``pairs`` are from ``word_places``."""
    places = np.zeros(text.words, np.uint64)
    place_bits = np.uint64(1) << (pairs & np.uint64(255))
    np.bitwise_or.at(places, (pairs >> np.uint64(8)).astype(np.int64), place_bits)
    words, counts = text.words_of(documents)
    bits = places[words]
    here = np.ones(max(0, len(bits) - length + 1), bool)
    for place in range(length):
        shifted = bits[place : len(here) + place]
        here &= (shifted >> np.uint64(place) & np.uint64(1)).astype(bool)
    owners = np.repeat(np.arange(len(documents)), counts)
    here &= owners[: len(here)] == owners[length - 1 :][: len(here)]
    stands = np.zeros(len(documents), bool)
    stands[owners[: len(here)][here]] = True
    return stands
