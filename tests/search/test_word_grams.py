from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import word_grams as tested
from search.swedish.grams import grams
from search.word_grams import word_grams

#: Letters of one, two, three and four bytes in UTF-8.
words = st.lists(st.text("aboöж語𝔸", min_size=1, max_size=7), unique=True, max_size=12)


@given(words)
def test_all_words_have_the_grams_that_each_has(words: list[str]) -> None:
    every, words_with = word_grams(words)
    assert list(every) == sorted({gram for word in words for gram in grams(word)})
    for number, gram in enumerate(every):
        having = [n for n, word in enumerate(words) if gram in grams(word)]
        assert words_with.of(number).tolist() == having


def test_so_they_have_where_there_are_more_letters_than_four_fit_in_a_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ["brott", "ö", "brottsoffer", "tt", "skola", "skolan"]
    few = word_grams(words)
    monkeypatch.setattr(tested, "_BITS", 1)
    many = word_grams(words)
    assert list(many[0]) == list(few[0])
    assert many[1].items.tolist() == few[1].items.tolist()
