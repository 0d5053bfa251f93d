"""What stands on pages without being text; read from ``corpus/vocabulary/clutter.toml``.

Owns the words and patterns, not where they are looked for: that is the parsers' business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from search.tomlfile import TomlTable, read_toml

_GROUPS = ("lines", "patterns", "labels", "sections", "links", "suffixes")


@dataclass(frozen=True, slots=True)
class Clutter:
    """Lists of folded texts without closing colon or full stop, and patterns.

    ``lines`` are left out wherever they stand alone, ``labels`` where nothing follows them.
    ``sections`` head what is left out with them on site pages, ``link_lists`` what is kept as
    links. ``suffixes`` end the text of links.
    """

    lines: frozenset[str] = frozenset()
    patterns: tuple[re.Pattern[str], ...] = ()
    labels: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    link_lists: frozenset[str] = frozenset()
    suffixes: tuple[re.Pattern[str], ...] = ()

    def is_line(self, text: str) -> bool:
        """Whether a whole line is clutter."""
        return _bare(text) in self.lines or any(p.search(text) for p in self.patterns)

    def is_label(self, text: str) -> bool:
        """Whether a line only announces a value."""
        return _bare(text) in self.labels

    def is_dropped_section(self, heading: str) -> bool:
        """Whether a heading stands over contacts, a shop or the like."""
        return _bare(heading) in self.sections

    def is_link_list(self, heading: str) -> bool:
        """Whether a heading stands over links to read further."""
        return _bare(heading) in self.link_lists

    def link_text(self, text: str) -> str:
        """The text of a link without what machines add to it.

        With the bundled list, ``"Planen (pdf, 1,8 MB)"`` becomes ``"Planen"``.
        """
        before = ""
        while before != text:
            before = text
            for suffix in self.suffixes:
                text = suffix.sub("", text).strip()
        return text


def load_clutter(path: Path) -> Clutter:
    """All clutter. Raises SettingsError naming file, line and key."""
    root = read_toml(path)
    groups = {name: root.tables(name) for name in _GROUPS}
    root.done()
    clutter = Clutter(
        lines=_folded(groups["lines"]),
        patterns=_patterns(groups["patterns"]),
        labels=_folded(groups["labels"]),
        sections=_folded(groups["sections"]),
        link_lists=_folded(groups["links"]),
        suffixes=_patterns(groups["suffixes"]),
    )
    for tables in groups.values():
        for table in tables:
            table.text("why")
            table.done()
    return clutter


def _folded(tables: tuple[TomlTable, ...]) -> frozenset[str]:
    return frozenset(_bare(text) for table in tables for text in table.texts("texts"))


def _patterns(tables: tuple[TomlTable, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(table.pattern("pattern") for table in tables)


def _bare(text: str) -> str:
    return text.casefold().rstrip(" .:!?…")
