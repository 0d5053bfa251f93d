"""The published index: generations of Whoosh files, made beside the one that serves.

Owns everything under the index folder::

    index/
    ├── CURRENT                  the number of the serving generation; replaced in one rename
    ├── generations/000007/      generation.json and the Whoosh files, immutable once published
    ├── building-…/              a generation being made; swept away if its maker died
    ├── files/ab/abcd…           published originals, named by their SHA-256
    └── publish.lock             held by the one who publishes

A new generation starts from hard links to the last one's files (Whoosh only ever adds files and
removes names), so that a small change costs little, and readers of the old one notice nothing.
Files are flushed to disk before CURRENT is renamed: a crash leaves the old generation or the new.
The index is disposable; nothing here is the only copy of anything.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.util import random_name

from search.beside import KNOWN, OF_ONE, Beside, write_beside
from search.columnar.codec.writer import ColumnarWriter
from search.columnar.planning.snapshot import Snapshot as Segments
from search.columnar.storage.arrays import ArrayFile
from search.document import Document
from search.errors import IndexUnavailableError
from search.files import flush, link_files, store_file
from search.schema import codec, rows, schema, schema_fingerprint
from search.swedish.lemmas import Lemmas
from search.swedish.lexicon import Lexicon
from search.words import Words

__all__ = ["KNOWN", "WRITER_MEMORY", "Batch", "Generation", "Index"]

#: Bytes that a writer may gather before it goes on on disk.
WRITER_MEMORY = 128 << 20

_META = "generation.json"
#: Marks a generation that somebody rolled back from, so that no later rollback returns to it.
_REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Generation:
    """A published state of the index.

    ``revision`` is the library's when it was made. ``labels`` maps facet → value → Swedish
    label, ``documents`` each key to the fingerprint the publisher gave, and ``files`` the keys
    whose originals are published to their SHA-256: a generation explains itself without the
    library.
    """

    number: int
    revision: int
    schema: str
    labels: Mapping[str, Mapping[str, str]]
    documents: Mapping[str, str]
    files: Mapping[str, str]
    created: str
    #: Of the files beside the engine's own, name → SHA-256, for arrays that of their table.
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_readable(self) -> bool:
        """Whether this program's schema is the one it was made with."""
        return self.schema == schema_fingerprint()


class Batch:
    """Changes gathered for one new generation; see ``Index.batch``."""

    def __init__(self, writer: ColumnarWriter, folder: Path, base: Generation | None) -> None:
        self._writer = writer
        self._folder = folder
        self.documents = dict(base.documents) if base else {}
        self.files = dict(base.files) if base else {}

    def put(
        self,
        document: Document,
        *,
        fingerprint: str,
        source_label: str,
        original: bytes = b"",
        digest: str = "",
    ) -> None:
        """Add a document or replace it. ``original`` is published under ``digest`` when given."""
        self.remove(document.key)
        if digest:
            store_file(self._folder, digest, original)
            self.files[document.key] = digest
        for row in rows(document, source_label, digest):
            self._writer.add_document(**row)
        self.documents[document.key] = fingerprint

    def remove(self, key: str) -> None:
        """Take a document out, if it is there."""
        if self.documents.pop(key, None) is not None:
            self._writer.delete_by_term("key", key)
            self.files.pop(key, None)


class Index:
    """The generations under one folder."""

    def __init__(self, path: Path, lexicon: Lexicon | None = None) -> None:
        """``lexicon`` splits compounds for whoever publishes; without one they stay whole."""
        self.path = path
        self._lexicon = lexicon
        self._generations = path / "generations"
        self._files = path / "files"

    def current_number(self) -> int:
        """The serving generation's number; 0 when nothing is published.

        Raises IndexUnavailableError when the file that says so is damaged.
        """
        try:
            return int((self.path / "CURRENT").read_text(encoding="ascii"))
        except FileNotFoundError:
            return 0
        except ValueError as error:
            what = f"{self.path / 'CURRENT'} is damaged: {error}"
            raise IndexUnavailableError(f"{what}; run 'metodsok index --full'") from error

    def current(self) -> Generation | None:
        """The serving generation, or None. Raises IndexUnavailableError when it is damaged."""
        number = self.current_number()
        return self.generation(number) if number else None

    def generation(self, number: int) -> Generation:
        """What is known of a generation. Raises IndexUnavailableError when it is not there."""
        try:
            meta = json.loads((self._folder(number) / _META).read_text(encoding="utf-8"))
            return Generation(**meta)
        except (OSError, ValueError, TypeError) as error:
            what = f"generation {number} cannot be read: {error}"
            raise IndexUnavailableError(f"{what}; run 'metodsok index --full'") from error

    def numbers(self) -> tuple[int, ...]:
        """The generations that are kept, oldest first."""
        if not self._generations.is_dir():
            return ()
        return tuple(sorted(int(p.name) for p in self._generations.iterdir() if p.name.isdigit()))

    def open(self, number: int) -> Segments:
        """The segments of a generation; only for room mates, never passed on.

        Raises IndexUnavailableError when they are damaged.
        """
        try:
            whoosh = FileIndex(FileStorage(str(self._folder(number))), schema=schema())
            return Segments.of(whoosh)
        except Exception as error:  # Whoosh raises whatever the damaged bytes make it raise
            what = f"generation {number} cannot be opened: {error}"
            raise IndexUnavailableError(f"{what}; run 'metodsok index --full'") from error

    def words(self, generation: Generation) -> Words:
        """The words of a generation. Raises IndexUnavailableError when they are damaged."""
        return self._beside(generation).words()

    def known_words(self, generation: Generation) -> bytes:
        """The filter of words a dictionary knows, empty where none was made.

        Raises IndexUnavailableError when it is damaged.
        """
        return self._beside(generation).known_words()

    def lemmas(self, generation: Generation) -> Lemmas:
        """The lemmas of a generation. Raises IndexUnavailableError when they are damaged."""
        return self._beside(generation).lemmas()

    def derived(self, generation: Generation) -> ArrayFile:
        """What was derived from the rows of a generation, mapped.

        Raises IndexUnavailableError when it is not that, or when the words are damaged.
        """
        return self._beside(generation).derived()

    def file(self, digest: str) -> Path | None:
        """A published original by its SHA-256 in hexadecimal, or None."""
        if len(digest) != 64 or not digest.isalnum():
            return None
        path = self._files / digest[:2] / digest
        return path if path.is_file() else None

    @contextmanager
    def locked(self, seconds: float) -> Iterator[None]:
        """Hold the right to publish. Raises IndexUnavailableError after ``seconds`` of waiting."""
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / "publish.lock", timeout=seconds):
                yield
        except Timeout as error:
            raise IndexUnavailableError(
                f"another process has been publishing for {seconds:g} seconds; try again"
            ) from error

    @contextmanager
    def batch(
        self,
        *,
        revision: int,
        labels: Mapping[str, Mapping[str, str]],
        keep: int,
        full: bool = False,
    ) -> Iterator[Batch]:
        """Make the next generation and publish it when the block ends without an error.

        Call it under ``locked``. ``full`` starts from nothing, otherwise from the serving
        generation. ``keep`` generations remain for rollback.
        """
        base = None if full else self.current()
        self._sweep()
        building = self.path / f"building-{random_name(8)}"
        building.mkdir(parents=True)
        if base:
            link_files(self._folder(base.number), building, (_META, _REJECTED, *OF_ONE))
            whoosh = FileIndex(FileStorage(str(building)), schema=schema())
            words, lemmas = self._beside(base).words(self._parts_of), self.lemmas(base)
        else:
            whoosh = FileIndex.create(FileStorage(str(building)), schema(), "MAIN")
            words, lemmas = Words(self._parts_of), Lemmas()
            known = self._lexicon.known().to_bytes() if self._lexicon else b""
            (building / KNOWN).write_bytes(known)
        writer = ColumnarWriter(whoosh, codec(), WRITER_MEMORY, timeout=1.0)
        batch = Batch(writer, self._files, base)
        try:
            yield batch
        except BaseException:
            writer.cancel()
            shutil.rmtree(building, ignore_errors=True)
            raise
        writer.commit(optimize=full)
        segments = Segments.of(whoosh)
        digests = write_beside(building, segments, words, lemmas, self._lexicon)
        number = max((0, *self.numbers())) + 1
        meta = Generation(
            number=number,
            revision=revision,
            schema=schema_fingerprint(),
            labels=labels,
            documents=batch.documents,
            files=batch.files,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            digests=digests,
        )
        self._publish(building, meta)
        self._forget_old(keep)

    def rollback(self) -> Generation:
        """Serve the generation before the current one again, and never the current one.

        Call it under ``locked``. Raises IndexUnavailableError when no older one is kept that
        this program can read.
        """
        current = self.current_number()
        for number in reversed(self.numbers()):
            if number < current and not self._is_rejected(number):
                generation = self._intact(number)
                if generation and generation.is_readable:
                    (self._folder(current) / _REJECTED).touch()
                    self._serve(number)
                    return generation
        raise IndexUnavailableError("there is no earlier generation to go back to")

    def _parts_of(self, word: str) -> tuple[str, ...]:
        return self._lexicon.parts(word) if self._lexicon else ()

    def _beside(self, generation: Generation) -> Beside:
        folder = self._folder(generation.number)
        return Beside(folder, generation.number, generation.digests)

    def _folder(self, number: int) -> Path:
        return self._generations / f"{number:06d}"

    def _publish(self, building: Path, generation: Generation) -> None:
        meta = json.dumps(asdict(generation), ensure_ascii=False)
        (building / _META).write_text(meta, encoding="utf-8")
        self._generations.mkdir(exist_ok=True)
        for path in building.iterdir():
            flush(path)
        flush(building)
        building.rename(self._folder(generation.number))
        flush(self._generations)
        self._serve(generation.number)

    def _serve(self, number: int) -> None:
        """Point CURRENT at a generation: the one moment at which readers see the change."""
        draft = self.path / "CURRENT.new"
        draft.write_text(f"{number}\n", encoding="ascii")
        flush(draft)
        draft.replace(self.path / "CURRENT")
        flush(self.path)

    def _sweep(self) -> None:
        """Remove what makers that died left behind. Safe under the lock only."""
        for leftover in self.path.glob("building-*"):
            shutil.rmtree(leftover, ignore_errors=True)

    def _intact(self, number: int) -> Generation | None:
        """What is known of a generation, or None when it is damaged and can serve no more."""
        try:
            return self.generation(number)
        except IndexUnavailableError:
            return None

    def _is_rejected(self, number: int) -> bool:
        return (self._folder(number) / _REJECTED).exists()

    def _forget_old(self, keep: int) -> None:
        """Keep the newest generations, and the originals that any of them names."""
        for number in self.numbers()[:-keep]:
            shutil.rmtree(self._folder(number), ignore_errors=True)
        kept = [generation for n in self.numbers() if (generation := self._intact(n))]
        wanted = {digest for generation in kept for digest in generation.files.values()}
        for path in self._files.glob("*/*"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)
