"""Runs of words that recur as one: what an abbreviation may stand for that nobody explains.

*Studie- och yrkesvägledare* is a set phrase: its rarest word hardly stands anywhere else. A
compound is a phrase written as one word. All are found by their letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from search.columns import Floats, Ints
from search.initials import JOINING, Flags, Initials, Lexis, joined, packed
from search.swedish.analyzer import LONGEST_ABBREVIATION

#: Fewer letters are spelt by anything.
FEWEST_LETTERS = 3
#: Documents that must hold a phrase, times the share of its rarest word's places that are in it,
#: and documents that must hold a compound whose every part gives a letter. Of the thesaurus's
#: abbreviations that a collection of 8,498 documents does not have, half are then guessed right.
LEAST_DOCUMENTS = 3
LEAST_DOCUMENTS_OF_COMPOUND = 2
#: That share must at least be this.
LEAST_SHARE = 0.4
#: Words of a phrase, those that join left aside.
MOST_WORDS = 4
#: Phrases for the same letters that are nearly as good as the best are meant too; where there are
#: more than this nobody can tell.
MOST_PHRASES = 2
_NEARLY = 0.5


@dataclass(frozen=True, slots=True)
class _Spelt:
    """Letters, where a phrase that they spell stands first, how long it is, how good."""

    codes: Ints
    starts: Ints
    ends: Ints
    worths: Floats


@dataclass(frozen=True, slots=True)
class _Telling:
    """The words of a collection without those that join: places, stems and pairs.

    ``pairs`` numbers each one together with the next, -1 where the two are no pair that recurs.
    """

    places: Ints
    stems: Ints
    pairs: Ints


class SetPhrases:
    """The set phrases and compounds of a collection by the letters that spell them."""

    def __init__(self, initials: Initials, grammar: Lexis) -> None:
        """``grammar`` are words that stand in no phrase, unless they join."""
        self._columns = initials.columns
        self._initials = initials
        found = [self._compounds(), *self._runs(grammar)]
        codes = np.concatenate([spelt.codes for spelt in found])
        order = np.argsort(codes, kind="stable")
        self._codes = codes[order]
        self._starts = np.concatenate([spelt.starts for spelt in found])[order]
        self._ends = np.concatenate([spelt.ends for spelt in found])[order]
        self._worths = np.concatenate([spelt.worths for spelt in found])[order]

    def spelt(self, letters: str) -> Sequence[tuple[int, ...]]:
        """Words, by number, that letters may stand for; best first, none where too many would."""
        code = packed(letters)
        first, last = np.searchsorted(self._codes, (code, code + 1)).tolist()
        columns = self._columns
        best: dict[tuple[int, ...], tuple[float, tuple[int, ...]]] = {}
        for n in range(first, last):
            words = columns.forward[self._starts[n] : self._ends[n]]
            stems = tuple(columns.stem_of_word[words].tolist())
            found = (float(self._worths[n]), tuple(words.tolist()))
            best[stems] = max(found, best.get(stems, found))
        ranked = sorted(best.values(), reverse=True)
        near = [words for worth, words in ranked if worth >= _NEARLY * ranked[0][0]]
        return near if len(near) <= MOST_PHRASES else ()

    def _compounds(self) -> _Spelt:
        columns, ways, sizes = self._columns, self._initials.ways, self._initials.sizes
        words, way = np.nonzero(sizes >= FEWEST_LETTERS)
        documents = np.diff(columns.postings.start)[columns.stem_of_word[words]]
        whole = sizes[words, way] == np.diff(columns.parts_of_word.start)[words]
        kept = documents >= np.where(whole, LEAST_DOCUMENTS_OF_COMPOUND, LEAST_DOCUMENTS)
        kept &= columns.holding[words] > 0
        words, way = words[kept], way[kept]
        first = np.zeros(len(columns.words), np.int64)
        first[columns.forward[::-1]] = np.arange(len(columns.forward))[::-1]
        starts = first[words]
        return _Spelt(ways[words, way], starts, starts + 1, documents[kept].astype(np.float64))

    def _runs(self, grammar: Lexis) -> Iterator[_Spelt]:
        """Runs of several words that recur, grown word by word."""
        telling = self._telling(grammar)
        places = np.diff(self._columns.places.start)
        runs, rarest = telling.stems, places[telling.stems]
        for words in range(2, MOST_WORDS + 1):
            # Each run goes on with the pair that begins at its last word.
            begins = np.arange(max(0, len(runs) - words + 1))
            last = telling.pairs[begins + words - 2]
            begins = begins[(runs[begins] >= 0) & (last >= 0)]
            keys = runs[begins] * (telling.pairs.max(initial=0) + 1)
            keys += telling.pairs[begins + words - 2]
            rarest = np.minimum(rarest[:-1], places[telling.stems[words - 1 :]])
            runs, first, counts = _recurring(keys, begins, len(runs))
            is_set = counts >= LEAST_SHARE * rarest[first]
            documents = self._documents(runs, telling.places, is_set)
            worths = documents * counts / rarest[first]
            kept = worths >= LEAST_DOCUMENTS
            yield self._lettered(telling.places, first[kept], words, worths[kept])

    def _telling(self, grammar: Lexis) -> _Telling:
        columns, initials = self._columns, self._initials
        words = columns.words.words
        in_none = np.array([word in grammar and word not in JOINING for word in words], bool)
        usable = (initials.ways[:, 0] > 0) & ~in_none
        places = np.flatnonzero(~initials.joins[columns.forward])
        numbers = columns.forward[places]
        stems = columns.stem_of_word[numbers].astype(np.int64)
        usable = usable[numbers] & (np.diff(columns.places.start)[stems] >= LEAST_DOCUMENTS)
        gaps = np.diff(places)
        beside = usable[:-1] & usable[1:] & (gaps <= 2)
        at = np.flatnonzero(beside & initials.together(places[:-1], places[1:]))
        joining = np.zeros(len(words), np.int64)
        joining[initials.joins] = np.arange(1, 1 + int(initials.joins.sum()))
        between = np.where(gaps[at] == 2, joining[columns.forward[places[at] + 1]], 0)
        keys = (stems[at] * (len(JOINING) + 1) + between) * len(columns.stems) + stems[at + 1]
        return _Telling(places, stems, _recurring(keys, at, len(places))[0])

    def _documents(self, runs: Ints, places: Ints, wanted: Flags) -> Ints:
        """How many documents hold each run that is wanted."""
        columns = self._columns
        begins = np.flatnonzero(runs >= 0)
        begins = begins[wanted[runs[begins]]]
        held = runs[begins] * columns.documents + columns.document_of[places[begins]]
        of_run = np.unique(held) // max(1, columns.documents)
        counts: Ints = np.bincount(of_run, minlength=len(wanted))
        return counts

    def _lettered(self, places: Ints, first: Ints, words: int, worths: Floats) -> _Spelt:
        """Every way to spell runs, as long as an abbreviation may be."""
        ways, sizes = self._initials.ways, self._initials.sizes
        which: Ints = np.arange(len(first))
        codes: Ints = np.zeros(len(first), np.int32)
        lengths: Ints = np.zeros(len(first), np.int32)
        for word in range(words):
            numbers = self._columns.forward[places[first[which] + word]]
            run, way = np.nonzero(ways[numbers] > 0)
            size = sizes[numbers[run], way]
            codes = joined(codes[run], ways[numbers[run], way], size)
            lengths, which = lengths[run] + size, which[run]
            short = lengths <= LONGEST_ABBREVIATION
            codes, lengths, which = codes[short], lengths[short], which[short]
        kept = lengths >= FEWEST_LETTERS
        which = which[kept]
        ends = places[first[which] + words - 1] + 1
        return _Spelt(codes[kept], places[first[which]], ends, worths[which])


def _recurring(keys: Ints, begins: Ints, length: int) -> tuple[Ints, Ints, Ints]:
    """Numbers for what recurs, laid at the places it begins and -1 elsewhere.

    Beside them, of each number, where it begins first and how often it stands.
    """
    _, first, which, counts = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    recurs = counts >= LEAST_DOCUMENTS
    numbers = np.where(recurs, np.cumsum(recurs) - 1, -1)
    laid = np.full(length, -1, np.int64)
    laid[begins] = numbers[which]
    return laid, begins[first[recurs]], counts[recurs]
