"""Erasure: taking a document out of the library with every version, and its bytes after a time.

Owns what goes with it. Everything else here keeps what it once had; this is the one exception.
The index is made anew by ``forgetting``, and an import does this again for every tombstone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, and_, delete, exists, func, select, update

from indexer.database import erasing, put_row
from indexer.history import Outcome, note, now_text, time_text
from indexer.library import Library, fingerprint, remove_row
from indexer.tables import (
    blobs,
    documents,
    history,
    jobs,
    pages,
    problems,
    tombstones,
    versions,
    visits,
)
from indexer.tombstones import FORGOTTEN
from search.document import Document

#: Bytes of a document that is gone at its source are kept so long: to read it again, and for an
#: editor who removed it by mistake.
PURGE_DAYS = 90
#: Values in one question to the database.
_AT_ONCE = 400
_PAGE_CONTENT = ("etag", "last_modified", "digest", "text_digest", "claimed")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: the document's keys and addresses, its versions with text, its bytes."""

    keys: tuple[str, ...]
    addresses: tuple[str, ...]
    versions: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Purged:
    """Documents whose bytes were purged, and how many bytes that was."""

    documents: int
    bytes: int


def erase(library: Library, key: str, why: str) -> Erased:
    """Erase a document and leave a tombstone, in one transaction; doing it again does no harm.

    Keys that the document had before go with it. A key that the library does not know is kept
    out from now on. The index and the file's free space are another matter: see ``forgetting``.
    """
    now = now_text()
    with erasing(library.engine) as connection:
        keys = _keys(connection, key)
        addresses = _addresses(connection, keys)
        for name in keys:
            remove_row(connection, name, FORGOTTEN, now)
        counted = _erase_rows(connection, keys, addresses)
        for name in keys:
            source = name.partition(":")[0]
            for address in ("", *addresses):
                grave = {"key": name, "address": address}
                put_row(connection, tombstones, grave, {"source": source, "why": why, "at": now})
        if addresses:
            note(connection, now, key.partition(":")[0], "", key, Outcome.REMOVED, FORGOTTEN)
    return Erased(keys, addresses, *counted)


def erase_again(connection: Connection) -> bool:
    """Erase what tombstones speak of, after rows came from elsewhere; whether there are any."""
    graves = connection.execute(select(tombstones)).all()
    addresses = tuple(sorted({row.address for row in graves if row.address}))
    keys = {row.key for row in graves}
    for some in _chunks(addresses):
        keys.update(connection.scalars(select(documents.c.key).where(documents.c.origin.in_(some))))
    _erase_rows(connection, keys, addresses)
    return bool(keys)


def purge(library: Library, now: datetime, days: int = PURGE_DAYS) -> Purged:
    """Let go of the bytes of documents that were removed at least so many days ago.

    Their text stays in their versions, whose fingerprints no longer speak of the bytes.
    """
    before = time_text(now - timedelta(days=days))
    gone = (
        select(documents.c.key)
        .join(versions, versions.c.revision == documents.c.revision)
        .where(documents.c.removed, versions.c.at <= before)
    )
    held = (
        select(versions.c.key)
        .distinct()
        .where(versions.c.digest.is_not(None), versions.c.key.in_(gone))
    )
    with library.engine.connect() as connection:
        keys = tuple(connection.scalars(held.order_by(versions.c.key)))
    return Purged(len(keys), sum(_purge_document(library, key) for key in keys))


def _purge_document(library: Library, key: str) -> int:
    theirs = (versions.c.key == key, versions.c.digest.is_not(None))
    with erasing(library.engine) as connection:
        if connection.scalar(select(documents.c.removed).where(documents.c.key == key)) is not True:
            return 0  # it came back meanwhile
        rows = connection.execute(select(versions).where(*theirs)).all()
        for row in rows:
            mark = fingerprint(Document.from_json(json.loads(row.document)), "")
            this = versions.c.revision == row.revision
            connection.execute(versions.update().where(this).values(digest=None, fingerprint=mark))
        return _drop_blobs(connection, {row.digest for row in rows})


def _keys(connection: Connection, key: str) -> tuple[str, ...]:
    """The document's key, and those it had before: removed, and from the same place."""
    this = documents.alias("this")
    before = (
        select(documents.c.key)
        .join(this, and_(this.c.source == documents.c.source, this.c.origin == documents.c.origin))
        .where(this.c.key == key, documents.c.removed, documents.c.origin != "")
    )
    return tuple(sorted({key, *connection.scalars(before)}))


def _addresses(connection: Connection, keys: Collection[str]) -> tuple[str, ...]:
    """Where the document came from and is published, but nothing that is another's now."""
    rows = connection.scalars(
        select(versions.c.document).where(
            versions.c.key.in_(keys), versions.c.document.is_not(None)
        )
    )
    found = {str(json.loads(text).get("url", "")) for text in rows}
    found.update(connection.scalars(select(documents.c.origin).where(documents.c.key.in_(keys))))
    found.update(connection.scalars(select(pages.c.url).where(pages.c.key.in_(keys))))
    graves = select(tombstones.c.address).where(tombstones.c.key.in_(keys))
    found.update(connection.scalars(graves))
    others = select(documents.c.origin).where(
        documents.c.origin.in_(found), documents.c.key.not_in(keys), ~documents.c.removed
    )
    return tuple(sorted(found - {"", *connection.scalars(others)}))


def _erase_rows(
    connection: Connection, keys: Collection[str], addresses: Collection[str]
) -> tuple[int, int]:
    """Erase all that the library says of documents; how many versions and bytes that was."""
    count, titles, digests = 0, set[str](), set[str]()
    for some in _chunks(keys):
        theirs = versions.c.key.in_(some)
        for row in connection.execute(select(versions).where(theirs)):
            if row.document is not None:
                count += 1
                titles.add(str(json.loads(row.document).get("title", "")))
            if row.digest:
                digests.add(row.digest)
        blank = {"document": None, "digest": None, "fingerprint": "", "removed": True}
        connection.execute(versions.update().where(theirs).values(**blank))
        gone = {"digest": "", "removed": True}
        connection.execute(documents.update().where(documents.c.key.in_(some)).values(**gone))
    size = _drop_blobs(connection, digests)
    for column in (history.c.key, pages.c.key, visits.c.key):
        _erase_traces(connection, column, keys)
    for column in (history.c.origin, problems.c.origin, pages.c.url, visits.c.url):
        _erase_traces(connection, column, addresses)
    # A job says what it has in hand by its title.
    _erase_traces(connection, jobs.c.message, titles - {""})
    return count, size


def _erase_traces(connection: Connection, column: Column[str], values: Collection[str]) -> None:
    table = column.table
    changes: Mapping[Any, Mapping[str, str]] = {
        pages: {"state": FORGOTTEN, "reason": FORGOTTEN, **dict.fromkeys(_PAGE_CONTENT, "")},
        visits: {"digest": "", "reason": FORGOTTEN},
        jobs: {"message": ""},
    }
    for some in _chunks(values):
        theirs = column.in_(some)
        if table in changes:
            connection.execute(update(table).where(theirs).values(**changes[table]))
        else:
            connection.execute(delete(table).where(theirs))


def _drop_blobs(connection: Connection, digests: Collection[str]) -> int:
    """Let go of bytes that no version has any more; how many they were."""
    size = 0
    for some in _chunks(digests):
        lonely = (blobs.c.digest.in_(some), ~exists().where(versions.c.digest == blobs.c.digest))
        size += connection.scalar(select(func.sum(blobs.c.size)).where(*lonely)) or 0
        connection.execute(blobs.delete().where(*lonely))
    return size


def _chunks(values: Collection[str]) -> Iterator[list[str]]:
    listed = sorted(values)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]
