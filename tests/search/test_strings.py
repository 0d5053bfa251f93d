from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.strings import Numbers, Pairs, Strings

texts = st.lists(st.text(st.characters(), max_size=6), unique=True, max_size=40)


@given(texts, st.text(max_size=3))
def test_a_string_and_its_number_lead_to_each_other(texts: list[str], other: str) -> None:
    made = Strings.of(texts)
    strings = Strings.read(made.named("a") | Strings.of(["annat"]).named("b"), "a")
    assert (len(strings), list(strings)) == (len(texts), texts)
    assert [strings[number] for number in range(-len(texts), len(texts))] == texts * 2
    assert [strings.number(text) for text in texts] == list(range(len(texts)))
    assert strings[1:3] == texts[1:3]
    expected = texts.index(other) if other in texts else None
    assert (strings.number(other), other in strings) == (expected, other in texts)


@given(texts)
def test_numbers_are_a_mapping_from_strings(texts: list[str]) -> None:
    numbers = Numbers(Strings.of(texts))
    assert dict(numbers) == {text: number for number, text in enumerate(texts)}
    assert numbers.get("finns inte här") is None


@given(st.dictionaries(st.text(max_size=3), st.text(max_size=2), max_size=20))
def test_pairs_are_the_mapping_that_they_were_made_of(mapping: dict[str, str]) -> None:
    pairs = Pairs.read(Pairs.of(mapping).named("a"), "a")
    assert dict(pairs) == mapping
    assert pairs.get("finns inte här") is None
    for value in {*mapping.values(), "finns inte här"}:
        assert pairs.keys_with(value) == [key for key in mapping if mapping[key] == value]


def test_what_is_not_there_is_said_as_a_list_says_it() -> None:
    strings = Strings.of(["väg"])
    for number in (1, -2):
        with pytest.raises(IndexError):
            strings[number]
    with pytest.raises(ValueError, match="'natt' is not there"):
        strings.index("natt")
    assert 1 not in strings  # type: ignore[comparison-overlap]
