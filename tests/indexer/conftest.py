"""A library, the indexer's parts around it, and files to feed them, in a temporary folder.

Files are read by the project's own parsers, but in this process: a child for every test would
cost half a second each, and has tests of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from indexer.context import Context
from indexer.enrich.taxonomy import Taxonomy, load_taxonomy
from indexer.folder import FolderSource
from indexer.intake import Intake
from indexer.jobs import worker_name
from indexer.library import Library
from indexer.parse import parse
from indexer.parse.raw import Limits, RawFile
from indexer.sources import Source, load_sources, rules_for
from indexer.tasks import Done, run
from search.document import Document
from search.settings import Settings


class Reader:
    """Parses here and remembers the names of the files it was given."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def parse(self, raw: RawFile, source: Source, shape: str = "") -> Document:
        self.read.append(raw.name)
        return parse(raw, rules_for(source, shape), Limits())


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.sqlite", wait_seconds=5) as opened:
        yield opened


@pytest.fixture(scope="session")
def sources(root: Path) -> Mapping[str, Source]:
    return load_sources(root / "corpus" / "sources.toml")


@pytest.fixture(scope="session")
def taxonomy(vocabulary: Path) -> Taxonomy:
    return load_taxonomy(vocabulary / "taxonomy.toml")


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def read(reader: Reader) -> list[str]:
    """The names of the files that were parsed so far."""
    return reader.read


@pytest.fixture
def intake(
    library: Library, reader: Reader, sources: Mapping[str, Source], taxonomy: Taxonomy
) -> Intake:
    return Intake(library, reader, sources, taxonomy, "p1")


@pytest.fixture
def folder_source(intake: Intake) -> FolderSource:
    return FolderSource(intake, file_mb=1)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with two documents in it."""
    folder = tmp_path / "rutiner"
    folder.mkdir()
    (folder / "medling.txt").write_text(text("Medling"), encoding="utf-8")
    (folder / "samverkan.txt").write_text(text("Samverkan"), encoding="utf-8")
    return folder


@pytest.fixture
def make_context(reader: Reader, tmp_path: Path) -> Iterator[Callable[..., Context]]:
    """Opens homes under the temporary folder: ``make_context("home", generations=2)``."""
    opened: list[Context] = []

    def make(home: str = "home", **fields: int) -> Context:
        context = Context(Settings(home=tmp_path / home, **fields))  # type: ignore[arg-type]
        vars(context)["parser"] = reader
        opened.append(context)
        return context

    yield make
    for context in opened:
        with context:
            pass


@pytest.fixture
def context(make_context: Callable[..., Context]) -> Context:
    return make_context()


@pytest.fixture
def do(context: Context) -> Callable[..., Done]:
    """Do a job here and now: ``do("add", paths=[...])``."""

    def act(kind: str, **arguments: object) -> Done:
        if kind == "add":
            paths = arguments["paths"]
            assert isinstance(paths, list)
            arguments = {"source": "egna", **arguments, "paths": [str(path) for path in paths]}
        return run(context, context.jobs.add(kind, arguments, worker=worker_name()))

    return act


def text(title: str) -> str:
    return f"{title}\n\nSå här arbetar vi med {title.lower()} i kommunen.\n"
