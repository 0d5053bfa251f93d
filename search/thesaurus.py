"""The field's words and how they stand to each other; reads ``corpus/vocabulary/thesaurus/``.

Owns what an entry may say and that no two entries contradict each other. What a question makes
of them is the business of ``synonyms``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from search.errors import SettingsError
from search.tomlfile import TomlTable, read_toml

#: Lists whose forms are the head under another name, so that they belong to one head only.
_NAMES = ("equivalent", "older", "misspelt")
#: Lists whose forms several heads may have.
_SHARED = ("near", "narrower", "broader", "related", "suggest")
_CONDITIONS = ("only", "needs", "unless")


@dataclass(frozen=True, slots=True)
class Head:
    """A head term and its forms, in the order of the file.

    A question for the head may be widened with ``equivalent``, ``older``, ``near`` and
    ``narrower``; a question for one of ``equivalent``, ``older``, ``near`` and ``misspelt`` with
    the head. ``broader``, ``related`` (heads, by term) and ``suggest`` (other words) are for
    suggestions only. A ``doubtful`` form means other things too and speaks for the head only in
    capitals (``only``) or beside one of ``needs``, never beside one of ``unless``; nothing leads to
    it but in capitals.
    """

    term: str
    id: int
    why: str
    means: str = ""
    equivalent: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    suggest: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    misspelt: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    only: str = ""
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    note: str = ""


def load_thesaurus(path: Path) -> Mapping[str, Head]:
    """Every head of a folder's files by its term, files in the order of their names.

    Raises SettingsError naming file, line, table and key; what one file has said, no other may
    contradict.
    """
    files = sorted(path.glob("*.toml"))
    if not files:
        raise SettingsError(f"{path}: is not a folder with .toml files")
    entries = tuple(entry for file in files for entry in _entries(file))
    terms = _terms(entries)
    names = dict(terms)
    for table, head in entries:
        _check_names(table, head, names)
        _check_forms(table, head, terms)
        _check_doubt(table, head)
    return {head.term: head for _, head in entries}


def _entries(file: Path) -> Iterator[tuple[TomlTable, Head]]:
    root = read_toml(file)
    for table in root.tables("head"):
        yield table, _head(table)
    root.done()


def _head(table: TomlTable) -> Head:
    head = Head(
        term=table.text("term"),
        id=table.number("id"),
        why=table.text("why"),
        means=table.text("means", ""),
        only=table.choice("only", ("", "capitals"), ""),
        note=table.text("note", ""),
        **{key: table.texts(key, ()) for key in (*_NAMES, *_SHARED, "doubtful")},
        needs=table.texts("needs", ()),
        unless=table.texts("unless", ()),
    )
    table.done()
    return head


def _terms(entries: tuple[tuple[TomlTable, Head], ...]) -> dict[str, str]:
    """Folded term → term."""
    terms: dict[str, str] = {}
    numbers: set[int] = set()
    for table, head in entries:
        if head.term.casefold() in terms:
            raise table.wrong("term", f"{head.term!r} is there twice")
        if head.id in numbers:
            raise table.wrong("id", f"{head.id} is there twice")
        terms[head.term.casefold()] = head.term
        numbers.add(head.id)
    return terms


def _check_names(table: TomlTable, head: Head, names: dict[str, str]) -> None:
    """Complain of a name that another head has; ``names``, folded name → term, is filled."""
    for key, form in _forms(head, _NAMES):
        owner = names.setdefault(form.casefold(), head.term)
        if owner != head.term:
            raise table.wrong(key, f"{form!r} belongs to {owner!r} already")


def _check_forms(table: TomlTable, head: Head, terms: Mapping[str, str]) -> None:
    """Complain of a form said twice in one head, and of a reference that leads nowhere."""
    seen = {head.term.casefold()}
    for key, form in _forms(head, (*_NAMES, *_SHARED)):
        if form.casefold() in seen:
            raise table.wrong(key, f"{form!r} is in {head.term!r} twice")
        seen.add(form.casefold())
        if key == "related" and form not in terms.values():
            raise table.wrong(key, f"{form!r} is not a head; other words belong in suggest")
        if key == "suggest" and form.casefold() in terms:
            raise table.wrong(key, f"{form!r} is a head; it belongs in related")


def _check_doubt(table: TomlTable, head: Head) -> None:
    own = {head.term, *(form for _, form in _forms(head, (*_NAMES, *_SHARED)))}
    for form in head.doubtful:
        if form not in own:
            raise table.wrong("doubtful", f"{form!r} is not a form of {head.term!r}")
    for key in _CONDITIONS:
        if getattr(head, key) and not head.doubtful:
            raise table.wrong(key, "says nothing where no form is doubtful")


def _forms(head: Head, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for key in keys:
        for form in getattr(head, key):
            yield key, form
