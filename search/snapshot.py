"""One generation opened for reading: postings, rows and facets, with no Whoosh left to see.

Opening maps files and reads next to nothing of them; processes that have the same one open share
its pages. Threads share a snapshot. Damaged files are an IndexUnavailableError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from search.columns import Columns, Ints
from search.derived import Derived
from search.documents import Documents
from search.errors import IndexUnavailableError
from search.facet_columns import FacetColumns
from search.index import Generation, Index
from search.results import Passage, StoredDocument
from search.row_texts import RowTexts
from search.schema import TEXT_FIELDS, stored_front, stored_passage
from search.strings import Numbers, Strings
from search.swedish.lemmas import Lemmas
from search.swedish.lexicon import KnownWords


class Snapshot:
    """A generation, held open. Documents are numbered from 0 in index order."""

    def __init__(self, index: Index, generation: Generation) -> None:
        self.generation = generation
        self._index = index
        self._rows_holding: dict[tuple[str, str], frozenset[int]] = {}
        self._segments = index.open(generation.number)
        self._file = index.derived(generation)
        with self._reading():
            self.columns = Columns.of_arrays(self._file)
            #: What the index calls the rows of the columns.
            self._row_numbers = self._file["row_numbers"]
            self.number_of: Mapping[str, int] = Numbers(Strings.read(self._file, "keys"))
            self.facets = FacetColumns(self._file, self._file.facts)
            self.lemmas = Lemmas.of_arrays(self._file, "lemmas")
            #: How many documents each source has, most first.
            self.sources: Mapping[str, int] = self._file.facts["sources"]
        self.known = KnownWords(index.known_words(generation))
        self.documents = Documents(self.columns.documents, self.number_of, self._front)

    def holds(self, term: str, field: str, row: int) -> bool:
        """Whether a term has a posting in a row; remembered, for those who ask of every row."""
        place = (term, field)
        if place not in self._rows_holding:
            with self._reading():
                found = self._segments.documents_with(field, term.encode())
                self._rows_holding[place] = frozenset(found.tolist())
        return int(self._row_numbers[row]) in self._rows_holding[place]

    def rows(self, document: int) -> tuple[int, ...]:
        """The rows of a document: the front row, then its passages in reading order."""
        first, last = self.columns.row_from[document : document + 2].tolist()
        return tuple(range(first, last))

    def words(self, row: int) -> tuple[tuple[str, ...], ...]:
        """The words of a row, by field."""
        columns = self.columns
        start, last = columns.row_start[row : row + 2].tolist()
        ends = np.searchsorted(columns.field_of[start:last], np.arange(1, len(TEXT_FIELDS)))
        fields = np.split(columns.forward[start:last], ends)
        return tuple(tuple([columns.words.words[n] for n in field.tolist()]) for field in fields)

    def passage(self, row: int) -> Passage:
        """The passage of a row."""
        with self._reading():
            return stored_passage(self._stored(int(self._row_numbers[row])))

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return len(self._row_numbers) - len(self.documents)

    def damaged(self) -> tuple[str, ...]:
        """What of the segments is not as it was written. Reads all of them."""
        return self._segments.damaged()

    def damaged_arrays(self) -> tuple[str, ...]:
        """The same of what was derived from them."""
        return tuple(f"{self._file.path.name}: {name}" for name in self._file.damaged())

    def lost(self) -> frozenset[int]:
        """Documents that the segments have not all rows of."""
        live = self._live_rows()
        gone = np.flatnonzero(~np.isin(self._row_numbers, live))
        return frozenset(self.columns.document_of_row[gone].tolist())

    def not_derived(self) -> tuple[str, ...]:
        """What the rows say otherwise than what was derived from them. Derives it all again."""
        words = self._index.words(self.generation)
        with self._reading():
            texts = RowTexts.of_segments(self._segments, words)
            again = Derived.of(self._segments, texts, words, self._index.lemmas(self.generation))
            return again.differing(self._file)

    def stored(self, document: int) -> StoredDocument:
        """A document with all its passages."""
        passages = tuple(self.passage(row) for row in self.rows(document)[1:])
        return replace(self.documents[document], passages=passages)

    def _front(self, document: int) -> StoredDocument:
        with self._reading():
            row = int(self._row_numbers[self.columns.row_from[document]])
            return stored_front(self._stored(row))

    def _live_rows(self) -> Ints:
        segments = self._segments
        live = [segments.live_in(at) + part.first for at, part in enumerate(segments.parts)]
        return np.concatenate([np.empty(0, np.int64), *live])

    def _stored(self, row: int) -> str:
        return self._segments.text(row, "stored")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Damaged bytes make their readers raise anything."""
        try:
            yield
        except IndexUnavailableError:
            raise
        except Exception as error:
            what = f"generation {self.generation.number} is damaged: {error!r}"
            raise IndexUnavailableError(f"{what}; run 'metodsok index --full'") from error
