"""How far many spellings are from others: ``misspelling.distance`` of all pairs at once.

Costs are counted in whole hundredths, which add up exactly, and letters stand down an array and
pairs across it, so that a step of the edit distance is one for all pairs. ``distance`` is what
is meant; this is only quicker.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.swedish.misspelling import (
    DOUBLED,
    FIRST,
    LIKE,
    SAME_LETTERS,
    SAME_SOUND,
    SILENT,
    SWAPPED,
    folded,
    sound,
)

Array = NDArray[Any]

#: Costs are whole hundredths.
_WHOLE = 100
_SWAPPED = round(SWAPPED * _WHOLE)
#: Letters have numbers from 1. Others are 0, and equal by their codes only; what fills short words
#: up has a number of its own. Its codes are negative: they count from the end of the table.
_LETTERS = "abcdefghijklmnopqrstuvwxyzåäöé"
_OTHER, _PAD = 0, len(_LETTERS) + 1
_LATIN = 256
_NUMBER = np.array([_LETTERS.find(chr(code)) + 1 for code in range(_LATIN)] + 2 * [_PAD])
#: What one numbered letter costs for another.
_LIKE = np.full((_PAD + 1, _PAD + 1), _WHOLE, np.int32)
for _pair, _cost in LIKE.items():
    _one, _other = (_LETTERS.index(letter) + 1 for letter in _pair)
    _LIKE[_one, _other] = _LIKE[_other, _one] = round(_cost * _WHOLE)
#: Letters that no sound makes or takes but from doubled ones: words of one sound have the same.
_SAME_IN_SOUND = "abmnryö"
#: What words have in common that are alike: without dots in the low bits, in sound in the high
#: ones. The lowest is for letters that nothing is known of.
_SOUND_BITS = 32
_BITS = np.zeros(_PAD + 1, np.int64)
_BITS[_OTHER] = 1
for _letter in _LETTERS:
    _BITS[_LETTERS.index(_letter) + 1] = 1 << (_LETTERS.index(folded(_letter)) + 1) | (
        1 << (_SOUND_BITS + _SAME_IN_SOUND.find(_letter)) if _letter in _SAME_IN_SOUND else 0
    )


class _Laid(NamedTuple):
    """The letters of words, [letter, word], as codes and as numbers."""

    codes: Array
    numbers: Array
    lengths: Array


def distances(typed: Sequence[str], meant: Sequence[str]) -> NDArray[np.float64]:
    """``distance`` of each typed word to the one beside it.

    >>> distances(["valdsbrott", "valdsbrott"], ["våldsbrott", "brott"]).tolist()
    [0.3, 5.0]
    """
    mine, theirs = _laid_out(typed, -1), _laid_out(meant, -2)
    costs: NDArray[np.float64] = _edits(mine, theirs) / _WHOLE
    dots, sounds = _may_be_alike(mine, theirs)
    for n in np.flatnonzero(dots & (costs > SAME_LETTERS)).tolist():
        if folded(typed[n]) == folded(meant[n]):
            costs[n] = SAME_LETTERS
    for n in np.flatnonzero(sounds & (costs > SAME_SOUND)).tolist():
        if sound(typed[n]) == sound(meant[n]):
            costs[n] = SAME_SOUND
    return costs


def _laid_out(words: Sequence[str], pad: int) -> _Laid:
    texts, lengths = np.array(words, str), np.array([len(word) for word in words], int)
    codes = texts[:, None].view(np.uint32).T.astype(np.int32, order="C")
    codes[np.arange(len(codes))[:, None] >= lengths] = pad
    return _Laid(codes, _NUMBER[np.minimum(codes, _LATIN - 1)], lengths)


def _may_be_alike(mine: _Laid, theirs: _Laid) -> tuple[Array, Array]:
    """Which pairs may be the same without dots, and which in sound; others are not."""
    one, other = (np.bitwise_or.reduce(_BITS[words.numbers]) for words in (mine, theirs))
    unknown, different = (one | other) & 1 > 0, one ^ other
    dots = unknown | (different & ((1 << _SOUND_BITS) - 1) == 0)
    return dots, unknown | (different >> _SOUND_BITS == 0)


def _edits(mine: _Laid, theirs: _Laid) -> Array:
    """The weighted edit distances: a row of the table for each typed letter, of all pairs.

    What stands in a row is less the sum of the letters left out so far, so that leaving out
    several is a running minimum.
    """
    own, left_out = _missing(mine.codes), _missing(theirs.codes)
    summed = np.zeros((len(left_out) + 1, left_out.shape[1]), np.int32)
    np.cumsum(left_out, axis=0, out=summed[1:])
    same = mine.codes[:, None] == theirs.codes
    instead, swapped = _instead(mine, theirs, same) - left_out, _swaps(same)
    wanted, found = frozenset(mine.lengths.tolist()), np.zeros_like(theirs.lengths)
    earlier = previous = row = np.zeros_like(summed)
    for i in range(len(own) + 1):
        if i:
            earlier, previous, row = previous, row, row + own[i - 1]
            np.minimum(row[1:], previous[:-1] + instead[i - 1], out=row[1:])
            if i in swapped:
                j, pair = swapped[i]
                cost = earlier[j - 2, pair] + _SWAPPED - (summed[j, pair] - summed[j - 2, pair])
                row[j, pair] = np.minimum(row[j, pair], cost)
            np.minimum.accumulate(row, axis=0, out=row)
        if i in wanted:
            here = np.flatnonzero(mine.lengths == i)
            ends = theirs.lengths[here]
            found[here] = row[ends, here] + summed[ends, here]
    return found


def _missing(words: Array) -> Array:
    """What it costs to leave out each letter."""
    costs = np.where(words == ord("h"), np.int32(round(SILENT * _WHOLE)), np.int32(_WHOLE))
    beside = words[1:] == words[:-1]
    costs[1:][beside] = costs[:-1][beside] = round(DOUBLED * _WHOLE)
    return costs


def _instead(mine: _Laid, theirs: _Laid, same: Array) -> Array:
    """What each typed letter costs for each that may be meant, [typed, meant, pair]."""
    costs = _LIKE.take(mine.numbers[:, None] * len(_LIKE) + theirs.numbers)
    costs[same] = 0
    costs[:1, :1] = np.rint(costs[:1, :1] * FIRST)
    return costs


def _swaps(same: Array) -> dict[int, tuple[Array, Array]]:
    """Of rows of the table, where two letters stand in the other order: columns and pairs."""
    turned = same[1:, :-1] & same[:-1, 1:]
    i, at = np.divmod(np.flatnonzero(turned), max(1, turned[:1].size))
    j, pair = np.divmod(at, max(1, same.shape[2]))
    cuts = np.searchsorted(i, np.arange(len(turned) + 1)).tolist()
    return {
        row: (j[first:last] + 2, pair[first:last])
        for row, (first, last) in enumerate(pairwise(cuts), start=2)
        if first < last
    }
