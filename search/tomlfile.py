"""TOML that people write by hand, read key by key, with the line in every complaint.

Owns how a wrong value is reported; knows nothing of what the values mean. Every complaint is a
SettingsError naming file, line, table and key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from math import inf
from pathlib import Path
from typing import Any

from search.errors import SettingsError

_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*["']?([\w-]+)["']?\s*=""")


class TomlTable:
    """One table of a file. ``done`` complains of every key that nobody has asked for."""

    def __init__(self, file: _Lines, data: Mapping[str, Any], header: str = "", n: int = 0) -> None:
        """``n`` counts tables of the same header, ``[[like.this]]``, from 0."""
        self._file = file
        self._data = data
        self._header = header
        self._n = n
        self._asked: set[str] = set()

    def wrong(self, key: str, problem: str) -> SettingsError:
        """The complaint about a key, for the caller to raise."""
        place = f"{self._file.path}:{self._file.line(self._header, self._n, key)}"
        table = f"[{self._header}] " if self._header else ""
        return SettingsError(f"{place}: {table}{key}: {problem}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; required where there is no default."""
        value = self._get(key, default)
        if not isinstance(value, str) or (not value.strip() and value != default):
            raise self.wrong(key, f"a text is expected, not {value!r}")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts; required where there is no default."""
        value = self._get(key, list(default) if default is not None else None)
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.wrong(key, f"a list of texts is expected, not {value!r}")
        return tuple(value)

    def mapping(self, key: str) -> Mapping[str, str]:
        """An inline table of texts; empty where the key is missing."""
        value = self._get(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.wrong(key, f"a table of texts is expected, not {value!r}")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number from 1; required where there is no default."""
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.wrong(key, f"a whole number from 1 is expected, not {value!r}")
        return value

    def seconds(self, key: str, default: float) -> float:
        """A length of time from 0, in seconds; fractions are allowed."""
        value = self._get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < inf:
            raise self.wrong(key, f"a number of seconds is expected, not {value!r}")
        return float(value)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, f"true or false is expected, not {value!r}")
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of the texts allowed."""
        value = self._get(key, default)
        if value not in allowed:
            raise self.wrong(key, f"{value!r} is not allowed; allowed are: {', '.join(allowed)}")
        return str(value)

    def pattern(self, key: str, default: str | None = None) -> re.Pattern[str]:
        """A regular expression, compiled without regard to case."""
        value = self.text(key, default)
        try:
            return re.compile(value, re.IGNORECASE)
        except re.error as error:
            raise self.wrong(key, f"not a regular expression: {error}") from error

    def tables(self, key: str) -> tuple[TomlTable, ...]:
        """The tables under ``[[this.key]]``; none where the key is missing."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.wrong(key, "tables are expected: [[" + self._under(key) + "]]")
        return tuple(TomlTable(self._file, v, self._under(key), n) for n, v in enumerate(value))

    def has(self, key: str) -> bool:
        """Whether the key stands there at all; asking so does not make it known."""
        return key in self._data

    def table(self, key: str) -> TomlTable:
        """The table under ``[this.key]``, which is required."""
        value = self._get(key, None)
        if not isinstance(value, dict):
            raise self.wrong(key, "a table is expected: [" + self._under(key) + "]")
        return TomlTable(self._file, value, self._under(key))

    def named(self) -> Iterator[tuple[str, TomlTable]]:
        """Every table in this one, with its name."""
        for key in self._data:
            yield key, self.table(key)

    def done(self) -> None:
        """Complain of the first key that has not been asked for."""
        for key in self._data:
            if key not in self._asked:
                allowed = ", ".join(sorted(self._asked))
                raise self.wrong(key, f"is not known here; known are: {allowed}")

    def _under(self, key: str) -> str:
        return f"{self._header}.{key}" if self._header else key

    def _get(self, key: str, default: object) -> Any:
        self._asked.add(key)
        value = self._data.get(key, default)
        if value is None:
            raise self.wrong(key, "is missing")
        return value


class _Lines:
    """Where tables and keys stand in a file; tomllib does not say."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._found: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        header, n = "", 0
        for number, line in enumerate(text.splitlines(), start=1):
            if match := _HEADER.match(line):
                header = match[1].replace(" ", "").replace('"', "")
                n = counts.get(header, -1) + 1
                counts[header] = n
                self._found[header, n, ""] = number
            elif match := _KEY.match(line):
                self._found.setdefault((header, n, match[1]), number)

    def line(self, header: str, n: int, key: str) -> int:
        """The line of a key, else of its table, else of the nearest table around it."""
        while True:
            below = f"{header}.{key}" if header else key
            for place in ((header, n, key), (below, 0, ""), (header, n, "")):
                if place in self._found:
                    return self._found[place]
            if not header:
                return 1
            header, _, key = header.rpartition(".")
            n = 0


def folded_words(group: TomlTable) -> frozenset[str]:
    """The words of a table that has nothing but ``why`` and ``words``, without regard to case."""
    group.text("why")
    words = frozenset(word.casefold() for word in group.texts("words"))
    group.done()
    return words


def read_toml(path: Path) -> TomlTable:
    """The file as one table. Raises SettingsError where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        return TomlTable(_Lines(path, text), tomllib.loads(text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
