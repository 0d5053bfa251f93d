"""What the site asks of search, and where a view finds the one that answers.

Knows no engine: ``search.searcher.Searcher`` is one, and the tests have another.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, cast

from flask import Flask, current_app

from search.query import Query
from search.results import Results, StoredDocument

_NAME = "metodsok"


class Engine(Protocol):
    """Answers questions. Every part raises IndexUnavailableError while nothing is published."""

    @property
    def generation(self) -> int:
        """The number of the serving generation."""

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Facet → value → Swedish label."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Source → how many documents it has, most first."""

    def search(self, query: Query) -> Results:
        """Answer a question."""

    def document(self, key: str) -> StoredDocument | None:
        """A document as published, or None."""

    def passages_for(self, key: str, query: Query) -> tuple[int, ...]:
        """The numbers of the passages of a document that answer best, the best first."""

    def file(self, digest: str) -> Path | None:
        """A published original by its SHA-256, or None."""


def install(app: Flask, engine: Engine) -> None:
    """Have the app's views ask this engine."""
    app.extensions[_NAME] = engine


def engine() -> Engine:
    """The engine of the app that is answering."""
    return cast(Engine, current_app.extensions[_NAME])
