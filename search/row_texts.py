"""The texts of an index's rows as numbers: every word in order, row by row and field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.columnar.planning.snapshot import Snapshot as Segments
from search.schema import TEXT_FIELDS
from search.words import Words

Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class RowTexts:
    """``words`` are the numbers of all words in order; ``lengths`` [rows, fields] cut them.

    ``document_of_row`` are ascending. ``row_numbers`` are what the index calls the rows, and
    ``passage_numbers`` the passages they are, 0 for a front row.
    """

    words: Ints
    lengths: Ints
    document_of_row: Ints
    row_numbers: Ints
    passage_numbers: Ints

    @classmethod
    def of_lists(cls, rows: Sequence[tuple[int, Sequence[Ints]]], fields: int) -> RowTexts:
        """From rows of (document, word numbers by field)."""
        pieces = [piece for _, by_field in rows for piece in by_field]
        documents = np.array([document for document, _ in rows], np.int32)
        return cls(
            np.concatenate([np.empty(0, np.int32), *pieces]).astype(np.int32),
            np.array([len(piece) for piece in pieces], np.int64).reshape(-1, fields),
            documents,
            np.arange(len(rows)),
            np.arange(len(rows)) - np.searchsorted(documents, documents),
        )

    @classmethod
    def of_segments(cls, segments: Segments, words: Words) -> RowTexts:
        """From an index: its rows that are not deleted, in order.

        ``words`` get those of its words that they lack.
        """
        parts = [_of_part(segments, at, words) for at in range(len(segments.parts))]
        numbers = np.concatenate([np.empty(0, np.int64), *(part.passage_numbers for part in parts)])
        lengths = [part.lengths for part in parts]
        return cls(
            np.concatenate([np.empty(0, np.int32), *(part.words for part in parts)]),
            np.concatenate([np.empty((0, len(TEXT_FIELDS)), np.int64), *lengths]),
            np.cumsum(numbers == 0, dtype=np.int32) - 1,
            np.concatenate([np.empty(0, np.int64), *(part.row_numbers for part in parts)]),
            numbers,
        )


def _of_part(segments: Segments, at: int, words: Words) -> RowTexts:
    part = segments.parts[at]
    rows = segments.live_in(at)
    lengths = np.zeros((len(rows), len(TEXT_FIELDS)), np.int64)
    by_field = []
    for field, name in enumerate(TEXT_FIELDS):
        text = part.segment.text(name)
        if text is None:
            by_field.append(np.empty(0, np.int32))
            continue
        found, lengths[:, field] = text.words_of(rows)
        by_field.append(words.add(text.forms())[found])
    made = np.empty(int(lengths.sum()), np.int32)
    fields = np.tile(np.arange(len(TEXT_FIELDS), dtype=np.int8), len(rows))
    field_of = np.repeat(fields, lengths.ravel())
    for field, found in enumerate(by_field):
        if len(found):
            made[field_of == field] = found
    numbers = part.segment.sort_keys["number"][rows]
    return RowTexts(made, lengths, np.empty(0, np.int32), rows + part.first, numbers)
