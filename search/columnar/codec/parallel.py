"""One segment for each of several processes, committed together."""

from __future__ import annotations

import gc
import multiprocessing
import threading
from multiprocessing.connection import Connection
from typing import Any

from whoosh.fields import Schema
from whoosh.index import FileIndex
from whoosh.writing import IndexingError

from search.columnar.building.segment import SegmentBuilder
from search.columnar.codec.codec import EXTENSION, ColumnarCodec, ColumnarSegment
from search.columnar.codec.writer import MEMORY, ColumnarWriter
from search.columnar.storage.spool import Budget


class ParallelWriter(ColumnarWriter):
    """A writer whose documents are read by processes of its own, each with its share of memory.

    Documents keep their order within a batch, and batches go round.
    """

    def __init__(
        self,
        index: FileIndex,
        codec: ColumnarCodec,
        processes: int,
        memory: int = MEMORY,
        **how: Any,
    ) -> None:
        """Raises whoosh.index.LockError when somebody else is writing."""
        super().__init__(index, codec, memory // (processes + 1), **how)
        # A fork with threads beside it may copy a lock that nobody opens again.
        way = "fork" if threading.active_count() == 1 else "spawn"
        context: Any = multiprocessing.get_context(way)
        self._workers = []
        for _ in range(processes):
            ours, theirs = context.Pipe()
            entry = codec.new_segment(self.storage, self.indexname)
            task = (self.schema, codec, entry, self._folder, self._memory, theirs)
            process = context.Process(target=_work, args=task, daemon=True)
            process.start()
            theirs.close()
            self._workers.append((process, ours))
        self._next = 0

    def commit(self, **how: Any) -> None:
        """Wait for all processes and commit their segments. Raises what went wrong in one."""
        self._take_rows()
        try:
            made = self._finished()
        except BaseException:
            self.cancel()
            raise
        self.segments += [entry for entry in made if entry.doc_count_all()]
        self._setup_doc_offsets()
        self._added = False
        super().commit(merge=False, **how)

    def cancel(self) -> None:
        """Forget what was added and deleted, and end the processes."""
        self._end()
        super().cancel()

    def _take_rows(self) -> None:
        if self._rows:
            _, pipe = self._workers[self._next]
            self._next = (self._next + 1) % len(self._workers)
            self._send(pipe, self._rows)
            self._rows = []

    @staticmethod
    def _send(pipe: Connection, message: Any) -> None:
        try:
            pipe.send(message)
        except OSError:
            _received(pipe)
            raise

    def _finished(self) -> list[ColumnarSegment]:
        for _, pipe in self._workers:
            self._send(pipe, None)
        made = [_received(pipe) for _, pipe in self._workers]
        self._end()
        return made

    def _end(self) -> None:
        for process, pipe in self._workers:
            pipe.close()
            process.join(10)
            if process.is_alive():
                process.kill()
                process.join()
        self._workers = []


def _received(pipe: Connection) -> ColumnarSegment:
    """What a process made. Raises what it raised, and IndexingError when it just ended."""
    try:
        made = pipe.recv()
    except EOFError as error:
        raise IndexingError("a process that writes a segment ended early") from error
    if isinstance(made, BaseException):
        raise made
    entry: ColumnarSegment = made
    return entry


def _work(
    schema: Schema,
    codec: ColumnarCodec,
    entry: ColumnarSegment,
    folder: Any,
    memory: int,
    pipe: Connection,
) -> None:
    gc.disable()
    builder = SegmentBuilder(schema, codec.layout, Budget(memory, folder))
    try:
        while (rows := pipe.recv()) is not None:
            builder.add(rows)
        if builder.count:
            entry.set_doc_count(builder.write(folder / entry.make_filename(EXTENSION)))
        pipe.send(entry)
    except EOFError:
        builder.close()
    except Exception as error:
        builder.close()
        pipe.send(error)
