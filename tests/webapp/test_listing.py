from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.document import Document
from search.query import read_query
from search.results import FacetCount, Hit, Results
from webapp.present import Labels
from webapp.public.listing import (
    VALUES_AT_FIRST,
    FilterGroup,
    chosen_filters,
    filter_groups,
    paging,
    ways_out,
)

LABELS = Labels({"topic": {"a": "Äldre", "b": "Öde", "c": "Alla"}, "source": {"bra": "Brå"}})
HIT = Hit(Document(key="gr:1", source="gr", title="T"), 1.0, (), (), ())


def results(total: int = 10, page: int = 1, hits: int = 10, **facets: dict[str, int]) -> Results:
    counted = {
        facet: tuple(FacetCount(value, count) for value, count in counts.items())
        for facet, counts in facets.items()
    }
    return Results(read_query("x", page=page), total, (HIT,) * hits, counted)


def group(found: Results, facet: str) -> FilterGroup | None:
    return {group.facet: group for group in filter_groups(found, LABELS)}.get(facet)


def shown(found: Results, facet: str) -> list[str]:
    made = group(found, facet)
    return [option.label for option in (*made.options, *made.folded)] if made else []


def test_values_come_by_count_then_in_swedish_order() -> None:
    assert shown(results(topic={"b": 2, "a": 2, "c": 1}), "topic") == ["Äldre", "Öde", "Alla"]


def test_years_come_newest_first() -> None:
    assert shown(results(year={"2019": 9, "2024": 1, "2021": 3}), "year") == [
        "2024",
        "2021",
        "2019",
    ]


def test_values_without_documents_are_not_offered() -> None:
    assert shown(results(topic={"a": 3, "b": 0}), "topic") == ["Äldre"]


def test_a_facet_that_cannot_narrow_is_left_out() -> None:
    assert group(results(total=10, topic={"a": 10}), "topic") is None
    assert group(results(total=10, topic={"a": 9}), "topic") is not None


def test_a_chosen_value_stays_in_the_form_though_nothing_has_it() -> None:
    query = read_query("x", filters={"topic": ("b",)})
    made = group(Results(query, 0, (), {"topic": (FacetCount("a", 1),)}), "topic")
    assert made is not None and made.has_choice
    assert [(o.value, o.count, o.chosen) for o in made.options] == [
        ("a", 1, False),
        ("b", 0, True),
    ]


def test_many_values_are_folded_away_and_none_is_lost() -> None:
    made = group(results(year={str(2000 + n): 1 for n in range(20)}), "year")
    assert made is not None
    assert len(made.options) == VALUES_AT_FIRST
    assert len(made.options) + len(made.folded) == 20


def test_two_values_are_never_folded() -> None:
    made = group(results(year={str(2000 + n): 1 for n in range(VALUES_AT_FIRST + 2)}), "year")
    assert made is not None and made.folded == ()


def test_every_chosen_filter_can_be_taken_away() -> None:
    query = read_query("x", filters={"source": ("bra",), "topic": ("a", "b")}, page=2)
    choices = chosen_filters(query, LABELS)
    assert [(c.facet, c.label) for c in choices] == [
        ("Källa", "Brå"),
        ("Ämne", "Äldre"),
        ("Ämne", "Öde"),
    ]
    assert choices[1].query == read_query("x", filters={"source": ("bra",), "topic": ("b",)})


def test_a_fruitless_question_is_offered_looser_ones() -> None:
    query = read_query('"social grupp" -nyhet', filters={"source": ("bra",)})
    ways = {way.label: way.query for way in ways_out(query)}
    assert ways["Sök utan filter"] == read_query('"social grupp" -nyhet')
    assert ways["Sök utan citattecken"].words == "social grupp"
    assert ways["Sök utan citattecken"].excluded == ("nyhet",)
    assert ways["Sök utan att utesluta något"].phrases == ("social grupp",)
    assert ways["Sök utan att utesluta något"].excluded == ()
    assert ways["Sök bara på social"].filters == {"source": ("bra",)}


def test_a_single_word_has_nothing_looser() -> None:
    assert ways_out(read_query("xyzzy")) == ()


def test_gaps_stand_where_pages_are_left_out() -> None:
    assert paging(results(total=95, page=5)).steps == (1, None, 4, 5, 6, None, 10)
    assert paging(results(total=95, page=1)).steps == (1, 2, None, 10)
    assert paging(results(total=45, page=1)).steps == (1, 2, None, 5)
    assert paging(results(total=35, page=1)).steps == (1, 2, 3, 4)
    assert paging(results(total=3, page=1, hits=3)).steps == (1,)


def test_the_place_in_the_results_is_counted_from_one() -> None:
    place = paging(results(total=34, page=4, hits=4))
    assert (place.first, place.last, place.pages, place.is_beyond) == (31, 34, 4, False)
    assert paging(results(total=34, page=5, hits=0)).is_beyond
    assert not paging(results(total=0, page=5, hits=0)).is_beyond


@given(st.integers(0, 3000), st.integers(1, 999_999))
def test_paging_names_real_pages_in_order_and_never_hides_a_neighbour(
    total: int, page: int
) -> None:
    place = paging(results(total=total, page=page, hits=0))
    numbers = [step for step in place.steps if step is not None]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= place.pages for number in numbers)
    if not place.is_beyond and place.pages:
        assert {1, place.pages, page} <= set(numbers)
