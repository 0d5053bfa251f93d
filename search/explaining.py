"""What a document's points are made of: the shares of one document, for those who ask why.

Counts again, for one document and in plain Python, what the kernel counted for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from search.bm25 import bm25, rarity
from search.columnar.kernel import Kind, Reading
from search.columns import Columns, Postings
from search.ranking import Ranking
from search.results import TermScore
from search.weights import FIELD_WEIGHTS, FULL_LENGTHS


def shares(
    columns: Columns, fields: Sequence[str], ranking: Ranking, document: int
) -> tuple[TermScore, ...]:
    """What a document's points are made of; they sum to its score."""
    return tuple(_Shares(columns, fields, document).of(ranking))


class _Shares:
    def __init__(self, columns: Columns, fields: Sequence[str], document: int) -> None:
        self._columns = columns
        self._fields = fields
        self._document = document

    def of(self, ranking: Ranking) -> Iterator[TermScore]:
        pairs = iter(ranking.pairs)
        for (kind, _), some in groupby(ranking.readings, lambda each: (each.kind, each.group)):
            if kind is Kind.WORDS:
                yield from self._best(ranking, list(some))
                continue
            for reading in some:
                if kind is Kind.PAIR:
                    yield from self._share(next(pairs), "", "pairs", self._words(reading))
                    continue
                word = ranking.words[reading.clause]
                if kind is Kind.PARTS:
                    yield from self._share(word, self._term(reading), "parts", self._parts(reading))
                else:
                    yield from self._said(word, reading)
        window = ranking.window_of(self._document)
        yield from self._share("", "", "window", window or 0.0)

    def _best(self, ranking: Ranking, readings: Sequence[Reading]) -> Iterator[TermScore]:
        """Of the readings of one word the best."""
        points = [self._words(reading) for reading in readings]
        best = points.index(max(points))
        word, term = ranking.words[readings[best].clause], self._term(readings[best])
        yield from self._share(word, term, "words", points[best])

    def _said(self, word: str, reading: Reading) -> Iterator[TermScore]:
        columns, stem = self._columns, reading.run[0]
        places = columns.places.of(stem)
        here = places[columns.documents_at(places) == self._document]
        rare = float(rarity(columns.documents, columns.postings.count(stem)))
        for number in np.unique(columns.field_of[here]).tolist():
            name = self._fields[number]
            full = FULL_LENGTHS.get(name, np.inf) / columns.field_lengths[number][self._document]
            points = FIELD_WEIGHTS[name] * reading.weight * rare * min(1.0, float(full))
            yield from self._share(word, self._term(reading), name, points)

    def _words(self, reading: Reading) -> float:
        columns, run = self._columns, reading.run
        if len(run) == 1:
            times, holding = self._times(columns.postings, run[0])
        else:
            documents = columns.documents_at(columns.beginnings(run))
            times, holding = int((documents == self._document).sum()), len(np.unique(documents))
        return reading.weight * self._bm25(times, holding, columns.lengths, columns.average)

    def _parts(self, reading: Reading) -> float:
        columns = self._columns
        times, holding = self._times(columns.part_postings, reading.run[0])
        lengths, average = columns.part_lengths, columns.average_parts
        return reading.weight * self._bm25(times, holding, lengths, average)

    def _times(self, postings: Postings, stem: int) -> tuple[int, int]:
        """How often the document has a stem, and how many documents have it."""
        documents, frequencies = postings.of(stem)
        at = int(np.searchsorted(documents, self._document))
        is_there = at < len(documents) and documents[at] == self._document
        return int(frequencies[at]) if is_there else 0, len(documents)

    def _bm25(self, times: int, holding: int, lengths: np.ndarray, average: float) -> float:
        share = bm25(times, lengths[self._document], average) if times else 0.0
        return float(rarity(self._columns.documents, holding) * share)

    def _term(self, reading: Reading) -> str:
        return " ".join(self._columns.stems[stem] for stem in reading.run)

    def _share(self, word: str, term: str, field: str, points: float) -> Iterator[TermScore]:
        if points:
            yield TermScore(word, term, field, points)
