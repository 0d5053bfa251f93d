"""tantivy, by its Python package, in the fastest way that offers.

Queries are built of terms, which takes a third of the time of its query parser. A page is two
passes, one for ranking and count and one for all facets: the package has no collector for both.
Documents are numbered in a fast field, so that a ranking reads no stored document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import tantivy
from tantivy import Document, Filter, Index, Occur, Query, SchemaBuilder, Tokenizer

from bench.benchmark.analysis import stop_words
from bench.benchmark.engine import (
    FACETS,
    SNIPPET_CHARACTERS,
    TOP,
    BenchDocument,
    Opened,
    Page,
    PageHit,
    Ranked,
)

#: Memory for a writer before it writes a segment, in bytes.
HEAP = 256_000_000

_TEXTS = ("title", "body")
_ANALYSER = "plain"
#: More values than any facet has.
_MOST_VALUES = 100
_COUNTS = {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in FACETS}


def _analyser() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.lowercase())
        .filter(Filter.custom_stopword(sorted(stop_words())))
        .filter(Filter.stemmer("swedish"))
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = SchemaBuilder()
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in _TEXTS:
        builder.add_text_field(name, stored=True, tokenizer_name=_ANALYSER, index_option="position")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("year", indexed=True, fast=True)
    builder.add_unsigned_field("day", fast=True)
    return builder.build()


def _as_document(document: BenchDocument) -> Document:
    made = Document()
    # A number given without its type becomes a signed one, and kills the writer.
    made.add_unsigned("number", document.number)
    made.add_text("id", document.id)
    made.add_text("title", document.title)
    made.add_text("body", document.text)
    made.add_text("source", document.source)
    made.add_text("kind", document.kind)
    for topic in document.topics:
        made.add_text("topics", topic)
    made.add_unsigned("year", document.year)
    made.add_unsigned("day", document.day)
    return made


class TantivyOpened(Opened):
    """An index of tantivy's, and a writer once there is something to write."""

    def __init__(self, folder: Path) -> None:
        self._index = Index.open(str(folder))
        self._analyser = _analyser()
        self._index.register_tokenizer(_ANALYSER, self._analyser)
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._writer: tantivy.IndexWriter | None = None

    def rank(self, words: Sequence[str]) -> Ranked:
        """The best ten, and how many there are."""
        return self._ranked(self._any(words))

    def page(self, words: Sequence[str]) -> Page:
        """A whole page of results."""
        query = self._any(words)
        searcher = self._searcher
        found = searcher.search(query, TOP, count=True)
        counted = searcher.aggregate(query, _COUNTS)
        marker = tantivy.SnippetGenerator.create(searcher, query, self._schema, "body")
        marker.set_max_num_chars(SNIPPET_CHARACTERS)
        hits = []
        for _, address in found.hits:
            document = searcher.doc(address)
            shown = marker.snippet_from_doc(document).to_html()
            hits.append(PageHit(_text(document, "id"), _text(document, "title"), shown))
        facets = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in counted[name]["buckets"]}
            for name in FACETS
        }
        return Page(_count(found), facets, hits)

    def both(self, words: Sequence[str]) -> Ranked:
        """Those that have every word, each in title or text."""
        each = [self._either(term) for term in self._terms(words)]
        return self._ranked(Query.boolean_query([(Occur.Must, query) for query in each]))

    def phrase(self, words: Sequence[str]) -> Ranked:
        """Those in whose title or text the words stand side by side."""
        stems: list[str | tuple[int, str]] = [*self._analyser.analyze(" ".join(words))]
        phrases = [Query.phrase_query(self._schema, name, stems) for name in _TEXTS]
        return self._ranked(Query.boolean_query([(Occur.Should, each) for each in phrases]))

    def filtered(self, words: Sequence[str], kind: str, year: int) -> Ranked:
        """Those of a kind and a year."""
        narrowed = [self._exactly("kind", kind), self._exactly("year", year)]
        every = [self._any(words), *(Query.const_score_query(each, 0.0) for each in narrowed)]
        return self._ranked(Query.boolean_query([(Occur.Must, query) for query in every]))

    def by_date(self, words: Sequence[str]) -> Ranked:
        """The newest ten."""
        return self._ranked(self._any(words), order_by="day")

    def update(self, document: BenchDocument) -> None:
        """Put a document in place of the one with its number; a commit is on disk."""
        if self._writer is None:
            self._writer = self._index.writer(HEAP, num_threads=1)
        # By name: a number given here is taken for a signed one, and deletes nothing.
        self._writer.delete_documents_by_term("id", document.id)
        self._writer.add_document(_as_document(document))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def clear_caches(self) -> None:
        """A new searcher: nothing else is kept between questions."""
        self._searcher = self._index.searcher()

    def describe(self) -> Mapping[str, int]:
        """How many segments there are."""
        return {"segments": self._searcher.num_segments}

    def close(self) -> None:
        """Wait for what merges on its own."""
        if self._writer is not None:
            self._writer.wait_merging_threads()

    def _ranked(self, query: Query, order_by: str | None = None) -> Ranked:
        found = self._searcher.search(query, TOP, count=True, order_by_field=order_by)
        addresses = [address for _, address in found.hits]
        numbers = self._searcher.fast_field_values("number", addresses)
        return Ranked(_count(found), [int(number) for number in numbers if number is not None])

    def _any(self, words: Sequence[str]) -> Query:
        return Query.boolean_query(
            [
                (Occur.Should, self._exactly(name, term))
                for term in self._terms(words)
                for name in _TEXTS
            ]
        )

    def _either(self, term: str) -> Query:
        return Query.boolean_query([(Occur.Should, self._exactly(n, term)) for n in _TEXTS])

    def _exactly(self, name: str, value: str | int) -> Query:
        return Query.term_query(self._schema, name, value)

    def _terms(self, words: Sequence[str]) -> Sequence[str]:
        return list(dict.fromkeys(self._analyser.analyze(" ".join(words))))


class Tantivy:
    """The peer that is to be beaten."""

    name = "tantivy"
    version = str(tantivy.__version__)  # type: ignore[attr-defined]
    lacks = frozenset({"merge"})
    most: int | None = None
    own_formula = False

    def build(self, folder: Path, documents: Iterable[BenchDocument], cores: int) -> None:
        """Write with a thread a core, and wait for the merges that it finds right."""
        index = Index(_schema(), path=str(folder))
        index.register_tokenizer(_ANALYSER, _analyser())
        writer = index.writer(HEAP * cores, num_threads=cores)
        for document in documents:
            writer.add_document(_as_document(document))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> TantivyOpened:
        """Open what ``build`` made."""
        return TantivyOpened(folder)


def _count(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]


def _text(document: Document, name: str) -> str:
    return str(document.get_first(name))


ENGINE = Tantivy()
