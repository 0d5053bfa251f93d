"""What a document's points are made of: the shares of one document, for those who ask why.

Asks the kernel again, for one thing at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from search.columnar import kernel
from search.columnar.kernel import Formula, Kind, Reading
from search.columns import Columns
from search.ranking import Ranking, formula_of
from search.results import TermScore

_NO_GRAMS = (np.empty(0, np.int32), np.empty(0))


def shares(
    columns: Columns, fields: Sequence[str], ranking: Ranking, document: int
) -> tuple[TermScore, ...]:
    """What a document's points are made of; they sum to its score."""
    found = _Shares(columns, fields, document).of(ranking)
    return tuple([share for share in found if share.points])


class _Shares:
    def __init__(self, columns: Columns, fields: Sequence[str], document: int) -> None:
        self._columns = columns
        self._fields = fields
        self._document = document
        self._formula = formula_of(fields)._replace(candidates=0)

    def of(self, ranking: Ranking) -> Iterator[TermScore]:
        pairs = iter(ranking.pairs)
        for (kind, _), some in groupby(ranking.readings, lambda each: (each.kind, each.group)):
            match kind:
                case Kind.WORDS:
                    # Of the readings of one word the best counts.
                    shares = [self._share(ranking, each, "words") for each in some]
                    yield max(shares, key=lambda share: share.points)
                case Kind.PARTS:
                    yield from (self._share(ranking, each, "parts") for each in some)
                case Kind.FIELDS:
                    yield from (share for each in some for share in self._by_field(ranking, each))
                case Kind.PAIR:
                    for each in some:
                        yield TermScore(next(pairs), "", "pairs", self._points(each, self._formula))
        yield TermScore("", "", "window", ranking.window_of(self._document) or 0.0)

    def _by_field(self, ranking: Ranking, reading: Reading) -> Iterator[TermScore]:
        """What each field earns by itself."""
        weights = np.diag(self._formula.field_weights)
        for name, alone in zip(self._fields, weights, strict=True):
            formula = self._formula._replace(field_weights=alone)
            yield self._share(ranking, reading, name, formula)

    def _share(
        self, ranking: Ranking, reading: Reading, field: str, formula: Formula | None = None
    ) -> TermScore:
        term = " ".join(self._columns.stems[stem] for stem in reading.run)
        points = self._points(reading, formula or self._formula)
        return TermScore(ranking.words[reading.clause], term, field, points)

    def _points(self, reading: Reading, formula: Formula) -> float:
        ranked = kernel.rank(self._columns.collection, [reading], formula, *_NO_GRAMS)
        return float(ranked.score[self._document])
