"""Settings are chosen on queries that they are not judged by, and thesauri lack what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.crossvalidation import (
    NEVER_NOTHING,
    RANDOM_SETTINGS,
    Setting,
    group,
    settings_of,
    thesauri,
    weighed,
)
from bench.folds import (
    best,
    chances,
    cross_validate,
    dealt,
    figure,
    held_out,
    optimism,
    set_means,
)
from bench.rankers import Asked, Ranker, measured
from search import ranking, weights
from search.document import Document
from search.judged import JudgedQuery
from search.query import read_query
from search.searcher import Searcher
from search.thesaurus import Head
from tools.ranking_table import WEIGHTS, read_weights

ALL = read_weights(WEIGHTS.read_text(encoding="utf-8"))
ONE_SET = np.zeros(6, np.int64)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=60), st.integers(2, 10), st.integers())
def test_every_fold_has_its_share_of_every_stratum(
    strata: list[str], count: int, seed: int
) -> None:
    fold_of = dealt(strata, count, np.random.default_rng(abs(seed)))
    for wanted in ("a", "b", "c", None):
        here = [f for f, own in zip(fold_of.tolist(), strata, strict=True) if wanted in (own, None)]
        sizes = [Counter(here)[fold] for fold in range(count)]
        assert sum(sizes) == len(here)
        assert max(sizes) - min(sizes) <= 1


@given(st.integers(0, 2**32), st.integers(2, 5))
def test_what_a_fold_is_judged_by_never_chooses_its_setting(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    table, sets = random.random((4, 20)), np.arange(20) % 2
    fold_of = dealt(["s"] * 20, count, random)
    _, chosen = held_out(table, sets, fold_of)
    for fold in range(count):
        other = table.copy()
        other[:, fold_of == fold] = random.random((4, int((fold_of == fold).sum())))
        held, again = held_out(other, sets, fold_of)
        assert again[fold] == chosen[fold]
        judges = fold_of == fold
        assert held[judges].tolist() == other[chosen[fold], judges].tolist()


def test_sets_count_alike_however_many_queries_they_have() -> None:
    table = np.array([[1.0, 1.0, 1.0, 0.0], [0.5, 0.5, 0.5, 1.0]])
    sets = np.array([0, 0, 0, 1])
    assert set_means(table, sets).tolist() == [[1, 0], [0.5, 1]]
    assert best(table, sets) == 1
    assert best(table, ONE_SET[:4]) == 0


def test_of_equal_settings_the_one_in_use_stays() -> None:
    assert best(np.array([[0.1, 0.2, 0.3], [0.3, 0.2, 0.1]]), ONE_SET[:3]) == 0


def test_a_setting_that_is_better_everywhere_is_chosen_always_and_flattered_by_nothing() -> None:
    table = np.array([[0.5] * 6, [0.75] * 6])
    choices = cross_validate(table, ONE_SET, ["s"] * 6, folds=3, repeats=2, seed=1)
    assert choices.share.tolist() == [0, 1]
    assert choices.hindsight == 1
    assert choices.held.tolist() == [0.75] * 6
    assert optimism(table, ONE_SET, choices) == 0


def test_each_query_with_a_setting_of_its_own_is_all_optimism() -> None:
    table = np.vstack([np.full(6, 0.1), np.eye(6)])
    choices = cross_validate(table, ONE_SET, ["s"] * 6, folds=6, repeats=1, seed=1)
    assert choices.hindsight == 1
    assert figure(choices.held, ONE_SET).mean == 0
    assert optimism(table, ONE_SET, choices) == pytest.approx(1 / 6)


def test_noise_owes_its_best_to_having_been_looked_for() -> None:
    table = np.random.default_rng(3).random((100, 60))
    sets = np.zeros(60, np.int64)
    choices = cross_validate(table, sets, ["s"] * 60, folds=10, repeats=5, seed=1)
    assert optimism(table, sets, choices) > 0.05
    assert choices.share.sum() == pytest.approx(1)


def test_the_error_is_that_of_a_mean_of_means() -> None:
    values, sets = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0, 0, 1, 1])
    found = figure(values, sets)
    assert found.mean == 0.5
    assert found.error == pytest.approx((2 * 0.5**2) ** 0.5 / 2)


def test_one_surely_better_setting_is_told_from_the_luckiest_of_many() -> None:
    random = np.random.default_rng(5)
    usual = random.random(80)
    lucky = usual + random.normal(0, 0.1, (50, 80))
    found = chances(np.vstack([usual, lucky, usual + 0.05]), np.zeros(80, np.int64), seed=1)
    assert found[-1] < 0.01
    assert found[0] == 1
    assert found[1:-1].min() > 0.05


def test_the_settings_are_the_same_each_time_and_start_with_the_weights_as_they_are() -> None:
    settings = settings_of(ALL)
    assert settings == settings_of(ALL)
    assert settings[0].values == {}
    assert len({setting.name for setting in settings}) == len(settings)
    assert {w for s in settings if len(s.values) == 1 for w in s.values} == set(ALL)


def test_no_weight_is_nothing_that_must_be_something() -> None:
    for setting in settings_of(ALL):
        for weight, value in setting.values.items():
            assert value or weight.constant not in NEVER_NOTHING


def test_random_settings_halve_and_double_at_the_most() -> None:
    settings = settings_of(ALL)[-RANDOM_SETTINGS:]
    factors = [v / float(w.value) for s in settings for w, v in s.values.items()]
    assert len(factors) == RANDOM_SETTINGS * sum(float(w.value) > 0 for w in ALL)
    assert min(factors) >= 0.5
    assert max(factors) <= 2
    assert np.log(factors).mean() == pytest.approx(0, abs=0.05)


def test_all_weights_of_a_setting_count_and_are_themselves_again_afterwards() -> None:
    stem, title = (
        next(w for w in ALL if w.name == name) for name in ("STEM", "FIELD_WEIGHTS['title']")
    )
    lead = next(w for w in ALL if w.name == "FIELD_WEIGHTS['lead']")
    usual = (weights.STEM, weights.FIELD_WEIGHTS)
    with weighed(Setting("three", {stem: 5.0, title: 6.0, lead: 7.0})):
        assert vars(ranking)["STEM"] == 5
        assert [vars(ranking)["FIELD_WEIGHTS"][f] for f in ("title", "lead", "numbers")] == [
            6,
            7,
            1,
        ]
    assert (vars(ranking)["STEM"], vars(ranking)["FIELD_WEIGHTS"]) == usual


def test_a_ranker_finds_what_the_searcher_finds_in_the_same_order(
    searcher: Callable[..., Searcher], document: Callable[..., Document]
) -> None:
    pages = [
        document(f"gr:{n}", f"Sida {n}", "nattvandring " * (n % 4) + "i kommunen och skolan")
        for n in range(30)
    ]
    whole = searcher(*pages)
    ranker = Ranker(whole)
    for text in ("nattvandring skolan", '"i kommunen" -nattvandring', "sida 7", "finns inte", ""):
        hits = whole.search(read_query(text)).hits
        # Nothing asked lists everything, which is no ranking.
        assert ranker.keys(text) == ([hit.document.key for hit in hits] if text else [])


def test_without_its_head_an_everyday_word_finds_nothing_and_with_it_again(
    searcher: Callable[..., Searcher], document: Callable[..., Document]
) -> None:
    ranker = Ranker(searcher(document("gr:1", "Förskola", "Barn i förskolan.")))
    heads = {"förskola": Head("förskola", 4999, "a test", equivalent=("lekis",))}
    asked = [Asked("one", JudgedQuery("q1", "lekis", {"gr:1": 1}))]
    with ranker.having(heads):
        assert measured({"one": ranker}, asked).tolist() == [[1], [1]]
    with ranker.having({}):
        assert measured({"one": ranker}, asked).tolist() == [[0], [0]]
        with ranker.having(heads):
            assert ranker.keys("lekis") == ["gr:1"]
        assert ranker.keys("lekis") == []


def test_every_head_is_missing_from_one_fifth_and_the_parts_are_what_they_say() -> None:
    numbers = [*range(1, 31), *range(3000, 3020), *range(4000, 4025), *range(6500, 6510)]
    heads = {f"h{n}": Head(f"h{n}", n, "a test") for n in numbers}
    found = thesauri(heads)
    assert found["all"] == heads
    assert not found["none"]
    missing = [heads.keys() - found[f"without fifth {fold}"].keys() for fold in range(1, 6)]
    assert sorted(term for fifth in missing for term in fifth) == sorted(heads)
    for part, size in (("field", 6), ("abbreviations", 6), ("general", 5)):
        assert {sum(group(heads[t]) == part for t in fifth) for fifth in missing} == {size}
    assert {h.id for h in found["field"].values()} == set(range(1, 31))
    assert len(found["field + abbreviations"]) == 60
    assert len(found["field + general"]) == 55


def test_the_kind_of_a_question_is_what_its_set_says() -> None:
    def kind(**metadata: str) -> str:
        return Asked("hard", JudgedQuery("q", "t", {}, metadata)).kind

    assert [kind(kind="syn"), kind(trait="fel, kw"), kind()] == ["syn", "fel", ""]
