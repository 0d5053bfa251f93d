"""Judged queries: questions, the documents that answer them, and what a ranking is worth.

Reads a folder in BEIR layout and computes the field's measures, each a pure function. Knows no
index: ``evaluation`` asks the questions.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from search.document import Block, Document, Section
from search.errors import SettingsError

QUERIES = "queries.jsonl"
#: One file of grades a split: ``dev.tsv`` to tune on, ``test.tsv`` to judge by.
QRELS = "qrels"
CORPUS = "corpus.jsonl"

#: What documents of a judged corpus are called: they have no source of their own.
SOURCE = "judged"

#: How many hits a person looks at; the cut of every measure that has one.
DEPTH = 10


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A question and its grades: document key → 1 (worth reading) or 2 (answers).

    ``metadata`` says what kind of question it is (``persona``, ``trait``, ``kind``).
    """

    id: str
    text: str
    grades: Mapping[str, int]
    metadata: Mapping[str, str] = field(default_factory=dict)


def read_queries(folder: Path, split: str = "") -> tuple[JudgedQuery, ...]:
    """The queries that have grades, in the order of the file; of one split or of all.

    Where there are several splits, ``metadata`` names each query's. Raises SettingsError naming
    file and line for what is not BEIR layout, for a grade of a query that is not there or that
    stands in two splits, and when no query has a grade above 0.
    """
    paths = sorted((folder / QRELS).glob("*.tsv"))
    if split or not paths:
        paths = [folder / QRELS / f"{split or 'test'}.tsv"]
    grades: dict[str, dict[str, int]] = {}
    split_of: dict[str, str] = {}
    for path in paths:
        for number, line in _lines(path):
            if number == 1 and line.startswith("query-id"):
                continue
            query, document, grade = _row(path, number, line)
            if split_of.setdefault(query, path.stem) != path.stem:
                raise SettingsError(f"{path}:{number}: {query!r} is in {split_of[query]} as well")
            grades.setdefault(query, {})[document] = grade
    queries = []
    for number, item in _objects(folder / QUERIES):
        name = _text(folder / QUERIES, number, item, "_id")
        found = grades.pop(name, {})
        if any(found.values()):
            text = _text(folder / QUERIES, number, item, "text")
            metadata = {str(k): str(v) for k, v in item.get("metadata", {}).items()}
            if len(paths) > 1:
                metadata["split"] = split_of[name]
            queries.append(JudgedQuery(name, text, found, metadata))
    if grades:
        query = next(iter(grades))
        path = folder / QRELS / f"{split_of[query]}.tsv"
        raise SettingsError(f"{path}: {query!r} is graded and not in {QUERIES}")
    if not queries:
        raise SettingsError(f"{paths[0]}: no query has a grade above 0")
    return tuple(queries)


def has_corpus(folder: Path) -> bool:
    """Whether a folder brings its own documents, packed or not."""
    return any((folder / name).is_file() for name in (CORPUS, f"{CORPUS}.gz"))


def read_corpus(folder: Path) -> Iterator[Document]:
    """The documents of ``corpus.jsonl`` as they stand, a paragraph a line.

    Raises SettingsError naming file and line for what is not BEIR layout.
    """
    path = folder / CORPUS
    for number, item in _objects(path):
        text = str(item.get("text", ""))
        blocks = tuple(Block(" ".join(p.split())) for p in text.splitlines() if p.strip())
        title = str(item.get("title", ""))
        key = _text(path, number, item, "_id")
        yield Document(key=key, source=SOURCE, title=title, sections=(Section(blocks=blocks),))


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """One over the place of the first document worth reading; 0 when none is among ``depth``.

    >>> reciprocal_rank(["a", "b"], {"b": 1})
    0.5
    """
    places = (n for n, key in enumerate(ranked[:depth], start=1) if grades.get(key, 0) > 0)
    return 1 / next(places, math.inf)


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain, the grade as gain (Järvelin & Kekäläinen 2002).

    >>> ndcg(["a"], {"a": 2}), ndcg(["b"], {"a": 2})
    (1.0, 0.0)
    """
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    found = _gain([grades.get(key, 0) for key in ranked[:depth]])
    return found / ideal if ideal else 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """The share of the documents worth reading that is among the first ``depth``."""
    wanted = {key for key, grade in grades.items() if grade > 0}
    return len(wanted & set(ranked[:depth])) / len(wanted) if wanted else 0.0


def first_is_relevant(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 when the first document is worth reading, else 0."""
    return float(bool(ranked) and grades.get(ranked[0], 0) > 0)


def measures(ranked: Sequence[str], grades: Mapping[str, int]) -> Mapping[str, float]:
    """Every measure of one ranking under the name that the field gives it."""
    return {
        f"RR@{DEPTH}": reciprocal_rank(ranked, grades),
        f"nDCG@{DEPTH}": ndcg(ranked, grades),
        f"R@{DEPTH}": recall(ranked, grades),
        "P@1": first_is_relevant(ranked, grades),
    }


def _gain(grades: Sequence[int]) -> float:
    return math.fsum(grade / math.log2(place + 1) for place, grade in enumerate(grades, start=1))


def _row(path: Path, number: int, line: str) -> tuple[str, str, int]:
    parts = line.split("\t")
    if len(parts) != 3 or not parts[2].strip().isdigit():
        raise SettingsError(f"{path}:{number}: query, document and grade are expected, by tabs")
    return parts[0], parts[1], int(parts[2])


def _objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in _lines(path):
        try:
            item = json.loads(line)
        except ValueError as error:
            raise SettingsError(f"{path}:{number}: not JSON: {error}") from error
        if not isinstance(item, dict):
            raise SettingsError(f"{path}:{number}: an object is expected")
        yield number, item


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with _open(path) as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error


def _open(path: Path) -> TextIO:
    packed = path.with_name(path.name + ".gz")
    if packed.is_file() and not path.is_file():
        return gzip.open(packed, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _text(path: Path, number: int, item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise SettingsError(f"{path}:{number}: {key}: a text is expected, not {value!r}")
    return value
