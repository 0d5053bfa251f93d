"""The taxonomy: facets, their values, and the cues that speak for a value.

Reads and checks ``corpus/vocabulary/taxonomy.toml``; what the cues find is ``facets``' business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from search.query import FACETS
from search.tomlfile import TomlTable, read_toml

#: Facets that documents have without any taxonomy: who published them, and when.
_GIVEN = ("source", "year")
_ID = re.compile(r"[a-z][a-z0-9_]*")
_CUE = re.compile(r"[^\s*]+\*?(?: [^\s*]+\*?)*")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet. ``url`` and ``kickers`` decide alone, ``cues`` speak for it in text."""

    id: str
    label: str
    cues: re.Pattern[str] | None = None
    url: re.Pattern[str] | None = None
    kickers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet and its values.

    A ``single`` facet gives a document one value: the first of those that are spoken for, in the
    order of the file, else ``fallback``.
    """

    name: str
    label: str
    values: tuple[Value, ...]
    single: bool = False
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Every facet that is found in documents, in the order of the file."""

    facets: tuple[Facet, ...] = ()

    def labels(self) -> dict[str, dict[str, str]]:
        """Facet → value → Swedish label; under ``facet`` the facets' own."""
        labels = {facet.name: {v.id: v.label for v in facet.values} for facet in self.facets}
        return {**labels, "facet": {facet.name: facet.label for facet in self.facets}}


def load_taxonomy(path: Path) -> Taxonomy:
    """The taxonomy. Raises SettingsError naming file, line, table and key."""
    root = read_toml(path)
    tables = root.table("facet")
    facets = tuple(_facet(tables, name, table) for name, table in tables.named())
    root.done()
    return Taxonomy(facets)


def _facet(around: TomlTable, name: str, table: TomlTable) -> Facet:
    allowed = [facet for facet in FACETS if facet not in _GIVEN]
    if name not in allowed:
        raise around.wrong(name, f"is not a facet; allowed are: {', '.join(allowed)}")
    label = table.text("label")
    table.text("why")
    single = table.flag("single", False)
    values = tuple(_value(item) for item in table.tables("value"))
    ids = [value.id for value in values]
    for number, item in enumerate(table.tables("value")):
        if ids[number] in ids[:number]:
            raise item.wrong("id", f"{ids[number]!r} is there twice")
    fallback = table.choice("fallback", ("", *ids), "")
    table.done()
    return Facet(name, label, values, single, fallback)


def _value(table: TomlTable) -> Value:
    name, label = table.text("id"), table.text("label")
    if not _ID.fullmatch(name):
        raise table.wrong("id", f"{name!r}: lower case a–z, digits and _ are allowed")
    table.text("why")
    cues = table.texts("cues", ())
    for cue in cues:
        if not _CUE.fullmatch(cue):
            raise table.wrong("cues", f"{cue!r}: words, each with at most one * at its end")
    url = table.pattern("url", "")
    kickers = frozenset(word.casefold() for word in table.texts("kickers", ()))
    table.done()
    return Value(name, label, _compiled(cues), url if url.pattern else None, kickers)


def _compiled(cues: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all cues of a value; ``*`` stands for any ending of a word."""
    if not cues:
        return None
    one = (r"\s+".join(re.escape(word).replace(r"\*", r"\w*") for word in c.split()) for c in cues)
    return re.compile(rf"(?<!\w)(?:{'|'.join(one)})(?!\w)", re.IGNORECASE)
