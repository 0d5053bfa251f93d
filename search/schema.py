"""From a document to index rows: the Whoosh schema, and a fingerprint that says when to rebuild.

A document is one *front row* (title, kicker, lead, identifiers, everything that is said once)
followed by one row a passage (heading path, text). Rows of a document carry its key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from typing import Any

import numpy as np
from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken
from whoosh.fields import ID, STORED, TEXT, Schema

from search.document import Document
from search.passages import LONGEST_BLOCK_WORDS, PASSAGE_WORDS, passages_of
from search.results import Passage, StoredDocument
from search.swedish.analyzer import ANALYSIS_VERSION, tokens
from search.swedish.compounds import SPLITTER_VERSION
from search.swedish.lemmas import LEMMAS_VERSION
from search.words import WordNumbers, Words

#: Change it when rows look different, so that published indexes are rebuilt.
ROW_VERSION = 3

#: Fields that words are looked for in. ``title`` to ``numbers`` are on front rows only.
TEXT_FIELDS = ("title", "about", "lead", "numbers", "headings", "body")


class SwedishAnalyzer(Analyzer):  # type: ignore[misc]
    """Lets Whoosh read text with the product's one analysis."""

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[WhooshToken]:
        """Yield one reused Whoosh token a term, as its writer expects."""
        token = WhooshToken(positions, chars, mode=mode, **kwargs)
        for position, found in enumerate(tokens(value), start=start_pos):
            token.text = found.term
            token.boost = 1.0
            token.stopped = False
            if positions:
                token.pos = position
            if chars:
                token.startchar = start_char + found.start
                token.endchar = start_char + found.end
            yield token


def schema() -> Schema:
    """The index schema. Always pass it to Whoosh, which would else unpickle its own copy."""
    text = {name: TEXT(analyzer=SwedishAnalyzer(), phrase=True) for name in TEXT_FIELDS}
    return Schema(key=ID(), number=STORED(), stored=STORED(), words=STORED(), **text)


def schema_fingerprint() -> str:
    """Changes whenever the same document would give other rows, other terms or other lemmas."""
    parts = (
        ROW_VERSION,
        ANALYSIS_VERSION,
        SPLITTER_VERSION,
        LEMMAS_VERSION,
        PASSAGE_WORDS,
        LONGEST_BLOCK_WORDS,
        TEXT_FIELDS,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def rows(document: Document, source_label: str, file: str) -> Iterator[dict[str, Any]]:
    """The rows of a document, front row first. ``source_label`` is searchable ("GR")."""
    head = replace(document, sections=())
    yield {
        "key": document.key,
        "number": 0,
        "title": document.title,
        "about": "\n".join(
            (
                document.kicker,
                document.subtitle,
                source_label,
                *(link.text for link in document.links),
            )
        ),
        "lead": document.lead,
        "numbers": "\n".join(identifier.value for identifier in document.identifiers),
        "stored": json.dumps({"head": head.to_json(), "file": file}, ensure_ascii=False),
    }
    for passage in passages_of(document):
        yield {
            "key": document.key,
            "number": passage.number,
            "headings": "\n".join(passage.heading_path),
            "body": passage.text,
            "stored": json.dumps(
                [passage.text, passage.heading_path, passage.page, passage.page_label],
                ensure_ascii=False,
            ),
        }


def with_words(made: Iterable[dict[str, Any]], words: Words) -> Iterator[dict[str, Any]]:
    """Rows of one document with the numbers of their words, which are added to ``words``.

    A heading counts in the first passage under it only: a chapter of ten passages says its
    heading once.
    """
    path: list[str] = []
    for row in made:
        texts = dict(row)
        if "headings" in row:
            before, path = path, row["headings"].split("\n")
            texts["headings"] = "\n".join(path[_shared(before, path) :])
        numbers = [words.numbers_of(texts.get(name, "")) for name in TEXT_FIELDS]
        yield {**row, "words": tuple(array.tobytes() for array in numbers)}


def _shared(before: list[str], path: list[str]) -> int:
    """How many headings two paths have in common from the top."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, path, strict=False))))


def stored_words(row: dict[str, Any]) -> tuple[WordNumbers, ...]:
    """The word numbers of a row, by field in the order of TEXT_FIELDS."""
    return tuple(np.frombuffer(data, np.int32) for data in row["words"])


def stored_passage(row: dict[str, Any]) -> Passage:
    """The passage a row was made from."""
    text, path, page, label = json.loads(row["stored"])
    return Passage(row["number"], text, tuple(path), page, label)


def stored_front(row: dict[str, Any]) -> StoredDocument:
    """The document a front row was made from, without its sections and passages."""
    stored = json.loads(row["stored"])
    return StoredDocument(Document.from_json(stored["head"]), (), stored["file"])
