"""SQLite's FTS5, over text that is stemmed before it is stored.

FTS5 has no Swedish and no facets: words are stemmed here, and what a page shows and counts lies in
a table beside. Its BM25 takes title and text for one long field and floors rare words' weight
differently, so that its ten are not quite the others'.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.benchmark.analysis import snippet, stem, stop_words, terms, words_of
from bench.benchmark.engine import (
    FACETS,
    SLOW_ENGINES_MOST,
    SNIPPET_CHARACTERS,
    TOP,
    BenchDocument,
    Opened,
    Page,
    PageHit,
    Ranked,
)

_FILE = "fts5.sqlite"
#: Stands where a stop word stood: words around one are not side by side. No stem looks like it.
_STOPPED = "_"
_MATCHING = "SELECT rowid FROM texts WHERE texts MATCH ?"
#: Text comes analysed, so that all that is not a blank is a letter of a word.
_TABLES = """
CREATE VIRTUAL TABLE texts USING fts5(title, body, tokenize = "ascii tokenchars '_'");
CREATE TABLE documents (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL,
    source TEXT NOT NULL, kind TEXT NOT NULL, year INTEGER NOT NULL, day INTEGER NOT NULL
);
CREATE TABLE topics (
    number INTEGER NOT NULL, topics TEXT NOT NULL, PRIMARY KEY (number, topics)
) WITHOUT ROWID;
"""


class Fts5Opened(Opened):
    """A database, open for reading and writing."""

    def __init__(self, folder: Path) -> None:
        self._database = _connected(folder)
        self._database.execute("CREATE TEMP TABLE found (number INTEGER PRIMARY KEY)")

    def rank(self, words: Sequence[str]) -> Ranked:
        """The best ten, and how many there are."""
        return self._ranked(_any(words))

    def page(self, words: Sequence[str]) -> Page:
        """A whole page of results."""
        wanted = _any(words)
        if not wanted:
            return Page(0, {name: {} for name in FACETS}, [])
        count, facets = self._counted(wanted)
        stems = terms(words)
        rows = self._rows(
            "SELECT d.id, d.title, d.body FROM texts JOIN documents d ON d.number = texts.rowid"
            f" WHERE texts MATCH ? ORDER BY texts.rank LIMIT {TOP}",
            wanted,
        )
        hits = [PageHit(i, t, snippet(body, stems, SNIPPET_CHARACTERS)) for i, t, body in rows]
        return Page(count, facets, hits)

    def both(self, words: Sequence[str]) -> Ranked:
        """Those that have every word, each in title or text."""
        return self._ranked(" AND ".join(map(_quoted, terms(words))))

    def phrase(self, words: Sequence[str]) -> Ranked:
        """Those in whose title or text the words stand side by side."""
        return self._ranked(_quoted(" ".join(stem(word.lower()) for word in words)))

    def filtered(self, words: Sequence[str], kind: str, year: int) -> Ranked:
        """Those of a kind and a year."""
        return self._joined(_any(words), "AND d.kind = ? AND d.year = ?", "texts.rank", kind, year)

    def by_date(self, words: Sequence[str]) -> Ranked:
        """The newest ten."""
        return self._joined(_any(words), "", "d.day DESC")

    def update(self, document: BenchDocument) -> None:
        """Put a document in place of the one with its number; a commit is on disk."""
        with self._database:
            self._database.execute("DELETE FROM topics WHERE number = ?", (document.number,))
            _put(self._database, [document])

    def merge(self) -> None:
        """FTS5 calls it optimizing."""
        with self._database:
            self._database.execute("INSERT INTO texts (texts) VALUES ('optimize')")

    def clear_caches(self) -> None:
        """Give back the pages that SQLite holds."""
        self._database.execute("PRAGMA shrink_memory")

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _ranked(self, wanted: str) -> Ranked:
        if not wanted:
            return Ranked(0, [])
        ((count,),) = self._rows("SELECT count(*) FROM texts WHERE texts MATCH ?", wanted)
        rows = self._rows(f"{_MATCHING} ORDER BY rank LIMIT {TOP}", wanted)
        return Ranked(count, [number for (number,) in rows])

    def _joined(self, wanted: str, narrowed: str, order: str, *values: str | int) -> Ranked:
        if not wanted:
            return Ranked(0, [])
        found = (
            f"FROM texts JOIN documents d ON d.number = texts.rowid WHERE texts MATCH ? {narrowed}"
        )
        ((count,),) = self._rows(f"SELECT count(*) {found}", wanted, *values)
        rows = self._rows(f"SELECT d.number {found} ORDER BY {order} LIMIT {TOP}", wanted, *values)
        return Ranked(count, [number for (number,) in rows])

    def _counted(self, wanted: str) -> tuple[int, Mapping[str, Mapping[str, int]]]:
        """The count, and every facet's: what matches is looked up once, in a passing table."""
        self._database.execute("DELETE FROM found")
        made = self._database.execute(f"INSERT INTO found {_MATCHING}", (wanted,))
        facets = {}
        for name in FACETS:
            table = "topics" if name == "topics" else "documents"
            facets[name] = dict(
                self._rows(
                    f"SELECT {name}, count(*) FROM found JOIN {table} USING (number)"
                    f" GROUP BY {name}"
                )
            )
        self._database.commit()
        return made.rowcount, facets

    def _rows(self, statement: str, *values: str | int) -> list[tuple]:  # type: ignore[type-arg]
        return self._database.execute(statement, values).fetchall()


class Fts5:
    """What comes with every Python."""

    name = "fts5"
    version = sqlite3.sqlite_version
    lacks = frozenset({"index2"})
    most: int | None = SLOW_ENGINES_MOST
    own_formula = True

    def build(self, folder: Path, documents: Iterable[BenchDocument], cores: int) -> None:
        """Write in one transaction and make one segment."""
        database = _connected(folder)
        database.executescript(_TABLES)
        with database:
            _put(database, documents)
            database.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    def open(self, folder: Path) -> Fts5Opened:
        """Open what ``build`` made."""
        return Fts5Opened(folder)


def _connected(folder: Path) -> sqlite3.Connection:
    database = sqlite3.connect(folder / _FILE)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    # Read from the system's pages as the others do.
    database.execute("PRAGMA mmap_size = 8589934592")
    return database


def _put(database: sqlite3.Connection, documents: Iterable[BenchDocument]) -> None:
    for d in documents:
        text = (d.number, _analysed(d.title), _analysed(d.text))
        database.execute("INSERT OR REPLACE INTO texts (rowid, title, body) VALUES (?, ?, ?)", text)
        row = (d.number, d.id, d.title, d.text, d.source, d.kind, d.year, d.day)
        database.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        topics = [(d.number, topic) for topic in d.topics]
        database.executemany("INSERT INTO topics VALUES (?, ?)", topics)


def _analysed(text: str) -> str:
    return " ".join(_stems(text))


def _stems(text: str) -> Iterator[str]:
    stopped = stop_words()
    for word in words_of(text.lower()):
        yield _STOPPED if word in stopped else stem(word)


def _any(words: Sequence[str]) -> str:
    return " OR ".join(map(_quoted, terms(words)))


def _quoted(text: str) -> str:
    return f'"{text}"'


ENGINE = Fts5()
