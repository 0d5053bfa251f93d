"""The queries that weights may be chosen on, and what ranks their documents fast.

Owns which sets those are. ``bench/unseen``, ``../shared/bench/swequad-b`` and the test half of
``corpus/judged`` are none of them and must not become one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.folds import Floats
from bench.weights import JUDGED, TUNING, _searcher
from search.judged import DEPTH, JudgedQuery, measures, read_queries
from search.query import read_query
from search.searcher import Searcher, _ranked
from search.swedish.analyzer import normalized
from search.synonyms import Synonyms
from search.thesaurus import Head
from tools.ranking_table import ROOT

SHARED = ROOT.parent / "shared" / "bench"
#: What the sets are called: plain and hard questions of the same texts, and bundled documents.
PLAIN, HARD, BUNDLED = "plain", "hard", "judged"
MEASURES = (f"nDCG@{DEPTH}", f"RR@{DEPTH}")
#: The same draws, lists and folds each time.
SEED = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the set it is from."""

    of: str
    query: JudgedQuery

    @property
    def kind(self) -> str:
        """What kind of question it is, as far as its set says; the first of several traits."""
        said = self.query.metadata
        return said.get("kind") or said.get("trait", "").partition(",")[0]


class Ranker:
    """Ranks and does no more: hits, reasons and facets cost twice as much as the ranking."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher

    def keys(self, question: str) -> list[str]:
        """The first documents of a question, as the searcher would have them."""
        query = read_query(question)
        if query.is_empty:
            return []
        snapshot, asking = self.searcher._ready()
        words = asking.read(normalized(" ".join((query.words, *query.phrases)))).words
        ranking = _ranked(snapshot, asking, query, words)
        found, score = ranking.found, ranking.score[ranking.found]
        if len(found) > DEPTH:
            found = found[score >= np.partition(score, -DEPTH)[-DEPTH]]
        first = snapshot.facets.best_first(found, ranking.score)[:DEPTH].tolist()
        return [snapshot.documents[n].document.key for n in first]

    @contextmanager
    def having(self, heads: Mapping[str, Head]) -> Iterator[None]:
        """Answer by other heads while the block lasts."""
        searcher = self.searcher
        usual, opened = searcher._synonyms, searcher._opened
        searcher._synonyms, searcher._opened = Synonyms(heads), None
        try:
            yield
        finally:
            searcher._synonyms, searcher._opened = usual, opened


def measured(rankers: Mapping[str, Ranker], asked: Sequence[Asked]) -> Floats:
    """What the first documents are worth: a row a measure, a column a query."""
    rows = []
    for item in asked:
        found = measures(rankers[item.of].keys(item.query.text), item.query.grades)
        rows.append([found[name] for name in MEASURES])
    return np.array(rows).T


def queries(plain: int | None = None) -> tuple[Asked, ...]:
    """The queries of the three sets; of the plain ones all, or so many, drawn once."""
    every = read_queries(SHARED / "swequad")
    drawn = np.random.default_rng(SEED).permutation(len(every))[:plain]
    return (
        *(Asked(PLAIN, every[n]) for n in sorted(drawn.tolist())),
        *(Asked(HARD, query) for query in read_queries(SHARED / "hard")),
        *(Asked(BUNDLED, query) for query in read_queries(JUDGED, TUNING)),
    )


@contextmanager
def rankers_of() -> Iterator[Mapping[str, Ranker]]:
    """What answers each set, in indexes of their own that are built once."""
    with TemporaryDirectory() as home:
        texts = Ranker(_searcher(Path(home, "texts"), SHARED / "swequad"))
        bundled = Ranker(_searcher(Path(home, "bundled"), None))
        yield {PLAIN: texts, HARD: texts, BUNDLED: bundled}
