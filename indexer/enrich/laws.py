"""The laws that the field stands on: numbers, names and what replaced what.

Reads and checks ``corpus/vocabulary/laws.toml``; nothing is found in documents by it yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from search.tomlfile import TomlTable, read_toml

#: Statutes change often enough that what was compared longer ago must be said to be.
FRESH_MONTHS = 12

_NUMBER = re.compile(r"\d{4}:\d+")
_ADDRESS = re.compile(r"https://\S+")


@dataclass(frozen=True, slots=True)
class Law:
    """A law or an ordinance by its SFS number.

    ``names`` are what texts call it. ``checked`` is the first day of the month in which the entry
    was compared with the text of the law; None where it never was.
    """

    number: str
    title: str
    address: str
    why: str
    names: tuple[str, ...] = ()
    in_force: date | None = None
    replaces: str = ""
    replaced_by: str = ""
    checked: date | None = None

    def is_dated(self, today: date) -> bool:
        """Whether a reader must be told that the entry may be out of date.

        >>> law = Law("2023:196", "Lag", "https://lagen.nu/", "w", checked=date(2025, 6, 1))
        >>> law.is_dated(date(2026, 6, 30)), law.is_dated(date(2026, 7, 1))
        (False, True)
        """
        return self.checked is None or _months(today) - _months(self.checked) > FRESH_MONTHS


def load_laws(path: Path) -> Mapping[str, Law]:
    """Every law by its number. Raises SettingsError naming file, line, table and key."""
    root = read_toml(path)
    tables = root.tables("law")
    laws: dict[str, Law] = {}
    for table in tables:
        law = _law(table)
        if law.number in laws:
            raise table.wrong("number", f"{law.number!r} is there twice")
        laws[law.number] = law
    root.done()
    entries = tuple(zip(tables, laws.values(), strict=True))
    for table, law in entries:
        _check_succession(table, law, laws)
    _check_names(entries)
    return laws


def _law(table: TomlTable) -> Law:
    law = Law(
        number=_matching(table, "number", _NUMBER, "a number is expected, as 2023:196"),
        title=table.text("title"),
        address=_matching(table, "address", _ADDRESS, "an address is expected, with https"),
        why=table.text("why"),
        names=table.texts("names", ()),
        in_force=_day(table, "in_force", ""),
        replaces=table.text("replaces", ""),
        replaced_by=table.text("replaced_by", ""),
        checked=_day(table, "checked", "-01"),
    )
    table.done()
    return law


def _check_succession(table: TomlTable, law: Law, laws: Mapping[str, Law]) -> None:
    """Complain where one of two laws does not know that it follows the other."""
    for key, back in (("replaces", "replaced_by"), ("replaced_by", "replaces")):
        number = getattr(law, key)
        if not number:
            continue
        if number not in laws:
            raise table.wrong(key, f"{number!r} is not a law here")
        if getattr(laws[number], back) != law.number:
            raise table.wrong(key, f"{number} does not say {back} = {law.number!r}")


def _check_names(entries: tuple[tuple[TomlTable, Law], ...]) -> None:
    """Complain of a name of two laws; only a law and the one it replaces may share it."""
    owners: dict[str, list[Law]] = {}
    for table, law in entries:
        for name in law.names:
            for owner in owners.setdefault(name.casefold(), []):
                if law.number not in (owner.replaces, owner.replaced_by):
                    raise table.wrong("names", f"{name!r} belongs to {owner.number} already")
            owners[name.casefold()].append(law)


def _matching(table: TomlTable, key: str, pattern: re.Pattern[str], expected: str) -> str:
    value = table.text(key)
    if not pattern.fullmatch(value):
        raise table.wrong(key, f"{expected}, not {value!r}")
    return value


def _day(table: TomlTable, key: str, rest: str) -> date | None:
    """A day from text; ``rest`` is what the text leaves out. None where the key is missing."""
    value = table.text(key, "")
    try:
        return date.fromisoformat(value + rest) if value else None
    except ValueError as error:
        form = "2025-06" if rest else "2025-06-30"
        raise table.wrong(key, f"a date is expected, as {form}, not {value!r}") from error


def _months(day: date) -> int:
    return day.year * 12 + day.month
