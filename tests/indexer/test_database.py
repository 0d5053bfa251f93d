from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from indexer import database
from indexer.database import HEAD, compact, erasing, open_database, writing
from indexer.library import Library
from indexer.tables import metadata, tombstones
from search.document import Document
from search.errors import LibraryError


def test_migrations_lead_to_the_tables_of_the_program(library: Library) -> None:
    with library.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_is_the_newest_migration(root: Path) -> None:
    files = sorted((root / "indexer/migrations/versions").glob("0*.py"))
    assert files[-1].name.startswith(HEAD)


def test_an_old_library_with_documents_is_brought_up_and_keeps_them(
    tmp_path: Path, document: Callable[..., Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.sqlite"
    with monkeypatch.context() as old:
        old.setattr(database, "HEAD", "0001")
        with Library(path) as library:
            tombstones.create(library.engine)  # today's code asks it, yesterday's did not
            library.store(document("egna:1"), b"data", origin="/a", parsed_by="p")
            tombstones.drop(library.engine)
            library.switch("gr", shown=False)
            before = library.version("egna:1"), library.state_at(2), library.known_by_key("egna:1")
            assert not inspect(library.engine).has_table("pages")
    with Library(path) as library:
        now = library.version("egna:1"), library.state_at(2), library.known_by_key("egna:1")
        assert now == before
        assert library.hidden_sources() == {"gr"}
        with library.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_what_is_erased_is_in_no_file_once_the_database_is_compact(library: Library) -> None:
    for name in ("first", "second"):
        library.set_fact(name, f"a unique sentence of the {name} " * 500)
    with erasing(library.engine) as connection:
        connection.execute(text("DELETE FROM facts WHERE name = 'first'"))
    assert compact(library.engine)
    held = b"".join(p.read_bytes() for p in library.path.parent.iterdir())
    assert b"sentence of the second" in held
    assert b"sentence of the first" not in held


def test_a_database_that_somebody_reads_is_compact_later(tmp_path: Path) -> None:
    with Library(tmp_path / "library.sqlite", wait_seconds=0) as library:
        library.set_fact("name", "value")
        with library.engine.connect() as reader:
            reader.execute(text("SELECT * FROM facts")).all()
            library.set_fact("name", "another")
            assert not compact(library.engine)
        assert compact(library.engine)


def test_a_library_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    Library(path).close()
    engine = open_database(path, 5)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(LibraryError, match="newer"):
        Library(path)
