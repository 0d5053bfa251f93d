from __future__ import annotations

import doctest
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import search.swedish.analyzer
from search.swedish.analyzer import normalized, stem, stem_of, terms, tokens


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


@pytest.mark.parametrize(
    "address",
    [
        "https://bra.se/",
        "HTTP://bra.se/rapport?nr=2016:13",
        "www.goteborgsregionen.se/unga-och-vald",
    ],
)
def test_addresses_say_nothing(address: str) -> None:
    assert terms(address) == ()
    assert terms(f"Läs mer på {address} om skolan") == terms("Läs mer på om skolan")


def test_a_word_that_only_begins_as_an_address_does_is_a_word() -> None:
    assert terms("www http") == ("www", "http")


@given(st.text(max_size=200))
def test_a_term_is_the_stem_of_its_word(text: str) -> None:
    for token in tokens(text):
        assert token.term == stem_of(token.word)


@pytest.mark.parametrize(
    "word", ["SIG", "BRÅ", "2023:196", "18a§", "urn:nbn:se:bra-363", "2023-07-01"]
)
def test_abbreviations_and_numbers_are_their_own_stems(word: str) -> None:
    assert stem_of(word) == word


def test_other_words_have_the_stem_of_the_language() -> None:
    assert stem_of("utredningarna") == stem("utredningarna") == stem_of("utredning")
    assert stem_of("sig") != stem_of("SIG")


composed = st.text(alphabet="aåäöeéAÅ \u00ad\u030a\u0308\u0301-", max_size=20) | st.text(
    max_size=50
)


@given(composed)
@example("a\u00ad\u030aklagare")
def test_normalizing_again_changes_nothing(text: str) -> None:
    assert normalized(normalized(text)) == normalized(text)


@given(composed)
def test_however_letters_are_composed_they_are_the_same_letters(text: str) -> None:
    assert normalized(unicodedata.normalize("NFD", text)) == normalized(text)


@given(st.text(alphabet="abcåäö \u00ad", max_size=30))
def test_hyphens_that_only_printing_needs_are_gone_and_nothing_else(text: str) -> None:
    assert normalized(text) == "".join(letter for letter in text if letter != "\u00ad")


def test_a_hyphen_that_is_written_stays() -> None:
    assert normalized("e-post och it-stöd") == "e-post och it-stöd"


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
