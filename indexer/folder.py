"""Folders as sources: finds new, changed and vanished files by the hash of what is in them.

Any folder will do; the bundled collection is simply the first one, and the only one whose
``manifest.toml`` is read. Hidden files and what programs leave behind are passed over, symbolic
links are not followed.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.folders import Folder, Folders, innermost
from indexer.history import Outcome
from indexer.intake import Arrival, Example, Intake, Progress, Receipt
from indexer.parse.raw import RawFile
from indexer.problems import Problems
from search.errors import LibraryError, ParseError, SettingsError

EXAMPLES = "exempel"
MANIFEST = "manifest.toml"

#: Files that programs leave in people's folders; nobody means them to be documents.
_LEFT_BEHIND = ("~$", "Thumbs.db", "desktop.ini", "__MACOSX")
#: A path in a key stays below what a database index and an address take.
_LONGEST_PATH = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """A file to take in: where it is, its key by path, and the manifest's words for examples."""

    path: Path
    key: str
    folder: int
    example: Example | None = None


class FolderSource:
    """Takes folders and single files into the library."""

    def __init__(self, intake: Intake, file_mb: int) -> None:
        self._intake = intake
        self._file_bytes = file_mb * 1_000_000
        self._folders = Folders(intake.library.engine)
        self._problems = Problems(intake.library.engine)

    def add(
        self,
        paths: Sequence[Path],
        source: str,
        *,
        url: str = "",
        progress: Progress = lambda done, total, what: None,
    ) -> Iterator[Receipt]:
        """Take files and folders in, one receipt a file that was read or has vanished.

        Raises LibraryError before anything is taken when a path does not exist, or when ``url``
        is given for more than one file.
        """
        resolved = [path.expanduser().resolve() for path in paths]
        for path in resolved:
            if not path.exists():
                raise LibraryError(f"{path}: no such file or folder")
            if _printable(path) != str(path):
                raise LibraryError(f"{_printable(path)}: the name is not in UTF-8; rename it")
        if url and not (len(resolved) == 1 and resolved[0].is_file()):
            raise LibraryError("--url says where one file is published; give exactly one file")
        found = [item for path in resolved for item in self._files(path, source)]
        for done, item in enumerate(found):
            progress(done, len(found), Path(_printable(item.path)).name)
            yield self._take(item, source, url)
        progress(len(found), len(found), "")
        for path in resolved:
            if path.is_dir():
                yield from self._vanished(source, path, {_printable(item.path) for item in found})

    def scan(self, progress: Progress = lambda done, total, what: None) -> Iterator[Receipt]:
        """Look through every folder that was added as a whole; missing ones are left alone."""
        for folder in self._folders.all():
            if folder.whole and folder.path.is_dir() and folder.source in self._intake.sources:
                yield from self.add([folder.path], folder.source, progress=progress)

    def _files(self, path: Path, source: str) -> Iterator[Found]:
        if path.is_file():
            around = self._folders.holding(source, path)
            folder = around or self._folders.add(source, path.parent, whole=False)
            yield Found(path, _key(folder, path), folder.id)
            return
        folder = self._folders.add(source, path, whole=True)
        if source == EXAMPLES and (path / MANIFEST).is_file():
            yield from _in_manifest(path, folder)
            return
        known = self._folders.all()
        for file in _walk(path):
            # A folder added for itself names its documents, also when one around it is added.
            own = innermost(known, source, file) or folder
            yield Found(file, _key(own, file), own.id)

    def _take(self, item: Found, source: str, url: str) -> Receipt:
        origin = _printable(item.path)
        try:
            if origin != str(item.path):
                raise ParseError("bad_name", "Filens namn är inte skrivet i UTF-8; döp om filen.")
            size = item.path.stat().st_size
            if size > self._file_bytes:
                limit = self._file_bytes // 1_000_000
                raise ParseError("too_large", f"Filen är större än {limit} MB och läses inte.")
            data = item.path.read_bytes()
        except OSError as error:
            reason = ParseError("unreadable", f"Filen går inte att öppna: {error.strerror}.")
            return self._intake.fail(source, origin, reason)
        except ParseError as error:
            return self._intake.fail(source, origin, error)
        raw = RawFile(data, item.path.name, source, item.key, url)
        return self._intake.take(Arrival(raw, origin, item.folder, item.example))

    def _vanished(self, source: str, path: Path, seen: set[str]) -> Iterator[Receipt]:
        """Mark what was under a folder and is there no more; forget its problems too."""
        folder = self._folders.add(source, path, whole=True)
        for known in self._intake.library.known_in(folder.id):
            if known.origin not in seen and _is_gone(known.origin):
                yield self._intake.gone(known)
        elsewhere = [f.path for f in self._folders.all() if f.source == source and f != folder]
        for problem in self._problems.all():
            if problem.source != source or problem.origin in seen or not _is_gone(problem.origin):
                continue
            # One that lies in no folder was here before the folder moved.
            origin = Path(problem.origin)
            if origin.is_relative_to(path) or not any(map(origin.is_relative_to, elsewhere)):
                self._problems.clear(source, problem.origin)


def path_key(source: str, path: Path) -> str:
    """The key a file would get by its path, were its folder added; for looking only."""
    return f"{source}:{path.resolve().parent.name}/{path.name}"


def summary(receipts: Sequence[Receipt]) -> Mapping[Outcome, int]:
    """How many receipts there are of each outcome."""
    return {outcome: sum(r.outcome is outcome for r in receipts) for outcome in Outcome}


def _key(folder: Folder, file: Path) -> str:
    return f"{folder.source}:{folder.name}/{file.relative_to(folder.path).as_posix()}"


def _walk(path: Path) -> Iterator[Path]:
    for root, names, files in os.walk(path, followlinks=False):
        names[:] = sorted(name for name in names if not _is_left_out(name))
        for name in sorted(files):
            file = Path(root, name)
            too_long = len(str(file)) > _LONGEST_PATH
            if not (_is_left_out(name) or file.is_symlink() or too_long):
                yield file


def _printable(path: Path) -> str:
    """The path as text that a database takes: bytes that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def _is_gone(origin: str) -> bool:
    """Whether a file is certainly not there; in a folder that cannot be opened it may be."""
    try:
        return not stat.S_ISREG(os.stat(origin).st_mode)  # noqa: PTH116 - is_file hides why not
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False


def _is_left_out(name: str) -> bool:
    return name.startswith((".", *_LEFT_BEHIND))


def _in_manifest(path: Path, folder: Folder) -> Iterator[Found]:
    """The bundled documents, as their manifest lists them. Raises SettingsError when it lies."""
    manifest = path / MANIFEST
    try:
        entries = tomllib.loads(manifest.read_text(encoding="utf-8"))["document"]
        for entry in entries:
            file = (path / entry["file"]).resolve()
            if not (file.is_file() and file.is_relative_to(path)):
                raise SettingsError(f"{manifest}: document {entry['n']}: no file {entry['file']}")
            example = Example(entry["shape"], entry["notice"], tuple(entry["facts"]))
            yield Found(file, f"{EXAMPLES}:{entry['n']}", folder.id, example)
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{manifest}: not a manifest: {error!r}") from error
