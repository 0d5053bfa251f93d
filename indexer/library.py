"""The library: the truth about every document, in SQL.

Owns documents with every version they have had, their raw bytes, and what was decided of
sources. Knows no files and no index: a *revision* counts its changes from 1, and the index says
which revision it shows. Nothing here deletes a version; ``erasure`` empties some.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, func, select, union_all

from indexer.database import open_database, put_row, writing
from indexer.history import Outcome, note, now_text
from indexer.problems import clear_problem
from indexer.switches import hidden_at, said_at
from indexer.tables import blobs, documents, facts, pages, switches, versions
from indexer.tombstones import refuse_forgotten
from search.document import Document
from search.errors import LibraryError


@dataclass(frozen=True, slots=True)
class Known:
    """What the library knows of a document without opening it.

    ``origin`` is the file's absolute path or the page's address; ``parsed_by`` names the parsers
    and rules that read it; ``digest`` is the SHA-256 of its bytes.
    """

    key: str
    source: str
    origin: str
    folder: int | None
    digest: str
    parsed_by: str
    removed: bool
    revision: int


@dataclass(frozen=True, slots=True)
class Version:
    """A document as it was at a revision, with the digest of the bytes it was read from.

    The digest is ``""`` where the bytes were purged.
    """

    key: str
    revision: int
    fingerprint: str
    digest: str
    document: Document


def fingerprint(document: Document, digest: str) -> str:
    """32 hexadecimal characters that change with anything a reader could see of a document."""
    text = json.dumps(document.to_json(), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{digest}\n{text}".encode()).hexdigest()[:32]


class Library:
    """The library at a path. Threads may share it; other processes may use it at the same time."""

    def __init__(self, path: Path, wait_seconds: float = 60) -> None:
        """Open it, making it when new. Raises LibraryError when the file is no library."""
        self.path = path
        self.engine = open_database(path, wait_seconds)

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # What is there

    def revision(self) -> int:
        """The number of the latest change; 0 in an empty library."""
        with self.engine.connect() as connection:
            return _revision(connection)

    def is_empty(self) -> bool:
        """Whether nothing has ever been stored or decided."""
        return self.revision() == 0

    def known(self, source: str, origin: str) -> Known | None:
        """The document that came from an origin, or None; a removed one only if no other did."""
        query = (
            select(documents)
            .where(documents.c.source == source, documents.c.origin == origin)
            .order_by(documents.c.removed, documents.c.revision.desc())
        )
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        return _known(row._asdict()) if row else None

    def known_by_key(self, key: str) -> Known | None:
        """The document with a key, removed or not, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(documents).where(documents.c.key == key)).first()
        return _known(row._asdict()) if row else None

    def known_in(self, folder: int) -> tuple[Known, ...]:
        """The documents of a folder that are not removed."""
        query = select(documents).where(documents.c.folder == folder, ~documents.c.removed)
        with self.engine.connect() as connection:
            return tuple(_known(row._asdict()) for row in connection.execute(query))

    def version(self, key: str, revision: int | None = None) -> Version | None:
        """A document as of a revision (the latest unless said), or None if it was not there.

        Raises LibraryError when what the library holds of it is damaged.
        """
        query = select(versions).where(versions.c.key == key)
        if revision is not None:
            query = query.where(versions.c.revision <= revision)
        query = query.order_by(versions.c.revision.desc()).limit(1)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None or row.removed:
            return None
        try:
            document = Document.from_json(json.loads(row.document))
        except ValueError as error:
            raise LibraryError(f"the library's document {key} is damaged: {error}") from error
        return Version(key, row.revision, row.fingerprint, row.digest or "", document)

    def state_at(self, revision: int) -> dict[str, str]:
        """What readers should see at a revision: key → fingerprint.

        Removed documents and those of sources switched off are left out.
        """
        latest = (
            select(versions.c.key, func.max(versions.c.revision).label("revision"))
            .where(versions.c.revision <= revision)
            .group_by(versions.c.key)
            .subquery()
        )
        query = (
            select(versions.c.key, versions.c.source, versions.c.fingerprint)
            .join(latest, versions.c.revision == latest.c.revision)
            .where(~versions.c.removed)
        )
        with self.engine.connect() as connection:
            hidden = hidden_at(connection, revision)
            rows = connection.execute(query).all()
        return {row.key: row.fingerprint for row in rows if row.source not in hidden}

    def hidden_sources(self) -> frozenset[str]:
        """The sources an editor has switched off."""
        with self.engine.connect() as connection:
            return hidden_at(connection, _revision(connection))

    def switched(self) -> dict[str, bool]:
        """What an editor has said of sources: source → whether it is shown."""
        with self.engine.connect() as connection:
            return said_at(connection, _revision(connection))

    def of_sources(self, sources: Collection[str] = ()) -> tuple[Known, ...]:
        """The documents of these sources, or of all, that are not removed; by key."""
        query = select(documents).where(~documents.c.removed).order_by(documents.c.key)
        if sources:
            query = query.where(documents.c.source.in_(sources))
        with self.engine.connect() as connection:
            return tuple(_known(row._asdict()) for row in connection.execute(query))

    def counts(self) -> dict[str, int]:
        """How many documents each source has, removed ones left out."""
        query = (
            select(documents.c.source, func.count().label("number"))
            .where(~documents.c.removed)
            .group_by(documents.c.source)
        )
        with self.engine.connect() as connection:
            return {row.source: row.number for row in connection.execute(query)}

    def blob(self, digest: str) -> bytes:
        """The bytes with a SHA-256. Raises LibraryError when the library lacks them."""
        with self.engine.connect() as connection:
            data = connection.scalar(select(blobs.c.data).where(blobs.c.digest == digest))
        if data is None:
            raise LibraryError(f"the library has no bytes with SHA-256 {digest}")
        return bytes(data)

    # What changes

    def store(
        self,
        document: Document,
        data: bytes,
        *,
        origin: str,
        parsed_by: str,
        folder: int | None = None,
        instead_of: str = "",
    ) -> Outcome:
        """Keep a document and its bytes, as a new version if anything differs from the last.

        ``instead_of`` is the key that the document had before, which is removed with the same
        stroke. Raises ParseError for what was forgotten (``tombstones``).
        """
        digest = hashlib.sha256(data).hexdigest()
        mark = fingerprint(document, digest)
        now = now_text()
        with writing(self.engine) as connection:
            refuse_forgotten(connection, document.key, origin, document.url)
            if instead_of:
                remove_row(connection, instead_of, f"now has the key {document.key}", now)
                theirs = pages.update().where(pages.c.key == instead_of)
                connection.execute(theirs.values(key=document.key))
            _store_blob(connection, digest, data)
            old = connection.execute(
                select(documents).where(documents.c.key == document.key)
            ).first()
            latest = (
                connection.scalar(
                    select(versions.c.fingerprint).where(versions.c.revision == old.revision)
                )
                if old
                else None
            )
            if old and not old.removed and latest == mark:
                outcome, revision = Outcome.UNCHANGED, old.revision
            else:
                outcome = Outcome.CHANGED if old and not old.removed else Outcome.ADDED
                revision = add_version(connection, document, digest, mark, now)
            values = {
                "source": document.source,
                "origin": origin,
                "folder": folder,
                "digest": digest,
                "parsed_by": parsed_by,
                "removed": False,
                "revision": revision,
                "last_seen": now,
            }
            put_row(connection, documents, {"key": document.key}, values, {"first_seen": now})
            clear_problem(connection, document.source, origin)
            if outcome is not Outcome.UNCHANGED:
                note(connection, now, document.source, origin, document.key, outcome)
        return outcome

    def remove(self, key: str, detail: str) -> None:
        """Mark a document removed; its versions stay. ``detail`` says why, for the history."""
        with writing(self.engine) as connection:
            remove_row(connection, key, detail, now_text())

    def switch(self, source: str, shown: bool) -> None:
        """Show a source's documents to readers, or keep them out of the index."""
        with writing(self.engine) as connection:
            # Said of a source that is off in sources.toml, "on" is news, though none was hidden.
            if said_at(connection, _revision(connection)).get(source) == shown:
                return
            connection.execute(
                switches.insert().values(
                    revision=_next_revision(connection), source=source, shown=shown, at=now_text()
                )
            )

    # Facts

    def fact(self, name: str) -> str:
        """A fact of the library as a whole, or ``""``."""
        with self.engine.connect() as connection:
            return connection.scalar(select(facts.c.value).where(facts.c.name == name)) or ""

    def set_fact(self, name: str, value: str) -> None:
        """Write a fact down."""
        with writing(self.engine) as connection:
            put_row(connection, facts, {"name": name}, {"value": value})


def _revision(connection: Connection) -> int:
    latest = union_all(
        select(func.max(versions.c.revision).label("revision")),
        select(func.max(switches.c.revision).label("revision")),
    ).subquery()
    return connection.scalar(select(func.max(latest.c.revision))) or 0


def _next_revision(connection: Connection) -> int:
    return _revision(connection) + 1


def add_version(
    connection: Connection, document: Document, digest: str, mark: str, now: str
) -> int:
    """Write a version down, in a transaction of somebody's own; gives its revision."""
    revision = _next_revision(connection)
    connection.execute(
        versions.insert().values(
            revision=revision,
            key=document.key,
            source=document.source,
            removed=False,
            document=json.dumps(document.to_json(), ensure_ascii=False),
            digest=digest,
            fingerprint=mark,
            at=now,
        )
    )
    return revision


def remove_row(connection: Connection, key: str, detail: str, now: str) -> None:
    """As ``Library.remove``, in a transaction of somebody's own."""
    row = connection.execute(select(documents).where(documents.c.key == key)).first()
    if row is None or row.removed:
        return
    revision = _next_revision(connection)
    connection.execute(
        versions.insert().values(
            revision=revision, key=key, source=row.source, removed=True, fingerprint="", at=now
        )
    )
    connection.execute(
        documents.update().where(documents.c.key == key).values(removed=True, revision=revision)
    )
    clear_problem(connection, row.source, row.origin)
    note(connection, now, row.source, row.origin, key, Outcome.REMOVED, detail)


def _store_blob(connection: Connection, digest: str, data: bytes) -> None:
    if connection.scalar(select(blobs.c.size).where(blobs.c.digest == digest)) is None:
        connection.execute(blobs.insert().values(digest=digest, size=len(data), data=data))


def _known(row: Mapping[str, Any]) -> Known:
    return Known(**{name: row[name] for name in Known.__slots__})
