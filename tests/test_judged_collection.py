"""The judged queries of the bundled collection: whole, balanced, and about documents there are."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path

from search.judged import read_queries

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
JUDGED = CORPUS / "judged"
DEV, TEST = read_queries(JUDGED, "dev"), read_queries(JUDGED, "test")
PERSONAS = {"socialtjanst", "skola", "redaktor"}


def test_there_are_a_hundred_and_twenty_queries_each_with_persona_and_trait() -> None:
    lines = (JUDGED / "queries.jsonl").read_text("utf-8").splitlines()
    queries = [json.loads(line) for line in lines]
    assert len({query["_id"] for query in queries}) == len(queries) == 120
    assert len({query["text"].casefold() for query in queries}) == len(queries)
    for query in queries:
        assert query["metadata"]["persona"] in PERSONAS
        assert query["metadata"]["trait"]
        assert query["need"]


def test_both_halves_ask_in_every_role_and_manner() -> None:
    for key in ("persona", "trait"):
        halves = [
            Counter(value for query in half for value in query.metadata[key].split(", "))
            for half in (DEV, TEST)
        ]
        assert halves[0].keys() == halves[1].keys()


def test_grades_name_documents_that_there_are() -> None:
    manifest = tomllib.loads((CORPUS / "documents" / "manifest.toml").read_text("utf-8"))
    keys = {f"exempel:{entry['n']}" for entry in manifest["document"]}
    for query in (*DEV, *TEST):
        assert query.grades.keys() <= keys, query.id
        assert set(query.grades.values()) <= {0, 1, 2}
