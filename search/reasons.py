"""Why a document answers: how each word of the question stands in it, and where.

Read from the collection's columns, for the few documents that are shown. A word has one reason,
the surest; words that a compound or a phrase of the thesaurus answers together share one. A word
that stands in no way is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.asked import AskedWord, Reading
from search.columns import Columns, Ints, ranges
from search.likeness import looking_alike
from search.results import How, Reason
from search.swedish.analyzer import stem_of

#: Parts of a compound stand near each other when no two are further apart than this many words.
NEAR_WORDS = 12

#: A compound of two words of the question is as sure as both of them.
_SUREST = {how: rank for rank, how in enumerate(How)} | {How.JOINED: 0}
_NOTHING = 255


#: The reasons of a document, and the words that are missing.
Why = tuple[tuple[Reason, ...], tuple[str, ...]]


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
        #: Of each span of the question that one word may answer for: readings, surest first.
        self._spans = [
            sorted(readings, key=lambda reading: _SUREST[reading.how])[:_NOTHING]
            for readings in spans.values()
        ]

    def of(self, document: int, shown: Sequence[int]) -> Why:
        """The reasons of one document, as ``of_all`` gives them."""
        return self.of_all({document: shown})[0]

    def of_all(self, shown: Mapping[int, Sequence[int]]) -> list[Why]:
        """Of each document its reasons in the question's order, and the words that are missing.

        ``shown`` are the rows of the columns that are shown of it, the best first: a reason
        speaks of them where it can, and before them of the title.
        """
        here = _Shown(self._columns, self._fields.index("title"), shown)
        found = self._as_one(here)
        for number, item in self._together(here):
            found[number].append(item)
        chosen = [list(self._chosen(items)) for items in found]
        unanswered = [self._unanswered(items) for items in chosen]
        if not self._exact:
            for number, item in self._look_alike(here, unanswered):
                chosen[number].append(item)
                del unanswered[number][item.reading.first]
        whys = []
        for document, items, missing in zip(shown, chosen, unanswered, strict=True):
            items.sort(key=lambda item: item.reading.first)
            reasons = tuple([self._reason(document, item) for item in items])
            whys.append((reasons, tuple([word.text for word in missing.values()])))
        return whys

    def _chosen(self, found: list[_Found]) -> Iterator[_Found]:
        """The surest of what was found for each word of the question."""
        unanswered = {word.place for word in self._words}
        for item in sorted(found, key=lambda item: item.rank):
            here = range(item.reading.first, item.reading.last + 1)
            if not unanswered.isdisjoint(here):
                unanswered.difference_update(here)
                yield item

    def _unanswered(self, chosen: list[_Found]) -> dict[int, AskedWord]:
        """The words that none of the chosen answers for, by their places in the question."""
        left = {word.place: word for word in self._words}
        for item in chosen:
            for place in range(item.reading.first, item.reading.last + 1):
                left.pop(place, None)
        return left

    def _as_one(self, here: _Shown) -> list[list[_Found]]:
        """By document, for each span of the question the surest reading as one word."""
        tables = _Tables(len(self._spans), len(self._columns.words))
        for at, readings in enumerate(self._spans):
            # The surest comes last, and stays.
            for number in reversed(range(len(readings))):
                for words in _words_of(self._columns, readings[number]):
                    tables.put(at, words, number)
        return [
            [_Found(self._spans[at][number], (place,)) for at, number, place in found]
            for found in here.surest(tables)
        ]

    def _together(self, here: _Shown) -> Iterator[tuple[int, _Found]]:
        """By document, readings as several words that stand side by side, or near each other."""
        for reading in self._runs:
            near = reading.how is How.SPLIT
            for number, places in here.holding(reading.run):
                runs = _nearest(places) if near else _side_by_side(places)
                runs = runs[self._in_one_field(runs)]
                if len(runs):
                    best = runs[int(np.argmin(here.order_of(runs[:, 0])))]
                    yield number, _Found(reading, tuple(sorted(best.tolist())))

    def _in_one_field(self, runs: Ints) -> NDArray[np.bool_]:
        rows, fields = self._columns.row_of[runs], self._columns.field_of[runs]
        same: NDArray[np.bool_] = (rows == rows[:, :1]).all(1) & (fields == fields[:, :1]).all(1)
        return same

    def _look_alike(
        self, here: _Shown, unanswered: Sequence[Mapping[int, AskedWord]]
    ) -> Iterator[tuple[int, _Found]]:
        """By document, the words that look like those of the question which nothing answers."""
        words = list({word.place: word for left in unanswered for word in left.values()}.values())
        tables = _Tables(len(words), len(self._columns.words))
        for at, word in enumerate(words):
            tables.put(at, looking_alike(self._columns, word.word)[0], 0)
        for number, found in enumerate(here.surest(tables)):
            for at, _, place in found:
                word = words[at]
                if word.place in unanswered[number]:
                    reading = Reading(How.NEAR, word.text, word.place, word.place)
                    yield number, _Found(reading, (place,))

    def _reason(self, document: int, found: _Found) -> Reason:
        columns, reading = self._columns, found.reading
        matched = tuple([columns.words.words[columns.forward[place]] for place in found.places])
        first = found.places[0]
        passage = int(columns.row_of[first]) - int(columns.row_from[document])
        return Reason(
            asked=reading.asked,
            how=reading.how,
            through=self._through(reading, first) or " ".join(matched),
            matched=matched,
            field=self._fields[columns.field_of[first]],
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


class _Tables:
    """For each word of a collection, in each of some tables, a number below ``_NOTHING`` or it."""

    def __init__(self, count: int, words: int) -> None:
        self.numbers = np.full((count, words), _NOTHING, np.uint8)
        #: Whether a word has a number in any of them.
        self.has_any = np.zeros(words, bool)

    def put(self, table: int, words: Sequence[int] | Ints, number: int) -> None:
        """Give some words a number, in place of what they have."""
        if len(words):
            self.numbers[table, words] = number
            self.has_any[words] = True


class _Shown:
    """The documents that are shown, read together: every word of theirs and its place.

    A place is the better to speak of: the title's, then those in rows that are shown.
    """

    def __init__(self, columns: Columns, title: int, shown: Mapping[int, Sequence[int]]) -> None:
        self._columns = columns
        self._title = title
        numbers = np.fromiter(shown, np.int64, len(shown))
        self._starts = columns.row_start[columns.row_from[numbers]]
        self._ends = columns.row_start[columns.row_from[numbers + 1]]
        sizes = self._ends - self._starts
        self._places = ranges(self._starts, sizes)
        self._words = columns.forward[self._places]
        #: Where each document begins among these places, and where the last one ends.
        self._cuts = np.concatenate(([0], np.cumsum(sizes)))
        ranked = sorted((row, rank) for rows in shown.values() for rank, row in enumerate(rows, 1))
        self._rows = np.array([row for row, _ in ranked] or [-1])
        self._ranks = np.array([rank for _, rank in ranked] or [0])
        self._last = 1 + max(map(len, shown.values()), default=0)

    def order_of(self, places: Ints) -> Ints:
        """How good places are to speak of; the least is the best."""
        rows = self._columns.row_of[places]
        at = np.minimum(self._rows.searchsorted(rows), len(self._rows) - 1)
        order = np.where(self._rows[at] == rows, self._ranks[at], self._last)
        order[self._columns.field_of[places] == self._title] = 0
        return order

    def surest(self, tables: _Tables) -> list[list[tuple[int, int, int]]]:
        """Of each document (table, number, place): the least number and the best place for it."""
        found: list[list[tuple[int, int, int]]] = [[] for _ in self._starts]
        at: Ints = np.flatnonzero(tables.has_any[self._words])
        if not len(at):
            return found
        order = self.order_of(self._places[at])
        cuts = at.searchsorted(self._cuts)
        holding = (cuts[1:] > cuts[:-1]).nonzero()[0]
        # One number says it all: that of the table, then of the order, then of the place.
        keys = tables.numbers[:, self._words[at]] * np.int64(self._last + 1) + order
        keys = keys * len(at) + np.arange(len(at))
        least = np.minimum.reduceat(keys, cuts[holding], axis=1)
        documents, nothing = holding.tolist(), _NOTHING * (self._last + 1) * len(at)
        for table, by_document in enumerate(least.tolist()):
            for document, key in zip(documents, by_document, strict=True):
                if key < nothing:
                    number = key // (self._last + 1) // len(at)
                    found[document].append((table, number, int(self._places[at[key % len(at)]])))
        return found

    def holding(self, stems: Sequence[int]) -> Iterator[tuple[int, list[Ints]]]:
        """The documents that hold all of some stems, and where."""
        places = [self._columns.places.of(stem) for stem in stems]
        first = np.array([those.searchsorted(self._starts) for those in places])
        last = np.array([those.searchsorted(self._ends) for those in places])
        for number in np.flatnonzero((last > first).all(axis=0)).tolist():
            here = zip(places, first[:, number].tolist(), last[:, number].tolist(), strict=True)
            yield number, [those[start:end] for those, start, end in here]


def _words_of(columns: Columns, reading: Reading) -> Iterator[Sequence[int] | Ints]:
    """The words that are a reading of one word."""
    yield reading.words
    for stem in reading.run:
        yield columns.words_with_stem(stem)
        if reading.how is How.PART:
            yield columns.words_with_part.of(stem)


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
