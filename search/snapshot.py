"""One generation opened for reading: postings, rows and facets, with no Whoosh left to see.

Threads share it. Damaged files are an IndexUnavailableError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from search.columns import Columns
from search.document import Variant
from search.errors import IndexUnavailableError
from search.facet_columns import FacetColumns
from search.index import Generation, Index
from search.query import FACETS
from search.results import Passage, StoredDocument
from search.row_texts import RowTexts
from search.schema import stored_front, stored_passage
from search.swedish.lexicon import KnownWords


class Snapshot:
    """A generation, held open. Documents are numbered from 0 in index order."""

    def __init__(self, index: Index, generation: Generation) -> None:
        self.generation = generation
        self._rows_holding: dict[tuple[str, str], frozenset[int]] = {}
        self._segments = index.open(generation.number)
        words = index.words(generation)
        with self._reading():
            #: Rows and words as the columns have them, and what the index calls those rows.
            self._texts = RowTexts.of_segments(self._segments, words)
            fronts = self._texts.passage_numbers == 0
            numbers = self._texts.row_numbers[fronts].tolist()
            self.documents = [stored_front(self._stored(number)) for number in numbers]
            self.columns = Columns(words, self._texts, len(self.documents))
        self.known = KnownWords(index.known_words(generation))
        self.lemmas = index.lemmas(generation)
        self.number_of = {item.document.key: n for n, item in enumerate(self.documents)}
        self._look_up_variants()
        facets = self._shared([_facets(item) for item in self.documents])
        self.facets = FacetColumns(self.documents, facets, self._works())

    def holds(self, term: str, field: str, row: int) -> bool:
        """Whether a term has a posting in a row; remembered, for those who ask of every row."""
        place = (term, field)
        if place not in self._rows_holding:
            with self._reading():
                found = self._segments.documents_with(field, term.encode())
                self._rows_holding[place] = frozenset(found.tolist())
        return int(self._texts.row_numbers[row]) in self._rows_holding[place]

    def rows(self, document: int) -> tuple[int, ...]:
        """The rows of a document: the front row, then its passages in reading order."""
        first, last = self.columns.row_from[document : document + 2].tolist()
        return tuple(range(first, last))

    def words(self, row: int) -> tuple[tuple[str, ...], ...]:
        """The words of a row, by field."""
        columns = self.columns
        start, last = columns.row_start[row : row + 2].tolist()
        ends = np.cumsum(self._texts.lengths[row])[:-1]
        fields = np.split(columns.forward[start:last], ends)
        return tuple(tuple([columns.words.words[n] for n in field.tolist()]) for field in fields)

    def passage(self, row: int) -> Passage:
        """The passage of a row."""
        with self._reading():
            return stored_passage(self._stored(int(self._texts.row_numbers[row])))

    def damaged(self) -> tuple[str, ...]:
        """What of the files is not as it was written."""
        return self._segments.damaged()

    def stored(self, document: int) -> StoredDocument:
        """A document with all its passages."""
        passages = tuple(self.passage(row) for row in self.rows(document)[1:])
        return replace(self.documents[document], passages=passages)

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
        """The number of each document's work; None where every document is one of its own.

        Documents whose main document is not published go together all the same.
        """
        if not any(item.document.work for item in self.documents):
            return None
        first: dict[str, int] = {}
        works = [item.document.work or item.document.key for item in self.documents]
        return [first.setdefault(work, number) for number, work in enumerate(works)]

    def _shared(
        self, facets: list[Mapping[str, tuple[str, ...]]]
    ) -> list[Mapping[str, tuple[str, ...]]]:
        """What is known of a work's main document holds for its variants, before their own."""
        for number, item in enumerate(self.documents):
            main = self.number_of.get(item.document.work, number)
            if main != number:
                facets[number] = {**facets[number], **facets[main]}
                known = {**item.document.facets, **self.documents[main].document.facets}
                shown = replace(item.document, facets=known)
                self.documents[number] = replace(item, document=shown)
        return facets


def _facets(item: StoredDocument) -> Mapping[str, tuple[str, ...]]:
    document = item.document
    values = {**document.facets, "source": (document.source,)}
    if document.year is not None:
        values["year"] = (str(document.year),)
    return {facet: values[facet] for facet in FACETS if values.get(facet)}
