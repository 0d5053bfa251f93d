from __future__ import annotations

import doctest

from hypothesis import given
from hypothesis import strategies as st

import search.swedish.grams
from search.swedish.grams import GRAM_LETTERS, grams

words = st.text(alphabet="abcåäö§:2", max_size=12)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(search.swedish.grams).failed == 0


@given(words.filter(lambda word: len(word) >= GRAM_LETTERS - 2))
def test_a_gram_stands_in_its_word_or_at_its_edge(word: str) -> None:
    assert {len(gram) for gram in grams(word)} == {GRAM_LETTERS}
    assert all(gram in f"_{word}_" for gram in grams(word))


@given(words, st.integers(2, 5))
def test_grams_overlap_so_that_no_letter_is_left_out(word: str, letters: int) -> None:
    assert {letter for gram in grams(word, letters) for letter in gram} == set(f"_{word}_")


def test_a_word_shorter_than_a_gram_is_one_gram() -> None:
    assert grams("å") == {"_å_"}
    assert grams("") == {"__"}


def test_an_inflected_and_a_compounded_form_share_grams_with_the_word() -> None:
    assert grams("brott") & grams("brottet") == {"_bro", "brot", "rott"}
    assert grams("brott") & grams("våldsbrott") == {"brot", "rott", "ott_"}
    assert not grams("brott") & grams("polis")
