from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from search.document import Document
from search.evaluation import evaluate, index_of
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
