"""The index as it stood at one moment: its segments, what is deleted, and figures over all of it.

Threads share a snapshot. It stays as it is while writers go on; a new one sees what they wrote.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from whoosh.fields import Schema
from whoosh.index import FileIndex

from search.columnar import kernel
from search.columnar.codec.codec import ColumnarSegment, path_of
from search.columnar.planning.scoring import BM25, Table, plain_table
from search.columnar.reading.segment import OpenedSegment, opened
from search.columnar.storage.arrays import Array

#: Terms whose places in the segments are remembered. Beyond, all are forgotten at once.
_MOST_TERMS = 100_000


@dataclass(frozen=True, slots=True)
class Part:
    """A segment in a snapshot. ``first`` is its first document's number; ``live`` has a bit for
    each document that is not deleted, and is None when none is."""

    segment: OpenedSegment
    first: int
    live: Array | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A term in a snapshot: how many documents have it and, by part, its prepared weight and its
    number, which is -1 where it is not."""

    documents: int
    prepared: tuple[kernel.Prepared, ...]
    numbers: tuple[int, ...]


class Snapshot:
    """Segments to search together. Documents are numbered through them."""

    def __init__(
        self,
        schema: Schema,
        segments: Sequence[ColumnarSegment],
        storage: Any,
        scoring: BM25 | None = None,
    ) -> None:
        """Raises IndexUnavailableError when a segment cannot be read."""
        self.schema = schema
        self.scoring = scoring or BM25()
        self.segments = tuple(segments)
        parts, first = [], 0
        for entry in segments:
            segment = opened(path_of(storage, entry))
            parts.append(Part(segment, first, _live(segment.documents, entry.deleted_docs())))
            first += segment.documents
        self.parts = tuple(parts)
        self.documents_all = first
        self.documents = first - sum(entry.deleted_count() for entry in segments)
        self._firsts = [part.first for part in parts]
        self._tables: dict[str, Table] = {}
        self._leaves: dict[tuple[str, bytes], Leaf] = {}
        self._words: dict[tuple[tuple[str, ...], bytes], tuple[kernel.Prepared, ...]] = {}
        #: Node → what ``filters`` made of it in all parts, and in one.
        self.filters: dict[Any, Any] = {}
        self.bits: dict[tuple[int, Any], Array] = {}

    @classmethod
    def of(cls, index: FileIndex, scoring: BM25 | None = None) -> Snapshot:
        """The newest commit of an index."""
        toc = index._read_toc()  # it knows the schema it was opened with
        return cls(toc.schema, toc.segments, index.storage, scoring)

    def forget(self) -> None:
        """Forget which terms and filters were asked for before."""
        self._leaves, self._words = {}, {}
        self.filters.clear()
        self.bits.clear()

    def leaf(self, field: str, text: bytes) -> Leaf:
        """A term in all segments."""
        key = (field, text)
        leaf = self._leaves.get(key)
        if leaf is None:
            if len(self._leaves) >= _MOST_TERMS:
                self._leaves, self._words = {}, {}
            leaf = self._leaves[key] = self._found(field, text)
        return leaf

    def words(self, fields: tuple[str, ...], text: bytes) -> tuple[kernel.Prepared, ...]:
        """A text as a term of each of some fields, prepared by part."""
        key = (fields, text)
        found = self._words.get(key)
        if found is None:
            in_parts = [part.segment.find(fields, text) for part in self.parts]
            found = self._words[key] = self._prepared(fields, in_parts)
        return found

    def table(self, field: str) -> Table:
        """The scores of a field."""
        table = self._tables.get(field)
        if table is None:
            facts = [part.segment.fields.get(field) for part in self.parts]
            if any(fact["scored"] for fact in facts if fact):
                length = sum(fact["length"] for fact in facts if fact)
                most = max(fact["most"] for fact in facts if fact)
                table = self.scoring.table(length / self.documents_all or 1.0, most)
            else:
                table = plain_table()
            self._tables[field] = table
        return table

    def part_of(self, document: int) -> tuple[int, int]:
        """The part of a document, and its number in there."""
        at = bisect_right(self._firsts, document) - 1
        return at, document - self._firsts[at]

    def damaged(self) -> tuple[str, ...]:
        """The arrays of segments that are not as they were written. Reads all files."""
        return tuple(
            f"{part.segment.file.path.name}: {name}"
            for part in self.parts
            for name in part.segment.file.damaged()
        )

    def live_in(self, at: int) -> Array:
        """The documents of a part that are not deleted, by their numbers in there."""
        part = self.parts[at]
        if part.live is None:
            return np.arange(part.segment.documents)
        flags = np.unpackbits(part.live.view(np.uint8), bitorder="little")
        return np.flatnonzero(flags)

    def documents_with(self, field: str, text: bytes) -> Array:
        """The documents that have a term, ascending, deleted ones left out."""
        leaf = self.leaf(field, text)
        found = [np.empty(0, np.int64)]
        for at, (part, number) in enumerate(zip(self.parts, leaf.numbers, strict=True)):
            if number >= 0:
                documents, _, _ = part.segment.postings_of(number)
                found.append(np.intersect1d(documents, self.live_in(at)) + part.first)
        return np.concatenate(found)

    def stored(self, document: int) -> dict[str, Any]:
        """The small stored fields of a document."""
        at, number = self.part_of(document)
        return self.parts[at].segment.head(number)

    def keys(self, documents: Sequence[int], name: str) -> list[int]:
        """Documents' sort keys."""
        columns = [part.segment.keys[name] for part in self.parts]
        if len(columns) == 1:
            return [columns[0][document] for document in documents]
        places = map(self.part_of, documents)
        return [columns[at][number] for at, number in places]

    def text(self, document: int, field: str) -> str:
        """A stored text that lies apart."""
        at, number = self.part_of(document)
        return self.parts[at].segment.stored_text(field, number).decode("utf-8", "surrogatepass")

    def _found(self, field: str, text: bytes) -> Leaf:
        in_parts = [part.segment.find((field,), text) for part in self.parts]
        return Leaf(
            sum(found.documents for (found,) in in_parts),
            self._prepared((field,), in_parts),
            tuple([found.number for (found,) in in_parts]),
        )

    def _prepared(
        self, fields: tuple[str, ...], in_parts: Sequence[Sequence[kernel.Found]]
    ) -> tuple[kernel.Prepared, ...]:
        """Terms of fields with their weights, by part; a term that is nowhere is left out."""
        made: list[list[kernel.Prepared]] = [[] for _ in in_parts]
        for number, field in enumerate(fields):
            documents = sum([found[number].documents for found in in_parts])
            if not documents:
                continue
            table = self.table(field)
            weight = 1.0 if table.k1 < 0 else self.scoring.idf(self.documents_all, documents)
            for part, found, terms in zip(self.parts, in_parts, made, strict=True):
                term, first, last, _ = found[number]
                if term >= 0:
                    long = term in part.segment.long_terms
                    terms.append(
                        kernel.prepare(first, last, weight, table.handle, table.k1, 0, long)
                    )
        return tuple([kernel.joined(terms) for terms in made])


def _live(documents: int, deleted: frozenset[int]) -> Array | None:
    if not deleted:
        return None
    bits = np.zeros((documents + 63) // 64 * 64, np.uint8)
    bits[:documents] = 1
    bits[list(deleted)] = 0
    return bitmap(bits)


def bitmap(flags: Array) -> Array:
    """Flags of documents, a multiple of 64 of them, as bits."""
    return np.packbits(flags, bitorder="little").view(np.uint64)
