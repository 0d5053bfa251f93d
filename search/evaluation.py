"""Evaluation: how well a ranking answers judged queries, in total and by kind of question.

Asks the searcher or any other ranking, and says how sure the difference between two is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from search.document import Document
from search.index import Index
from search.judged import DEPTH, SOURCE, JudgedQuery, measures
from search.query import read_query
from search.searcher import Searcher
from search.swedish.lexicon import Lexicon

#: Seconds to wait for an index of one's own, which nobody else publishes.
_WAIT_SECONDS = 1.0

#: Enough that the ends of an interval stand still in the third decimal.
RESAMPLES = 10_000
#: The share of resamples that an interval covers.
COVERAGE = 0.95
#: The same answers give the same interval.
_SEED = 1

Measures = Mapping[str, float]
Progress = Callable[[int, int, str], None]
#: The keys of the first ``DEPTH`` documents for a question, best first.
Rank = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one query found: the first keys, best first, and what that is worth."""

    query: JudgedQuery
    ranked: tuple[str, ...]
    measures: Measures


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every answer, with means over all queries and over those that share a metadata value."""

    answers: tuple[Answer, ...]

    @property
    def total(self) -> Measures:
        """The means over all queries."""
        return _means(self.answers)

    @property
    def keys(self) -> tuple[str, ...]:
        """The metadata keys that any query has, in order."""
        return tuple(sorted({key for answer in self.answers for key in answer.query.metadata}))

    def by(self, key: str) -> Mapping[str, Measures]:
        """The means for each value of a metadata key; a value ``"fel, kw"`` counts as both."""
        return {value: _means(answers) for value, answers in sorted(self._groups(key).items())}

    def count(self, key: str, value: str) -> int:
        """How many queries have a metadata value."""
        return len(self._groups(key).get(value, ()))

    def _groups(self, key: str) -> dict[str, list[Answer]]:
        groups: dict[str, list[Answer]] = {}
        for answer in self.answers:
            for value in filter(None, answer.query.metadata.get(key, "").split(", ")):
                groups.setdefault(value, []).append(answer)
        return groups


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more one ranking is worth than another: the mean over queries, and its interval."""

    mean: float
    low: float
    high: float


def evaluate(
    searcher: Searcher,
    queries: Sequence[JudgedQuery],
    progress: Progress = lambda done, total, what: None,
) -> Evaluation:
    """Ask the searcher every query. Raises IndexUnavailableError when nothing is published."""

    def rank(question: str) -> Sequence[str]:
        hits = searcher.search(read_query(question, page_size=DEPTH)).hits
        return [hit.document.key for hit in hits]

    return evaluate_ranking(rank, queries, progress)


def evaluate_ranking(
    rank: Rank,
    queries: Sequence[JudgedQuery],
    progress: Progress = lambda done, total, what: None,
) -> Evaluation:
    """Ask any ranking every query."""
    answers = []
    for done, query in enumerate(queries):
        progress(done, len(queries), query.text)
        ranked = tuple(rank(query.text))
        answers.append(Answer(query, ranked, measures(ranked, query.grades)))
    return Evaluation(tuple(answers))


def differences(ours: Evaluation, theirs: Evaluation) -> Mapping[str, Difference]:
    """Measure → how much more ours is worth than theirs, where both answered the same queries.

    The interval is a paired bootstrap over queries, by percentiles (Efron & Tibshirani 1993).
    """
    names = tuple(ours.total)
    gains = np.array(
        [
            [mine.measures[name] - other.measures[name] for name in names]
            for mine, other in zip(ours.answers, theirs.answers, strict=True)
        ]
    )
    random = np.random.default_rng(_SEED)
    means = np.array(
        [gains[random.integers(len(gains), size=len(gains))].mean(axis=0) for _ in range(RESAMPLES)]
    )
    tail = (1 - COVERAGE) / 2
    ends = np.quantile(means, (tail, 1 - tail), axis=0)
    return {
        name: Difference(float(gains[:, n].mean()), float(ends[0, n]), float(ends[1, n]))
        for n, name in enumerate(names)
    }


def index_of(documents: Iterable[Document], folder: Path, lexicon: Lexicon | None = None) -> Index:
    """A published index of documents as they are, for judging only."""
    index = Index(folder, lexicon)
    labels = {"source": {SOURCE: ""}}
    with index.locked(_WAIT_SECONDS), index.batch(revision=1, labels=labels, keep=2) as batch:
        for document in documents:
            batch.put(document, fingerprint="", source_label="")
    return index


def _means(answers: Sequence[Answer]) -> Measures:
    return {name: fmean(a.measures[name] for a in answers) for name in answers[0].measures}
