from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from search.query import FACETS, MAX_QUESTION_CHARACTERS, Query, read_query
from webapp.params import (
    MAX_VALUES,
    PARAMETERS,
    Asked,
    exactly,
    query_string,
    read_params,
    reworded,
    turned_to,
    without,
    without_filters,
    write_params,
)

names = st.sampled_from(["q", "sida", "exakt", *PARAMETERS.values(), "annat"])
addresses = st.lists(st.tuples(names, st.text(max_size=600)), max_size=12)


def read(*pairs: tuple[str, str]) -> Asked:
    return read_params(MultiDict(pairs))


def read_string(query: Query) -> Query:
    return read(*parse_qsl(query_string(query), keep_blank_values=True)).query


@given(addresses)
def test_what_is_read_from_an_address_is_written_back_the_same(
    pairs: list[tuple[str, str]],
) -> None:
    query = read(*pairs).query
    assert read_string(query) == query


@given(
    st.text(max_size=300),
    st.dictionaries(
        st.sampled_from(FACETS),
        st.lists(st.text(min_size=1, max_size=100), min_size=1, max_size=5).map(tuple),
    ),
    st.integers(1, 999_999),
    st.booleans(),
)
def test_every_query_has_an_address(
    text: str, filters: dict[str, tuple[str, ...]], page: int, exact: bool
) -> None:
    query = read_query(text, filters=filters, page=page, exact=exact)
    assert read_string(query) == query


def test_every_facet_has_a_parameter_of_its_own() -> None:
    assert set(PARAMETERS) == set(FACETS)
    assert len(set(PARAMETERS.values())) == len(FACETS)


def test_the_address_speaks_swedish() -> None:
    filters = {"source": ("bra", "gr"), "year": ("2024",)}
    query = read_query("våld", filters=filters, page=2)
    assert query_string(query) == "q=v%C3%A5ld&kalla=bra&kalla=gr&ar=2024&sida=2"


def test_the_first_page_and_an_empty_question_need_no_parameters() -> None:
    assert write_params(read_query("")) == []


def test_a_bad_page_number_is_the_first_page() -> None:
    for text in ("", "0", "-3", "två", "1.5", "٣", "9" * 5000, " 2", "2\n"):
        assert read(("q", "x"), ("sida", text)).query.page == 1
    assert read(("sida", "12")).query.page == 12


def test_a_question_that_is_too_long_is_cut_and_said_to_be() -> None:
    asked = read(("q", "ord " * 200))
    assert asked.was_cut
    assert len(asked.query.text) <= MAX_QUESTION_CHARACTERS
    assert not read(("q", "x" * MAX_QUESTION_CHARACTERS)).was_cut
    assert not read(("q", "x" + " " * 1000)).was_cut


def test_a_flood_of_filter_values_is_bounded() -> None:
    flood = [("kalla", f"k{n}") for n in range(500)] + [("typ", "x" * 101), ("amne", "")]
    filters = read(*flood).query.filters
    assert len(filters["source"]) == MAX_VALUES
    assert set(filters) == {"source"}


def test_leaving_a_filter_keeps_the_others_and_begins_at_the_first_page() -> None:
    query = read_query("x", filters={"source": ("bra", "gr"), "year": ("2024",)}, page=3)
    left = without(query, "source", "bra")
    assert (left.filters, left.page) == ({"source": ("gr",), "year": ("2024",)}, 1)
    assert "source" not in without(left, "source", "gr").filters
    assert without_filters(query) == read_query("x")


def test_other_pages_and_other_words_keep_the_filters() -> None:
    query = read_query("x", filters={"source": ("bra",)}, page=3)
    assert turned_to(query, 4) == read_query("x", filters={"source": ("bra",)}, page=4)
    assert reworded(query, "y") == read_query("y", filters={"source": ("bra",)})


def test_a_reworded_question_is_no_longer_taken_exactly_and_a_filtered_one_is() -> None:
    query = read_query("medling", filters={"source": ("bra",)}, page=3, exact=True)
    assert not reworded(query, "skola").exact
    assert without(query, "source", "bra").exact
    assert exactly(query, False) == replace(query, exact=False, page=1)
