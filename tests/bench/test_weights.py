"""What each weight moves is measured by changing it where it is used, and putting it back."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

import pytest

from bench.weights import INSTEAD_OF_NOTHING, Move, Moved, moved, say, tried, weighing
from search.document import Document
from search.evaluation import evaluate
from search.judged import JudgedQuery
from search.searcher import Searcher
from tools.ranking_table import WEIGHTS, Weight, read_weights

ALL = read_weights(WEIGHTS.read_text(encoding="utf-8"))
STEM = next(weight for weight in ALL if weight.name == "STEM")
TITLE = next(weight for weight in ALL if weight.name == "FIELD_WEIGHTS['title']")


#: The weights themselves, and the peer that has its own K1 and B.
NO_TAKERS = ("search.weights", "search.baseline")


def values(constant: str) -> list[object]:
    """What every module that uses a weight has under its name."""
    return [
        vars(module)[constant]
        for name, module in sys.modules.items()
        if name.startswith("search.") and name not in NO_TAKERS and constant in vars(module)
    ]


@pytest.mark.parametrize("constant", sorted({weight.constant for weight in ALL}))
def test_every_weight_is_used(constant: str) -> None:
    assert values(constant)


@pytest.mark.parametrize("weight", ALL, ids=lambda weight: weight.name)
def test_a_weight_is_another_while_it_is_tried_and_itself_again_afterwards(weight: Weight) -> None:
    usual = values(weight.constant)
    with weighing(weight, 7):
        for value in values(weight.constant):
            assert (value[weight.key] if isinstance(value, dict) else value) == 7
    assert values(weight.constant) == usual


def test_only_one_value_of_a_mapping_is_another() -> None:
    usual = values("FIELD_WEIGHTS")
    assert usual
    with weighing(TITLE, 7):
        others = values("FIELD_WEIGHTS")
    for mapping, other in zip(usual, others, strict=True):
        assert isinstance(mapping, dict)
        assert isinstance(other, dict)
        assert other["title"] == 7
        assert {**other, "title": mapping["title"]} == mapping


def test_a_weight_is_tried_at_nothing_and_at_the_double() -> None:
    assert tried(Weight("PAIR", None, "0.8", "")) == (0, 1.6)
    assert tried(Weight("FIELD_WEIGHTS", "body", "0.0", "")) == (INSTEAD_OF_NOTHING,)
    assert 0 < tried(Weight("K1", None, "0.7", ""))[0] < 0.1


def test_the_query_that_loses_its_answer_is_named(
    searcher: Callable[..., Searcher], document: Callable[..., Document]
) -> None:
    titled = document("gr:1", "Nattvandring", "Vuxna går ute på kvällen.")
    told = document("gr:2", "Annat", "Nattvandring nattvandring nattvandring hjälper.")
    query = JudgedQuery("q1", "nattvandring", {"gr:1": 1})
    usual = evaluate(searcher(titled, told), [query])
    assert usual.answers[0].measures["nDCG@10"] == 1
    found = moved(searcher(titled, told), usual, TITLE)
    lost = 1 / math.log2(3) - 1
    assert found.queries == [Move(query, 0, lost)]
    assert found.means[0] == pytest.approx(lost)
    double = 2 * float(TITLE.value)
    assert say(found) == (f"−.369 at 0, 0 at {double:g}", "`q1` *nattvandring* −.37 at 0")


def test_a_weight_that_moves_nothing_says_so() -> None:
    assert say(Moved({0: 0.0, 2: 0.0004}, ())) == ("0 at 0, 0 at 2", "none of them")
