"""Ours: Whoosh with its codec replaced by columns, asked through its planner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any as Anything

from whoosh.analysis import Analyzer
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, KEYWORD, TEXT, Schema
from whoosh.index import create_in, open_dir

from bench.benchmark.analysis import WORD, stem, stop_words, terms
from bench.benchmark.engine import (
    FACETS,
    TOP,
    BenchDocument,
    Opened,
    Page,
    PageHit,
    Ranked,
)
from search.columnar.building.vocabulary import Word
from search.columnar.codec.codec import ColumnarCodec
from search.columnar.codec.parallel import ParallelWriter
from search.columnar.codec.writer import ColumnarWriter
from search.columnar.kernel import Cut
from search.columnar.layout import Layout
from search.columnar.planning.excerpts import Excerpter
from search.columnar.planning.filters import made_filter
from search.columnar.planning.nodes import All, Any, Node, Phrase, Term, Words
from search.columnar.planning.planner import Found, search
from search.columnar.planning.snapshot import Snapshot
from search.columnar.reading.segment import FORMAT

_TEXTS = ("title", "body")
_LAYOUT = Layout(
    texts=frozenset({"body"}),
    facets=frozenset(FACETS),
    sort_keys=frozenset({"number", "day"}),
)
#: Words of a snippet, and of those the ones before the first that was asked for.
_WIDTH, _LEAD = 20, 6


class PlainAnalyser(Analyzer):  # type: ignore[misc]
    """The analysis that all engines have, a distinct token at a time. Stop words keep places."""

    joins = False

    def find(self, text: str) -> tuple[list[str], list[int], list[int]]:
        """Words as they stand."""
        found = [match.span() for match in WORD.finditer(text)]
        words = [text[first:end] for first, end in found]
        return words, [first for first, _ in found], [end for _, end in found]

    def read(self, form: str) -> tuple[str, ...]:
        """A word's stem, unless it is a stop word."""
        word = form.lower()
        return () if word in stop_words() else (stem(word),)

    def needs_whole(self, text: str) -> bool:
        """No word depends on its text."""
        return False

    def whole(self, text: str) -> Iterable[Word]:
        """No text is read so."""
        raise NotImplementedError


def _schema() -> Schema:
    column = COLUMN(NumericColumn("q"))
    return Schema(
        id=ID(stored=True, unique=True),
        title=TEXT(analyzer=PlainAnalyser(), stored=True),
        body=TEXT(analyzer=PlainAnalyser(), stored=True),
        source=ID(),
        kind=ID(),
        topics=KEYWORD(),
        year=ID(),
        number=column,
        day=column,
    )


def _row(document: BenchDocument) -> dict[str, Anything]:
    return {
        "id": document.id,
        "title": document.title,
        "body": document.text,
        "source": document.source,
        "kind": document.kind,
        "topics": " ".join(document.topics),
        "year": str(document.year),
        "number": document.number,
        "day": document.day,
    }


class ColumnarOpened(Opened):
    """A snapshot, and the next one after each change."""

    def __init__(self, folder: Path) -> None:
        self._index = open_dir(str(folder))
        self._snapshot = Snapshot.of(self._index)
        self._stems: dict[str, bytes | None] = {}

    def rank(self, words: Sequence[str]) -> Ranked:
        """The best ten, and how many there are."""
        return self._ranked(search(self._snapshot, _any(words), TOP))

    def page(self, words: Sequence[str]) -> Page:
        """A whole page of results."""
        found = search(self._snapshot, _any(words), TOP, facets=FACETS)
        asked = [term.encode() for term in terms(words)]
        excerpter = Excerpter(self._snapshot, "body", asked, _WIDTH, _LEAD)
        facets = {
            name: {value.decode(): count for value, count in counts.items()}
            for name, counts in found.facets.items()
        }
        hits = []
        for document, cut in zip(found.documents, excerpter.cut(found.documents), strict=True):
            fields = self._snapshot.stored(document)
            hits.append(PageHit(fields["id"], fields["title"], _marked(cut)))
        return Page(found.count, facets, hits)

    def both(self, words: Sequence[str]) -> Ranked:
        """Those that have every word, each in title or text."""
        node = All(tuple([Words(_TEXTS, (term.encode(),)) for term in terms(words)]))
        return self._ranked(search(self._snapshot, node, TOP))

    def phrase(self, words: Sequence[str]) -> Ranked:
        """Those in whose title or text the words stand side by side."""
        places = tuple((stem(word.lower()).encode(),) for word in words)
        node = Any(tuple(Phrase(name, places) for name in _TEXTS))
        return self._ranked(search(self._snapshot, node, TOP))

    def filtered(self, words: Sequence[str], kind: str, year: int) -> Ranked:
        """Those of a kind and a year."""
        narrowed = All((Term("kind", kind.encode()), Term("year", str(year).encode())))
        within = made_filter(self._snapshot, narrowed)
        return self._ranked(search(self._snapshot, _any(words), TOP, within=within))

    def by_date(self, words: Sequence[str]) -> Ranked:
        """The newest ten."""
        return self._ranked(search(self._snapshot, _any(words), TOP, sort_key="day"))

    def update(self, document: BenchDocument) -> None:
        """Put a document in place of the one with its number; a commit is on disk."""
        writer = ColumnarWriter(self._index, ColumnarCodec(_LAYOUT))
        writer.update_document(**_row(document))
        writer.commit()
        self._snapshot = Snapshot.of(self._index)

    def merge(self) -> None:
        """Whoosh calls it optimizing."""
        ColumnarWriter(self._index, ColumnarCodec(_LAYOUT)).commit(optimize=True)
        self._snapshot = Snapshot.of(self._index)

    def clear_caches(self) -> None:
        """Forget terms and filters."""
        self._snapshot.forget()

    def describe(self) -> Mapping[str, int]:
        """How many segments there are."""
        return {"segments": len(self._snapshot.parts)}

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def _ranked(self, found: Found) -> Ranked:
        return Ranked(found.count, self._snapshot.keys(found.documents, "number"))


class Columnar:
    """``search.columnar``."""

    name = "columnar"
    version = f"format-{FORMAT}"
    lacks: frozenset[str] = frozenset()
    most: int | None = None
    own_formula = False

    def build(self, folder: Path, documents: Iterable[BenchDocument], cores: int) -> None:
        """Write in this process, or in one a core and then as many segments."""
        index, codec = create_in(str(folder), _schema()), ColumnarCodec(_LAYOUT)
        if cores > 1:
            writer: ColumnarWriter = ParallelWriter(index, codec, cores)
        else:
            writer = ColumnarWriter(index, codec)
        for document in documents:
            writer.add_document(**_row(document))
        writer.commit()
        index.close()

    def open(self, folder: Path) -> ColumnarOpened:
        """Open what ``build`` made."""
        return ColumnarOpened(folder)


def _any(words: Sequence[str]) -> Node:
    return Words(_TEXTS, tuple([term.encode() for term in terms(words)]))


def _marked(cut: Cut) -> str:
    """An excerpt with what was asked for marked."""
    text, at, made = cut.text, 0, []
    for first, end in cut.spans:
        made += [text[at:first], b"<b>", text[first:end], b"</b>"]
        at = end
    return b"".join((*made, text[at:])).decode()


ENGINE = Columnar()
