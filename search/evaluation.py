"""Evaluation: how well the searcher answers judged queries, in total and by kind of question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from search.document import Document
from search.index import Index
from search.judged import DEPTH, SOURCE, JudgedQuery, measures
from search.query import read_query
from search.searcher import Searcher

#: Seconds to wait for an index of one's own, which nobody else publishes.
_WAIT_SECONDS = 1.0

Measures = Mapping[str, float]


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


def evaluate(
    searcher: Searcher,
    queries: Sequence[JudgedQuery],
    progress: Callable[[int, int, str], None] = lambda done, total, what: None,
) -> Evaluation:
    """Ask every query. Raises IndexUnavailableError when nothing is published."""
    answers = []
    for done, query in enumerate(queries):
        progress(done, len(queries), query.text)
        hits = searcher.search(read_query(query.text, page_size=DEPTH)).hits
        ranked = tuple(hit.document.key for hit in hits)
        answers.append(Answer(query, ranked, measures(ranked, query.grades)))
    return Evaluation(tuple(answers))


def index_of(documents: Iterable[Document], folder: Path) -> Index:
    """A published index of documents as they are, for judging only."""
    index = Index(folder)
    labels = {"source": {SOURCE: ""}}
    with index.locked(_WAIT_SECONDS), index.batch(revision=1, labels=labels, keep=2) as batch:
        for document in documents:
            batch.put(document, fingerprint="", source_label="")
    return index


def _means(answers: Sequence[Answer]) -> Measures:
    return {name: fmean(a.measures[name] for a in answers) for name in answers[0].measures}
