"""The library as one file: written whole, and read with no trust at all.

The archive is a zip of ``manifest.json``, one JSON line a row under ``tables/`` and raw bytes
under ``blobs/`` named by their SHA-256. It holds no index files and no pickles. Reading checks
the format, every name, size, hash and document before anything is kept, in one transaction: the
library is filled whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Boolean, Connection, Integer, Row, Table, insert, select

from indexer.database import HEAD, compact, erasing, put_row
from indexer.erasure import erase_again
from indexer.library import Library, fingerprint
from indexer.tables import (
    blobs,
    crawls,
    documents,
    facts,
    folders,
    history,
    pages,
    problems,
    switches,
    tombstones,
    versions,
    visits,
)
from search.document import Document
from search.errors import ArchiveError

FORMAT = "metodsok-library"
FORMAT_VERSION = 1

#: What an archive may unpack to. Agency reports are a few MB each; this is tens of thousands.
MOST_UNPACKED = 50_000_000_000
MOST_ENTRIES = 2_000_000
#: One row of a table: the longest document's JSON is a few MB.
LONGEST_LINE = 100_000_000

#: Tables that travel, parents before children. Jobs stay: they belong to one machine's worker.
_TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        *(folders, documents, versions, switches, problems, history, facts),
        *(crawls, pages, visits, tombstones),
    )
}
#: Older archives that can be read, and the tables they lack.
_OLDER: Mapping[str, frozenset[str]] = {
    "0001": frozenset({"crawls", "pages", "visits", "tombstones"}),
}
#: Facts that speak of this machine's index, not of the library.
_LOCAL_FACTS = frozenset({"published_revision", "held_at_revision"})
_BLOB_NAME = re.compile(r"blobs/([0-9a-f]{64})")
_ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ArchiveSummary:
    """What an archive holds."""

    documents: int
    versions: int
    blobs: int
    bytes: int


def export_library(library: Library, target: Path) -> ArchiveSummary:
    """Write the library with every decision to ``target``, in one consistent state.

    An existing file is replaced only when the new one is complete. Raises ArchiveError when
    ``target`` cannot be written.
    """
    try:
        return _export(library, target)
    except OSError as error:
        raise ArchiveError(f"{target} cannot be written: {error.strerror}") from error


def _export(library: Library, target: Path) -> ArchiveSummary:
    draft = target.with_name(target.name + ".part")
    rows: dict[str, int] = {}
    size = 0
    try:
        with (
            library.engine.connect() as connection,
            zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for name, table in _TABLES.items():
                with archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as file:
                    rows[name] = _write_rows(connection, table, file)
            digests = connection.scalars(select(blobs.c.digest).order_by(blobs.c.digest)).all()
            for digest in digests:
                data = connection.scalar(select(blobs.c.data).where(blobs.c.digest == digest))
                archive.writestr(f"blobs/{digest}", bytes(data or b""))
                size += len(data or b"")
            manifest = {
                "format": FORMAT,
                "version": FORMAT_VERSION,
                "tables": HEAD,
                "rows": rows,
                "blobs": len(digests),
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return ArchiveSummary(rows["documents"], rows["versions"], len(digests), size)


def import_library(library: Library, archive_path: Path) -> ArchiveSummary:
    """Fill an empty library from an archive, without what was forgotten in either.

    Raises ArchiveError, and keeps nothing, when the library is not empty or anything in the
    archive is not as it should be.
    """
    if not library.is_empty():
        raise ArchiveError("the library is not empty; import into a new METODSOK_HOME")
    try:
        with zipfile.ZipFile(archive_path) as archive, erasing(library.engine) as connection:
            manifest = _checked_manifest(archive)
            size = _read_blobs(archive, connection)
            ours = connection.execute(select(tombstones)).all()
            connection.execute(tombstones.delete())
            tables = [table for name, table in _TABLES.items() if name in manifest["rows"]]
            counts = {table.name: _read_rows(archive, connection, table) for table in tables}
            if counts != manifest["rows"]:
                raise ArchiveError("the archive has other rows than its manifest says")
            stored = connection.scalars(select(blobs.c.digest)).all()
            if len(stored) != manifest["blobs"]:
                raise ArchiveError("the archive lacks files that its manifest counts")
            _put_back(connection, ours)
            is_to_erase = erase_again(connection)
        if is_to_erase:
            compact(library.engine)
        return ArchiveSummary(counts["documents"], counts["versions"], len(stored), size)
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ArchiveError(f"{archive_path} cannot be read as an archive: {error}") from error


def _put_back(connection: Connection, graves: Sequence[Row[Any]]) -> None:
    """Add this library's own tombstones to the archive's."""
    for row in graves:
        values = row._asdict()
        key = {name: values.pop(name) for name in ("key", "address")}
        put_row(connection, tombstones, key, values)


def _write_rows(connection: Connection, table: Table, file: IO[bytes]) -> int:
    count = 0
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(query):
        values = row._asdict()
        if table is facts and values["name"] in _LOCAL_FACTS:
            continue
        file.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def _checked_manifest(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    allowed = {"manifest.json", *(f"tables/{name}.jsonl" for name in _TABLES)}
    strange = [name for name in names if name not in allowed and not _BLOB_NAME.fullmatch(name)]
    if strange:
        raise ArchiveError(f"the archive holds something that does not belong: {strange[0]!r}")
    if len(set(names)) != len(names) or "manifest.json" not in names:
        raise ArchiveError("the archive lacks a part, or holds one twice")
    if len(names) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise ArchiveError("the archive unpacks to more than a library can be")
    try:
        manifest = json.loads(archive.read("manifest.json"))
        right = manifest["format"] == FORMAT and manifest["version"] == FORMAT_VERSION
        if not right or manifest["tables"] not in (HEAD, *_OLDER):
            raise ArchiveError("the archive was made by another version of Metodsök")
        tables = _TABLES.keys() - _OLDER.get(manifest["tables"], frozenset())
        if any(f"tables/{name}.jsonl" not in names for name in tables):
            raise ArchiveError("the archive lacks a part, or holds one twice")
        if not isinstance(manifest["rows"], dict) or not isinstance(manifest["blobs"], int):
            raise ArchiveError("the archive's manifest cannot be read")
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"the archive's manifest cannot be read: {error!r}") from error
    return dict(manifest)


def _read_blobs(archive: zipfile.ZipFile, connection: Connection) -> int:
    size = 0
    for entry in archive.infolist():
        match = _BLOB_NAME.fullmatch(entry.filename)
        if match is None:
            continue
        data = archive.read(entry)
        if hashlib.sha256(data).hexdigest() != match[1]:
            raise ArchiveError(f"{entry.filename} is not what its name says")
        connection.execute(insert(blobs).values(digest=match[1], size=len(data), data=data))
        size += len(data)
    return size


def _read_rows(archive: zipfile.ZipFile, connection: Connection, table: Table) -> int:
    rows: list[Mapping[str, Any]] = []
    count = 0
    for number, line in enumerate(_lines(archive, f"tables/{table.name}.jsonl"), start=1):
        try:
            rows.append(_checked_row(table, json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            raise ArchiveError(f"tables/{table.name}.jsonl line {number}: {error}") from error
        count += 1
        if len(rows) == _ROWS_AT_ONCE:
            _insert(connection, table, rows)
            rows = []
    if rows:
        _insert(connection, table, rows)
    return count


def _insert(connection: Connection, table: Table, rows: list[Mapping[str, Any]]) -> None:
    from sqlalchemy.exc import IntegrityError

    try:
        connection.execute(insert(table), rows)
    except IntegrityError as error:
        raise ArchiveError(f"tables/{table.name}.jsonl contradicts itself: {error.orig}") from error


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as file:
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise ArchiveError(f"{name} has a line that is too long")
            yield line


def _checked_row(table: Table, row: Any) -> Mapping[str, Any]:
    """The row, if it has the table's columns with values of their types, and true documents."""
    if not isinstance(row, dict) or row.keys() != {column.name for column in table.columns}:
        raise ValueError("has other columns than the table")
    for column in table.columns:
        value = row[column.name]
        if value is None and column.nullable:
            continue
        kind = column.type
        expected = bool if isinstance(kind, Boolean) else int if isinstance(kind, Integer) else str
        if type(value) is not expected:
            raise ValueError(f"{column.name} has a value of the wrong type")
    if table is versions and not row["removed"]:
        document = Document.from_json(json.loads(row["document"] or ""))
        if (document.key, document.source) != (row["key"], row["source"]):
            raise ValueError("the document is not the one its row names")
        if fingerprint(document, row["digest"] or "") != row["fingerprint"]:
            raise ValueError("the document is not the one it was fingerprinted as")
    return row
