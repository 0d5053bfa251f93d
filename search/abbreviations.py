"""Abbreviations as a collection itself explains them, by the letters that words begin with.

Surest where a page explains one: the abbreviation stands right before or after words that spell
it (*Inspektionen för vård och omsorg, IVO*), as Schwartz and Hearst (*A simple algorithm for
identifying abbreviation definitions in biomedical text*, 2003) read brackets. Otherwise a set
phrase or a compound that spells it is a guess. Clips are short too: *op-sköterska*.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile

import numpy as np

from search.columns import Columns, Ints
from search.initials import JOINING, LONGEST_RUN, Initials, Lexis, packed
from search.set_phrases import (
    FEWEST_LETTERS,
    LEAST_DOCUMENTS,
    LEAST_SHARE,
    SetPhrases,
)
from search.swedish.analyzer import LONGEST_ABBREVIATION, Token, is_abbreviation, stem_of
from search.weights import DEFINED, SPELT_OUT

#: Any two words spell some two letters: one page that seems to explain them says nothing where
#: more than this use them.
_FEW_USES = 10
#: What explains an abbreviation less often than this share of the commonest is chance.
_LEAST_OF_BEST = 0.25
#: Letters of a clip, and compounds it may stand for.
_CLIPS = range(2, 6)
_MOST_CLIPPED = 3
#: Letters of the word that an unknown one ends in, which are then two parts, and of what is left
#: (*Bernadotteakademin*).
_SHORTEST_ENDING = 5
_SHORTEST_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class SpeltOut:
    """A long or short form for the words ``first`` to ``last`` of a question, and its weight."""

    first: int
    last: int
    form: str
    stems: tuple[str, ...]
    weight: float
    is_abbreviation: bool = True


class Abbreviations:
    """What stands for what in one collection. Immutable; threads may share it."""

    def __init__(
        self,
        columns: Columns,
        grammar: Lexis,
        known: Lexis,
        parts_of: Callable[[str], Sequence[str]],
    ) -> None:
        """``grammar`` are words in no long form unless they join, ``known`` those of a dictionary.

        ``parts_of`` takes a word apart that the collection does not have.
        """
        self._columns = columns
        self._grammar = grammar
        self._known = known
        self._parts_of = parts_of
        initials = Initials(columns)
        self._phrases = SetPhrases(initials, grammar)
        words = columns.words.words
        self._short = {
            number: words[number]
            for number in np.flatnonzero(columns.holding).tolist()
            if is_abbreviation(words[number]) and words[number].isalpha()
        }
        self.long_forms = self._explained(initials)
        self._short_forms: dict[tuple[str, ...], list[str]] = {}
        for number, forms in self.long_forms.items():
            for form in forms:
                self._short_forms.setdefault(self._stems(form), []).append(words[number])
        unexplained = [word for n, word in self._short.items() if n not in self.long_forms]
        self._unexplained = frozenset(w for w in unexplained if len(w) >= FEWEST_LETTERS)
        self._beginnings = frozenset(w[:n] for w in self._unexplained for n in range(len(w) + 1))

    def of(
        self, question: Sequence[Token], text: str, told: Set[int] = frozenset()
    ) -> Iterator[SpeltOut]:
        """What the words of a question may be long or short for.

        Nothing is guessed for those at the places ``told``, which somebody has explained.
        """
        for place, token in enumerate(question):
            for long in self._long(place, token, text[token.start : token.end]):
                if long.weight == DEFINED or place not in told:
                    yield long
        yield from self._shorter(question, told)
        for place in range(len(question) - 1):
            joint = text[question[place].end : question[place + 1].start]
            if joint in {"-", "."}:
                yield from self._clipped(place, question[place], question[place + 1], joint)

    def _explained(self, initials: Initials) -> dict[int, list[tuple[int, ...]]]:
        """Of each abbreviation by number, the runs of words that explain it, best first."""
        columns = self._columns
        codes = np.zeros(len(columns.words), np.int32)
        for number, word in self._short.items():
            codes[number] = packed(word)
        places = np.flatnonzero(codes[columns.forward])
        documents: dict[int, dict[tuple[int, ...], set[int]]] = {}
        for step in (-1, 1):
            starts = places + step
            inside = (starts >= 0) & (starts < len(columns.forward))
            inside[inside] = initials.together(places[inside], starts[inside])
            starts, beside = starts[inside], columns.forward[places[inside]]
            which, lengths = initials.spelling(starts, codes[beside], step)
            for one, length in zip(which.tolist(), lengths.tolist(), strict=True):
                first = int(starts[one]) if step > 0 else int(starts[one]) - length + 1
                run = tuple(columns.forward[first : first + length].tolist())
                held = documents.setdefault(int(beside[one]), {}).setdefault(run, set())
                held.add(int(columns.document_of[first]))
        chosen = {number: self._best(number, runs) for number, runs in documents.items()}
        return {number: runs for number, runs in chosen.items() if runs}

    def _best(self, short: int, runs: dict[tuple[int, ...], set[int]]) -> list[tuple[int, ...]]:
        """Runs that are no chance, each stem by stem once; those in most documents first."""
        best: dict[tuple[str, ...], tuple[int, tuple[int, ...]]] = {}
        for run, documents in runs.items():
            stems = self._stems(run)
            best[stems] = max((len(documents), run), best.get(stems, (0, run)))
        ranked = sorted(best.values(), reverse=True)
        surely = len(self._short[short]) >= FEWEST_LETTERS
        surely = surely or self._columns.holding[short] <= _FEW_USES
        least = max(1 if surely else 2, _LEAST_OF_BEST * ranked[0][0])
        return [run for count, run in ranked if count >= least]

    def _long(self, place: int, token: Token, typed: str) -> Iterator[SpeltOut]:
        """Long forms of a word, where it is no word of the language."""
        columns, letters = self._columns, typed.upper()
        if not (typed.isalpha() and 2 <= len(typed) <= LONGEST_ABBREVIATION):
            return
        if not typed.isupper() and (not typed.islower() or columns.stem(token.term) is not None):
            return
        number = columns.words.number(letters)
        stands = number in self._short
        if number is not None and number in self.long_forms:
            runs, weight = self.long_forms[number], DEFINED
        elif stands or typed.isupper() or typed not in self._known:
            runs, weight = list(self._phrases.spelt(letters)), SPELT_OUT
        else:
            return
        for run in runs:
            if weight == DEFINED or not stands or self._share_a_document(letters, self._stems(run)):
                yield SpeltOut(place, place, self._form(run), self._stems(run), weight)

    def _shorter(self, question: Sequence[Token], told: Set[int]) -> Iterator[SpeltOut]:
        """Abbreviations for runs of a question; longer runs come first."""
        stems = tuple(token.term for token in question)
        taken: set[int] = set()
        for length in range(min(LONGEST_RUN, len(stems)), 0, -1):
            for first in range(len(stems) - length + 1):
                run = range(first, first + length)
                if taken.intersection(run):
                    continue
                found = self._short_forms.get(stems[first : first + length], [])
                weight = DEFINED if found else SPELT_OUT
                if not found and told.isdisjoint(run):
                    found = self._guessed(question[first : first + length])
                if found:
                    taken.update(run)
                for word in found:
                    yield SpeltOut(first, first + length - 1, word, (word,), weight)

    def _guessed(self, run: Sequence[Token]) -> list[str]:
        """Abbreviations that nobody explains and a run spells, if it is one phrase."""
        grammar, first, last = self._grammar, run[0].surface, run[-1].surface
        joining = [token.surface in JOINING for token in run]
        if first in grammar or last in grammar or not all(t.surface.isalpha() for t in run):
            return []
        if any(t.surface in grammar and not joins for t, joins in zip(run, joining, strict=True)):
            return []
        spelt = {""}
        for token, joins in zip(run, joining, strict=True):
            parts = "".join(part[0] for part in self._parts(token.word)) or token.surface[0]
            ways = {parts[:size] for size in range(0 if joins else 1, len(parts) + 1)}
            longer = {(before + way).upper() for before in spelt for way in ways}
            spelt = longer & self._beginnings
        terms = [token.term for token in run]
        found = sorted(spelt & self._unexplained)
        is_set = bool(found) and self._is_set(terms)
        return [word for word in found if is_set or self._share_a_document(word, terms)]

    def _is_set(self, stems: Sequence[str]) -> bool:
        """Whether a run of words recurs as one."""
        columns, places = self._columns, self._places(stems)
        documents = np.unique(columns.document_of[places])
        held = [
            len(columns.places.of(n)) for stem in stems if (n := columns.stem(stem)) is not None
        ]
        recurs = len(stems) > 1 and len(documents) >= LEAST_DOCUMENTS
        return recurs and len(places) >= LEAST_SHARE * min(held)

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self._columns.words.words)

    def _share_a_document(self, short: str, stems: Sequence[str]) -> bool:
        columns, letters = self._columns, self._columns.stem(short)
        documents = columns.document_of[self._places(stems)]
        return letters is not None and bool(
            np.isin(columns.postings.of(letters)[0], documents).any()
        )

    def _parts(self, word: str) -> tuple[str, ...]:
        """The parts of a word of a question; of an unknown one what it ends in and the rest."""
        words = self._columns.words
        if (number := words.number(word)) is not None and words.parts[number]:
            return words.parts[number]
        if parts := tuple(self._parts_of(word)):
            return parts
        for cut in range(_SHORTEST_BEGINNING, len(word) - _SHORTEST_ENDING + 1):
            if words.number(word[cut:]) is not None or word[cut:] in self._known:
                return word[:cut], word[cut:]
        return ()

    def _clipped(self, place: int, clip: Token, rest: Token, joint: str) -> Iterator[SpeltOut]:
        """Compounds of which a clip begins the first part and the rest is or begins the last."""
        columns, words = self._columns, self._columns.words
        letters = clip.surface
        if len(letters) not in _CLIPS or not (letters.isalpha() and rest.surface.isalpha()):
            return
        if joint == "-" and (letters in self._known or len(self._places([clip.term, rest.term]))):
            return
        at = bisect_left(self._ordered, letters)
        found: dict[int, tuple[int, str]] = {}
        for word in takewhile(lambda word: word.startswith(letters), self._ordered[at:]):
            number = words.number(word)
            parts = words.parts[number] if number is not None else ()
            if number is None or len(parts) < 2 or not columns.holding[number]:
                continue
            last = stem_of(parts[-1])
            ends = last == stem_of(rest.surface) or (joint == "." and last.startswith(rest.surface))
            if ends and len(parts[0]) > len(letters):
                stem = int(columns.stem_of_word[number])
                found[stem] = (-columns.postings.count(stem), word)
        for stem, (_, word) in sorted(found.items(), key=lambda item: item[1])[:_MOST_CLIPPED]:
            yield SpeltOut(place, place + 1, word, (columns.stems[stem],), SPELT_OUT)

    def _places(self, stems: Sequence[str]) -> Ints:
        """Where stems stand side by side."""
        columns = self._columns
        numbers = [columns.stem(stem) for stem in stems]
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            return np.empty(0, np.int32)
        places: Ints = columns.places.of(known[0])
        for offset, (first, second) in enumerate(pairwise(known)):
            places = np.intersect1d(places, columns.side_by_side(first, second) - offset)
        return places

    def _numbers(self, run: Sequence[int]) -> list[int]:
        return [int(self._columns.stem_of_word[number]) for number in run]

    def _stems(self, run: Sequence[int]) -> tuple[str, ...]:
        return tuple(self._columns.stems[stem] for stem in self._numbers(run))

    def _form(self, run: Sequence[int]) -> str:
        return " ".join(self._columns.words.words[number] for number in run)
