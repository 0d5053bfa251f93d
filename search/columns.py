"""A collection as flat arrays: its words in order, and where each stem, part and gram stands.

Made from what the index stores when a generation is opened, immutable afterwards, and shared by
all threads. Documents, rows (passages) and words are numbers from 0. Arrays named ``…_start`` are
offsets: the items of ``n`` are ``items[start[n]:start[n + 1]]``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from search.bm25 import rarity
from search.columnar import kernel
from search.row_texts import RowTexts
from search.swedish.analyzer import stem_of
from search.swedish.grams import grams
from search.words import Words

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]

#: Words in a block: the grain of windows, whose sizes are whole numbers of blocks.
BLOCK_WORDS = 5


@dataclass(frozen=True, slots=True)
class Grouped:
    """Items grouped by number: those of ``n`` are ``items[start[n]:start[n + 1]]``."""

    start: Ints
    items: Ints

    def of(self, number: int) -> Ints:
        """The items of one number, in the order they came."""
        return self.items[self.start[number] : self.start[number + 1]]

    def of_all(self, numbers: Iterable[int]) -> Ints:
        """The items of several numbers, one after the other."""
        found = [self.of(number) for number in numbers]
        return np.concatenate(found) if found else np.empty(0, self.items.dtype)

    def turned(self, groups: int) -> Grouped:
        """Of each item, the numbers that have it."""
        owners = np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), np.diff(self.start))
        by_item = group(self.items, groups)
        return Grouped(by_item.start, owners[by_item.items])


@dataclass(frozen=True, slots=True)
class Postings:
    """For each number the documents that have it, ascending, and how often."""

    start: Ints
    documents: Ints
    frequencies: Ints

    def of(self, number: int) -> tuple[Ints, Ints]:
        """The documents of a number and its frequency in each."""
        here = slice(self.start[number], self.start[number + 1])
        return self.documents[here], self.frequencies[here]

    def count(self, number: int) -> int:
        """How many documents have a number."""
        return int(self.start[number + 1] - self.start[number])


class Columns:
    """The arrays of one generation.

    ``forward`` are all word numbers in order, ``row_start`` cuts them into rows and ``row_from``
    rows into documents, ``field_of`` says which field each word stands in.
    """

    def __init__(self, words: Words, texts: RowTexts, documents: int) -> None:
        self.words = words
        self.documents = documents
        self._lay_out(texts)
        self._number_stems()
        self._invert()
        self._lay_blocks()
        self._gather_grams()

    def stem(self, term: str) -> int | None:
        """A stem's number, or None for one that no document has, as a word or as a part."""
        number = self._stems.get(term)
        if number is None or not (self.postings.count(number) or self.part_postings.count(number)):
            return None  # words of documents that were taken out keep their numbers
        return number

    def words_with_stem(self, stem: int) -> Ints:
        """The numbers of the words that have a stem."""
        return self._words_of_stem.of(stem)

    def holding_run(self, run: Sequence[Collection[int]]) -> Ints:
        """The documents that hold a run of words side by side in one field of one row.

        Each place of the run is given by the numbers of the words that may stand there.
        """
        if not run:
            return np.empty(0, np.int32)
        wanted = np.zeros((len(run), len(self.words)), bool)
        for place, numbers in enumerate(run):
            wanted[place, list(numbers)] = True
        last = max(0, len(self.forward) - len(run) + 1)
        begins = np.ones(last, bool)
        for place in range(len(run)):
            there = slice(place, place + last)
            begins &= wanted[place][self.forward[there]]
            begins &= self.row_of[there] == self.row_of[:last]
            begins &= self.field_of[there] == self.field_of[:last]
        documents: Ints = np.unique(self.document_of[:last][begins])
        return documents

    def beginnings(self, run: Sequence[int]) -> Ints:
        """Places where a run of stems begins, in one field of one row."""
        starts = self.places.of(run[0])
        for offset, (first, second) in enumerate(pairwise(run)):
            starts = np.intersect1d(starts, self.side_by_side(first, second) - offset)
        return starts

    def side_by_side(self, first: int, second: int) -> Ints:
        """Places of one stem that another follows in the same field of the same row."""
        before, after = self.places.of(first), self.places.of(second) - 1
        few, many = sorted((before, after), key=len)
        if not len(many):
            return few
        at = np.minimum(np.searchsorted(many, few), len(many) - 1)
        places = few[many[at] == few]
        together = self.row_of[places] == self.row_of[places + 1]
        together &= self.field_of[places] == self.field_of[places + 1]
        kept: Ints = places[together]
        return kept

    @cached_property
    def collection(self) -> kernel.Collection:
        """The columns as the kernel takes them."""
        return kernel.Collection(self.arrays)

    @cached_property
    def arrays(self) -> kernel.CollectionArrays:
        """The columns under the names that the kernel gives them."""
        return kernel.CollectionArrays(
            word=_as(self.forward, np.int32),
            document_of=_as(self.document_of, np.int32),
            row_of=_as(self.row_of, np.int32),
            field_of=_as(self.field_of, np.int8),
            stem_of_word=_as(self.stem_of_word, np.int32),
            place_start=_as(self.places.start, np.int64),
            place=_as(self.places.items, np.int32),
            following=self._following(),
            posting_start=_as(self.postings.start, np.int64),
            posting=_as(self.postings.documents, np.int32),
            frequency=_as(self.postings.frequencies, np.int32),
            part_start=_as(self.part_postings.start, np.int64),
            part_posting=_as(self.part_postings.documents, np.int32),
            part_frequency=_as(self.part_postings.frequencies, np.int32),
            length=_as(self.lengths, np.int32),
            part_length=_as(self.part_lengths, np.int32),
            field_length=_as(self.field_lengths, np.int32),
            document_block=_as(self.document_block, np.int64),
            block_start=_as(self.block_start, np.int64),
            row_of_block=_as(self.row_of_block, np.int32),
            gram_start=_as(self.words_with_gram.start, np.int64),
            gram_word=_as(self.words_with_gram.items, np.int32),
            average=self.average,
            average_parts=self.average_parts,
        )

    def _following(self) -> Ints:
        """Beside the places of each stem, the stem of the next word in the same field of a row."""
        after = np.full(len(self.forward), -1, np.int32)
        together = (self.row_of[1:] == self.row_of[:-1]) & (self.field_of[1:] == self.field_of[:-1])
        after[:-1][together] = self.stem_of_word[self.forward[1:][together]]
        following: Ints = after[self.places.items]
        return following

    def gram(self, gram: str) -> int | None:
        """A gram's number, or None for one that no word has."""
        return self._grams.get(gram)

    def _lay_out(self, texts: RowTexts) -> None:
        lengths = texts.lengths
        rows, fields = lengths.shape
        self.forward = texts.words
        self.field_of = np.repeat(np.tile(np.arange(fields, dtype=np.int8), rows), lengths.ravel())
        self.document_of_row = texts.document_of_row
        by_row = lengths.sum(axis=1)
        self.row_start = np.concatenate(([0], np.cumsum(by_row)))
        self.row_of = np.repeat(np.arange(rows, dtype=np.int32), by_row)
        self.document_of = self.document_of_row[self.row_of]
        self.lengths = np.bincount(self.document_of, minlength=self.documents)
        #: [fields, documents]: how many words of a document stand in each field.
        self.field_lengths = np.zeros((fields, self.documents), np.int64)
        for field in range(fields):
            np.add.at(self.field_lengths[field], self.document_of_row, lengths[:, field])
        self.average = float(self.lengths.mean()) if self.documents else 0.0
        self.row_from = np.searchsorted(self.document_of_row, np.arange(self.documents + 1))

    def _number_stems(self) -> None:
        """Give stems their numbers; parts that are no words of their own get one too."""
        self._stems: dict[str, int] = {}
        number = self._stems.setdefault
        self.stem_of_word = np.array(
            [number(stem_of(word), len(self._stems)) for word in self.words.words], np.int32
        )
        parts = [
            [number(stem, len(self._stems)) for stem in dict.fromkeys(map(stem_of, parts))]
            for parts in self.words.parts
        ]
        self.parts_of_word = _flat(parts)
        self.stems = list(self._stems)
        self._words_of_stem = group(self.stem_of_word, len(self.stems))
        self.words_with_part = self.parts_of_word.turned(len(self.stems))

    def _invert(self) -> None:
        stems = self.stem_of_word[self.forward]
        self.places = group(stems, len(self.stems))
        self.postings = _postings(self.places, self.document_of)
        counts = np.diff(self.parts_of_word.start)[self.forward]
        owners = np.repeat(np.arange(len(self.forward)), counts)
        parts = self.parts_of_word.items[ranges(self.parts_of_word.start[self.forward], counts)]
        by_part = group(parts, len(self.stems))
        part_places = Grouped(by_part.start, owners[by_part.items])
        self.part_postings = _postings(part_places, self.document_of)
        self.part_lengths = np.bincount(self.document_of[owners], minlength=self.documents)
        self.average_parts = float(self.part_lengths.mean()) if self.documents else 0.0
        # Sorted, and not made distinct by hashing, which takes six times as long here.
        pairs = np.sort(self.forward.astype(np.int64) * self.documents + self.document_of)
        words = pairs[np.diff(pairs, prepend=-1) > 0] // max(1, self.documents)
        #: In how many documents each word stands.
        self.holding = np.bincount(words, minlength=len(self.words))

    def _lay_blocks(self) -> None:
        """Cut each row into blocks of ``BLOCK_WORDS``; the last of a row may be shorter."""
        lengths = np.diff(self.row_start)
        blocks = -(-lengths // BLOCK_WORDS)
        self.block_from = np.concatenate(([0], np.cumsum(blocks)))
        within = ranges(np.zeros_like(blocks), blocks)
        self.block_start = np.repeat(self.row_start[:-1], blocks) + within * BLOCK_WORDS
        #: The first block of each document, and after the last one the number of blocks.
        self.document_block = self.block_from[self.row_from]
        self.row_of_block = np.repeat(np.arange(len(lengths), dtype=np.int32), blocks)

    def _gather_grams(self) -> None:
        self._grams, grams_of_word = numbered(map(grams, self.words.words))
        self.words_with_gram = grams_of_word.turned(len(self._grams))
        self.gram_counts = np.diff(grams_of_word.start)
        share = np.minimum(self.holding / max(1, self.documents), 0.999)
        weights = np.repeat(np.log1p(-share), self.gram_counts)
        absent = np.bincount(grams_of_word.items, weights, minlength=len(self._grams))
        #: The document frequency of a gram, taken from those of the words that have it.
        holding = self.documents * (1 - np.exp(absent))
        self.gram_rarity = rarity(self.documents, holding)


def _as(array: Ints, kind: DTypeLike) -> Ints:
    """The array itself where it is of this kind."""
    return np.ascontiguousarray(array, kind)


def group(numbers: Ints, groups: int) -> Grouped:
    """The places of an array by the number that stands there."""
    order = np.argsort(numbers, kind="stable").astype(np.int32)
    start = np.concatenate(([0], np.cumsum(np.bincount(numbers, minlength=groups))))
    return Grouped(start, order)


def numbered(lists: Iterable[Iterable[str]]) -> tuple[dict[str, int], Grouped]:
    """Numbers for strings in the order they are met, and the numbers in each list."""
    numbers: dict[str, int] = {}
    found = [[numbers.setdefault(text, len(numbers)) for text in texts] for texts in lists]
    return numbers, _flat(found)


def ranges(starts: Ints, counts: Ints) -> Ints:
    """The numbers from each start on, as many as its count, one run after the other."""
    before = np.cumsum(counts) - counts
    runs: Ints = np.arange(int(counts.sum())) + np.repeat(starts - before, counts)
    return runs


def _flat(lists: Sequence[Sequence[int]]) -> Grouped:
    """Lists of numbers, one after the other."""
    start = np.concatenate(([0], np.cumsum([len(numbers) for numbers in lists], dtype=np.int64)))
    return Grouped(start, np.array([n for numbers in lists for n in numbers], np.int32))


def _postings(places: Grouped, document_of: Ints) -> Postings:
    """Places of each number, counted by document."""
    documents = document_of[places.items]
    groups = np.repeat(np.arange(len(places.start) - 1), np.diff(places.start))
    new = np.ones(len(documents), bool)
    new[1:] = (documents[1:] != documents[:-1]) | (groups[1:] != groups[:-1])
    first = np.flatnonzero(new)
    counts = np.diff(np.append(first, len(documents)))
    start = np.searchsorted(groups[first], np.arange(len(places.start)))
    return Postings(start, documents[first], counts)
