"""One generation opened for reading: postings, rows and facets, with no Whoosh left to see.

Whoosh's readers keep a file position between calls, so one snapshot answers one thread at a
time; the lock is held only while bytes are read. Damaged files are an IndexUnavailableError.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from search.errors import IndexUnavailableError
from search.index import Generation, Index
from search.query import FACETS
from search.ranking import Posting, Statistics
from search.results import Passage, StoredDocument
from search.schema import TEXT_FIELDS, stored_front, stored_passage


class Snapshot:
    """A generation, held open. Documents are numbered from 0 in index order."""

    def __init__(self, index: Index, generation: Generation) -> None:
        self.generation = generation
        self._lock = threading.Lock()
        self._rows_holding: dict[tuple[str, str], frozenset[int]] = {}
        self.documents: list[StoredDocument] = []
        self._rows: list[list[int]] = []
        with self._reading():
            self._reader = index.open(generation.number).reader()
            #: Row → document; -1 for rows that were deleted.
            self.document_of = [-1] * self._reader.doc_count_all()
            self._read_rows()
            self.statistics = Statistics(len(self.documents), self._average_lengths())
        self.number_of = {item.document.key: n for n, item in enumerate(self.documents)}
        self.facets = [_facets(item) for item in self.documents]

    def postings(self, term: str, field: str) -> list[Posting]:
        """A term's postings in a field, in row order, deleted rows left out."""
        with self._reading():
            return [
                Posting(row, frequency, self._reader.doc_field_length(row, field, 1))
                for row, frequency, _ in self._walk(term, field, positions=False)
            ]

    def positions(self, term: str, field: str) -> dict[int, tuple[int, ...]]:
        """Where a term stands in a field: row → positions in ascending order."""
        with self._reading():
            return {row: places for row, _, places in self._walk(term, field, positions=True)}

    def holds(self, term: str, field: str, row: int) -> bool:
        """Whether a term has a posting in a row; remembered, for those who ask of every row."""
        place = (term, field)
        if place not in self._rows_holding:
            self._rows_holding[place] = frozenset(p.row for p in self.postings(term, field))
        return row in self._rows_holding[place]

    def rows(self, document: int) -> tuple[int, ...]:
        """The rows of a document: the front row, then its passages in reading order."""
        return tuple(self._rows[document])

    def passage(self, row: int) -> Passage:
        """The passage of a passage row."""
        with self._reading():
            return stored_passage(self._reader.stored_fields(row))

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

    def _read_rows(self) -> None:
        for row in self._reader.all_doc_ids():
            stored = self._reader.stored_fields(row)
            if stored["number"] == 0:
                self.documents.append(stored_front(stored))
                self._rows.append([])
            # Whoosh keeps rows in the order they were added, also when it merges segments.
            self._rows[-1].append(row)
            self.document_of[row] = len(self.documents) - 1

    def _walk(
        self, term: str, field: str, *, positions: bool
    ) -> Iterator[tuple[int, float, tuple[int, ...]]]:
        if (field, term) not in self._reader:
            return
        matcher = self._reader.postings(field, term)
        while matcher.is_active():
            row = matcher.id()
            if self.document_of[row] >= 0:
                places = tuple(matcher.value_as("positions")) if positions else ()
                yield row, matcher.weight(), places
            matcher.next()

    def _average_lengths(self) -> Mapping[str, float]:
        averages = {}
        for field in TEXT_FIELDS:
            lengths = [
                self._reader.doc_field_length(row, field, 0)
                for row, document in enumerate(self.document_of)
                if document >= 0
            ]
            filled = [length for length in lengths if length]
            averages[field] = sum(filled) / len(filled) if filled else 0.0
        return averages


def _facets(item: StoredDocument) -> Mapping[str, tuple[str, ...]]:
    document = item.document
    values = {**document.facets, "source": (document.source,)}
    if document.year is not None:
        values["year"] = (str(document.year),)
    return {facet: values[facet] for facet in FACETS if values.get(facet)}
