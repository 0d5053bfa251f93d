from __future__ import annotations

import pytest

from search.errors import SettingsError
from search.evaluation import evaluate_ranking
from search.judged import JudgedQuery
from search.judged_report import Report

QUERIES = (
    JudgedQuery("1", "medling", {"a": 1}, {"persona": "skola", "kind": "split"}),
    JudgedQuery("2", "vittne", {"b": 1}, {"persona": "skola"}),
)
OURS = evaluate_ranking(lambda text: ["a", "b"], QUERIES)
THEIRS = evaluate_ranking(lambda text: ["a"], QUERIES)


def test_programs_get_means_in_total_and_by_every_metadata_key() -> None:
    said = Report(OURS).to_json()
    assert set(said) == {"queries", "measures", "by_kind", "by_persona"}
    assert said["queries"] == 2
    assert said["measures"]["RR@10"] == 0.75
    assert said["by_persona"] == {"skola": said["measures"]}
    assert said["by_kind"]["split"]["RR@10"] == 1


def test_programs_get_the_baseline_and_how_far_it_is_away() -> None:
    said = Report(OURS, THEIRS, "snowball").to_json()
    assert said["baseline"]["name"] == "snowball"
    assert said["baseline"]["measures"]["RR@10"] == 0.5
    assert said["baseline"]["by_kind"]["split"]["RR@10"] == 1
    apart = said["difference"]["RR@10"]
    assert (apart.mean, apart.low, apart.high) == (0.25, 0, 0.5)


def test_people_get_a_row_for_all_and_one_for_each_value() -> None:
    report = Report(OURS)
    assert report.head() == ("", "queries", "RR@10", "nDCG@10", "R@10", "P@1")
    assert [(row[0], row[1], row[2]) for row in report.rows()] == [
        ("all", "2", "0.750"),
        ("  kind split", "1", "1.000"),
        ("  persona skola", "2", "0.750"),
    ]


def test_people_get_only_the_keys_that_they_ask_for_and_the_baseline_likewise() -> None:
    rows = list(Report(OURS, THEIRS, "snowball").rows(["kind"]))
    assert [(row[0], row[2]) for row in rows] == [
        ("all", "0.750"),
        ("  kind split", "1.000"),
        ("snowball", "0.500"),
        ("  kind split", "1.000"),
        ("difference", "+0.250"),
        ("  95% from", "+0.000"),
        ("  95% to", "+0.500"),
    ]
    assert {len(row) for row in rows} == {6}


def test_a_key_that_no_query_has_is_named_with_those_there_are() -> None:
    Report(OURS).check(["kind", "persona"])
    with pytest.raises(SettingsError, match=r"--by 'trait': no query has it; .* kind, persona"):
        Report(OURS).check(["kind", "trait"])
