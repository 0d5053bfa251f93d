"""From a document to index rows: the Whoosh schema, and a fingerprint that says when to rebuild.

A document is one *front row* (title, kicker, lead, identifiers, everything that is said once)
followed by one row a passage (heading path, text). Rows of a document carry its key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from typing import Any, NamedTuple

from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, STORED, TEXT, Schema

from search.columnar.building.vocabulary import Word
from search.columnar.codec.codec import ColumnarCodec
from search.columnar.layout import Layout
from search.document import Document
from search.passages import LONGEST_BLOCK_WORDS, PASSAGE_WORDS, passages_of
from search.results import Passage, StoredDocument
from search.swedish.analyzer import (
    ANALYSIS_VERSION,
    depends_on_all,
    stem_of,
    tokens,
    words_in,
)
from search.swedish.compounds import SPLITTER_VERSION
from search.swedish.lemmas import LEMMAS_VERSION

#: Change it when rows look different, so that published indexes are rebuilt.
ROW_VERSION = 7

#: Fields that words are looked for in. ``title`` to ``numbers`` are on front rows only.
TEXT_FIELDS = ("title", "about", "lead", "numbers", "headings", "body")


class Front(NamedTuple):
    """What a front row says of its document so that all of them can be gone through quickly.

    ``day`` is the day it was published or changed as a number, 1 where no day is known.
    """

    key: str
    source: str
    year: int | None
    day: int
    work: str
    facets: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, document: Document) -> Front:
        """Those of a document."""
        day = document.published.day or document.changed.day or date.min
        facets = {name: tuple(values) for name, values in document.facets.items()}
        key, source, work = document.key, document.source, document.work
        return cls(key, source, document.year, day.toordinal(), work, facets)


class SwedishAnalyzer(Analyzer):  # type: ignore[misc]
    """Lets Whoosh read text with the product's one analysis, and the codec a word at a time.

    It is ``search.columnar.building.vocabulary.Analysis``.
    """

    joins = True

    def find(self, text: str) -> tuple[list[str], list[int], list[int]]:
        """The words of many texts, and where each begins and ends."""
        return words_in(text)

    def read(self, form: str) -> tuple[str, ...]:
        """A word's stem."""
        return (stem_of(form),)

    def needs_whole(self, text: str) -> bool:
        """Whether capitals, or a § that is not among ASCII's digits, depend on the whole text."""
        return depends_on_all(text)

    def whole(self, text: str) -> Iterator[Word]:
        """The words of one text."""
        for token in tokens(text):
            yield Word(token.word, (token.term,), token.start, token.end)

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
    number = COLUMN(NumericColumn("q"))
    return Schema(key=ID(), number=number, front=STORED(), stored=STORED(), **text)


def codec() -> ColumnarCodec:
    """How rows lie in the index."""
    return ColumnarCodec(Layout(texts=frozenset({"stored"}), sort_keys=frozenset({"number"})))


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
        "about": "\n".join(_about(document, source_label)),
        "lead": document.lead,
        "numbers": "\n".join(identifier.value for identifier in document.identifiers),
        "front": tuple(Front.of(document)),
        "stored": json.dumps({"head": head.to_json(), "file": file}, ensure_ascii=False),
    }
    path: tuple[str, ...] = ()
    for passage in passages_of(document):
        # A heading counts in the first passage under it only: a chapter of ten says it once.
        fresh = passage.heading_path[_shared(path, passage.heading_path) :]
        path = passage.heading_path
        yield {
            "key": document.key,
            "number": passage.number,
            "headings": "\n".join(fresh),
            "body": passage.text,
            "stored": json.dumps(
                [
                    passage.number,
                    passage.text,
                    passage.heading_path,
                    passage.page,
                    passage.page_label,
                ],
                ensure_ascii=False,
            ),
        }


def _about(document: Document, source_label: str) -> Iterator[str]:
    yield from (document.kicker, document.subtitle, source_label)
    yield from (link.text for link in document.links)


def _shared(before: Sequence[str], path: Sequence[str]) -> int:
    """How many headings two paths have in common from the top."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, path, strict=False))))


def stored_passage(stored: str) -> Passage:
    """The passage that a row stores."""
    number, text, path, page, label = json.loads(stored)
    return Passage(number, text, tuple(path), page, label)


def stored_front(stored: str) -> StoredDocument:
    """The document that a front row stores, without its sections and passages."""
    found = json.loads(stored)
    return StoredDocument(Document.from_json(found["head"]), (), found["file"])
