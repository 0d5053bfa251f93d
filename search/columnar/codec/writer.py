"""Whoosh's writer for columnar segments: the same commits, deletes and merges, by column.

A commit is on disk when it returns. The segment is flushed before the table of contents that names
it, and that before it gets its name, so that a crash leaves the old or the new generation.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import TOC, FileIndex, clean_files
from whoosh.writing import IndexingError, SegmentWriter

from search.columnar.building.collecting import no_collection
from search.columnar.building.segment import SegmentBuilder
from search.columnar.codec.codec import ColumnarCodec, ColumnarSegment, DocumentReader, path_of
from search.columnar.storage.spool import Budget
from search.files import flush

#: Documents that are read together.
BATCH = 2048
#: Bytes that a writer gathers in memory before it goes on on disk.
MEMORY = 256 << 20


class ColumnarWriter(SegmentWriter):  # type: ignore[misc]
    """Adds documents to an index in a folder. ``memory`` bounds what is gathered, in bytes."""

    def __init__(
        self, index: FileIndex, codec: ColumnarCodec, memory: int = MEMORY, **how: Any
    ) -> None:
        """Raises whoosh.index.LockError when somebody else is writing."""
        super().__init__(index, codec=codec, **how)
        self._folder = Path(self.storage.folder)
        self._memory = memory
        self._names = frozenset(self.schema.names())
        self._rows: list[dict[str, Any]] = []
        self._started: SegmentBuilder | None = None

    def add_document(self, **fields: Any) -> None:
        """Add a document. Raises UnknownFieldError, and IndexingError for boosts."""
        self._check_state()
        if not fields.keys() <= self._names:
            self._check_names(fields)
        self._rows.append(fields)
        self._added = True
        self.docnum += 1
        if len(self._rows) == BATCH:
            self._take_rows()

    def add_reader(self, reader: Any) -> None:
        """Take over a segment's documents that are not deleted, exactly as they are."""
        self._check_state()
        self._take_rows()
        source: DocumentReader = reader._perdoc
        live = np.ones(source.doc_count_all(), bool)
        live[list(source.deleted_docs())] = False
        documents = np.flatnonzero(live)
        self._builder.append(source.segment, documents)
        self._added = self._added or bool(len(documents))
        self.docnum += len(documents)

    def cancel(self) -> None:
        """Forget what was added and deleted."""
        if self._started:
            self._started.close()
        super().cancel()

    @property
    def _builder(self) -> SegmentBuilder:
        if self._started is None:
            budget = Budget(self._memory, self._folder)
            self._started = SegmentBuilder(self.schema, self.codec.layout, budget)
        return self._started

    def _check_names(self, fields: Mapping[str, Any]) -> None:
        special = [name for name in fields if name.startswith("_")]
        self._check_fields(self.schema, fields.keys() - special)
        if any(name.endswith("_boost") for name in special):
            raise IndexingError("postings have whole frequencies: no boosts while indexing")

    def _take_rows(self) -> None:
        if self._rows:
            with no_collection():
                self._builder.add(self._rows)
            self._rows = []

    def _flush_segment(self) -> None:
        self._take_rows()
        with no_collection():
            self._builder.write(path_of(self.storage, self.newsegment))

    def _commit_toc(self, segments: list[ColumnarSegment]) -> None:
        toc = TOC(self.schema, segments, self.generation)
        toc.write(_FlushedFirst(self.storage), self.indexname)
        flush(self._folder)
        clean_files(self.storage, self.indexname, self.generation, segments)


class _FlushedFirst:
    """A folder's storage in which a file is on disk before it gets another name."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def rename_file(self, old: str, new: str, safe: bool = False) -> None:
        """Flush a file and rename it."""
        flush(Path(self._storage.folder) / old)
        self._storage.rename_file(old, new, safe=safe)
