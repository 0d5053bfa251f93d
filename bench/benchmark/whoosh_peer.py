"""Whoosh as it comes: its own codec, its own matchers, its own highlighter.

Queries are built of terms and not parsed. Facets are grouped by columns and hits highlighted from
stored text, as Whoosh's manual has it. It writes no commit through to the disk; here it does, as
its peers do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh import versionstring
from whoosh.analysis import Filter, LowercaseFilter, RegexTokenizer, StopFilter
from whoosh.fields import ID, KEYWORD, NUMERIC, STORED, TEXT, Schema
from whoosh.highlight import ContextFragmenter, HtmlFormatter
from whoosh.index import create_in, open_dir
from whoosh.query import And, Or, Phrase, Query, Term
from whoosh.sorting import FieldFacet

from bench.benchmark.analysis import WORD, stem, stop_words, terms
from bench.benchmark.engine import (
    FACETS,
    SLOW_ENGINES_MOST,
    SNIPPET_CHARACTERS,
    TOP,
    BenchDocument,
    Opened,
    Page,
    PageHit,
    Ranked,
)
from search.files import flush

#: Memory for a writer before it spills to disk, in MB.
WRITER_MB = 256

_TEXTS = ("title", "body")


class _StemFilter(Filter):  # type: ignore[misc]
    """Snowball's stems; Whoosh's own Swedish stemmer is in Python, and slower."""

    def __call__(self, tokens: Iterable[Any]) -> Iterable[Any]:
        for token in tokens:
            token.text = stem(token.text)
            yield token


def _schema() -> Schema:
    # Stop words keep their places: words around one do not stand side by side.
    stopped = StopFilter(stop_words(), minsize=1, maxsize=None, renumber=False)
    analyser = RegexTokenizer(WORD) | LowercaseFilter() | stopped | _StemFilter()
    return Schema(
        number=NUMERIC(stored=True, unique=True, sortable=True),
        id=STORED(),
        title=TEXT(analyzer=analyser, stored=True),
        body=TEXT(analyzer=analyser, stored=True),
        source=ID(sortable=True),
        kind=ID(sortable=True),
        topics=KEYWORD(),
        year=NUMERIC(),
        day=NUMERIC(sortable=True),
    )


def _row(document: BenchDocument) -> dict[str, Any]:
    return {
        "number": document.number,
        "id": document.id,
        "title": document.title,
        "body": document.text,
        "source": document.source,
        "kind": document.kind,
        "topics": " ".join(document.topics),
        "year": document.year,
        "day": document.day,
    }


class WhooshOpened(Opened):
    """An index of Whoosh's, and one searcher."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index = open_dir(str(folder))
        self._searcher = self._index.searcher()

    def rank(self, words: Sequence[str]) -> Ranked:
        """The best ten, and how many there are."""
        return self._ranked(_any(words))

    def page(self, words: Sequence[str]) -> Page:
        """A whole page of results."""
        facets = {name: FieldFacet(name, allow_overlap=name == "topics") for name in FACETS}
        found = self._searcher.search(_any(words), limit=TOP, groupedby=facets)
        found.fragmenter = ContextFragmenter(maxchars=SNIPPET_CHARACTERS)
        found.formatter = HtmlFormatter(tagname="b")
        # Grouped results forget their limit when they are walked.
        hits = [
            PageHit(hit["id"], hit["title"], hit.highlights("body", top=1)) for hit in found[:TOP]
        ]
        return Page(
            count=len(found),
            facets={
                name: {
                    value: len(numbers) for value, numbers in found.groups(name).items() if value
                }
                for name in FACETS
            },
            hits=hits,
        )

    def both(self, words: Sequence[str]) -> Ranked:
        """Those that have every word, each in title or text."""
        return self._ranked(And([_either(term) for term in terms(words)]))

    def phrase(self, words: Sequence[str]) -> Ranked:
        """Those in whose title or text the words stand side by side."""
        stems = [stem(word.lower()) for word in words]
        return self._ranked(Or([Phrase(name, stems) for name in _TEXTS]))

    def filtered(self, words: Sequence[str], kind: str, year: int) -> Ranked:
        """Those of a kind and a year."""
        years = self._index.schema["year"].to_bytes(year)
        narrowed = And([Term("kind", kind), Term("year", years)])
        return self._ranked(_any(words), filter=narrowed)

    def by_date(self, words: Sequence[str]) -> Ranked:
        """The newest ten."""
        return self._ranked(_any(words), sortedby="day", reverse=True)

    def update(self, document: BenchDocument) -> None:
        """Put a document in place of the one with its number."""
        writer = self._index.writer()
        writer.update_document(**_row(document))
        writer.commit()
        self._written()

    def merge(self) -> None:
        """Whoosh calls it optimizing."""
        self._index.writer(limitmb=WRITER_MB).commit(optimize=True)
        self._written()

    def clear_caches(self) -> None:
        """A new searcher, which has nothing in its caches."""
        self._searcher.close()
        self._searcher = self._index.searcher()

    def describe(self) -> Mapping[str, int]:
        """How many segments there are."""
        return {"segments": len(self._searcher.reader().leaf_readers())}

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self._index.close()

    def _ranked(self, query: Query, **how: Any) -> Ranked:
        found = self._searcher.search(query, limit=TOP, **how)
        return Ranked(len(found), [hit["number"] for hit in found])

    def _written(self) -> None:
        _flush_all(self._folder)
        self._searcher.close()
        self._searcher = self._index.searcher()


class Whoosh:
    """What Metodsök's index is made of without a codec of its own."""

    name = "whoosh"
    version = versionstring()
    lacks: frozenset[str] = frozenset()
    most: int | None = SLOW_ENGINES_MOST
    own_formula = False

    def build(self, folder: Path, documents: Iterable[BenchDocument], cores: int) -> None:
        """Write in this process, or in one a core and then as many segments."""
        index = create_in(str(folder), _schema())
        how = {"procs": cores, "multisegment": True} if cores > 1 else {}
        writer = index.writer(limitmb=WRITER_MB, **how)
        for document in documents:
            writer.add_document(**_row(document))
        writer.commit()
        index.close()
        _flush_all(folder)

    def open(self, folder: Path) -> WhooshOpened:
        """Open what ``build`` made."""
        return WhooshOpened(folder)


def _any(words: Sequence[str]) -> Query:
    return Or([Term(name, term) for term in terms(words) for name in _TEXTS])


def _either(term: str) -> Query:
    return Or([Term(name, term) for name in _TEXTS])


def _flush_all(folder: Path) -> None:
    for path in folder.iterdir():
        flush(path)
    flush(folder)


ENGINE = Whoosh()
