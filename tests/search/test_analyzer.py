from __future__ import annotations

import doctest
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search.swedish.analyzer
from search.swedish.analyzer import terms, tokens


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(search.swedish.analyzer).failed == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lag (2023:196)", ["lag", "2023:196"]),
        ("prop. 2022/23:43", ["prop", "2022/23:43"]),
        ("10 kap. 18 a § OSL", ["10", "kap", "18a§", "OSL"]),
        ("§ 14-anmälan", ["14§", "anmälan"]),
        ("urn:nbn:se:bra-363", ["urn:nbn:se:bra-363"]),
        ("ISBN 978-91-88599-15-6", ["ISBN", "9789188599156"]),
        ("rapport 2016:13", ["rapport", "2016:13"]),
        ("den 2023-07-01", ["den", "2023-07-01"]),
        ("GR:s möte", ["GR", "möt"]),
        ("ÅTGÄRDER MOT BROTT", ["åtgärd", "mot", "brott"]),
        ("Råd från BRÅ", ["råd", "från", "BRÅ"]),
    ],
)
def test_forms_that_mean_one_thing_stay_one_term(text: str, expected: list[str]) -> None:
    assert list(terms(text)) == expected


def test_swedish_letters_are_letters_of_their_own() -> None:
    assert len({terms(word) for word in ("här", "har", "hår")}) == 3


def test_the_method_sig_is_not_the_pronoun() -> None:
    assert terms("SIG hjälper den som vill ta sig ut")[0] == "SIG"
    assert "sig" in terms("SIG hjälper den som vill ta sig ut")


@given(st.text(max_size=200))
def test_a_token_stands_where_it_says(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.term
        end = token.end


def test_threads_stem_alike() -> None:
    words = [f"anmälningar{number} utredningarna" for number in range(300)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(terms, words)) == [terms(word) for word in words]
