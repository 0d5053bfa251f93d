"""Points for every document. Hands a question and the columns to the kernel; knows no engine.

Two stages. The first gives every document points by ordinary postings: stems, pairs of stems that
stand side by side, parts of compounds, with BM25 (Robertson & Zaragoza, *The Probabilistic
Relevance Framework*, 2009), and more for words that a title, a lead or a heading says. The second
reads the best of them word by word: character grams in the best window of 10, 20 and 40 words bring
together what is inflected, compounded or misspelt, and what stands together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np

from search.asked import AskedWord
from search.columnar import kernel
from search.columnar.kernel import Formula, Kind, Reading
from search.columns import Columns, Floats, Ints
from search.weights import (
    CANDIDATES,
    DOCUMENT_GRAMS,
    FIELD_WEIGHTS,
    FULL_LENGTHS,
    K1,
    LEAST_COVERAGE,
    PAIR,
    PART,
    PART_AMONG_WORDS,
    STEM,
    WINDOW_WEIGHTS,
    B,
)


@dataclass(slots=True)
class Ranking:
    """Points of every document, and what they are made of.

    ``found`` are the documents that hold enough of the question, ascending. ``readings`` are what
    was looked up, ``words`` the text of each clause among them and ``pairs`` that of each pair.
    """

    score: Floats
    found: Ints
    readings: Sequence[Reading] = ()
    words: Sequence[str] = ()
    pairs: Sequence[str] = ()
    read: kernel.Ranked | None = None

    def rows_of(self, document: int) -> Mapping[int, float]:
        """Row → points, of a document that was read word by word; else nothing."""
        at = self._place(document)
        if self.read is None or at is None:
            return {}
        first, last = self.read.row_start[at : at + 2].tolist()
        rows = self.read.row[first:last].tolist()
        return dict(zip(rows, self.read.row_points[first:last].tolist(), strict=True))

    def window_of(self, document: int) -> float | None:
        """What the grams of a document earned, if it was read word by word."""
        at = self._place(document)
        return None if self.read is None or at is None else float(self.read.points[at])

    def _place(self, document: int) -> int | None:
        """Where a document is among those that were read, which ascend."""
        read = () if self.read is None else self.read.read
        at = int(np.searchsorted(read, document))
        return at if at < len(read) and read[at] == document else None


def rank(columns: Columns, fields: Sequence[str], asked: Sequence[AskedWord]) -> Ranking:
    """Points for all documents of a collection; ``fields`` names its fields in order."""
    clauses, pairs = _clauses(asked), _pairs(asked)
    readings = [*_readings(clauses), *(reading for _, reading in pairs)]
    grams, weights = _grams(columns, asked)
    ranked = kernel.rank(columns.collection, readings, formula_of(fields), grams, weights)
    said = [text for text, _ in pairs]
    return Ranking(ranked.score, ranked.found, readings, list(clauses), said, ranked)


def _clauses(asked: Sequence[AskedWord]) -> Mapping[str, Sequence[AskedWord]]:
    """The telling words by how they are typed: one that is repeated is one thing to hold.

    Words of grammar say how it is put: they count beside their neighbours and in windows.
    """
    clauses: dict[str, list[AskedWord]] = {}
    for word in asked:
        if word.telling:
            clauses.setdefault(word.text, []).append(word)
    return clauses


def _readings(clauses: Mapping[str, Sequence[AskedWord]]) -> Iterator[Reading]:
    """Of a word's readings the best counts in each document, not their sum."""
    groups = count()
    for clause, words in enumerate(clauses.values()):
        for word in words:
            group = next(groups)
            for stem, weight in word.stems.items():
                yield Reading(Kind.WORDS, clause, group, STEM * weight, (stem,))
            for run, weight in word.phrases.items():
                # A run of words is rarer than it is telling; the root keeps a long one from ruling.
                yield Reading(Kind.WORDS, clause, group, STEM * weight * len(run) ** 0.5, run)
            for stem, weight in word.parts.items():
                yield Reading(Kind.PARTS, clause, -1, PART * weight, (stem,))
                if stem not in word.stems:
                    among = PART_AMONG_WORDS * weight
                    yield Reading(Kind.WORDS, clause, next(groups), among, (stem,))
            joined = {run[0]: weight for run, weight in word.phrases.items() if len(run) == 1}
            for stem, weight in (joined | word.stems).items():
                yield Reading(Kind.FIELDS, clause, -1, weight, (stem,))


def _pairs(asked: Sequence[AskedWord]) -> Sequence[tuple[str, Reading]]:
    """Neighbours of the question, as they are typed and as they are looked up."""
    return [
        (f"{first.text} {second.text}", Reading(Kind.PAIR, -1, -1, PAIR, (first.stem, second.stem)))
        for first, second in pairwise(asked)
        if first.place == second.place - 1 and first.stem is not None and second.stem is not None
    ]


def _grams(columns: Columns, asked: Sequence[AskedWord]) -> tuple[Ints, Floats]:
    """The grams of a question, and the weight of each: its rarity times how surely it is meant.

    Per gram the surest word counts, never the sum.
    """
    sure: dict[int, float] = {}
    for word in asked:
        for gram, weight in word.grams.items():
            sure[gram] = max(weight, sure.get(gram, 0.0))
    in_order = sorted(sure)
    grams = np.array(in_order, np.int32)
    return grams, columns.gram_rarity[grams] * np.array([sure[gram] for gram in in_order])


def formula_of(fields: Sequence[str]) -> Formula:
    """What questions are ranked by, as the weights are now; ``fields`` names fields in order."""
    return Formula(
        K1,
        B,
        np.array([FIELD_WEIGHTS[name] for name in fields]),
        np.array([FULL_LENGTHS.get(name, np.inf) for name in fields], np.float64),
        LEAST_COVERAGE,
        CANDIDATES,
        DOCUMENT_GRAMS,
        tuple(WINDOW_WEIGHTS.items()),
    )
