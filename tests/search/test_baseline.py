from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from search.baseline import Baseline
from search.document import Block, Document, Section
from search.evaluation import evaluate_ranking
from search.judged import DEPTH, read_corpus, read_queries

Make = Callable[..., Document]
BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench"


def test_every_inflection_of_a_word_is_one_stem(document: Make) -> None:
    baseline = Baseline([document("a", "", "Vittnens berättelser."), document("b", "", "Annat.")])
    assert baseline.rank("vittne", 10) == ("a",)


def test_compounds_are_not_split(document: Make) -> None:
    assert Baseline([document("a", "", "Grannstöd.")]).rank("stöd", 10) == ()


def test_common_words_count_as_words_do(document: Make) -> None:
    assert Baseline([document("a", "", "Att vara.")]).rank("att", 10) == ("a",)


def test_all_text_of_a_document_is_one_field(document: Make) -> None:
    section = Section((), 0, (Block("stycke"),))
    whole = document(
        "a", "rubrik", kicker="vinjett", subtitle="underrubrik", lead="ingress", sections=(section,)
    )
    baseline = Baseline([whole])
    for word in ("rubrik", "vinjett", "underrubrik", "ingress", "stycke"):
        assert baseline.rank(word, 10) == ("a",)


def test_points_are_those_of_bm25(document: Make) -> None:
    """The formula worked by hand: d1 has the word once among 2, d2 three times among 8."""
    texts = {"d1": "bil buss", "d2": "bil bil bil tåg tåg tåg tåg tåg"}

    def points(times: int, length: int) -> float:
        rarity = math.log(1 + 0.5 / 2.5)
        return rarity * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * length / 5))

    assert points(3, 8) > points(1, 2)
    baseline = Baseline([document(key, "", text) for key, text in texts.items()])
    assert baseline.rank("bil", 10) == ("d2", "d1")
    found = {key: sum(w[list(n).index(number)] for n, w in [baseline._postings["bil"]])
             for number, key in enumerate(texts)}  # fmt: skip
    assert found == pytest.approx({"d1": points(1, 2), "d2": points(3, 8)})


def test_a_word_asked_twice_counts_twice(document: Make) -> None:
    baseline = Baseline([document("a", "", "bil buss"), document("b", "", "tåg buss")])
    assert baseline.rank("tåg bil bil", 10) == ("a", "b")
    assert baseline.rank("tåg tåg bil", 10) == ("b", "a")


def test_equal_points_leave_the_keys_in_order(document: Make) -> None:
    baseline = Baseline([document(key, "", "lika") for key in ("c", "a", "b")])
    assert baseline.rank("lika", 2) == ("a", "b")


def test_where_a_link_leads_and_soft_hyphens_are_no_text(document: Make) -> None:
    text = "Läs [lagen](https://exempel.invalid/paragraf) om brotts\u00adoffer."
    baseline = Baseline([document("a", "", text)])
    assert baseline.rank("paragraf", 10) == ()
    assert baseline.rank("brottsoffer", 10) == baseline.rank("lagen", 10) == ("a",)


def test_nothing_is_found_in_nothing(document: Make) -> None:
    assert Baseline([]).rank("bil", 10) == ()
    assert Baseline([document("a", "")]).rank("bil", 10) == ()


@pytest.mark.skipif(not BENCH.is_dir(), reason="the shared judged corpora are not on this machine")
def test_the_baseline_stands_still() -> None:
    baseline = Baseline(read_corpus(BENCH / "swequad"))
    for name, expected in (("swequad", 0.773), ("hard", 0.402)):
        queries = read_queries(BENCH / name)
        found = evaluate_ranking(lambda text: baseline.rank(text, DEPTH), queries)
        assert found.total["RR@10"] == pytest.approx(expected, abs=0.001)
