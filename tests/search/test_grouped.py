from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.grouped import Grouped, Postings, flat, group

FEW, MANY = 3 << 16, 9 << 16

numbers = st.lists(st.sampled_from([0, 1, 2, 1 << 16, (1 << 16) + 1, FEW - 1]), max_size=30)


@given(numbers, st.sampled_from([FEW, MANY]))
def test_places_are_grouped_by_number_in_order_however_large_the_numbers_are(
    numbers: list[int], groups: int
) -> None:
    found = group(np.array(numbers, np.int32), groups)
    assert len(found.start) == groups + 1
    for number in {*numbers, 3}:
        places = [place for place, other in enumerate(numbers) if other == number]
        assert found.of(number).tolist() == places


@given(st.lists(st.lists(st.integers(0, 5), unique=True, max_size=4), max_size=6))
def test_what_is_turned_twice_is_what_it_was(lists: list[list[int]]) -> None:
    there = flat([sorted(numbers) for numbers in lists])
    back = there.turned(6).turned(len(lists))
    assert (back.start.tolist(), back.items.tolist()) == (
        there.start.tolist(),
        there.items.tolist(),
    )


@pytest.mark.parametrize(
    "made",
    [
        flat([[1, 2], [], [0]]),
        Postings.of_places(flat([[0, 1], [], [2]]), np.array([0, 0, 1], np.int32)),
    ],
)
def test_what_is_kept_by_name_is_read_as_it_was(made: Grouped | Postings) -> None:
    arrays = made.named("a") | flat([[7]]).named("b")
    again = type(made).read(arrays, "a")
    kept, found = made.named(""), again.named("")
    assert {name: array.tolist() for name, array in kept.items()} == {
        name: array.tolist() for name, array in found.items()
    }
