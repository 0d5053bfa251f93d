from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.archive import export_library, import_library
from indexer.folders import Folders
from indexer.library import Library
from indexer.problems import Problems
from search.document import Document
from search.errors import ArchiveError

MakeDocument = Callable[..., Document]


@pytest.fixture
def archive(library: Library, document: MakeDocument, tmp_path: Path) -> Path:
    folder = Folders(library.engine).add("egna", tmp_path / "rutiner", whole=True)
    for title in ("Första", "Andra"):
        library.store(
            document("egna:1", title), title.encode(), origin="/a", parsed_by="p", folder=folder.id
        )
    library.store(document("gr:1", "Tredje"), b"x", origin="/b", parsed_by="p")
    library.remove("gr:1", "test")
    library.switch("bra", shown=False)
    problem = {"digest": "", "parsed_by": "p", "reason": "damaged", "message": "Trasig."}
    Problems(library.engine).record("egna", "/c", **problem)
    path = tmp_path / "library.zip"
    export_library(library, path)
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "empty" / "library.sqlite") as opened:
        yield opened


def rewrite(archive: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> Path:
    """The archive with every entry passed through ``change``; None leaves an entry out."""
    target = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            changed = change(entry.filename, old.read(entry))
            if changed:
                new.writestr(*changed)
    return target


def test_a_library_comes_back_whole(library: Library, archive: Path, empty: Library) -> None:
    import_library(empty, archive)
    for revision in range(library.revision() + 1):
        assert empty.state_at(revision) == library.state_at(revision)
    assert empty.version("egna:1", 1) == library.version("egna:1", 1)
    assert empty.hidden_sources() == {"bra"}
    assert empty.known_by_key("egna:1") == library.known_by_key("egna:1")
    assert Problems(empty.engine).all() == Problems(library.engine).all()
    assert Folders(empty.engine).all() == Folders(library.engine).all()


def test_a_library_with_something_in_it_is_not_imported_over(
    library: Library, archive: Path
) -> None:
    with pytest.raises(ArchiveError, match="not empty"):
        import_library(library, archive)


def tampered(name: str, data: bytes) -> tuple[str, bytes]:
    return (name, b"other bytes") if name.startswith("blobs/") else (name, data)


def with_a_strange_path(name: str, data: bytes) -> tuple[str, bytes]:
    return ("../outside", data) if name == "tables/facts.jsonl" else (name, data)


def with_another_document(name: str, data: bytes) -> tuple[str, bytes]:
    return name, data.replace(b"Andra", b"Smugg") if "versions" in name else data


def with_a_number_for_text(name: str, data: bytes) -> tuple[str, bytes]:
    if name != "tables/documents.jsonl":
        return name, data
    rows = [json.loads(line) | {"origin": 7} for line in data.splitlines()]
    return name, "\n".join(json.dumps(row) for row in rows).encode()


def without_a_table(name: str, data: bytes) -> tuple[str, bytes] | None:
    return None if name == "tables/history.jsonl" else (name, data)


def without_blobs(name: str, data: bytes) -> tuple[str, bytes] | None:
    return None if name.startswith("blobs/") else (name, data)


def with_fewer_rows(name: str, data: bytes) -> tuple[str, bytes]:
    return (name, b"") if name == "tables/history.jsonl" else (name, data)


def of_another_format(name: str, data: bytes) -> tuple[str, bytes]:
    return (name, data.replace(b"metodsok", b"otherapp")) if "manifest" in name else (name, data)


@pytest.mark.parametrize(
    "change",
    [
        tampered,
        with_a_strange_path,
        with_another_document,
        with_a_number_for_text,
        without_a_table,
        without_blobs,
        with_fewer_rows,
        of_another_format,
    ],
)
def test_an_archive_that_was_changed_is_refused_whole(
    archive: Path, empty: Library, change: Callable[[str, bytes], tuple[str, bytes] | None]
) -> None:
    with pytest.raises(ArchiveError):
        import_library(empty, rewrite(archive, change))
    assert empty.is_empty()


def test_something_that_is_no_archive_is_refused(tmp_path: Path, empty: Library) -> None:
    path = tmp_path / "notes.zip"
    path.write_text("not a zip")
    with pytest.raises(ArchiveError, match="cannot be read"):
        import_library(empty, path)


def test_a_failed_export_leaves_the_last_one(
    library: Library, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = archive.read_bytes()
    library.close()
    library.path.write_bytes(b"damaged" * 1000)
    with pytest.raises(Exception, match="database"):
        export_library(library, archive)
    assert archive.read_bytes() == before
    assert not list(archive.parent.glob("*.part"))


def of_the_tables_before_crawls(name: str, data: bytes) -> tuple[str, bytes] | None:
    """The entry as a program wrote it that knew no crawls."""
    later = ("crawls", "pages", "visits", "tombstones")
    if name in {f"tables/{table}.jsonl" for table in later}:
        return None
    if name != "manifest.json":
        return name, data
    manifest = json.loads(data)
    rows = {table: count for table, count in manifest["rows"].items() if table not in later}
    return name, json.dumps(manifest | {"tables": "0001", "rows": rows}).encode()


def test_an_archive_from_before_there_were_crawls_is_read(
    library: Library, archive: Path, empty: Library
) -> None:
    import_library(empty, rewrite(archive, of_the_tables_before_crawls))
    revision = library.revision()
    assert empty.state_at(revision) == library.state_at(revision)
