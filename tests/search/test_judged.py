from __future__ import annotations

import gzip
import json
from pathlib import Path

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, P, R, nDCG

from search.errors import SettingsError
from search.judged import (
    has_corpus,
    measures,
    ndcg,
    read_corpus,
    read_queries,
    reciprocal_rank,
)

KEYS = [f"d{n}" for n in range(15)]
#: Oracle's name → ours.
ORACLE = {RR @ 10: "RR@10", nDCG @ 10: "nDCG@10", R @ 10: "R@10", P @ 1: "P@1"}


@given(
    ranked=st.lists(st.sampled_from(KEYS), unique=True, max_size=15),
    grades=st.dictionaries(st.sampled_from(KEYS), st.integers(0, 2), min_size=1),
)
def test_the_measures_are_those_of_the_field(ranked: list[str], grades: dict[str, int]) -> None:
    run = {"q": {key: float(len(ranked) - n) for n, key in enumerate(ranked)}} if ranked else {}
    values = dict.fromkeys(ORACLE, 0.0)
    if ranked and any(grades.values()):
        values |= ir_measures.calc_aggregate(list(ORACLE), {"q": grades}, run)
    ours = measures(ranked, grades)
    assert ours == pytest.approx({ORACLE[m]: value for m, value in values.items()})


def test_only_the_first_ten_hits_count() -> None:
    ranked = [*KEYS[:10], "wanted"]
    assert reciprocal_rank(ranked, {"wanted": 2}) == 0
    assert ndcg(ranked, {"wanted": 2}) == 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qrels").mkdir()
    write(tmp_path, queries=[{"_id": "q1", "text": "fråga", "metadata": {"persona": "S"}}])
    grade(tmp_path, "q1\ta\t2", "q1\tb\t0")
    return tmp_path


def write(folder: Path, **files: list[object]) -> None:
    for name, items in files.items():
        lines = (json.dumps(item, ensure_ascii=False) for item in items)
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")


def grade(folder: Path, *rows: str) -> None:
    lines = ("query-id\tcorpus-id\tscore", *rows)
    (folder / "qrels" / "test.tsv").write_text("\n".join(lines), encoding="utf-8")


def test_a_query_has_its_grades_and_what_is_said_of_it(folder: Path) -> None:
    (query,) = read_queries(folder)
    assert (query.text, query.grades, query.metadata) == (
        "fråga",
        {"a": 2, "b": 0},
        {"persona": "S"},
    )


def test_splits_are_read_alone_or_together_and_a_query_is_in_one(folder: Path) -> None:
    both: list[object] = [{"_id": "q1", "text": "ett"}, {"_id": "q2", "text": "två"}]
    write(folder, queries=both)
    dev = folder / "qrels" / "dev.tsv"
    dev.write_text("q2\ta\t1\n", encoding="utf-8")
    assert [query.metadata["split"] for query in read_queries(folder)] == ["test", "dev"]
    assert [query.id for query in read_queries(folder, "dev")] == ["q2"]
    dev.write_text("q1\ta\t1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"test.tsv:2: .q1. is in dev as well"):
        read_queries(folder)


def test_a_query_without_an_answer_is_not_judged(folder: Path) -> None:
    both: list[object] = [{"_id": "q1", "text": "ett"}, {"_id": "q2", "text": "två"}]
    write(folder, queries=both)
    assert [query.id for query in read_queries(folder)] == ["q1"]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (["q1\ta"], "test.tsv:2: query, document and grade"),
        (["q1\ta\thög"], "test.tsv:2: query, document and grade"),
        (["q1\ta\t1", "q9\ta\t1"], "'q9' is graded and not in queries.jsonl"),
        (["q1\ta\t0"], "no query has a grade above 0"),
    ],
)
def test_grades_that_make_no_sense_are_named(folder: Path, rows: list[str], complaint: str) -> None:
    grade(folder, *rows)
    with pytest.raises(SettingsError, match=complaint):
        read_queries(folder)


@pytest.mark.parametrize("line", ["{", "[]", '{"_id": "q1"}', '{"_id": 1, "text": "x"}'])
def test_queries_that_make_no_sense_are_named_by_line(folder: Path, line: str) -> None:
    (folder / "queries.jsonl").write_text("\n" + line, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"queries.jsonl:2: "):
        read_queries(folder)


def test_a_folder_without_queries_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_queries(tmp_path)


def test_a_corpus_may_be_packed_and_is_read_a_paragraph_a_line(folder: Path) -> None:
    assert not has_corpus(folder)
    item = {"_id": "a", "title": "Titel", "text": "Ett stycke.\r\n\r\nEtt  till."}
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(item))
    assert has_corpus(folder)
    (document,) = read_corpus(folder)
    assert (document.key, document.title) == ("a", "Titel")
    assert [block.text for block in document.blocks] == ["Ett stycke.", "Ett till."]
