"""The facts the collection may state: rows of ``corpus/facts.toml``, checked.

Owns the format of the file. What a text states beyond the rows is found by ``claims``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MARKS = ("V", "D", "K")

#: What a row of the mark K must say of itself, so that no page repeats it as certain.
DOUBT = "uppges"

#: Rows about organisations ground every text: a page on any method may name them.
ORGANISATIONS = "org"

_FORMATS = {
    "id": (re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"), "lower-case a–z, digits and single hyphens"),
    "mark": (re.compile("|".join(MARKS)), "one of " + ", ".join(MARKS)),
    "source": (re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?"), "a full http(s) address"),
    "checked": (re.compile(r"20\d\d-(0[1-9]|1[0-2])"), "YYYY-MM"),
}
_TEXTS = ("id", "text", "mark", "source", "cited", "checked")
_LISTS = ("about", "organisations", "law_names")
_OPTIONAL = ("organisations", "law_names")
_ABOUT = re.compile(r"\d\d|law:\d{4}:\d{1,4}|theme|org")
_KEY = re.compile(r"(\w+)\s*=")


class FactsError(ValueError):
    """A facts file that breaks the format; names the file, the line and the key."""

    def __init__(self, path: Path, line: int, key: str, problem: str) -> None:
        super().__init__(f"{path}:{line}: {key}: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One row. ``exact`` is whether ``source`` is the page itself or a place to begin looking."""

    id: str
    about: tuple[str, ...]
    text: str
    mark: str
    source: str
    cited: str
    exact: bool
    checked: str
    organisations: tuple[str, ...] = ()
    law_names: tuple[str, ...] = ()

    @property
    def laws(self) -> frozenset[str]:
        """The numbers of the laws the row is about: ``2023:196``."""
        return frozenset(a.removeprefix("law:") for a in self.about if a.startswith("law:"))

    @property
    def states_law(self) -> bool:
        """Whether it says what a law holds, and not only what the law is called."""
        return bool(self.laws) and "§" in self.text


def read_facts(path: Path) -> tuple[Fact, ...]:
    """Every row of the file, checked; raises FactsError for the first that is malformed."""
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FactsError(path, 1, "file", f"cannot be read: {error}") from error
    lines = _lines(text)
    for key in table:
        if key != "fact":
            raise FactsError(path, _line_of(text, key), key, "is not known here; only [[fact]] is")
    rows = table.get("fact")
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
        raise FactsError(path, 1, "fact", "at least one table [[fact]] is expected")
    found: dict[str, Fact] = {}
    for place, row in zip(lines, rows, strict=True):
        fact = _fact(path, place, row)
        if fact.id in found:
            raise FactsError(path, place.get("id", place[""]), "id", f"{fact.id!r} is used twice")
        found[fact.id] = fact
    return tuple(found.values())


def facts_about(facts: Sequence[Fact], keys: Collection[str]) -> tuple[Fact, ...]:
    """The rows about any of the keys (``"47"``, ``"law:2023:196"``), and every organisation."""
    wanted = {ORGANISATIONS, *keys}
    return tuple(fact for fact in facts if not wanted.isdisjoint(fact.about))


def _lines(text: str) -> list[dict[str, int]]:
    """For each table the line of every key, and of the table itself under ``""``."""
    found: list[dict[str, int]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip().startswith("[["):
            found.append({"": number})
        elif found and (match := _KEY.match(line)):
            found[-1].setdefault(match[1], number)
    return found


def _line_of(text: str, key: str) -> int:
    named = re.compile(rf"\s*\[*\s*{re.escape(key)}\b")
    return next((n for n, line in enumerate(text.splitlines(), 1) if named.match(line)), 1)


def _fact(path: Path, place: Mapping[str, int], row: Mapping[str, Any]) -> Fact:
    def wrong(key: str, problem: str) -> FactsError:
        return FactsError(path, place.get(key, place[""]), key, problem)

    known = {*_TEXTS, *_LISTS, "exact"}
    for key in row:
        if key not in known:
            raise wrong(key, f"is not known here; known are: {', '.join(sorted(known))}")
    for key in sorted(known.difference(_OPTIONAL)):
        if key not in row:
            raise wrong(key, "is missing")
    for key in _TEXTS:
        value = row[key]
        if not isinstance(value, str) or not value or value != " ".join(value.split()):
            raise wrong(key, f"one line of text is expected, not {value!r}")
        if key in _FORMATS and not _FORMATS[key][0].fullmatch(value):
            raise wrong(key, f"{_FORMATS[key][1]} is expected, not {value!r}")
    for key in _LISTS:
        items = row.get(key, ["-"])
        if not isinstance(items, list) or not items or not all(_is_text(i) for i in items):
            raise wrong(key, f"a list of texts is expected, not {items!r}")
    for about in row["about"]:
        if not _ABOUT.fullmatch(about):
            raise wrong("about", f'"47", "law:2023:196", "theme" or "org", not {about!r}')
    if not isinstance(row["exact"], bool):
        raise wrong("exact", f"true or false is expected, not {row['exact']!r}")
    if row["mark"] == "K" and DOUBT not in row["text"]:
        raise wrong("text", f"a row of mark K says {DOUBT!r}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    return Fact(**values)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
