"""Opening the library's database: SQLite in WAL mode, migrated to this program's tables.

The only module that knows which database it is; everything else speaks SQLAlchemy.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError

from search.errors import LibraryError

#: The newest file under migrations/versions/; a test compares.
HEAD = "0003"

_MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(path: Path, wait_seconds: float) -> Engine:
    """Open the library at ``path``, making or migrating it first.

    A writer waits ``wait_seconds`` for another. Raises LibraryError when the file is no library,
    or one of a newer program, or its folder cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"{path.parent} cannot be made: {error.strerror}") from error
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": wait_seconds})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        _migrate(engine, path)
    except DatabaseError as error:
        engine.dispose()
        raise LibraryError(f"{path} cannot be opened as a library: {error.orig}") from error
    except LibraryError:
        engine.dispose()
        raise
    return engine


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction that writes: takes the write lock at once instead of failing half-way."""
    return engine.execution_options(writes=True).begin()


def erasing(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction whose deleted content is overwritten; ``compact`` leaves no other trace."""
    return engine.execution_options(writes=True, erases=True).begin()


def compact(engine: Engine) -> bool:
    """Write the file anew without what was deleted, and empty the write-ahead log.

    False when another process was in the way for too long: then do it again later.
    """
    pooled = engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        connection.execute("VACUUM")
        (busy, *_pages) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except OperationalError:
        return False
    finally:
        pooled.close()
    return not busy


def put_row(
    connection: Connection,
    table: Table,
    key: Mapping[str, object],
    values: Mapping[str, object],
    when_new: Mapping[str, object] | None = None,
) -> None:
    """Update the row with a key, or insert it with ``when_new`` added; in any database."""
    same = [table.c[name] == value for name, value in key.items()]
    if not connection.execute(table.update().where(*same).values(**values)).rowcount:
        connection.execute(table.insert().values(**key, **values, **(when_new or {})))


def _prepare(connection: Any, _record: object) -> None:
    # Transactions are begun by _begin; the driver must not begin its own.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # The index records which revision it shows: a power cut must not take that revision back.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("erases"):
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def _migrate(engine: Engine, path: Path) -> None:
    if _version(engine) == HEAD:
        return
    with FileLock(path.with_suffix(".lock"), timeout=60):
        version = _version(engine)
        if version == HEAD:
            return
        if version is not None and version > HEAD:
            raise LibraryError(f"{path} was written by a newer Metodsök (tables {version})")
        # Alembic takes a moment to import, and is needed once a version.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
