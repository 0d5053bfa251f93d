"""The product itself: its own analysis, ranking, facets, snippets and reasons.

It does more than its peers: compounds, synonyms, misspellings, documents from passages, match
reasons. So it is timed on its whole search only, against a peer's page, and its hits are its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from bench.benchmark.engine import SLOW_ENGINES_MOST, TOP, BenchDocument, Opened, Page, PageHit
from search.document import Block, DatedBy, DateGround, Document, Section
from search.evaluation import index_of
from search.query import read_query
from search.results import Fragment
from search.schema import schema_fingerprint
from search.searcher import Searcher
from search.settings import Settings
from search.swedish.lexicon import Lexicon

#: Our facets → the product's.
_FACETS = {"source": "source", "kind": "type", "topics": "topic"}
_VOCABULARY = Settings().vocabulary
_DICTIONARY = Settings().dictionary_path


class ProductOpened(Opened):
    """A searcher of a published index."""

    def __init__(self, folder: Path) -> None:
        self._searcher = Searcher(folder, _VOCABULARY)
        self._searcher.search(read_query(""))  # opens the generation

    def page(self, words: Sequence[str]) -> Page:
        """Everything that a page of results stands on."""
        found = self._searcher.search(read_query(" ".join(words), page_size=TOP))
        facets = {
            ours: {each.value: each.count for each in found.facets.get(theirs, ())}
            for ours, theirs in _FACETS.items()
        }
        hits = [
            PageHit(
                hit.document.key,
                hit.document.title,
                _marked(fragment for each in hit.passages for fragment in each.excerpt),
            )
            for hit in found.hits
        ]
        return Page(found.total, facets, hits)

    def describe(self) -> Mapping[str, int]:
        """How many documents are in it."""
        return {"documents": sum(self._searcher.counts.values())}


class Product:
    """``search.searcher``, on an index of its own."""

    name = "product"
    version = schema_fingerprint()[:12]
    lacks = frozenset({"rank", "and", "phrase", "filtered", "by_date", "update", "index2", "merge"})
    most: int | None = SLOW_ENGINES_MOST
    own_formula = True

    def build(self, folder: Path, documents: Iterable[BenchDocument], cores: int) -> None:
        """Publish the documents as the product does, dictionary and all."""
        index_of(as_documents(documents), folder, Lexicon(_VOCABULARY, _DICTIONARY))

    def open(self, folder: Path) -> ProductOpened:
        """Open what ``build`` made."""
        return ProductOpened(folder)


def as_documents(documents: Iterable[BenchDocument]) -> Iterator[Document]:
    """Documents as the product has them: one paragraph, and the facets under its own names."""
    for each in documents:
        yield Document(
            key=each.id,
            source=each.source,
            title=each.title,
            sections=(Section(blocks=(Block(" ".join(each.text.split())),)),),
            published=DatedBy(date.fromordinal(each.day), DateGround.TIME),
            facets={"type": (each.kind,), "topic": each.topics},
        )


def _marked(fragments: Iterable[Fragment]) -> str:
    return "".join(f"<b>{each.text}</b>" if each.marked else each.text for each in fragments)


ENGINE = Product()
