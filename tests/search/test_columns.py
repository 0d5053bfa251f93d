from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.bm25 import rarity
from search.columns import BLOCK_WORDS, Columns, Grouped, group
from search.row_texts import RowTexts
from search.swedish.analyzer import stem_of
from search.swedish.grams import grams
from search.words import WordNumbers, Words

Collection = list[list[list[list[str]]]]

FIELDS = 2
PARTS = {
    "skolväg": ("skola", "väg"),
    "skolvägen": ("skola", "vägen"),
    "vägbrott": ("väg", "brott"),
    "skolskolor": ("skola", "skolor"),
    "nattpatrull": ("natt", "patrull"),
}
POOL = ("skola", "skolan", "väg", "vägen", "brott", "SIG", "sig", "2023:196", *PARTS)

field = st.lists(st.sampled_from(POOL), max_size=12)
row = st.lists(field, min_size=FIELDS, max_size=FIELDS)
collections = st.lists(st.lists(row, max_size=3), max_size=5)
#: Words that stood in a document that is removed, so that they have numbers and no place.
gone = st.lists(st.sampled_from((*POOL, "borta")), max_size=3)

EMPTY: dict[str, Collection] = {
    "no document": [],
    "a document without rows": [[]],
    "a row without words": [[[[], []]]],
    "an empty document among others": [[[["väg"], []]], [], [[[], []]], [[[], ["väg"]]]],
}


@dataclass(frozen=True)
class Place:
    """A word where it stands."""

    word: str
    document: int
    row: int
    field: int

    def is_beside(self, other: Place) -> bool:
        return (self.row, self.field) == (other.row, other.field)


def made(collection: Collection, gone: Iterable[str] = ()) -> Columns:
    words = Words(lambda word: PARTS.get(word, ()))

    def numbers(field: Iterable[str]) -> WordNumbers:
        # One by one, or a field of abbreviations would be taken for a shouted text.
        return np.concatenate([np.empty(0, np.int32), *map(words.numbers_of, field)])

    numbers(gone)
    rows = [
        (number, [numbers(field) for field in fields])
        for number, rows in enumerate(collection)
        for fields in rows
    ]
    return Columns(words, RowTexts.of_lists(rows, FIELDS), len(collection))


def places_of(collection: Collection) -> list[Place]:
    """The words of a collection in order: what the columns are held against."""
    return list(_walk(collection))


def _walk(collection: Collection) -> Iterator[Place]:
    row_number = 0
    for document, rows in enumerate(collection):
        for fields in rows:
            for number, words in enumerate(fields):
                yield from (Place(word, document, row_number, number) for word in words)
            row_number += 1


def part_stems(word: str) -> set[str]:
    return {stem_of(part) for part in PARTS.get(word, ())}


def stems_of(collection: Collection, gone: Sequence[str]) -> set[str]:
    words = {place.word for place in places_of(collection)} | set(gone)
    return {stem_of(word) for word in words} | {s for word in words for s in part_stems(word)}


def number(columns: Columns, stem: str) -> int:
    return columns.stems.index(stem)


def words(columns: Columns, numbers: Sequence[int]) -> set[str]:
    """Words by their numbers, each of which may come once only."""
    assert len(set(numbers)) == len(numbers)
    return {columns.words.words[n] for n in numbers}


@given(collections, gone)
def test_postings_say_in_which_documents_a_stem_stands_and_how_often(
    collection: Collection, gone: list[str]
) -> None:
    columns = made(collection, gone)
    assert set(columns.stems) == stems_of(collection, gone)
    for stem in columns.stems:
        here = Counter(p.document for p in places_of(collection) if stem_of(p.word) == stem)
        documents, frequencies = columns.postings.of(number(columns, stem))
        found = list(zip(documents.tolist(), frequencies.tolist(), strict=True))
        assert found == sorted(here.items())
        assert columns.postings.count(number(columns, stem)) == len(here)


@given(collections, gone)
def test_part_postings_say_the_same_of_the_parts_of_compounds(
    collection: Collection, gone: list[str]
) -> None:
    columns = made(collection, gone)
    for stem in columns.stems:
        here = Counter(p.document for p in places_of(collection) if stem in part_stems(p.word))
        documents, frequencies = columns.part_postings.of(number(columns, stem))
        found = list(zip(documents.tolist(), frequencies.tolist(), strict=True))
        assert found == sorted(here.items())


@given(collections, gone)
def test_places_are_all_places_of_a_stem_in_order(collection: Collection, gone: list[str]) -> None:
    columns = made(collection, gone)
    places = places_of(collection)
    for stem in columns.stems:
        expected = [n for n, place in enumerate(places) if stem_of(place.word) == stem]
        assert columns.places.of(number(columns, stem)).tolist() == expected


@given(collections, gone)
def test_every_place_knows_its_word_document_row_and_field(
    collection: Collection, gone: list[str]
) -> None:
    columns = made(collection, gone)
    assert [
        Place(columns.words.words[word], document, row, field)
        for word, document, row, field in zip(
            columns.forward.tolist(),
            columns.documents_at(np.arange(len(columns.forward))).tolist(),
            columns.row_of.tolist(),
            columns.field_of.tolist(),
            strict=True,
        )
    ] == places_of(collection)


@given(collections, gone)
def test_lengths_are_counted_in_words_and_in_parts(collection: Collection, gone: list[str]) -> None:
    columns = made(collection, gone)
    lengths, parts = [0] * len(collection), [0] * len(collection)
    for place in places_of(collection):
        lengths[place.document] += 1
        parts[place.document] += len(part_stems(place.word))
    assert columns.lengths.tolist() == lengths
    assert columns.part_lengths.tolist() == parts
    many = max(1, len(collection))
    assert columns.average == pytest.approx(sum(lengths) / many)
    assert columns.average_parts == pytest.approx(sum(parts) / many)


@given(collections)
def test_the_rows_of_a_document_lie_together(collection: Collection) -> None:
    columns = made(collection)
    assert np.diff(columns.row_from).tolist() == [len(rows) for rows in collection]
    lengths = [sum(map(len, fields)) for rows in collection for fields in rows]
    assert np.diff(columns.row_start).tolist() == lengths
    owners = [document for document, rows in enumerate(collection) for _ in rows]
    assert columns.document_of_row.tolist() == owners


@given(collections, gone)
def test_side_by_side_is_in_one_field_of_one_row(collection: Collection, gone: list[str]) -> None:
    columns = made(collection, gone)
    places = places_of(collection)
    pairs = list(enumerate(pairwise(places)))
    for first, second in product(columns.stems, repeat=2):
        expected = [
            n
            for n, (one, other) in pairs
            if (stem_of(one.word), stem_of(other.word)) == (first, second) and one.is_beside(other)
        ]
        found = columns.side_by_side(number(columns, first), number(columns, second))
        assert found.tolist() == expected


@given(collections, st.lists(st.sets(st.sampled_from(POOL), max_size=4), max_size=4))
def test_a_run_is_held_where_its_words_stand_side_by_side(
    collection: Collection, run: list[set[str]]
) -> None:
    columns = made(collection, gone=["borta"])
    places = places_of(collection)
    holding = {
        places[start].document
        for start in range(len(places) - len(run) + 1)
        if run
        and all(
            place.word in wanted and place.is_beside(places[start])
            for place, wanted in zip(places[start:], run, strict=False)
        )
    }
    numbers = [
        [n for word in wanted if (n := columns.words.number(word)) is not None] for wanted in run
    ]
    assert columns.holding_run(numbers).tolist() == sorted(holding)


@given(collections, gone)
def test_holding_counts_the_documents_of_each_word(collection: Collection, gone: list[str]) -> None:
    columns = made(collection, gone)
    places = places_of(collection)
    assert columns.holding.tolist() == [
        len({place.document for place in places if place.word == word})
        for word in columns.words.words
    ]


@given(collections, gone)
def test_words_are_found_by_stem_by_part_and_by_gram(
    collection: Collection, gone: list[str]
) -> None:
    columns = made(collection, gone)
    every = columns.words.words
    for stem in columns.stems:
        known = number(columns, stem)
        with_stem = words(columns, columns.words_with_stem(known).tolist())
        assert with_stem == {word for word in every if stem_of(word) == stem}
        with_part = words(columns, columns.words_with_part.of(known).tolist())
        assert with_part == {word for word in every if stem in part_stems(word)}
    for n, word in enumerate(every):
        assert columns.stems[columns.stem_of_word[n]] == stem_of(word)
        parts = [columns.stems[part] for part in columns.parts_of_word.of(n)]
        assert parts == list(dict.fromkeys(map(stem_of, PARTS.get(word, ()))))
        assert columns.gram_counts[n] == len(grams(word))
    for gram in {gram for word in every for gram in grams(word)}:
        found = columns.gram(gram)
        assert found is not None
        with_gram = words(columns, columns.words_with_gram.of(found).tolist())
        assert with_gram == {word for word in every if gram in grams(word)}


@given(collections, gone)
def test_a_gram_is_as_rare_as_its_words_would_be_if_they_knew_nothing_of_each_other(
    collection: Collection, gone: list[str]
) -> None:
    columns = made(collection, gone)
    many = len(collection)
    for gram in {gram for word in columns.words.words for gram in grams(word)}:
        absent = math.prod(
            1 - min(int(holding) / max(1, many), 0.999)
            for word, holding in zip(columns.words.words, columns.holding, strict=True)
            if gram in grams(word)
        )
        found = columns.gram(gram)
        assert found is not None
        assert columns.gram_rarity[found] == pytest.approx(rarity(many, many * (1 - absent)))


@given(collections)
def test_blocks_cover_every_word_once_and_stay_in_their_row(collection: Collection) -> None:
    columns = made(collection)
    starts = columns.block_start.tolist()
    ends = [*starts[1:], len(columns.forward)]
    expected = [
        (row, begin, min(begin + BLOCK_WORDS, int(columns.row_start[row + 1])))
        for row in range(len(columns.document_of_row))
        for begin in range(columns.row_start[row], columns.row_start[row + 1], BLOCK_WORDS)
    ]
    assert (
        list(zip(columns.row_of[columns.block_start].tolist(), starts, ends, strict=False))
        == expected
    )
    covered = [n for _, begin, end in expected for n in range(begin, end)]
    assert covered == list(range(len(columns.forward)))
    by_row = Counter(row for row, _, _ in expected)
    counts = [by_row[row] for row in range(len(columns.document_of_row))]
    assert np.diff(columns.block_from).tolist() == counts


@given(collections, gone)
def test_a_stem_has_a_number_when_a_document_holds_it_as_a_word_or_as_a_part(
    collection: Collection, gone: list[str]
) -> None:
    columns = made(collection, gone)
    held = stems_of(collection, ())
    for stem in {stem_of(word) for word in (*POOL, "borta", "patrull")}:
        assert columns.stem(stem) == (number(columns, stem) if stem in held else None)


@pytest.mark.parametrize("collection", EMPTY.values(), ids=EMPTY)
def test_what_is_empty_breaks_nothing(collection: Collection) -> None:
    columns = made(collection, gone=["skolväg", "väg"])
    stem = number(columns, "väg")
    holding = {place.document for place in places_of(collection)}
    assert columns.documents == len(collection)
    assert set(columns.postings.of(stem)[0].tolist()) == holding
    assert columns.postings.count(number(columns, "skolväg")) == 0
    assert columns.side_by_side(stem, stem).tolist() == []
    assert columns.holding_run([[0], [0]]).tolist() == []
    assert columns.holding_run([]).tolist() == []


def test_what_no_word_ever_had_has_no_number() -> None:
    columns = made([[[["skolväg"], []]]])
    assert columns.stem("patrull") is None
    assert columns.gram("patr") is None


@pytest.mark.parametrize(
    "collection",
    [
        [[[["skola", "SIG"], ["brott", "väg"]]]],
        [[[["skola"], ["väg"]]]],
        [[[["skola"], []], [["väg"], []]]],
        [[[["skola"], []]], [[["väg"], []]]],
    ],
    ids=["apart", "another field", "another row", "another document"],
)
def test_what_stands_apart_is_not_side_by_side(collection: Collection) -> None:
    columns = made(collection)
    skola, way = (columns.words.number(word) for word in ("skola", "väg"))
    assert skola is not None
    assert way is not None
    assert columns.holding_run([[skola]]).tolist() == [0]
    assert columns.holding_run([[skola], [way]]).tolist() == []
    first, second = number(columns, stem_of("skola")), number(columns, "väg")
    assert columns.side_by_side(first, second).tolist() == []


def test_two_parts_of_one_stem_count_once() -> None:
    columns = made([[[["skolskolor"], []]]])
    documents, frequencies = columns.part_postings.of(number(columns, stem_of("skolor")))
    assert (documents.tolist(), frequencies.tolist()) == ([0], [1])


@given(st.lists(st.integers(0, 5), max_size=30))
def test_groups_hold_the_places_of_each_number_in_order(numbers: list[int]) -> None:
    grouped = group(np.array(numbers, np.int32), 6)
    for wanted in range(6):
        expected = [place for place, n in enumerate(numbers) if n == wanted]
        assert grouped.of(wanted).tolist() == expected
    both = [*grouped.of(3).tolist(), *grouped.of(1).tolist()]
    assert grouped.of_all([3, 1]).tolist() == both


def test_of_no_numbers_there_are_no_items_of_the_same_kind() -> None:
    none = Grouped(np.array([0, 1]), np.array([7], np.int32)).of_all([])
    assert none.tolist() == []
    assert none.dtype == np.int32
