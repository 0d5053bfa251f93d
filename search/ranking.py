"""Points for every document. Works on columns, knows no engine.

Two stages. The first gives every document points by ordinary postings: stems, pairs of stems that
stand side by side, parts of compounds, with BM25 (Robertson & Zaragoza, *The Probabilistic
Relevance Framework*, 2009), and more for words that a title, a lead or a heading says. The second
(``reranking``) reads the best of them word by word: character grams in the best window of 10, 20
and 40 words bring together what is inflected, compounded or misspelt, and what stands together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from search.asked import AskedWord
from search.bm25 import bm25, rarity
from search.columns import Columns, Floats, Ints
from search.reranking import rerank
from search.results import TermScore
from search.weights import (
    CANDIDATES,
    FIELD_WEIGHTS,
    FULL_LENGTHS,
    LEAST_COVERAGE,
    PAIR,
    PART,
    PART_AMONG_WORDS,
    STEM,
)


@dataclass(frozen=True, slots=True)
class Contribution:
    """Points of some documents for one thing: ``documents`` ascending, ``points`` beside them."""

    word: str
    term: str
    field: str
    documents: Ints
    points: Floats


@dataclass(slots=True)
class Ranking:
    """Points of every document, and what they are made of.

    ``found`` are the documents that hold enough of the question, ascending; ``rows`` maps a
    document that was read word by word to the points of each of its rows.
    """

    score: Floats
    found: Ints
    contributions: list[Contribution] = field(default_factory=list)
    rows: dict[int, dict[int, float]] = field(default_factory=dict)

    def parts_of(self, document: int) -> tuple[TermScore, ...]:
        """What a document's points are made of; they sum to its score."""
        parts = []
        for given in self.contributions:
            at = int(np.searchsorted(given.documents, document))
            if at < len(given.documents) and given.documents[at] == document:
                points = float(given.points[at])
                parts.append(TermScore(given.word, given.term, given.field, points))
        return tuple(parts)


def rank(columns: Columns, fields: Sequence[str], asked: Sequence[AskedWord]) -> Ranking:
    """Points for all documents of a collection; ``fields`` names its fields in order."""
    # Words of grammar say how it is put: they count beside their neighbours and in windows.
    telling = [word for word in asked if word.telling]
    given = [
        *(item for word in telling for item in _by_words(columns, word)),
        *(item for word in telling for item in _by_parts(columns, word)),
        *(item for word in telling for item in _by_fields(columns, fields, word)),
        *_by_pairs(columns, asked),
    ]
    score = np.zeros(columns.documents)
    for item in given:
        score[item.documents] += item.points
    found = _holding_enough(columns, asked, given)
    best = found[np.argsort(-score[found], kind="stable")][:CANDIDATES]
    reranked = rerank(columns, asked, np.sort(best))
    score[reranked.documents] += reranked.points
    given.append(Contribution("", "", "window", reranked.documents, reranked.points))
    return Ranking(score, found, given, reranked.rows)


def _by_words(columns: Columns, word: AskedWord) -> Iterator[Contribution]:
    """Of a word's readings the best counts in each document, not their sum."""
    readings: list[tuple[str, Ints, Floats]] = []
    for stem, weight in word.stems.items():
        documents, frequencies = columns.postings.of(stem)
        points = STEM * weight * _points(columns, documents, frequencies)
        readings.append((columns.stems[stem], documents, points))
    for run, weight in word.phrases.items():
        places = _places_of_run(columns, run)
        documents, frequencies = np.unique(columns.document_of[places], return_counts=True)
        # A run of words is rarer than it is telling; the root keeps a long one from ruling.
        points = STEM * weight * len(run) ** 0.5 * _points(columns, documents, frequencies)
        readings.append((" ".join(columns.stems[stem] for stem in run), documents, points))
    best, which = np.zeros(columns.documents), np.full(columns.documents, -1)
    for number, (_, documents, points) in enumerate(readings):
        better = points > best[documents]
        best[documents[better]] = points[better]
        which[documents[better]] = number
    for number, (term, *_) in enumerate(readings):
        documents = np.flatnonzero(which == number)
        if len(documents):
            yield Contribution(word.text, term, "words", documents, best[documents])


def _by_parts(columns: Columns, word: AskedWord) -> Iterator[Contribution]:
    for stem, weight in word.parts.items():
        documents, frequencies = columns.part_postings.of(stem)
        share = bm25(frequencies, columns.part_lengths[documents], columns.average_parts)
        points = PART * weight * rarity(columns.documents, len(documents)) * share
        if len(documents):
            yield Contribution(word.text, columns.stems[stem], "parts", documents, points)
        documents, frequencies = columns.postings.of(stem)
        if stem not in word.stems and len(documents):
            points = PART_AMONG_WORDS * weight * _points(columns, documents, frequencies)
            yield Contribution(word.text, columns.stems[stem], "words", documents, points)


def _by_fields(columns: Columns, fields: Sequence[str], word: AskedWord) -> Iterator[Contribution]:
    joined = {run[0]: weight for run, weight in word.phrases.items() if len(run) == 1}
    for stem, weight in (joined | word.stems).items():
        places = columns.places.of(stem)
        worth = weight * rarity(columns.documents, columns.postings.count(stem))
        for number, name in enumerate(fields):
            here = places[columns.field_of[places] == number] if FIELD_WEIGHTS[name] else places[:0]
            documents = np.unique(columns.document_of[here])
            if len(documents):
                lengths = columns.field_lengths[number][documents]
                shorter = np.minimum(1.0, FULL_LENGTHS.get(name, np.inf) / lengths)
                points = FIELD_WEIGHTS[name] * worth * shorter
                yield Contribution(word.text, columns.stems[stem], name, documents, points)


def _by_pairs(columns: Columns, asked: Sequence[AskedWord]) -> Iterator[Contribution]:
    for first, second in pairwise(asked):
        if first.place != second.place - 1 or first.stem is None or second.stem is None:
            continue
        places = columns.side_by_side(first.stem, second.stem)
        documents, frequencies = np.unique(columns.document_of[places], return_counts=True)
        if len(documents):
            points = PAIR * _points(columns, documents, frequencies)
            yield Contribution(f"{first.text} {second.text}", "", "pairs", documents, points)


def _points(columns: Columns, documents: Ints, frequencies: Ints) -> Floats:
    share = bm25(frequencies, columns.lengths[documents], columns.average)
    points: Floats = rarity(columns.documents, len(documents)) * share
    return points


def _places_of_run(columns: Columns, run: Sequence[int]) -> Ints:
    """Places where a run of stems begins."""
    starts = columns.places.of(run[0])
    for offset, (first, second) in enumerate(pairwise(run)):
        starts = np.intersect1d(starts, columns.side_by_side(first, second) - offset)
    return starts


def _holding_enough(
    columns: Columns, asked: Sequence[AskedWord], given: Sequence[Contribution]
) -> Ints:
    """Documents that hold at least LEAST_COVERAGE of the telling words, by rarity."""
    coverage, total = np.zeros(columns.documents), 0.0
    for word in {word.text: word for word in asked if word.telling}.values():
        holding = [item.documents for item in given if item.word == word.text]
        if holding:
            documents = np.unique(np.concatenate(holding))
            rare = float(rarity(columns.documents, len(documents)))
            coverage[documents] += rare
            total += rare
    return np.flatnonzero((coverage > 0) & (coverage >= LEAST_COVERAGE * total))
