"""How points are given: every weight with its reason. Pure; knows no engine.

BM25 per field (Robertson & Zaragoza, *The Probabilistic Relevance Framework*, 2009) with one
inverse document frequency a term, counted in documents, so that how a collection is cut into
passages or segments does not change what is rare. A document gets, for each word of the
question, the best points of each field over its rows, so that a long report is neither punished
for its length nor paid for repeating itself; on top comes the one passage that answers best.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from search.results import TermScore
from search.swedish.question import Word

#: How soon repeating a word stops paying, and how much a field's length counts (the usual 1.2).
K1 = 1.2

#: Points of a field against the body's 1. A title says what the page is about, and pages in this
#: field are named after their method: "medling" must find Medling vid brott before a page that
#: mentions it. Numbers are typed by those who want exactly that document.
FIELD_WEIGHTS: Mapping[str, float] = {
    "title": 3.0,
    "about": 1.0,
    "lead": 1.5,
    "numbers": 3.0,
    "headings": 1.0,
    "body": 1.0,
}

#: How much a field's length against the average counts: titles and leads are all short, and a
#: longer one is not a vaguer one.
LENGTH_WEIGHTS: Mapping[str, float] = {
    "title": 0.3,
    "about": 0.0,
    "lead": 0.3,
    "numbers": 0.0,
    "headings": 0.3,
    "body": 0.75,
}

#: The share of the best single passage's points that is added: words that stand together answer
#: better than the same words scattered over chapters.
TOGETHER = 0.5

#: A document must hold at least this share of the question, by rarity, to be found at all: three
#: words of which only the commonest is on the page is not an answer.
LEAST_COVERAGE = 0.34

#: Fields that belong to a passage; the others are said once a document.
PASSAGE_FIELDS = frozenset({"headings", "body"})


@dataclass(frozen=True, slots=True)
class Posting:
    """A term in one row's field: how often (> 0), and the field's length in terms."""

    row: int
    frequency: float
    length: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What scoring must know of the collection: its documents and each field's average length."""

    documents: int
    average_lengths: Mapping[str, float]


@dataclass(slots=True)
class Scored:
    """A document's points: in all, by word and field, and by row for its passages."""

    document: int
    score: float = 0.0
    parts: list[TermScore] = field(default_factory=list)
    rows: dict[int, float] = field(default_factory=dict)


#: (term, field) → its postings in row order.
Postings = Mapping[tuple[str, str], Sequence[Posting]]


def rarity(documents: int, holding: int) -> float:
    """Inverse document frequency, never negative: ln(1 + (N − n + ½) / (n + ½))."""
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def bm25(posting: Posting, average: float, length_weight: float) -> float:
    """The share [0, K1 + 1) of a term's rarity that one row's field earns."""
    relative = posting.length / average if average else 1.0
    norm = K1 * (1 - length_weight + length_weight * relative)
    return posting.frequency * (K1 + 1) / (posting.frequency + norm)


def score(
    words: Sequence[Word],
    postings: Postings,
    document_of: Sequence[int],
    statistics: Statistics,
) -> dict[int, Scored]:
    """Points for every document that holds enough of the question.

    ``document_of[row]`` is the row's document. Returns document → its points.
    """
    found: dict[int, Scored] = {}
    coverage: dict[int, float] = defaultdict(float)
    asked = 0.0
    for word in words:
        best, rows, rarest = _points_of_word(word, postings, document_of, statistics)
        asked += rarest
        for (document, name), (points, term) in best.items():
            scored = found.setdefault(document, Scored(document))
            scored.parts.append(TermScore(word.text, term, name, points))
        for document in {document for document, _ in best}:
            coverage[document] += rarest
        for row, points in rows.items():
            scored = found[document_of[row]]
            scored.rows[row] = scored.rows.get(row, 0.0) + points
    for scored in found.values():
        if scored.rows:
            together = TOGETHER * max(scored.rows.values())
            scored.parts.append(TermScore("", "", "passage", together))
        scored.score = math.fsum(part.points for part in scored.parts)
    return {n: s for n, s in found.items() if coverage[n] >= LEAST_COVERAGE * asked}


def _points_of_word(
    word: Word, postings: Postings, document_of: Sequence[int], statistics: Statistics
) -> tuple[dict[tuple[int, str], tuple[float, str]], dict[int, float], float]:
    """A word's best points by (document, field), by row, and the rarity of its commonest reading.

    Alternatives do not add up: the best reading of a word counts, in each field and row.
    """
    best: dict[tuple[int, str], tuple[float, str]] = {}
    by_row: dict[int, float] = {}
    rarities: list[float] = []
    for alternative in word.alternatives:
        if alternative.fallback and rarities:
            continue
        lists = {name: postings.get((alternative.term, name), ()) for name in FIELD_WEIGHTS}
        holding = _documents(lists.values(), document_of)
        if not holding:
            continue
        weight = alternative.weight * rarity(statistics.documents, holding)
        rarities.append(weight)
        rows: dict[int, float] = defaultdict(float)
        for name, items in lists.items():
            average = statistics.average_lengths.get(name, 0.0)
            for posting in items:
                share = bm25(posting, average, LENGTH_WEIGHTS[name])
                points = weight * FIELD_WEIGHTS[name] * share
                place = (document_of[posting.row], name)
                if points > best.get(place, (0.0, ""))[0]:
                    best[place] = (points, alternative.term)
                if name in PASSAGE_FIELDS:
                    rows[posting.row] += points
        for row, points in rows.items():
            by_row[row] = max(points, by_row.get(row, 0.0))
    return best, by_row, min(rarities, default=0.0)


def _documents(lists: Iterable[Sequence[Posting]], document_of: Sequence[int]) -> int:
    return len({document_of[posting.row] for postings in lists for posting in postings})
