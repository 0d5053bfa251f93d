"""The folders that documents were added from, and the names their keys begin with.

Rows in the library; the files themselves are read by indexer.intake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from indexer.database import writing
from indexer.tables import folders


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder somebody added; ``name`` is its part of its documents' keys.

    ``whole`` ones were added as folders and are looked through again for new and vanished files;
    of the others single files were added.
    """

    id: int
    source: str
    name: str
    path: Path
    whole: bool


class Folders:
    """The folders in a library's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Folder, ...]:
        """Every folder, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(folders).order_by(folders.c.id))
            return tuple(_folder(row._asdict()) for row in rows)

    def holding(self, source: str, path: Path) -> Folder | None:
        """The innermost whole folder of a source that a file lies in, or None."""
        return innermost(self.all(), source, path)

    def add(self, source: str, path: Path, *, whole: bool) -> Folder:
        """The folder at a path, added if it is new.

        Its name is the path's last part, with a number when another folder has that name. A
        folder that has moved (its old path is gone) keeps its name, and so its documents.
        """
        with writing(self._engine) as connection:
            rows = connection.execute(select(folders).where(folders.c.source == source))
            known = [_folder(row._asdict()) for row in rows]
            same = [item for item in known if item.path == path]
            moved = [i for i in known if i.path.name == path.name and not i.path.exists()]
            found = next(iter(same + moved), None)
            if found is None:
                name = _free_name(path.name or "mapp", {item.name for item in known})
                connection.execute(
                    folders.insert().values(source=source, name=name, path=str(path), whole=whole)
                )
            else:
                connection.execute(
                    folders.update()
                    .where(folders.c.id == found.id)
                    .values(path=str(path), whole=whole or found.whole)
                )
            query = select(folders).where(folders.c.source == source, folders.c.path == str(path))
            return _folder(connection.execute(query).one()._asdict())


def innermost(known: Sequence[Folder], source: str, path: Path) -> Folder | None:
    """The innermost whole folder of a source that a file lies in, or None."""
    around = [
        item
        for item in known
        if item.source == source and item.whole and path.is_relative_to(item.path)
    ]
    return max(around, key=lambda item: len(item.path.parts), default=None)


def _folder(row: Mapping[str, Any]) -> Folder:
    return Folder(row["id"], row["source"], row["name"], Path(row["path"]), row["whole"])


def _free_name(wanted: str, taken: set[str]) -> str:
    names: Iterator[str] = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(name for name in names if name not in taken)
