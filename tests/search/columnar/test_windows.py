from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.columnar.kernel.twin.windows import (
    bit_values,
    block_bits,
    widened,
    word_bits,
    worth,
)
from search.columns import BLOCK_WORDS, Columns, Ints
from search.swedish.grams import grams

MakeColumns = Callable[..., Columns]
#: Documents, their rows, the words of each.
Collection = list[list[list[str]]]

POOL = ("skola", "skolan", "skolväg", "brott", "vägbrott", "våld", "hot", "och", "trygghet")
GRAMS = sorted({gram for word in POOL for gram in grams(word)})
SIZES = (1, 2, 4, 8)

row = st.lists(st.sampled_from(POOL), max_size=23)
collections = st.lists(st.lists(row, max_size=3), min_size=1, max_size=4)
#: What a question asks for: grams, more than fit in one byte or two, and what each is worth.
questions = st.dictionaries(st.sampled_from(GRAMS), st.integers(0, 50), max_size=20)


def made(columns_of: MakeColumns, collection: Collection) -> Columns:
    return columns_of([[{"body": " ".join(words)} for words in rows] for rows in collection])


def blocks_of(document: list[list[str]]) -> list[set[str]]:
    """The grams of each run of ``BLOCK_WORDS`` words of a document, row by row."""
    return [
        {gram for word in words[begin : begin + BLOCK_WORDS] for gram in grams(word)}
        for words in document
        for begin in range(0, len(words), BLOCK_WORDS)
    ]


def asked(columns: Columns, question: dict[str, int]) -> dict[int, int]:
    """The grams of a question that the collection has, by number."""
    known = {columns.gram(gram): weight for gram, weight in question.items()}
    return dict(sorted((gram, weight) for gram, weight in known.items() if gram is not None))


def owners(columns: Columns) -> Ints:
    documents: Ints = columns.documents_at(columns.block_start)
    return documents


@given(collections, questions)
def test_a_word_has_the_bits_of_its_grams(
    columns_of: MakeColumns, collection: Collection, question: dict[str, int]
) -> None:
    columns = made(columns_of, collection)
    wanted = list(asked(columns, question))
    bits = word_bits(columns.arrays, np.array(wanted, np.int64))
    assert bits.shape == (len(columns.words), -(-len(wanted) // 8))
    for number, word in enumerate(columns.words.words):
        on = np.unpackbits(bits[number], bitorder="little")[: len(wanted)].astype(bool)
        assert on.tolist() == [gram in {columns.gram(g) for g in grams(word)} for gram in wanted]


@given(collections, questions)
def test_the_best_window_is_the_best_of_all_windows(
    columns_of: MakeColumns, collection: Collection, question: dict[str, int]
) -> None:
    columns = made(columns_of, collection)
    weights = asked(columns, question)
    bits = block_bits(
        columns.arrays,
        word_bits(columns.arrays, np.array(list(weights), np.int64)),
        np.arange(len(columns.block_start)),
    )
    values = bit_values(np.array(list(weights.values()), np.float64))
    width = 1
    for size in SIZES:
        while width < size:
            bits, width = widened(bits, owners(columns), width), width * 2
        worths = worth(bits, values)
        for number, document in enumerate(collection):
            blocks = blocks_of(document)
            expected = [
                sum(
                    weight
                    for gram, weight in question.items()
                    if any(gram in block for block in blocks[begin : begin + size])
                )
                for begin in range(len(blocks))
            ]
            assert worths[owners(columns) == number].tolist() == expected


@given(collections, questions, st.data())
def test_blocks_may_be_any_of_the_collection(
    columns_of: MakeColumns, collection: Collection, question: dict[str, int], data: st.DataObject
) -> None:
    columns = made(columns_of, collection)
    of_words = word_bits(columns.arrays, np.array(list(asked(columns, question)), np.int64))
    every = np.arange(len(columns.block_start))
    some = np.array([n for n in every if data.draw(st.booleans())], np.int64)
    alone = block_bits(columns.arrays, of_words, some)
    assert alone.tolist() == block_bits(columns.arrays, of_words, every)[some].tolist()


@given(st.lists(st.integers(0, 100), max_size=20), st.data())
def test_bits_are_worth_the_sum_of_their_weights(weights: list[int], data: st.DataObject) -> None:
    on = data.draw(st.lists(st.booleans(), min_size=len(weights), max_size=len(weights)))
    bits = np.packbits(np.array(on, bool), bitorder="little")[None, :]
    values = bit_values(np.array(weights, np.float64))
    assert worth(bits, values).tolist() == [
        sum(w for w, yes in zip(weights, on, strict=True) if yes)
    ]


@pytest.mark.parametrize("by", [1, 2, 3, 9])
def test_a_window_never_reaches_into_the_next_document(by: int) -> None:
    bits = np.array([[1], [2], [4], [8]], np.uint8)
    alone = widened(bits, np.array([0, 1, 2, 3]), by)
    assert alone.tolist() == bits.tolist()


def test_a_window_reaches_over_the_rows_of_a_document(columns_of: MakeColumns) -> None:
    columns = made(columns_of, [[["brott"], ["trygghet"]]])
    wanted = np.array([columns.gram("brot"), columns.gram("tryg")])
    bits = block_bits(columns.arrays, word_bits(columns.arrays, wanted), np.array([0, 1]))
    assert bits.tolist() == [[1], [2]]
    assert widened(bits, owners(columns), 1).tolist() == [[3], [2]]


def test_widening_leaves_what_it_was_given() -> None:
    bits = np.array([[1], [2]], np.uint8)
    widened(bits, np.array([0, 0]), 1)
    assert bits.tolist() == [[1], [2]]
