"""Why a document answers: how each word of the question stands in it, and where.

Read from the collection's columns, for the few documents that are shown. A word has one reason,
the surest; words that a compound or a phrase of the thesaurus answers together share one. A word
that stands in no way is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.asked import AskedWord, Reading
from search.columns import Columns, Ints
from search.likeness import alike
from search.results import How, Reason
from search.swedish.analyzer import stem_of

#: Parts of a compound stand near each other when no two are further apart than this many words.
NEAR_WORDS = 12

#: A compound of two words of the question is as sure as both of them.
_SUREST = {how: rank for rank, how in enumerate(How)} | {How.JOINED: 0}
_NOTHING = 255


@dataclass(frozen=True, slots=True)
class _Found:
    """A reading that stands in a document, at these places of the columns, ascending."""

    reading: Reading
    places: tuple[int, ...]

    @property
    def rank(self) -> tuple[int, int]:
        """The surest first; among equals the one that answers for more words."""
        return _SUREST[self.reading.how], self.reading.first - self.reading.last


class Reasons:
    """Gives reasons for the documents of one answer. Lives as long as the question."""

    def __init__(
        self, columns: Columns, fields: Sequence[str], asked: Sequence[AskedWord], exact: bool
    ) -> None:
        """``fields`` names the collection's fields in order; ``exact`` leaves out what is near."""
        self._columns = columns
        self._fields = fields
        self._exact = exact
        first = {word.text.casefold(): word for word in reversed(asked) if word.telling}
        self._words = sorted(first.values(), key=lambda word: word.place)
        self._runs: list[Reading] = []
        spans: dict[tuple[int, int], list[Reading]] = {}
        for reading in (reading for word in self._words for reading in word.readings):
            if len(reading.run) > 1:
                self._runs.append(reading)
            else:
                spans.setdefault((reading.first, reading.last), []).append(reading)
        #: Of each span of the question that one word may answer for: readings, surest first, and
        #: for each word of the collection which of them it is.
        self._tables = [_table(columns, readings) for readings in spans.values()]
        self._alike: dict[int, NDArray[np.bool_]] = {}

    def of(self, document: int, shown: Sequence[int]) -> tuple[tuple[Reason, ...], tuple[str, ...]]:
        """The reasons of a document in the question's order, and the words that are missing.

        ``shown`` are the rows of the columns that are shown of it, the best first: a reason
        speaks of them where it can, and before them of the title.
        """
        rows = self._columns.row_from[document : document + 2]
        start, end = (int(place) for place in self._columns.row_start[rows])
        found = [*self._as_one(start, end, shown), *self._together(start, end, shown)]
        chosen: list[_Found] = []
        unanswered = {word.place: word for word in self._words}
        for item in sorted(found, key=lambda item: item.rank):
            here = range(item.reading.first, item.reading.last + 1)
            if not unanswered.keys().isdisjoint(here):
                chosen.append(item)
                for place in here:
                    unanswered.pop(place, None)
        missing = []
        for word in unanswered.values():
            near = self._look_alike(word, start, end, shown)
            chosen += near
            missing += [] if near else [word.text]
        chosen.sort(key=lambda item: item.reading.first)
        return tuple(map(self._reason, chosen)), tuple(missing)

    def _as_one(self, start: int, end: int, shown: Sequence[int]) -> Iterator[_Found]:
        """For each span of the question the surest reading as one word."""
        words = self._columns.forward[start:end]
        for readings, table in self._tables:
            of_words = table[words]
            surest = int(of_words.min(initial=_NOTHING))
            if surest != _NOTHING:
                places = start + np.flatnonzero(of_words == surest)
                yield _Found(readings[surest], (self._best(places, shown),))

    def _together(self, start: int, end: int, shown: Sequence[int]) -> Iterator[_Found]:
        """Readings as several words that stand side by side, or near each other."""
        for reading in self._runs:
            places = [_between(self._columns.places.of(stem), start, end) for stem in reading.run]
            if not all(map(len, places)):
                continue
            near = reading.how is How.SPLIT
            runs = _nearest(places) if near else _side_by_side(places)
            runs = runs[self._in_one_field(runs)]
            if len(runs):
                first = runs[:, 0]
                best = runs[np.flatnonzero(first == self._best(first, shown))[0]]
                yield _Found(reading, tuple(sorted(best.tolist())))

    def _in_one_field(self, runs: Ints) -> NDArray[np.bool_]:
        rows, fields = self._columns.row_of[runs], self._columns.field_of[runs]
        same: NDArray[np.bool_] = (rows == rows[:, :1]).all(1) & (fields == fields[:, :1]).all(1)
        return same

    def _look_alike(
        self, word: AskedWord, start: int, end: int, shown: Sequence[int]
    ) -> list[_Found]:
        """The word of the document that looks like one of the question, if any does."""
        if self._exact:
            return []
        if word.place not in self._alike:
            table = self._alike[word.place] = np.zeros(len(self._columns.words), bool)
            table[[number for _, number in alike(self._columns, word.word)]] = True
        places = start + np.flatnonzero(self._alike[word.place][self._columns.forward[start:end]])
        reading = Reading(How.NEAR, word.text, word.place, word.place)
        return [_Found(reading, (self._best(places, shown),))] if len(places) else []

    def _best(self, places: Ints, shown: Sequence[int]) -> int:
        """The place that is best to speak of: in the title, in what is shown, else the first."""
        rows = self._columns.row_of[places]
        order = np.full(len(places), len(shown) + 1)
        for rank, row in enumerate(shown, start=1):
            order[rows == row] = rank
        order[self._columns.field_of[places] == self._fields.index("title")] = 0
        return int(places[np.argmin(order)])

    def _reason(self, found: _Found) -> Reason:
        columns, reading = self._columns, found.reading
        matched = tuple(columns.words.words[columns.forward[place]] for place in found.places)
        row = int(columns.row_of[found.places[0]])
        passage = row - int(columns.row_from[columns.document_of_row[row]])
        return Reason(
            asked=reading.asked,
            how=reading.how,
            through=self._through(reading, found.places[0]) or " ".join(matched),
            matched=matched,
            field=self._fields[columns.field_of[found.places[0]]],
            passage=passage or None,  # row 0 is the front row, which is no passage
        )

    def _through(self, reading: Reading, place: int) -> str:
        """What leads from asked to matched; a part as the page's own compound spells it."""
        if reading.how is How.PART:
            for base in self._columns.words.parts[int(self._columns.forward[place])]:
                is_part = self._columns.stem(stem_of(base)) in reading.run
                if is_part and (not reading.through or base in reading.asked.casefold()):
                    return base
            if reading.through not in reading.asked.casefold():
                return self._columns.stems[reading.run[0]]
        return reading.through


def _table(columns: Columns, readings: list[Reading]) -> tuple[list[Reading], NDArray[np.uint8]]:
    readings = sorted(readings, key=lambda reading: _SUREST[reading.how])[:_NOTHING]
    table = np.full(len(columns.words), _NOTHING, np.uint8)
    for number in reversed(range(len(readings))):
        reading = readings[number]
        table[list(reading.words)] = number
        for stem in reading.run:
            table[columns.words_with_stem(stem)] = number
            if reading.how is How.PART:
                table[columns.words_with_part.of(stem)] = number
    return readings, table


def _between(places: Ints, start: int, end: int) -> Ints:
    """Those of ascending places that are in ``[start, end)``."""
    first, last = np.searchsorted(places, (start, end))
    return places[first:last]


def _side_by_side(places: Sequence[Ints]) -> Ints:
    """Places that follow one another without a gap: [runs, places of one run]."""
    starts = places[0]
    for offset, others in enumerate(places[1:], start=1):
        starts = np.intersect1d(starts, others - offset)
    runs: Ints = starts[:, None] + np.arange(len(places))
    return runs


def _nearest(places: Sequence[Ints]) -> Ints:
    """For each place of the first the nearest of the others, where all are near each other."""
    runs = places[0][:, None]
    for others in places[1:]:
        after = np.minimum(np.searchsorted(others, places[0]), len(others) - 1)
        before = np.maximum(after - 1, 0)
        distances = [np.abs(others[at] - places[0]) for at in (before, after)]
        nearest = np.where(distances[0] <= distances[1], others[before], others[after])
        runs = np.column_stack((runs, nearest))
    near: Ints = runs[runs.max(1) - runs.min(1) <= NEAR_WORDS]
    return near
