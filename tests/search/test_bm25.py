from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.bm25 import bm25, rarity
from search.weights import K1

many = st.integers(1, 10**6)
lengths = st.floats(0, 10**6)
averages = st.floats(1, 10**5)


@given(many, st.floats(0, 1), st.floats(0, 1))
def test_the_rarer_a_word_the_more_it_says(documents: int, one: float, other: float) -> None:
    fewer, more = sorted((one * documents, other * documents))
    assert rarity(documents, fewer) >= rarity(documents, more) > 0


@given(many, lengths, averages)
def test_a_repeated_word_pays_more_but_never_more_than_its_bound(
    frequency: int, length: float, average: float
) -> None:
    once, again = bm25(frequency, length, average), bm25(frequency + 1, length, average)
    assert 0 < once <= again <= K1 + 1


@given(many, st.tuples(lengths, lengths), averages)
def test_a_word_says_less_of_a_longer_document(
    frequency: int, pair: tuple[float, float], average: float
) -> None:
    shorter, longer = sorted(pair)
    assert bm25(frequency, shorter, average) >= bm25(frequency, longer, average)


def test_a_word_once_in_a_document_of_ordinary_length_is_worth_its_rarity() -> None:
    assert bm25(1, 80.0, 80.0) == pytest.approx(1)


def test_what_is_not_there_is_worth_nothing() -> None:
    assert bm25(0, 100, 50.0) == 0


def test_a_collection_without_words_has_points_too() -> None:
    assert bm25(np.array([0, 1]), np.array([0, 0]), 0.0).tolist() == pytest.approx([0, 1])


def test_arrays_and_single_numbers_agree() -> None:
    frequencies, sizes = np.array([1, 2, 7]), np.array([10, 100, 1000])
    one_by_one = [bm25(int(f), int(s), 90.0) for f, s in zip(frequencies, sizes, strict=True)]
    assert bm25(frequencies, sizes, 90.0).tolist() == pytest.approx(one_by_one)
    assert rarity(100, frequencies).tolist() == pytest.approx([rarity(100, n) for n in (1, 2, 7)])
