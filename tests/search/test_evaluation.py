from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from search.document import Document
from search.evaluation import Evaluation, differences, evaluate, evaluate_ranking, index_of
from search.judged import JudgedQuery
from search.searcher import Searcher

Make = Callable[..., Document]


def test_an_answer_is_what_the_searcher_finds(
    tmp_path: Path, vocabulary: Path, document: Make
) -> None:
    documents = [document("a", "Medling", "Om medling."), document("b", "Vittne", "Om vittnen.")]
    searcher = Searcher(index_of(documents, tmp_path / "index").path, vocabulary)
    queries = (
        JudgedQuery("1", "medling", {"a": 2}, {"persona": "S", "trait": "kw, böj"}),
        JudgedQuery("2", "vittnen", {"a": 1}, {"persona": "K", "trait": "kw"}),
    )
    found = evaluate(searcher, queries)
    assert [answer.ranked for answer in found.answers] == [("a",), ("b",)]
    assert found.total["RR@10"] == 0.5
    assert found.keys == ("persona", "trait")
    assert {value: means["P@1"] for value, means in found.by("persona").items()} == {"K": 0, "S": 1}
    assert {value: means["P@1"] for value, means in found.by("trait").items()} == {
        "böj": 1,
        "kw": 0.5,
    }
    assert (found.count("trait", "kw"), found.count("trait", "böj")) == (2, 1)


def ranking(*found: bool) -> Evaluation:
    """The evaluation of a ranking that answers these queries, or does not."""
    queries = [JudgedQuery(str(n), str(n), {"a": 1}) for n in range(len(found))]
    return evaluate_ranking(lambda text: ["a"] if found[int(text)] else ["b"], queries)


def test_any_ranking_can_be_asked() -> None:
    told: list[tuple[int, int, str]] = []
    query = JudgedQuery("1", "medling", {"b": 1})
    found = evaluate_ranking(lambda text: ["a", "b"], [query], lambda *step: told.append(step))
    assert [answer.ranked for answer in found.answers] == [("a", "b")]
    assert (found.total["RR@10"], found.total["P@1"]) == (0.5, 0)
    assert told == [(0, 1, "medling")]


def test_equal_rankings_are_surely_equal() -> None:
    for apart in differences(ranking(True, False), ranking(True, False)).values():
        assert (apart.mean, apart.low, apart.high) == (0, 0, 0)


def test_a_difference_is_per_query_and_the_first_less_the_second() -> None:
    apart = differences(ranking(True, True, False, True), ranking(True, False, False, False))
    assert apart["RR@10"].mean == 0.5
    assert differences(ranking(False), ranking(True))["P@1"].mean == -1


def test_an_interval_is_that_of_the_normal_approximation_where_queries_are_many() -> None:
    """Of 400 queries 60 are won and 20 lost: mean .1, standard error √(.2 - .01) / 20."""
    ours = ranking(*[True] * 60, *[False] * 340)
    theirs = ranking(*[False] * 60, *[True] * 20, *[False] * 320)
    apart = differences(ours, theirs)["RR@10"]
    error = 1.96 * (0.2 - 0.01) ** 0.5 / 20
    assert apart.mean == pytest.approx(0.1)
    assert (apart.low, apart.high) == pytest.approx((0.1 - error, 0.1 + error), abs=0.003)


def test_the_same_answers_give_the_same_interval() -> None:
    ours, theirs = ranking(True, True, False), ranking(True, False, False)
    assert differences(ours, theirs) == differences(ours, theirs)


def test_rankings_of_other_queries_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        differences(ranking(True), ranking(True, True))
