"""The grams of all words of a collection at once, as ``swedish.grams`` has those of one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.grouped import Grouped, Ints, ranges, starts
from search.strings import Strings
from search.swedish.grams import GRAM_LETTERS

#: Bits of a letter's number where four of them are one number.
_BITS = 16
_CODES = 0x110000


def word_grams(words: Sequence[str]) -> tuple[Strings, Grouped]:
    """The distinct grams by letter, and the words that have each, ascending."""
    letters, owners = _windows(words)
    numbers = _numbers(letters)
    order = np.argsort(numbers, kind="stable")
    numbers, owners = numbers[order], owners[order]
    is_gram = np.diff(numbers, prepend=numbers[:1] + 1) != 0
    # A word has each of its grams once, though it may repeat it.
    kept = is_gram | (np.diff(owners, prepend=-1) != 0)
    firsts = np.flatnonzero(is_gram[kept])
    start = np.append(firsts, np.count_nonzero(kept))
    return _strings(letters[order[is_gram]]), Grouped(start, owners[kept])


def _windows(words: Sequence[str]) -> tuple[NDArray[np.uint32], Ints]:
    """Every gram of every word in order, [grams, letters] with 0 after a short one; its word."""
    text = "".join([f"_{word}_" for word in words]) + "\0" * GRAM_LETTERS
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, words), np.int64, len(words)) + 2
    counts = np.maximum(1, lengths - GRAM_LETTERS + 1)
    first = ranges(starts(lengths)[:-1], counts)
    letters = codes[first[:, None] + np.arange(GRAM_LETTERS)]
    short = np.flatnonzero(lengths < GRAM_LETTERS)
    cut = np.arange(GRAM_LETTERS) >= lengths[short][:, None]
    places = starts(counts)[short]
    letters[places] = np.where(cut, 0, letters[places])
    return letters, np.repeat(np.arange(len(words), dtype=np.int32), counts)


def _numbers(letters: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """One number for each gram, that are equal and follow one another as the grams do."""
    used = np.zeros(_CODES, bool)
    used[letters] = True
    ranks = np.cumsum(used, dtype=np.uint32)
    found = ranks[letters].astype(np.uint64)
    if int(ranks[-1]) >> _BITS:  # more letters than there are numbers: pairs of them get some
        pairs = found[:, ::2] << np.uint64(32) | found[:, 1::2]
        found = np.unique(pairs, return_inverse=True)[1].reshape(pairs.shape).astype(np.uint64)
    bits = 64 // found.shape[1]
    made = np.zeros(len(found), np.uint64)
    for column in found.T:
        made = made << np.uint64(bits) | column
    return made


def _strings(letters: NDArray[np.uint32]) -> Strings:
    text = letters.tobytes().decode("utf-32-le", "surrogatepass")
    size = letters.shape[1]
    return Strings.of([text[at : at + size].rstrip("\0") for at in range(0, len(text), size)])
