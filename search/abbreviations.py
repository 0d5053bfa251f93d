"""Abbreviations at work: what the words of a question are long or short for in one collection.

They are those that its pages explain (``definitions``), and clips, which a reader makes up while
typing: *op-sköterska*. Nothing is guessed: a wrong guess would be shown as a reason.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search.columns import Columns
from search.definitions import LONGEST_RUN, Run, definitions
from search.swedish.analyzer import Token, stem_of
from search.swedish.lexicon import KnownWords
from search.weights import CLIPPED, DEFINED

#: Letters of a clip, and compounds it may stand for.
_CLIPS = range(2, 6)
_MOST_CLIPPED = 3


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

    def __init__(self, columns: Columns, known: KnownWords) -> None:
        """``known`` are words of a dictionary, which are no clips."""
        self._columns = columns
        self._known = known

    def of(self, question: Sequence[Token], text: str) -> Iterator[SpeltOut]:
        """What the words of a question may be long or short for."""
        for place, token in enumerate(question):
            yield from self._longer(place, token, text[token.start : token.end])
        yield from self._shorter([token.term for token in question])
        for place in range(len(question) - 1):
            clip, rest = question[place : place + 2]
            joint = text[clip.end : rest.start]
            if joint in {"-", "."}:
                for word in self._clipped(clip, rest, joint):
                    yield SpeltOut(place, place + 1, word, (stem_of(word),), CLIPPED)

    def _longer(self, place: int, token: Token, typed: str) -> Iterator[SpeltOut]:
        """Long forms of a word; in small letters it may be no word of the collection."""
        runs = self._long.get(typed.upper(), ())
        if not runs:
            return
        if typed.isupper() or (typed.islower() and self._columns.stem(token.term) is None):
            for run in runs:
                form = " ".join(self._columns.words.words[number] for number in run)
                yield SpeltOut(place, place, form, self._stems(run), DEFINED)

    def _shorter(self, stems: Sequence[str]) -> Iterator[SpeltOut]:
        """Abbreviations for runs of a question; longer runs come first."""
        taken: set[int] = set()
        begins = [stem in self._first for stem in stems]
        for length in range(min(LONGEST_RUN, len(stems)), 0, -1):
            for first in range(len(stems) - length + 1):
                if not begins[first]:
                    continue
                run = range(first, first + length)
                found = self._short.get(tuple(stems[first : first + length]), ())
                if found and taken.isdisjoint(run):
                    taken.update(run)
                    for word in found:
                        yield SpeltOut(first, run[-1], word, (word,), DEFINED)

    def _clipped(self, clip: Token, rest: Token, joint: str) -> Iterator[str]:
        """Compounds whose first part a clip begins, and whose last is the rest.

        After a full stop the rest may be a clip as well (*soc.sekr*). Those in most documents
        come first, one form of each.
        """
        letters = clip.surface
        if len(letters) not in _CLIPS or not (letters.isalpha() and rest.surface.isalpha()):
            return
        if joint == "-" and (letters in self._known or self._is_written(clip.term, rest.term)):
            return
        forms: dict[int, str] = {}
        for word, number in self._beginning(letters):
            first, *_, last = self._columns.words.parts[number]
            ends = stem_of(last) == rest.term or (joint == "." and last.startswith(rest.surface))
            if ends and len(first) > len(letters):
                forms.setdefault(int(self._columns.stem_of_word[number]), word)
        commonest = sorted(forms, key=self._columns.postings.count, reverse=True)
        yield from (forms[stem] for stem in commonest[:_MOST_CLIPPED])

    def _beginning(self, letters: str) -> Sequence[tuple[str, int]]:
        """The compounds that begin with letters, and their numbers."""

        def beginning(compound: tuple[str, int]) -> str:
            return compound[0][: len(letters)]

        first = bisect_left(self._compounds, letters, key=beginning)
        return self._compounds[first : bisect_right(self._compounds, letters, key=beginning)]

    @cached_property
    def _long(self) -> Mapping[str, Sequence[Run]]:
        """What the pages explain each abbreviation by; read when first asked for."""
        words = self._columns.words.words
        return {words[number]: runs for number, runs in definitions(self._columns).items()}

    @cached_property
    def _short(self) -> Mapping[tuple[str, ...], Sequence[str]]:
        """The abbreviations of each run of stems."""
        short: dict[tuple[str, ...], list[str]] = {}
        for word, runs in self._long.items():
            for run in runs:
                short.setdefault(self._stems(run), []).append(word)
        return short

    @cached_property
    def _first(self) -> frozenset[str]:
        """The stems that long forms begin with."""
        return frozenset(stems[0] for stems in self._short)

    @cached_property
    def _compounds(self) -> list[tuple[str, int]]:
        """The compounds of the collection by letter, with their numbers."""
        words, parts = self._columns.words.words, self._columns.words.parts
        held = np.flatnonzero(self._columns.holding).tolist()
        return sorted((words[number], number) for number in held if len(parts[number]) > 1)

    def _is_written(self, first: str, second: str) -> bool:
        """Whether pages have two stems side by side."""
        one, other = self._columns.stem(first), self._columns.stem(second)
        if one is None or other is None:
            return False
        return len(self._columns.side_by_side(one, other)) > 0

    def _stems(self, run: Run) -> tuple[str, ...]:
        return tuple(self._columns.stems[self._columns.stem_of_word[number]] for number in run)
