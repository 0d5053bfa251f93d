from __future__ import annotations

import doctest

from hypothesis import given
from hypothesis import strategies as st

import search.swedish.distances
from search.swedish.distances import distances
from search.swedish.misspelling import distance

#: Few letters, so that chance finds what is alike.
_LETTERS = "abcdehjknståäöéß"
words = st.text(alphabet=_LETTERS, max_size=9) | st.text(max_size=6)


@st.composite
def misspelt(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with letters swapped, doubled, left out, put in or without dots."""
    word = meant = draw(words)
    for _ in range(draw(st.integers(0, 3))):
        at, other = draw(st.integers(0, len(word))), draw(st.text(_LETTERS, max_size=1))
        left, right = word[:at], word[at:]
        ways = (left + right[1:2] + right[:1] + right[2:], left + right[:1] + right)
        word = draw(st.sampled_from((*ways, left + other + right, left + other + right[1:])))
    return word, meant


def test_the_examples_in_the_docstring_hold() -> None:
    assert doctest.testmod(search.swedish.distances).failed == 0


@given(st.lists(misspelt() | st.tuples(words, words), max_size=12))
def test_many_pairs_are_as_far_as_each_is_alone(pairs: list[tuple[str, str]]) -> None:
    found = distances([typed for typed, _ in pairs], [meant for _, meant in pairs])
    assert found.tolist() == [distance(typed, meant) for typed, meant in pairs]


def test_long_words_are_measured_exactly() -> None:
    typed, meant = "brott" * 80, "trott" * 80
    assert distances([typed, ""], [meant, meant]).tolist() == [
        distance(typed, meant),
        distance("", meant),
    ]
