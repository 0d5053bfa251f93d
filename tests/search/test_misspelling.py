from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search.swedish.misspelling
from search.swedish.misspelling import SAME_LETTERS, SAME_SOUND, distance, folded, sound

#: Any other letter; what a whole error costs.
WHOLE = 1.0
#: Swedish words are made of few letters, so that chance finds the likeness between them.
words = st.text(alphabet="abcdeghijklmnorstuvåäöé", max_size=9) | st.text(max_size=6)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(search.swedish.misspelling).failed == 0


@given(words, words)
def test_only_the_word_itself_costs_nothing(one: str, other: str) -> None:
    assert distance(one, one) == 0
    assert (distance(one, other) == 0) == (one == other)


@given(words, words)
def test_it_costs_as_much_there_as_back(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)


@given(words, words, st.sampled_from((0.0, 0.3, 0.7, 1.5, 2.1, 4.2)))
def test_up_to_a_bound_it_is_the_same_and_beyond_it_only_more(
    one: str, other: str, most: float
) -> None:
    whole, bounded = distance(one, other), distance(one, other, most)
    assert bounded == whole if whole <= most else bounded > most


def test_over_a_third_word_it_may_be_nearer_so_this_is_no_metric() -> None:
    assert distance("bal", "bäl") + distance("bäl", "bel") < distance("bal", "bel")


@given(words, words)
def test_no_word_is_further_than_being_written_anew(one: str, other: str) -> None:
    assert distance(one, other) <= len(one) + len(other)


@given(words)
def test_a_word_without_its_dots_is_near(word: str) -> None:
    assert distance(folded(word), word) <= SAME_LETTERS


@given(words, st.data())
def test_a_doubled_letter_is_cheap(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, max(0, len(word) - 1)))
    assert distance(word[:place] + word[place : place + 1] + word[place:], word) <= 0.5


@given(words, st.data())
def test_two_letters_in_the_wrong_order_are_one_error(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, max(0, len(word) - 2)))
    swapped = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
    assert distance(swapped, word) <= 0.7


@given(words, words)
def test_words_that_sound_alike_are_near(one: str, other: str) -> None:
    assert distance(sound(one), sound(other)) == 0 or sound(one) != sound(other)
    if sound(one) == sound(other):
        assert distance(one, other) <= SAME_SOUND


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("valdsbrott", "våldsbrott"),
        ("aterfall", "återfall"),
        ("ungdomsgang", "ungdomsgäng"),
        ("foraldrar", "föräldrar"),
        ("orosanmalan", "orosanmälan"),
        ("kommité", "kommitté"),
        ("tillfäle", "tillfälle"),
        ("skjuttning", "skjutning"),
        ("shutning", "skjutning"),
        ("sjutning", "skjutning"),
        ("chutning", "skjutning"),
        ("stjälpa", "skälpa"),
        ("tjöra", "köra"),
        ("gjälla", "gälla"),
        ("jänomförande", "genomförande"),
        ("hjuda", "ljuda"),
        ("stasjon", "station"),
        ("diskusjon", "diskussion"),
        ("narkåtika", "narkotika"),
        ("rätsväsende", "rättsväsende"),
        ("sosial", "social"),
        ("eksempel", "exempel"),
        ("tick", "tikk"),
        ("brottsfröebyggande", "brottsförebyggande"),
        ("bhrott", "brott"),
    ],
)
def test_the_errors_that_swedes_make_cost_less_than_another_letter(typed: str, meant: str) -> None:
    assert 0 < distance(typed, meant) < WHOLE


@pytest.mark.parametrize(
    ("one", "other"),
    [("brott", "brand"), ("skola", "skada"), ("hot", "hat"), ("polis", "polisen"), ("råd", "rån")],
)
def test_other_words_are_a_whole_error_away(one: str, other: str) -> None:
    assert distance(one, other) >= WHOLE


def test_the_first_letter_is_seldom_wrong() -> None:
    assert distance("prott", "trott") > distance("patt", "pakt") == WHOLE


@given(words)
def test_folding_leaves_no_dots_to_fold(word: str) -> None:
    assert folded(folded(word)) == folded(word)
