from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.query import MAX_PAGE_SIZE, MAX_QUESTION_CHARACTERS, read_query


@given(st.text(), st.integers(), st.integers())
def test_whatever_a_person_types_is_a_question(text: str, page: int, size: int) -> None:
    query = read_query(text, page=page, page_size=size)
    assert query.page >= 1
    assert 1 <= query.page_size <= MAX_PAGE_SIZE
    assert len(query.text) <= MAX_QUESTION_CHARACTERS


@given(st.text(max_size=100))
def test_reading_a_question_again_changes_nothing(text: str) -> None:
    once = read_query(text)
    assert read_query(once.text) == once


def test_quotes_make_phrases_and_a_minus_excludes() -> None:
    query = read_query('unga "social insatsgrupp" -nyhet -"gamla lagen" SoL')
    assert query.words == "unga SoL"
    assert query.phrases == ("social insatsgrupp",)
    assert query.excluded == ("nyhet", "gamla lagen")


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    assert read_query("e-post 6-11 år").excluded == ()


def test_typographic_quotes_are_quotes() -> None:
    assert read_query("”partnerskap i samordning”").phrases == ("partnerskap i samordning",)


def test_only_known_facets_filter() -> None:
    query = read_query("x", filters={"source": ("gr", "gr"), "colour": ("red",), "topic": ()})
    assert query.filters == {"source": ("gr",)}


def test_filters_alone_are_a_question_and_nothing_is_none() -> None:
    assert read_query("  ").is_empty
    assert read_query("-nyhet").is_empty
    assert not read_query("", filters={"year": ("2024",)}).is_empty
