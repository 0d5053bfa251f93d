"""What an engine must be able to do to take part, and the shapes of what it answers.

Engines read nothing here but these types. Words are *raw*, as they stand in a question: each
engine analyses them itself, as ``analysis`` says, since that is a part of answering.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search.errors import MetodsokError

#: Hits on a page, and the numbers that a ranking gives.
TOP = 10
#: What is counted on a page, in order.
FACETS = ("source", "kind", "topics")
#: Of a text, the characters that a snippet may have.
SNIPPET_CHARACTERS = 150
#: Beyond this the engines that index a document at a time are not asked: hours for one figure.
SLOW_ENGINES_MOST = 100_000


class EngineError(MetodsokError):
    """An engine did not do what it must, so that there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class BenchDocument:
    """A passage with made-up facets.

    ``number`` is its place in the collection from 0, and what ``rank`` answers with; ``id`` is its
    name. ``day`` is a date's proleptic ordinal.
    """

    number: int
    id: str
    title: str
    text: str
    source: str
    kind: str
    topics: tuple[str, ...]
    year: int
    day: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """How many documents match, exactly, and the numbers of the first ten."""

    count: int
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class PageHit:
    """A document as a page shows it; ``snippet`` is of its text, with what matched marked."""

    id: str
    title: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results: the exact count, facet → value → documents, and the first ten."""

    count: int
    facets: Mapping[str, Mapping[str, int]]
    hits: Sequence[PageHit]


class Opened:
    """An index open for searching. What an engine lacks it leaves as it stands here.

    Unless said otherwise a document matches when title or text has any of the words, and the best
    by BM25 come first. Words that are all stop words match nothing.
    """

    def rank(self, words: Sequence[str]) -> Ranked:
        """The best ten, and how many there are."""
        raise NotImplementedError

    def page(self, words: Sequence[str]) -> Page:
        """A whole page of results."""
        raise NotImplementedError

    def both(self, words: Sequence[str]) -> Ranked:
        """Those that have every word, each in title or text."""
        raise NotImplementedError

    def phrase(self, words: Sequence[str]) -> Ranked:
        """Those in whose title or text the words stand side by side; none is a stop word."""
        raise NotImplementedError

    def filtered(self, words: Sequence[str], kind: str, year: int) -> Ranked:
        """Those of a kind and a year."""
        raise NotImplementedError

    def by_date(self, words: Sequence[str]) -> Ranked:
        """The newest ten by ``day``; equals in any order."""
        raise NotImplementedError

    def update(self, document: BenchDocument) -> None:
        """Put a document in place of the one with its number: on disk and found on return."""
        raise NotImplementedError

    def merge(self) -> None:
        """Make one segment of all there are, on disk on return."""
        raise NotImplementedError

    def clear_caches(self) -> None:
        """Forget what earlier questions left, so that the next pays for itself."""

    def describe(self) -> Mapping[str, int]:
        """Figures that belong beside the others, as the number of segments."""
        return {}

    def close(self) -> None:
        """Let go of files and threads."""


class Engine(Protocol):
    """A kind of index.

    ``version`` names what its files look like: another one builds them anew. ``lacks`` are the
    tasks it cannot do, left out and not imitated. ``most`` is how many documents it is asked to
    take, None for any number. ``own_formula`` is whether it ranks by something else than the sum
    of BM25 in title and in text, so that its first ten are told and not held against it.
    """

    name: str
    version: str
    lacks: frozenset[str]
    most: int | None
    own_formula: bool

    def build(self, folder: Path, documents: Iterable[BenchDocument], cores: int) -> None:
        """Index documents into an empty folder, on disk on return, on so many cores."""

    def open(self, folder: Path) -> Opened:
        """Open what ``build`` made."""
