"""Publishing: brings the index to what the library holds, as a new generation.

Compares what a generation says it holds with what the library says readers should see, and
writes only the difference. So a publisher that died is no harm: the next one finishes.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.intake import Progress
from indexer.library import Library
from indexer.sources import Source
from search.document import Document
from search.errors import IndexUnavailableError
from search.index import Generation, Index
from search.results import SHOW

#: The library's note of which revision somebody rolled back from; see ``is_held``.
HELD = "held_at_revision"
#: The library's note that something has been published at all.
PUBLISHED = "published_revision"

#: What the site may hand out as it is. HTML from elsewhere never runs from our own address.
ORIGINALS = frozenset(
    {
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "text/plain",
        "text/markdown",
    }
)


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did. ``generation`` is the serving one; 0 changes when nothing waited."""

    generation: int
    revision: int
    put: int
    removed: int
    documents: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the library holds that readers do not see yet."""

    put: tuple[str, ...]
    removed: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.put) + len(self.removed)


class Publisher:
    """Makes generations of one library's documents in one index."""

    def __init__(
        self,
        library: Library,
        index: Index,
        sources: Mapping[str, Source],
        labels: Mapping[str, Mapping[str, str]],
        *,
        keep: int,
        wait_seconds: float,
    ) -> None:
        """``labels`` are the taxonomy's; the sources' are added to them."""
        self._library = library
        self._index = index
        self._sources = sources
        self._labels = {
            **labels,
            "source": {s.name: s.label for s in sources.values()},
            SHOW: {s.name: s.show for s in sources.values()},
        }
        self._keep = keep
        self._wait_seconds = wait_seconds

    def waiting(self) -> Waiting:
        """What the next publication would change."""
        current = self._index.current()
        wanted = self._library.state_at(self._library.revision())
        return _difference(current.documents if current else {}, wanted)

    def is_stale(self) -> bool:
        """Whether the serving generation must be made anew: another schema, other labels."""
        current = self._index.current()
        return current is not None and self._must_be_full(current)

    def is_held(self) -> bool:
        """Whether somebody rolled back and nothing has changed in the library since.

        Nothing holds an index that readers cannot be served from: it is made anew.
        """
        current = self._index.current()
        is_served = current is not None and current.is_readable
        return is_served and self._library.fact(HELD) == str(self._library.revision())

    def publish(
        self, *, full: bool = False, progress: Progress = lambda done, total, what: None
    ) -> Published:
        """Bring the index up to the library; with ``full``, from nothing, whatever there is.

        Raises IndexUnavailableError when another process publishes for too long, or when the
        serving generation is damaged, which ``full`` mends.
        """
        started = time.perf_counter()
        with self._index.locked(self._wait_seconds):
            current = None if full else self._index.current()
            full = current is None or self._must_be_full(current)
            revision = self._library.revision()
            wanted = self._library.state_at(revision)
            base = {} if full or current is None else current.documents
            waiting = _difference(base, wanted)
            if full or waiting or current is None or current.revision != revision:
                self._write(waiting, wanted, revision, full, progress)
            number = self._index.current_number()
            self._library.set_fact(PUBLISHED, str(revision))
            self._library.set_fact(HELD, "")
        seconds = time.perf_counter() - started
        return Published(
            number, revision, len(waiting.put), len(waiting.removed), len(wanted), seconds
        )

    def rollback(self) -> Generation:
        """Serve the generation before again, and hold it until something changes."""
        with self._index.locked(self._wait_seconds):
            # Held first: killed in between, the newer generation serves on and nothing is lost.
            before = self._library.fact(HELD)
            self._library.set_fact(HELD, str(self._library.revision()))
            try:
                return self._index.rollback()
            except IndexUnavailableError:
                self._library.set_fact(HELD, before)
                raise

    def _must_be_full(self, current: Generation) -> bool:
        return not current.is_readable or current.labels != self._labels

    def _write(
        self,
        waiting: Waiting,
        wanted: Mapping[str, str],
        revision: int,
        full: bool,
        progress: Progress,
    ) -> None:
        total = len(waiting.put)
        with self._index.batch(
            revision=revision, labels=self._labels, keep=self._keep, full=full
        ) as batch:
            for key in waiting.removed:
                batch.remove(key)
            for done, key in enumerate(waiting.put):
                version = self._library.version(key, revision)
                if version is None:  # pragma: no cover - the state above named it
                    continue
                progress(done, total, version.document.title)
                handed_out = self.hands_out(version.document)
                batch.put(
                    version.document,
                    fingerprint=wanted[key],
                    source_label=self._labels["source"].get(version.document.source, ""),
                    original=self._library.blob(version.digest) if handed_out else b"",
                    digest=version.digest if handed_out else "",
                )
            progress(total, total, "")

    def hands_out(self, document: Document) -> bool:
        """Whether the site may serve the original: no address of its own, and full rights."""
        source = self._sources.get(document.source)
        full_rights = source is not None and source.show == "full"
        return full_rights and not document.url and document.content_type in ORIGINALS


def _difference(has: Mapping[str, str], wanted: Mapping[str, str]) -> Waiting:
    put = tuple(key for key, mark in wanted.items() if has.get(key) != mark)
    return Waiting(put, tuple(key for key in has if key not in wanted))
