"""The ranking against an oracle: the same points in plain loops over plain words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import weights
from search.asked import AskedWord
from search.asking import Asking
from search.columns import BLOCK_WORDS, Columns
from search.explaining import shares
from search.ranking import Ranking, rank
from search.schema import TEXT_FIELDS
from search.swedish.analyzer import stem_of, tokens
from search.swedish.grams import grams
from search.thesaurus import Head

#: Compounds of the random collections, and their parts.
PARTS = {
    "skolsäkerhet": ("skola", "säkerhet"),
    "trafiksäkerhet": ("trafik", "säkerhet"),
    "resebidrag": ("resa", "bidrag"),
    "rättsskola": ("rätt", "skola"),
}
WORDS = (
    *PARTS, "skola", "säkerheten", "resa", "bidraget", "medling", "medlingar", "medlare", "SIG",
    "sig", "i", "är", "brott", "10 §", "medling i skola", "medling i medling i skola",
    "sig resa", "medling vid brott",
)  # fmt: skip
#: What is asked may be misspelt too, and a phrase of the thesaurus.
ASKED = (
    *WORDS, "orosanmälan", "orosanmälan", "medlng", "hur", "säker", "rättskola", "vid brottet",
)  # fmt: skip
HEADS = (
    Head("orosanmälan", 1, "w", equivalent=("medling i skola",), near=("brott", "sig resa")),
    Head("medling vid brott", 2, "w", equivalent=("medlare",), narrower=("resebidrag",)),
)

Document = Sequence[Mapping[str, str]]
ColumnsOf = Callable[[Sequence[Document], Mapping[str, tuple[str, ...]]], Columns]
AskingOf = Callable[..., Asking]

TEXT = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
ROW = st.dictionaries(st.sampled_from(TEXT_FIELDS), TEXT, max_size=4)
DOCUMENT: st.SearchStrategy[Document] = st.lists(ROW, min_size=1, max_size=3)
COLLECTION = st.lists(DOCUMENT, min_size=1, max_size=8)
QUESTION = st.lists(st.sampled_from(ASKED), max_size=6).map(" ".join)


@dataclass
class Collection:
    """The oracle's collection: words by document, row and field, and the simplest of counting."""

    documents: list[list[dict[str, list[str]]]]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Collection:
        return cls(
            [
                [
                    {name: [t.word for t in tokens(row.get(name, ""))] for name in TEXT_FIELDS}
                    for row in document
                ]
                for document in documents
            ]
        )

    def pieces(self, document: int) -> Iterator[tuple[str, list[str]]]:
        """The fields of all rows of a document, in order, each with its words."""
        for row in self.documents[document]:
            yield from row.items()

    def words(self, document: int) -> list[str]:
        return [word for _, piece in self.pieces(document) for word in piece]

    def frequencies(self, count: Callable[[list[str]], int]) -> dict[int, int]:
        """Document → how often something is in its pieces, for documents that have it."""
        counts = {
            n: sum(count(piece) for _, piece in self.pieces(n)) for n in range(len(self.documents))
        }
        return {n: times for n, times in counts.items() if times}

    def of_stems(self, run: Sequence[str]) -> dict[int, int]:
        def count(piece: list[str]) -> int:
            stems = [stem_of(word) for word in piece]
            return sum(stems[n : n + len(run)] == list(run) for n in range(len(stems)))

        return self.frequencies(count)

    def of_part(self, stem: str) -> dict[int, int]:
        return self.frequencies(lambda piece: sum(stem in parts_of(word) for word in piece))

    def blocks(self, document: int) -> list[set[str]]:
        """The grams of each block of a document; no block runs from one row into the next."""
        blocks = []
        for row in self.documents[document]:
            words = [word for piece in row.values() for word in piece]
            for n in range(0, len(words), BLOCK_WORDS):
                block = words[n : n + BLOCK_WORDS]
                blocks.append({gram for word in block for gram in grams(word)})
        return blocks


def parts_of(word: str) -> set[str]:
    return {stem_of(part) for part in PARTS.get(word, ())}


def rarity(documents: int, holding: float) -> float:
    return math.log(1 + (documents - holding + 0.5) / (holding + 0.5))


def share(times: float, length: float, average: float) -> float:
    norm = weights.K1 * (1 - weights.B + weights.B * length / average)
    return times * (weights.K1 + 1) / (times + norm)


class Oracle:
    """What every document earns for a question, thing by thing."""

    def __init__(
        self, columns: Columns, documents: Sequence[Document], asked: Sequence[AskedWord]
    ) -> None:
        self.collection = Collection.of(documents)
        self.count = len(documents)
        self.asked = asked
        self.stems = columns.stems
        self.gram_of = {columns.gram(g): g for word in columns.words.words for g in grams(word)}
        self.points = dict.fromkeys(range(self.count), 0.0)
        #: Word typed → the documents that hold anything of it.
        self.holding: dict[str, set[int]] = {word.text: set() for word in asked}
        for word in asked:
            if word.telling:
                self._words(word)
                self._parts(word)
                self._fields(word)
        self._pairs()
        self.found = self._found()
        for document in self.found:
            self.points[document] += self.window(document)

    def _bm25(self, found: Mapping[int, int]) -> dict[int, float]:
        lengths = [len(self.collection.words(n)) for n in range(self.count)]
        average = sum(lengths) / self.count
        rare = rarity(self.count, len(found))
        return {n: rare * share(times, lengths[n], average) for n, times in found.items()}

    def _words(self, word: AskedWord) -> None:
        best: dict[int, float] = {}
        runs = {(stem,): weight for stem, weight in word.stems.items()} | word.phrases
        for run, weight in runs.items():
            found = self.collection.of_stems([self.stems[stem] for stem in run])
            for document, points in self._bm25(found).items():
                worth = weights.STEM * weight * math.sqrt(len(run)) * points
                best[document] = max(best.get(document, 0.0), worth)
        self._give(word.text, best)

    def _parts(self, word: AskedWord) -> None:
        lengths = [
            sum(len(parts_of(word)) for word in self.collection.words(n)) for n in range(self.count)
        ]
        for stem, weight in word.parts.items():
            found = self.collection.of_part(self.stems[stem])
            rare, average = rarity(self.count, len(found)), sum(lengths) / self.count
            for n, times in found.items():
                points = rare * share(times, lengths[n], average)
                self._give(word.text, {n: weights.PART * weight * points})
            if stem not in word.stems:
                plain = self._bm25(self.collection.of_stems([self.stems[stem]]))
                self._give(
                    word.text,
                    {n: weights.PART_AMONG_WORDS * weight * points for n, points in plain.items()},
                )

    def _fields(self, word: AskedWord) -> None:
        compounds = {run[0]: weight for run, weight in word.phrases.items() if len(run) == 1}
        for stem, weight in {**compounds, **word.stems}.items():
            rare = rarity(self.count, len(self.collection.of_stems([self.stems[stem]])))
            for n in range(self.count):
                for name in TEXT_FIELDS:
                    said = [
                        w
                        for field, piece in self.collection.pieces(n)
                        if field == name
                        for w in piece
                    ]
                    if self.stems[stem] in map(stem_of, said) and weights.FIELD_WEIGHTS[name]:
                        full = weights.FULL_LENGTHS.get(name, math.inf)
                        points = weights.FIELD_WEIGHTS[name] * weight * rare
                        self._give(word.text, {n: points * min(1.0, full / len(said))})

    def _pairs(self) -> None:
        for first, second in pairwise(self.asked):
            if first.place + 1 == second.place and None not in (first.stem, second.stem):
                run = [self.stems[word.stem or 0] for word in (first, second)]
                for n, points in self._bm25(self.collection.of_stems(run)).items():
                    self.points[n] += weights.PAIR * points

    def _give(self, word: str, points: Mapping[int, float]) -> None:
        self.holding[word] |= points.keys()
        for document, worth in points.items():
            self.points[document] += worth

    def _found(self) -> list[int]:
        covered = dict.fromkeys(range(self.count), 0.0)
        telling = {word.text for word in self.asked if word.telling}
        for text in telling:
            for document in self.holding[text]:
                covered[document] += rarity(self.count, len(self.holding[text]))
        whole = sum(
            rarity(self.count, len(self.holding[text])) for text in telling if self.holding[text]
        )
        return [n for n, rare in covered.items() if rare and rare >= weights.LEAST_COVERAGE * whole]

    def window(self, document: int) -> float:
        """What the second stage adds: grams in the best places, and in the whole document."""
        worth = self.gram_weights()
        blocks = self.collection.blocks(document)
        points = 0.0
        for size, weight in weights.WINDOW_WEIGHTS.items():
            windows = [set().union(*blocks[n : n + size]) for n in range(len(blocks))]
            sums = [sum(worth[gram] for gram in found & worth.keys()) for found in windows]
            points += weight * max(sums, default=0.0)
        length = len(self.collection.words(document))
        average = sum(len(self.collection.words(n)) for n in range(self.count)) / self.count
        for gram, rare in worth.items():
            if times := sum(gram in block for block in blocks):
                points += weights.DOCUMENT_GRAMS * rare * share(times, length, average)
        return points

    def gram_weights(self) -> dict[str, float]:
        """Gram → its rarity, times the weight of the surest word that has it."""
        sure: dict[str, float] = {}
        for word in self.asked:
            for number, weight in word.grams.items():
                gram = self.gram_of[number]
                sure[gram] = max(weight, sure.get(gram, 0.0))
        return {gram: weight * self._gram_rarity(gram) for gram, weight in sure.items()}

    def _gram_rarity(self, gram: str) -> float:
        """As if the words that have a gram stood in documents by chance."""
        held = [set(self.collection.words(n)) for n in range(self.count)]
        without = 1.0
        for word in {word for words in held for word in words if gram in grams(word)}:
            without *= 1 - min(sum(word in words for words in held) / self.count, 0.999)
        return rarity(self.count, self.count * (1 - without))


def asked_of(
    documents: Sequence[Document], question: str, columns_of: ColumnsOf, asking_of: AskingOf
) -> tuple[Columns, tuple[AskedWord, ...]]:
    columns = columns_of(documents, PARTS)
    return columns, asking_of(columns, heads=HEADS).read(question).words


def ranked(
    documents: Sequence[Document], question: str, columns_of: ColumnsOf, asking_of: AskingOf
) -> Ranking:
    columns, asked = asked_of(documents, question, columns_of, asking_of)
    return rank(columns, TEXT_FIELDS, asked)


@given(documents=COLLECTION, question=QUESTION)
def test_every_document_has_the_points_of_the_oracle(
    columns_of: ColumnsOf, asking_of: AskingOf, documents: list[Document], question: str
) -> None:
    columns, asked = asked_of(documents, question, columns_of, asking_of)
    ranking, oracle = rank(columns, TEXT_FIELDS, asked), Oracle(columns, documents, asked)
    assert ranking.found.tolist() == oracle.found
    assert ranking.score.tolist() == pytest.approx(list(oracle.points.values()), rel=0, abs=1e-9)
    for document in range(len(documents)):
        parts = sum(part.points for part in shares(columns, TEXT_FIELDS, ranking, document))
        assert parts == pytest.approx(ranking.score[document], rel=0, abs=1e-9)


@given(documents=COLLECTION, question=QUESTION, order=st.randoms(use_true_random=False))
def test_points_do_not_depend_on_the_order_in_which_documents_came(
    columns_of: ColumnsOf,
    asking_of: AskingOf,
    documents: list[Document],
    question: str,
    order: object,
) -> None:
    places = list(range(len(documents)))
    order.shuffle(places)  # type: ignore[attr-defined]
    one = ranked(documents, question, columns_of, asking_of)
    other = ranked([documents[n] for n in places], question, columns_of, asking_of)
    assert [one.score[n] for n in places] == pytest.approx(other.score.tolist(), rel=0, abs=1e-9)
    assert {places[n] for n in other.found.tolist()} == set(one.found.tolist())


@given(documents=COLLECTION, question=QUESTION)
def test_who_is_found_has_points_and_who_holds_nothing_has_none(
    columns_of: ColumnsOf, asking_of: AskingOf, documents: list[Document], question: str
) -> None:
    columns, asked = asked_of(documents, question, columns_of, asking_of)
    ranking = rank(columns, TEXT_FIELDS, asked)
    assert (ranking.score >= 0).all()
    assert (ranking.score[ranking.found] > 0).all()
    for document in np.flatnonzero(ranking.score == 0).tolist():
        assert shares(columns, TEXT_FIELDS, ranking, document) == ()


@given(documents=COLLECTION, question=QUESTION)
def test_the_rows_of_a_document_share_its_best_window(
    columns_of: ColumnsOf, asking_of: AskingOf, documents: list[Document], question: str
) -> None:
    columns, asked = asked_of(documents, question, columns_of, asking_of)
    ranking, oracle = rank(columns, TEXT_FIELDS, asked), Oracle(columns, documents, asked)
    worth = oracle.gram_weights()
    widest = max(weights.WINDOW_WEIGHTS)
    for document in ranking.found.tolist() if worth else []:
        points, rows = ranking.window_of(document), ranking.rows_of(document)
        assert points == pytest.approx(oracle.window(document), rel=0, abs=1e-9)
        blocks = oracle.collection.blocks(document)
        windows = [set().union(*blocks[n : n + widest]) for n in range(len(blocks))]
        best = max(sum(worth[gram] for gram in found & worth.keys()) for found in windows)
        assert max(rows.values()) == pytest.approx(best)
        first, last = columns.row_from[document], columns.row_from[document + 1]
        assert all(first <= row < last for row in rows)


def test_only_the_best_by_ordinary_points_are_read_word_by_word(
    columns_of: ColumnsOf, asking_of: AskingOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ("medling", "medling " + "ord " * 9, "medling " + "ord " * 99, "ord")
    documents: list[Document] = [[{"body": text}] for text in texts]
    everything = ranked(documents, "medling", columns_of, asking_of)
    assert everything.read and everything.read.read.tolist() == [0, 1, 2]
    monkeypatch.setattr("search.ranking.CANDIDATES", 2)
    some = ranked(documents, "medling", columns_of, asking_of)
    assert some.read and some.read.read.tolist() == [0, 1]
    assert some.rows_of(2) == {}
    assert some.window_of(2) is None
    assert some.found.tolist() == everything.found.tolist() == [0, 1, 2]
    assert some.score[:2].tolist() == everything.score[:2].tolist()
    assert 0 < some.score[2] < everything.score[2]
