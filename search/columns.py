"""A collection as flat arrays: its words in order, and where each stem, part and gram stands.

Made when a generation is published (by ``deriving``) and mapped when it is opened, so that all
processes share them. Immutable. Documents, rows (passages) and words are numbers from 0. Arrays
named ``…_start`` are offsets: the items of ``n`` are ``items[start[n]:start[n + 1]]``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np

from search.columnar import kernel
from search.deriving import BLOCK_WORDS, derived
from search.grouped import Arrays, Floats, Grouped, Ints, Postings, group, ranges
from search.row_texts import RowTexts
from search.strings import Strings
from search.words import Words, WordTable

__all__ = [
    "BLOCK_WORDS",
    "Columns",
    "Floats",
    "Grouped",
    "Ints",
    "group",
    "ranges",
]


class Columns:
    """The arrays of one generation.

    ``forward`` are all word numbers in order, ``row_start`` cuts them into rows and ``row_from``
    rows into documents, ``field_of`` says which field each word stands in.
    """

    def __init__(self, words: Words, texts: RowTexts, documents: int) -> None:
        """Those of a collection that is no generation on disk."""
        self._take(derived(words, texts, documents))

    @classmethod
    def of_arrays(cls, arrays: Arrays) -> Columns:
        """Those that ``derived`` made, where they lie."""
        made = cls.__new__(cls)
        made._take(arrays)
        return made

    def stem(self, term: str) -> int | None:
        """A stem's number, or None for one that no document has, as a word or as a part."""
        number = self.stems.number(term)
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
        documents: Ints = np.unique(self.documents_at(np.flatnonzero(begins)))
        return documents

    def side_by_side(self, first: int, second: int) -> Ints:
        """Places of one stem that another follows in the same field of the same row."""
        here = slice(*self.places.start[first : first + 2])
        places: Ints = self.places.items[here][self._following[here] == second]
        return places

    def documents_at(self, places: Ints) -> Ints:
        """The documents that places are in."""
        documents: Ints = self.document_of_row[self.row_of[places]]
        return documents

    @cached_property
    def collection(self) -> kernel.Collection:
        """The columns as the kernel takes them."""
        return kernel.Collection(self.arrays)

    @cached_property
    def arrays(self) -> kernel.CollectionArrays:
        """The columns under the names that the kernel gives them."""
        return kernel.CollectionArrays(
            word=self.forward,
            document_of_row=self.document_of_row,
            row_of=self.row_of,
            field_of=self.field_of,
            stem_of_word=self.stem_of_word,
            place_start=self.places.start,
            place=self.places.items,
            following=self._following,
            posting_start=self.postings.start,
            posting=self.postings.documents,
            frequency=self.postings.frequencies,
            part_start=self.part_postings.start,
            part_posting=self.part_postings.documents,
            part_frequency=self.part_postings.frequencies,
            length=self.lengths,
            part_length=self.part_lengths,
            field_length=self.field_lengths,
            document_block=self.document_block,
            block_start=self.block_start,
            gram_start=self.words_with_gram.start,
            gram_word=self.words_with_gram.items,
            average=self.average,
            average_parts=self.average_parts,
        )

    def gram(self, gram: str) -> int | None:
        """A gram's number, or None for one that no word has."""
        return self._grams.number(gram)

    def _take(self, arrays: Arrays) -> None:
        self.words = WordTable.read(arrays)
        self.stems = Strings.read(arrays, "stems")
        self._grams = Strings.read(arrays, "grams")
        self._take_rows(arrays)
        self.stem_of_word = arrays["stem_of_word"]
        self.parts_of_word = Grouped.read(arrays, "parts_of_word")
        self._words_of_stem = Grouped.read(arrays, "words_of_stem")
        self.words_with_part = Grouped.read(arrays, "words_with_part")
        self.places = Grouped.read(arrays, "places")
        self._following = arrays["following"]
        self.postings = Postings.read(arrays, "postings")
        self.part_postings = Postings.read(arrays, "part_postings")
        self.part_lengths = arrays["part_lengths"]
        self.average_parts = float(self.part_lengths.mean()) if self.documents else 0.0
        #: In how many documents each word stands.
        self.holding = arrays["holding"]
        self.words_with_gram = Grouped.read(arrays, "words_with_gram")
        self.gram_counts = arrays["gram_counts"]
        #: Of each gram, by the document frequencies of the words that have it.
        self.gram_rarity = arrays["gram_rarity"]

    def _take_rows(self, arrays: Arrays) -> None:
        self.forward = arrays["forward"]
        self.row_of, self.field_of = arrays["row_of"], arrays["field_of"]
        self.document_of_row = arrays["document_of_row"]
        self.row_start, self.row_from = arrays["row_start"], arrays["row_from"]
        self.lengths = arrays["lengths"]
        self.documents = len(self.lengths)
        self.average = float(self.lengths.mean()) if self.documents else 0.0
        fields = -1 if self.documents else 0
        #: [fields, documents]: how many words of a document stand in each field.
        self.field_lengths = arrays["field_lengths"].reshape(fields, self.documents)
        self.block_from, self.block_start = arrays["block_from"], arrays["block_start"]
        #: The first block of each document, and after the last one the number of blocks.
        self.document_block = arrays["document_block"]
