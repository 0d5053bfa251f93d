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
np.fill_diagonal(_LIKE[_OTHER + 1 :, _OTHER + 1 :], 0)
#: Letters that no sound makes or takes but from doubled ones: words of one sound have as many.
_SAME_IN_SOUND = "abmnryö"
#: Sums of these are equal for words with the same letters but for dots, and in one sound.
_WITHOUT_DOTS, _IN_SOUND = np.zeros((2, _PAD + 1), np.int64)
for _number, _letter in enumerate(_LETTERS, start=1):
    _WITHOUT_DOTS[_number] = 11 ** (ord(folded(_letter)) - ord("a")) % (1 << 60)
    _IN_SOUND[_number] = 1 << (9 * _SAME_IN_SOUND.find(_letter)) if _letter in _SAME_IN_SOUND else 0


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
    unknown = (mine.numbers == _OTHER).any(0) | (theirs.numbers == _OTHER).any(0)
    dots = unknown | (_without_dots(mine) == _without_dots(theirs))
    sounds = unknown | (_in_sound(mine) == _in_sound(theirs))
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


def _without_dots(words: _Laid) -> Array:
    """A number for each word that is the same for those that differ in dots or order only."""
    sums: Array = _WITHOUT_DOTS[words.numbers].sum(0)
    return sums


def _in_sound(words: _Laid) -> Array:
    """A number for each word that is the same for those of one sound, and for some others."""
    counted = _IN_SOUND[words.numbers]
    counted[1:][words.codes[1:] == words.codes[:-1]] = 0
    sums: Array = counted.sum(0)
    return sums


def _edits(mine: _Laid, theirs: _Laid) -> Array:
    """The weighted edit distances: a row of the table for each typed letter, of all pairs.

    What stands in a row is less the sum of the letters left out so far, so that leaving out
    several is a running minimum.
    """
    own, left_out = _missing(mine.codes), _missing(theirs.codes)
    summed = np.zeros((len(left_out) + 1, left_out.shape[1]), np.int32)
    np.cumsum(left_out, axis=0, out=summed[1:])
    same = mine.codes[:, None] == theirs.codes
    instead, swapped = _instead(mine, theirs, same) - left_out, _swaps(same, summed)
    wanted, found = frozenset(mine.lengths.tolist()), np.zeros_like(theirs.lengths)
    earlier = previous = row = np.zeros_like(summed)
    for i in range(len(own) + 1):
        if i:
            earlier, previous, row = previous, row, row + own[i - 1]
            np.minimum(row[1:], previous[:-1] + instead[i - 1], out=row[1:])
            if i in swapped:
                before, here, cost = swapped[i]
                cells = row.reshape(-1)
                cells[here] = np.minimum(cells[here], earlier.reshape(-1)[before] + cost)
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
    if (mine.numbers == _OTHER).any():
        costs[same] = 0
    costs[:1, :1] = np.rint(costs[:1, :1] * FIRST)
    return costs


def _swaps(same: Array, summed: Array) -> dict[int, tuple[Array, Array, Array]]:
    """Of rows of the table, what two letters in the other order cost, from where and to where.

    Places are those of a row laid flat.
    """
    turned = np.flatnonzero(same[1:, :-1] & same[:-1, 1:])
    i, before = np.divmod(turned, max(1, same[0, 1:].size))
    here = before + 2 * same.shape[2]
    flat = summed.reshape(-1)
    costs = _SWAPPED - (flat[here] - flat[before])
    cuts = np.searchsorted(i, np.arange(len(same))).tolist()
    return {
        row: (before[first:last], here[first:last], costs[first:last])
        for row, (first, last) in enumerate(pairwise(cuts), start=2)
        if first < last
    }
