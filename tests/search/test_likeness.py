from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from search.columns import Columns
from search.likeness import ALIKE_SHARE, SHORTEST_ALIKE, alike
from search.swedish.grams import grams

WORDS = st.text("abå", min_size=1, max_size=9)


def share(one: str, other: str) -> float:
    """The share of the shorter word's grams that both have."""
    return len({*grams(one)} & {*grams(other)}) / min(len(grams(one)), len(grams(other)))


@given(st.lists(WORDS, min_size=1, max_size=8, unique=True), WORDS)
def test_words_that_share_most_grams_look_alike_most_alike_first(
    columns_of: Callable[..., Columns], texts: list[str], word: str
) -> None:
    columns = columns_of([[{"body": " ".join(texts)}]])
    found = [(part, columns.words.words[number]) for part, number in alike(columns, word)]
    long_enough = [
        (share(word, other), other)
        for other in texts
        if min(len(grams(word)), len(grams(other))) >= SHORTEST_ALIKE - 1
        and len(word) >= SHORTEST_ALIKE
    ]
    expected = [pair for pair in long_enough if pair[0] >= ALIKE_SHARE]
    assert found == sorted(expected, key=lambda pair: (-pair[0], pair[1]))


def test_what_is_no_run_of_letters_looks_like_nothing(columns_of: Callable[..., Columns]) -> None:
    columns = columns_of([[{"body": "2023:196 medling"}]])
    assert alike(columns, "2023:196") == ()
    assert [number for _, number in alike(columns, "medlingar")] == [1]


@given(st.lists(st.sampled_from(["ungdom", "ungdomar", "ungdomens", "ungdomlig", "brott"])))
def test_the_best_of_many_are_the_first_of_all(
    columns_of: Callable[..., Columns], words: list[str]
) -> None:
    columns = columns_of([[{"body": " ".join(words)}]])
    every = alike(columns, "ungdomen")
    for most in range(6):
        assert alike(columns, "ungdomen", most) == every[:most]
