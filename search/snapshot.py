"""One generation opened for reading: postings, rows and facets, with no Whoosh left to see.

Whoosh's readers keep a file position between calls, so one snapshot answers one thread at a
time; the lock is held only while bytes are read. Damaged files are an IndexUnavailableError.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from search.columns import Columns
from search.document import Variant
from search.errors import IndexUnavailableError
from search.index import Generation, Index
from search.query import FACETS
from search.results import Passage, StoredDocument
from search.schema import TEXT_FIELDS, stored_front, stored_passage, stored_words
from search.swedish.lexicon import KnownWords
from search.words import WordNumbers


class Snapshot:
    """A generation, held open. Documents are numbered from 0 in index order."""

    def __init__(self, index: Index, generation: Generation) -> None:
        self.generation = generation
        self._lock = threading.Lock()
        self._rows_holding: dict[tuple[str, str], frozenset[int]] = {}
        self.documents: list[StoredDocument] = []
        self._rows: list[list[int]] = []
        #: Row of the columns → row of the index, which also numbers what was deleted.
        self._row_numbers: list[int] = []
        with self._reading():
            self._reader = index.open(generation.number).reader()
            words = self._read_rows()
            self.columns = Columns(
                index.words(generation), words, len(self.documents), len(TEXT_FIELDS)
            )
        self.known = KnownWords(index.known_words(generation))
        self.lemmas = index.lemmas(generation)
        self.number_of = {item.document.key: n for n, item in enumerate(self.documents)}
        self._look_up_variants()
        #: The number of each document's work; None where every document is one of its own.
        self.work_of = self._works()
        self.facets = [_facets(item) for item in self.documents]
        self._share_facets()

    def holds(self, term: str, field: str, row: int) -> bool:
        """Whether a term has a posting in a row; remembered, for those who ask of every row."""
        place = (term, field)
        if place not in self._rows_holding:
            with self._reading():
                self._rows_holding[place] = frozenset(self._walk(term, field))
        return row in self._rows_holding[place]

    def rows(self, document: int) -> tuple[int, ...]:
        """The rows of a document: the front row, then its passages in reading order."""
        return tuple(self._rows[document])

    def words(self, row: int) -> tuple[tuple[str, ...], ...]:
        """The words of a row as stored, by field."""
        words = self.columns.words.words
        with self._reading():
            numbers = stored_words(self._reader.stored_fields(row))
        return tuple(tuple(words[number] for number in field) for field in numbers)

    def passage(self, row: int) -> Passage:
        """The passage of a passage row of the index."""
        with self._reading():
            return stored_passage(self._reader.stored_fields(row))

    def passage_at(self, row: int) -> Passage:
        """The passage of a row of the columns."""
        return self.passage(self._row_numbers[row])

    def stored(self, document: int) -> StoredDocument:
        """A document with all its passages."""
        passages = tuple(self.passage(row) for row in self._rows[document][1:])
        return replace(self.documents[document], passages=passages)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Hold the reader. Whoosh raises whatever damaged bytes make it raise."""
        try:
            with self._lock:
                yield
        except IndexUnavailableError:
            raise
        except Exception as error:
            what = f"generation {self.generation.number} is damaged: {error!r}"
            raise IndexUnavailableError(f"{what}; run 'metodsok index --full'") from error

    def _read_rows(self) -> list[tuple[int, tuple[WordNumbers, ...]]]:
        """Read every row that was not deleted; returns each one's document and words."""
        words = []
        for row in self._reader.all_doc_ids():
            stored = self._reader.stored_fields(row)
            if stored["number"] == 0:
                self.documents.append(stored_front(stored))
                self._rows.append([])
            # Whoosh keeps rows in the order they were added, also when it merges segments.
            self._rows[-1].append(row)
            self._row_numbers.append(row)
            words.append((len(self.documents) - 1, stored_words(stored)))
        return words

    def _look_up_variants(self) -> None:
        """Give variants their titles; those not published are known by their addresses only."""
        for number, item in enumerate(self.documents):
            if item.document.variants:
                variants = tuple(map(self._looked_up, item.document.variants))
                document = replace(item.document, variants=variants)
                self.documents[number] = replace(item, document=document)

    def _looked_up(self, variant: Variant) -> Variant:
        number = self.number_of.get(variant.key)
        if number is None:
            return replace(variant, key="")
        return replace(variant, title=self.documents[number].document.title)

    def _works(self) -> list[int] | None:
        """Documents whose main document is not published go together all the same."""
        if not any(item.document.work for item in self.documents):
            return None
        first: dict[str, int] = {}
        works = [item.document.work or item.document.key for item in self.documents]
        return [first.setdefault(work, number) for number, work in enumerate(works)]

    def _share_facets(self) -> None:
        """What is known of a work's main document holds for its variants, before their own."""
        for number, item in enumerate(self.documents):
            main = self.number_of.get(item.document.work, number)
            if main != number:
                self.facets[number] = {**self.facets[number], **self.facets[main]}
                known = {**item.document.facets, **self.documents[main].document.facets}
                shown = replace(item.document, facets=known)
                self.documents[number] = replace(item, document=shown)

    def _walk(self, term: str, field: str) -> Iterator[int]:
        if (field, term) not in self._reader:
            return
        matcher = self._reader.postings(field, term)
        while matcher.is_active():
            yield matcher.id()
            matcher.next()


def _facets(item: StoredDocument) -> Mapping[str, tuple[str, ...]]:
    document = item.document
    values = {**document.facets, "source": (document.source,)}
    if document.year is not None:
        values["year"] = (str(document.year),)
    return {facet: values[facet] for facet in FACETS if values.get(facet)}
