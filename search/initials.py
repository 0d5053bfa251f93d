"""The letters that words and runs of words begin with, as numbers: what an abbreviation is made of.

A word may give the first letter of itself, or of its compound's first part and of any parts
after it: *yrkesvägledare* gives Y, YV, YL or YVL. Knows letters, no abbreviations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.columns import Columns, Ints
from search.swedish.analyzer import LONGEST_ABBREVIATION

#: Words that a short form leaves out or counts as it likes (*Inspektionen för vård och omsorg*).
#: Only those that join; a run with other words of grammar in it is a sentence and no name.
JOINING = frozenset(
    {"och", "eller", "samt", "för", "av", "i", "om", "på", "med", "till", "mot", "från"}
    | {"inom", "vid", "under", "mellan", "åt", "utan"}
)
#: Words of a long form at most, those that join among them.
LONGEST_RUN = 8
#: Parts of a compound that may give a letter.
MOST_PARTS = 4

#: Five bits a letter, so that six letters are one number.
_BITS = 5
_ALPHABET = {letter: n for n, letter in enumerate("abcdefghijklmnopqrstuvwxyzåäö", start=1)}
_NO_LETTER = 31
_WAYS = 1 << (MOST_PARTS - 1)

Flags = NDArray[np.bool_]


def packed(letters: str) -> int:
    """Letters in one number, in any case; what is no letter of Swedish equals nothing."""
    code = 0
    for letter in letters.casefold():
        code = code << _BITS | _ALPHABET.get(letter, _NO_LETTER)
    return code


def sizes_of(codes: Ints) -> Ints:
    """How many letters each number holds."""
    sizes: Ints = np.zeros(codes.shape, np.int32)
    for place in range(LONGEST_ABBREVIATION):
        sizes += codes >> (_BITS * place) > 0
    return sizes


def joined(first: Ints, second: Ints, sizes: Ints) -> Ints:
    """The letters of both, one after the other; ``sizes`` are those of the second."""
    both: Ints = (first << (_BITS * sizes)) | second
    return both


class Lexis(Protocol):
    """Words that can be asked after one by one."""

    def __contains__(self, word: str, /) -> bool: ...


@dataclass(slots=True)
class _Walk:
    """Runs under way: which, where each began, and how many letters each may have used."""

    which: Ints
    used: Flags


class Initials:
    """The letters of one collection's words."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        words = columns.words.words
        self.joins: Flags = np.array([word in JOINING for word in words], bool)
        #: [words, ways]: the letters a word may give, the first alone foremost; 0 for no more.
        self.ways = self._ways()
        self.sizes = sizes_of(self.ways)

    def _ways(self) -> Ints:
        columns = self.columns
        words = columns.words.words
        letters = [0 if word.isupper() else _ALPHABET.get(word[0], 0) for word in words]
        of_stem = np.array([_ALPHABET.get(stem[0], 0) for stem in columns.stems], np.int32)
        ways = np.zeros((len(words), _WAYS), np.int32)
        ways[:, 0] = letters
        start = columns.parts_of_word.start
        counts = np.minimum(np.diff(start), MOST_PARTS)
        for count in range(2, MOST_PARTS + 1):
            compounds = np.flatnonzero(counts == count)
            places = start[compounds][:, None] + np.arange(count)
            given = of_stem[columns.parts_of_word.items[places]]
            for way in range(1, 1 << (count - 1)):
                code = given[:, 0]
                for part in range(1, count):
                    if way >> (part - 1) & 1:
                        code = (code << _BITS) | given[:, part]
                ways[compounds, way] = code
        return ways

    def together(self, places: Ints, others: Ints) -> Flags:
        """Which places stand in the same field of the same row as others."""
        columns = self.columns
        same: Flags = columns.row_of[places] == columns.row_of[others]
        same &= columns.field_of[places] == columns.field_of[others]
        return same

    def spelling(self, starts: Ints, codes: Ints, step: int) -> tuple[Ints, Ints]:
        """Runs that spell letters, from places on forwards (``step`` 1) or backwards (-1).

        Returns which of the places begin one, and how many words it has; the shortest counts. No
        run begins or ends with a word that joins or leaves its field.
        """
        lengths = sizes_of(codes)
        used = np.zeros((len(starts), LONGEST_ABBREVIATION + 1), bool)
        walk = _Walk(np.arange(len(starts)), used)
        walk.used[:, 0] = True
        which, words = [walk.which[:0]], [walk.which[:0]]
        for far in range(LONGEST_RUN):
            places = self._onward(walk, starts, step * far)
            numbers = self.columns.forward[places]
            joins = self.joins[numbers]
            here = codes[walk.which], lengths[walk.which]
            may = walk.used if far else walk.used & ~joins[:, None]
            used = self._using(numbers, may, *here, step)
            whole = used[np.arange(len(used)), here[1]] & ~joins
            which.append(walk.which[whole])
            words.append(np.full(int(whole.sum()), far + 1))
            if far:
                used |= walk.used & joins[:, None]
            on = used.any(1) & ~whole
            walk = _Walk(walk.which[on], used[on])
        return np.concatenate(which), np.concatenate(words)

    def _onward(self, walk: _Walk, starts: Ints, offset: int) -> Ints:
        """The places that runs have come to; those that left their field go no further."""
        columns = self.columns
        places = starts[walk.which] + offset
        inside = (places >= 0) & (places < len(columns.forward))
        inside[inside] = self.together(starts[walk.which][inside], places[inside])
        walk.which, walk.used = walk.which[inside], walk.used[inside]
        kept: Ints = places[inside]
        return kept

    def _using(self, numbers: Ints, used: Flags, codes: Ints, lengths: Ints, step: int) -> Flags:
        """How many letters runs may have used when each has taken one word more."""
        after = np.zeros_like(used)
        for before in np.flatnonzero(used.any(0)).tolist():
            rows = np.flatnonzero(used[:, before])
            for way in range(_WAYS):
                given = self.ways[numbers[rows], way]
                rows, given = rows[given > 0], given[given > 0]
                if not len(rows):
                    break
                sizes = self.sizes[numbers[rows], way]
                left = lengths[rows] - before - sizes
                shifts = np.maximum(left, 0) if step > 0 else np.full_like(left, before)
                wanted = codes[rows] >> (_BITS * shifts) & ((1 << _BITS * sizes) - 1)
                same = (left >= 0) & (given == wanted)
                after[rows[same], before + sizes[same]] = True
        return after
