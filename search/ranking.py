"""How points are given: every weight with its reason. Pure; works on columns, knows no engine.

Two stages. The first gives every document points by ordinary postings: stems, pairs of stems that
stand side by side, parts of compounds, with BM25 (Robertson & Zaragoza, *The Probabilistic
Relevance Framework*, 2009), and more for words that a title, a lead or a heading says. The second
looks at the best of them word by word: character grams in the best window of 10, 20 and 40 words
bring together what is inflected, compounded or misspelt, and what stands together.

The recipe and most weights are those of the experiments in docs/ranking.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from search.asking import AskedWord
from search.columns import Columns, Floats, Ints, rarity
from search.results import TermScore
from search.windows import Bits, bit_values, block_bits, widened, word_bits, worth

#: How soon repeating a word stops paying, and how much a document's length counts.
K1 = 0.7
B = 0.3

STEM = 1.0
PAIR = 0.8
PART = 0.4
#: Parts of a question's compounds, looked up among plain words.
PART_AMONG_WORDS = 0.3

#: What a word earns more, of its rarity, where a field says it.
FIELD_WEIGHTS: Mapping[str, float] = {
    "title": 0.7,
    "about": 0.0,
    "lead": 0.4,
    "numbers": 1.0,
    "headings": 0.1,
    "body": 0.0,
}

#: Blocks in a window → what the grams in its best window are worth.
WINDOW_WEIGHTS: Mapping[int, float] = {2: 0.4, 4: 0.4, 8: 1.2}

#: What grams anywhere in a document are worth.
DOCUMENT_GRAMS = 0.05

#: Documents that the second stage looks at.
CANDIDATES = 200

#: A document must hold at least this share of the question, by rarity, to be found at all.
LEAST_COVERAGE = 0.1


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
    """Points of every document, and what was found of each asked word."""

    score: Floats
    #: Documents that hold enough of the question, ascending.
    found: Ints
    contributions: list[Contribution] = field(default_factory=list)
    #: Candidate → the row that its best window of 40 words begins in, and each row's points.
    rows: dict[int, dict[int, float]] = field(default_factory=dict)

    def parts_of(self, document: int) -> tuple[TermScore, ...]:
        """What a document's points are made of."""
        parts = []
        for given in self.contributions:
            at = int(np.searchsorted(given.documents, document))
            if at < len(given.documents) and given.documents[at] == document:
                points = float(given.points[at])
                parts.append(TermScore(given.word, given.term, given.field, points))
        return tuple(parts)


def rank(columns: Columns, fields: Sequence[str], asked: Sequence[AskedWord]) -> Ranking:
    """Points for all documents of a collection."""
    contributions = list(_first_stage(columns, fields, asked))
    score = np.zeros(columns.documents)
    for given in contributions:
        np.add.at(score, given.documents, given.points)
    found = _holding_enough(columns, asked, contributions)
    best = found[np.argsort(-score[found], kind="stable")][:CANDIDATES]
    ranking = Ranking(score, found, contributions)
    _second_stage(columns, asked, np.sort(best), ranking)
    return ranking


def _first_stage(
    columns: Columns, fields: Sequence[str], asked: Sequence[AskedWord]
) -> Iterator[Contribution]:
    for word in asked:
        yield from _stems(columns, word)
        yield from _parts(columns, word)
        if word.telling:
            yield from _fields(columns, fields, word)
    yield from _pairs(columns, asked)


def _bm25(frequencies: Ints, lengths: Ints, average: float) -> Floats:
    norm = K1 * (1 - B + B * lengths / average) if average else K1
    shares: Floats = frequencies * (K1 + 1) / (frequencies + norm)
    return shares


def _stems(columns: Columns, word: AskedWord) -> Iterator[Contribution]:
    """The best reading of a word counts in each document, not their sum."""
    lists = []
    average = float(columns.lengths.mean()) if columns.documents else 0.0
    for stem, weight in word.stems.items():
        documents, frequencies = columns.postings.of(stem)
        if len(documents):
            worth_ = STEM * weight * rarity(columns.documents, len(documents))
            lists.append(
                (documents, worth_ * _bm25(frequencies, columns.lengths[documents], average), stem)
            )
    for stems, weight in word.phrases.items():
        places = _run(columns, stems)
        documents, frequencies = np.unique(columns.document_of[places], return_counts=True)
        if len(documents):
            worth_ = STEM * weight * len(stems) ** 0.5 * rarity(columns.documents, len(documents))
            lists.append(
                (documents, worth_ * _bm25(frequencies, columns.lengths[documents], average), stems[0])
            )
    yield from _best_of(columns, word, "words", lists)


def _parts(columns: Columns, word: AskedWord) -> Iterator[Contribution]:
    average = float(columns.part_lengths.mean()) if columns.documents else 0.0
    for stem, weight in word.parts.items():
        documents, frequencies = columns.part_postings.of(stem)
        if len(documents):
            points = PART * weight * rarity(columns.documents, len(documents))
            shares = _bm25(frequencies, columns.part_lengths[documents], average)
            yield Contribution(word.text, columns.stems[stem], "parts", documents, points * shares)
        if stem in word.stems:
            continue
        documents, frequencies = columns.postings.of(stem)
        if len(documents):
            points = PART_AMONG_WORDS * weight * rarity(columns.documents, len(documents))
            shares = _bm25(frequencies, columns.lengths[documents], float(columns.lengths.mean()))
            yield Contribution(word.text, columns.stems[stem], "words", documents, points * shares)


def _best_of(
    columns: Columns, word: AskedWord, name: str, lists: list[tuple[Ints, Floats, int]]
) -> Iterator[Contribution]:
    if len(lists) < 2:
        for documents, points, stem in lists:
            yield Contribution(word.text, columns.stems[stem], name, documents, points)
        return
    best = np.zeros(columns.documents)
    which = np.full(columns.documents, -1)
    for documents, points, stem in lists:
        better = points > best[documents]
        best[documents[better]] = points[better]
        which[documents[better]] = stem
    for stem in dict.fromkeys(stem for _, _, stem in lists):
        documents = np.flatnonzero(which == stem)
        if len(documents):
            yield Contribution(
                word.text, columns.stems[stem], name, documents, best[documents]
            )


def _fields(columns: Columns, fields: Sequence[str], word: AskedWord) -> Iterator[Contribution]:
    for stem, weight in word.stems.items():
        places = columns.places.of(stem)
        if not len(places):
            continue
        holding = len(columns.postings.of(stem)[0])
        for number, name in enumerate(fields):
            if not FIELD_WEIGHTS[name]:
                continue
            documents = np.unique(columns.document_of[places[columns.field_of[places] == number]])
            if len(documents):
                points = FIELD_WEIGHTS[name] * weight * rarity(columns.documents, holding)
                yield Contribution(
                    word.text, columns.stems[stem], name, documents,
                    np.full(len(documents), points),
                )


def _pairs(columns: Columns, asked: Sequence[AskedWord]) -> Iterator[Contribution]:
    average = float(columns.lengths.mean()) if columns.documents else 0.0
    for first, second in zip(asked, asked[1:], strict=False):
        if not first.place == second.place - 1 or first.stem is None or second.stem is None:
            continue
        places = _side_by_side(columns, first.stem, second.stem)
        if not len(places):
            continue
        documents, frequencies = np.unique(columns.document_of[places], return_counts=True)
        points = PAIR * rarity(columns.documents, len(documents))
        shares = _bm25(frequencies, columns.lengths[documents], average)
        yield Contribution(
            f"{first.text} {second.text}", "", "pairs", documents, points * shares
        )


def _side_by_side(columns: Columns, first: int, second: int) -> Ints:
    """Places of the first stem that the second follows in the same row and field."""
    before, after = columns.places.of(first), columns.places.of(second) - 1
    few, many = (before, after) if len(before) < len(after) else (after, before)
    at = np.minimum(np.searchsorted(many, few), max(0, len(many) - 1))
    places = few[many[at] == few] if len(many) else few[:0]
    same_row = columns.row_of[places] == columns.row_of[places + 1]
    return places[same_row & (columns.field_of[places] == columns.field_of[places + 1])]


def _run(columns: Columns, stems: Sequence[int]) -> Ints:
    """Places where a run of stems begins."""
    starts = columns.places.of(stems[0])
    for offset, (first, second) in enumerate(zip(stems, stems[1:], strict=False)):
        starts = np.intersect1d(starts, _side_by_side(columns, first, second) - offset)
    return starts


def _holding_enough(
    columns: Columns, asked: Sequence[AskedWord], contributions: Sequence[Contribution]
) -> Ints:
    """Documents that hold at least LEAST_COVERAGE of the telling words, by rarity."""
    holding: dict[str, list[Ints]] = {}
    for given in contributions:
        holding.setdefault(given.word, []).append(given.documents)
    coverage, total = np.zeros(columns.documents), 0.0
    for word in asked:
        if not word.telling or word.text not in holding:
            continue
        documents = np.unique(np.concatenate(holding[word.text]))
        rare = float(rarity(columns.documents, len(documents)))
        coverage[documents] += rare
        total += rare
    return np.flatnonzero((coverage > 0) & (coverage >= LEAST_COVERAGE * total - 1e-9))


def _second_stage(
    columns: Columns, asked: Sequence[AskedWord], candidates: Ints, ranking: Ranking
) -> None:
    weights: dict[int, float] = {}
    for word in asked:
        for gram, weight in word.grams.items():
            weights[gram] = max(weight, weights.get(gram, 0.0))
    if not weights or not len(candidates):
        return
    grams = np.array(sorted(weights), np.int64)
    worths_of = columns.gram_rarity[grams] * np.array([weights[int(gram)] for gram in grams])
    values = bit_values(worths_of)
    row_from, block_from = columns.row_from, columns.block_from
    first, last = block_from[row_from[candidates]], block_from[row_from[candidates + 1]]
    counts = last - first
    at = np.cumsum(counts) - counts
    blocks = np.arange(int(counts.sum())) + np.repeat(first - at, counts)
    owner = np.repeat(np.arange(len(candidates)), counts)
    run = block_bits(columns, word_bits(columns, grams), blocks)
    width = 1
    points = DOCUMENT_GRAMS * _whole(columns, candidates, run, at, worths_of)
    for size in WINDOW_WEIGHTS:
        run = widened(run, owner, width)
        width = size
        worths = worth(run, values)
        best = np.zeros(len(candidates))
        np.maximum.at(best, owner, worths)
        points += WINDOW_WEIGHTS[size] * best
    _note_rows(columns, candidates, blocks, owner, worths, ranking)
    ranking.score[candidates] += points
    ranking.contributions.append(Contribution("", "", "window", candidates, points))


def _whole(
    columns: Columns, candidates: Ints, blocks: Bits, at: Ints, weights: Floats
) -> Floats:
    """BM25 of the grams over whole documents, counted in blocks; ``at`` is each one's first."""
    counts = np.add.reduceat(np.unpackbits(blocks, axis=1, bitorder="little"), at, axis=0, dtype=np.int32)
    lengths = columns.lengths[candidates][:, None]
    shares = _bm25(counts[:, : len(weights)], lengths, float(columns.lengths.mean()))
    points: Floats = shares @ weights
    return points


def _note_rows(
    columns: Columns, candidates: Ints, blocks: Ints, owner: Ints, worths: Floats, to: Ranking
) -> None:
    rows = columns.row_of_block[blocks]
    starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
    best = np.maximum.reduceat(worths, starts)
    for row, document, value in zip(
        rows[starts].tolist(), owner[starts].tolist(), best.tolist(), strict=True
    ):
        to.rows.setdefault(int(candidates[document]), {})[row] = value
