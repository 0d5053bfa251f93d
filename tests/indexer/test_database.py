from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from indexer.database import HEAD, open_database, writing
from indexer.library import Library
from indexer.tables import metadata
from search.errors import LibraryError


def test_migrations_lead_to_the_tables_of_the_program(library: Library) -> None:
    with library.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_is_the_newest_migration(root: Path) -> None:
    files = sorted((root / "indexer/migrations/versions").glob("0*.py"))
    assert files[-1].name.startswith(HEAD)


def test_a_library_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    Library(path).close()
    engine = open_database(path, 5)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(LibraryError, match="newer"):
        Library(path)
