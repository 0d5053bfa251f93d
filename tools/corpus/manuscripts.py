"""A manuscript: what its head must say, checked, with the body read into parts.

Owns the format of ``corpus/manuscripts/NN-slug.md``: a TOML head between two lines of ``+++``,
then the body. Knows nothing of the files that are made from it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tools.corpus.facts import Fact
from tools.corpus.markup import MarkupError, Part, chapters, read_body

#: Said on every page and in the manifest; readers must never take an example for the real thing.
NOTICE = "Exempeltext – skriven för Metodsök, inte publicerad av någon myndighet"

#: The day the collection was written: the only true date an example has.
WRITTEN = date(2026, 11, 24)

#: What heads the list of sources at the end of every document.
FACTS_HEADING = "Källor till fakta"

#: What stands there instead when a text has nothing that needs a source.
NO_FACTS = (
    "Sidan beskriver arbetssättet i allmänna ord. Den har inga uppgifter som behöver en källa."
)

#: Fewer would show neither a table of contents nor a change of chapter in the running head.
LEAST_CHAPTERS = 3

SHAPES = ("bra", "skr", "gr", "")
KINDS = ("metod", "lag", "tema", "nyhet", "rapport", "mall")
FORMS = ("html", "pdf", "docx")

MONTHS = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)

_FENCE = "+++"
_TEXTS = ("slug", "shape", "kind", "form", "title", "kicker", "subtitle", "lead", "checked")
_OPTIONAL = ("kicker", "subtitle", "lead", "checked")
_CHOICES = {"shape": SHAPES, "kind": KINDS, "form": FORMS}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CHECKED = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class ManuscriptError(ValueError):
    """A manuscript that breaks the format; names the file, the field and what is allowed."""

    def __init__(self, path: Path, field: str, problem: str) -> None:
        super().__init__(f"{path}: {field}: {problem}")


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a fact can be read: in words, and at which address where the page itself is known."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """One text of the collection.

    ``rows`` are the facts it may state and ``facts`` where they can be read, each once.
    ``checked`` is YYYY-MM, for pages that lean on a law.
    """

    n: int
    slug: str
    shape: str
    kind: str
    form: str
    title: str
    kicker: str
    subtitle: str
    lead: str
    checked: str
    facts: tuple[Citation, ...]
    rows: tuple[Fact, ...]
    parts: tuple[Part, ...]

    @property
    def name(self) -> str:
        """The file name without its ending, as the manuscript has it: ``04-slug``."""
        return f"{self.n:02d}-{self.slug}"

    @property
    def check_line(self) -> str:
        """What a law page says of its own age, or ``""``."""
        if not self.checked:
            return ""
        year, month = self.checked.split("-")
        read = f"Kontrollerad mot lagtexten i {MONTHS[int(month) - 1]} {year}."
        return f"{read} Kontrollera gällande lydelse."


def is_address(fact: str) -> bool:
    """Whether a source of facts is a complete address and nothing else."""
    return fact.startswith(("https://", "http://")) and not any(c.isspace() for c in fact)


def swedish_date(day: date) -> str:
    """The day as Swedish pages print it: ``24 november 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def read_manuscripts(folder: Path, facts: Sequence[Fact] = ()) -> tuple[Manuscript, ...]:
    """Every manuscript in a folder, by number. ``facts`` are the rows that they may name.

    Raises ManuscriptError for the first that is malformed, and for a number used twice.
    """
    found: dict[int, Manuscript] = {}
    for path in sorted(folder.glob("*.md")):
        manuscript = read_manuscript(path, facts)
        if manuscript.n in found:
            taken = found[manuscript.n].name
            raise ManuscriptError(path, "n", f"{manuscript.n} is already the number of {taken}.md")
        found[manuscript.n] = manuscript
    return tuple(found[n] for n in sorted(found))


def read_manuscript(path: Path, facts: Sequence[Fact] = ()) -> Manuscript:
    """Read and check one manuscript; raises ManuscriptError naming file and field."""
    head, body = _split(path)
    try:
        table = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise ManuscriptError(path, "head", f"not valid TOML: {error}") from error
    _check_names(path, table)
    texts = {field: _text(path, table, field) for field in _TEXTS}
    lines = _facts(path, table)
    by_id = {fact.id: fact for fact in facts}
    for line in lines:
        if _SLUG.fullmatch(line) and line not in by_id:
            raise ManuscriptError(path, "facts", f"{line!r} is the id of no row in facts.toml")
    rows = tuple(by_id[line] for line in lines if line in by_id)
    oldest = min((row.checked for row in rows if row.states_law), default="")
    texts["checked"] = texts["checked"] or oldest
    manuscript = Manuscript(
        n=_number(path, table),
        facts=tuple(dict.fromkeys(_citation(line, by_id) for line in lines)),
        rows=rows,
        parts=_body(path, body),
        **texts,
    )
    _check_together(path, manuscript)
    return manuscript


def _split(path: Path) -> tuple[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ManuscriptError(path, "head", f"not UTF-8: {error}") from error
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE or _FENCE not in (line.rstrip() for line in lines[1:]):
        raise ManuscriptError(path, "head", f"expected between two lines of {_FENCE}")
    end = next(i for i, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE)
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :])


def _check_names(path: Path, table: Mapping[str, Any]) -> None:
    known = {"n", "facts", *_TEXTS}
    for field in table:
        if field not in known:
            allowed = ", ".join(sorted(known))
            raise ManuscriptError(path, field, f"not a field; allowed are {allowed}")
    for field in sorted(known.difference(_OPTIONAL)):
        if field not in table:
            raise ManuscriptError(path, field, "missing")


def _number(path: Path, table: Mapping[str, Any]) -> int:
    n = table["n"]
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise ManuscriptError(path, "n", f"a whole number from 1 is expected, not {n!r}")
    return n


def _text(path: Path, table: Mapping[str, Any], field: str) -> str:
    value = table.get(field, "")
    if not isinstance(value, str) or value != value.strip() or "\n" in value:
        raise ManuscriptError(path, field, f"one line of text is expected, not {value!r}")
    choices = _CHOICES.get(field)
    if choices and value not in choices:
        allowed = ", ".join(repr(choice) for choice in choices)
        raise ManuscriptError(path, field, f"{value!r} is not one of {allowed}")
    return value


def _facts(path: Path, table: Mapping[str, Any]) -> tuple[str, ...]:
    facts = table["facts"]
    if not isinstance(facts, list):
        raise ManuscriptError(path, "facts", "a list of ids of rows, or of sources, is expected")
    for fact in facts:
        if not isinstance(fact, str) or not fact.strip():
            raise ManuscriptError(path, "facts", f"a line of text is expected, not {fact!r}")
    return tuple(fact.strip() for fact in facts)


def _citation(line: str, rows: Mapping[str, Fact]) -> Citation:
    """A row's source as a reader sees it; a line that names no row stands for itself."""
    row = rows.get(line)
    if row is None:
        return Citation(line, line if is_address(line) else "")
    if row.exact:
        # Rows of one law differ by paragraph; who wants to read it goes to one page.
        return Citation(row.cited.partition(",")[0] if row.laws else row.cited, row.source)
    host = urlsplit(row.source).hostname or ""
    return Citation(f"{row.cited} (sök på {host.removeprefix('www.')})")


def _body(path: Path, body: str) -> tuple[Part, ...]:
    try:
        parts = read_body(body)
    except MarkupError as error:
        raise ManuscriptError(path, "body", str(error)) from error
    if not parts:
        raise ManuscriptError(path, "body", "empty")
    return parts


def _check_together(path: Path, manuscript: Manuscript) -> None:
    """What one field asks of another, and the file's name of them all."""
    if not _SLUG.fullmatch(manuscript.slug):
        raise ManuscriptError(path, "slug", "lower case a–z, digits and single hyphens are allowed")
    if path.stem != manuscript.name:
        raise ManuscriptError(
            path, "slug", f"n and slug ask for the file name {manuscript.name}.md"
        )
    if not manuscript.title:
        raise ManuscriptError(path, "title", "empty")
    if manuscript.form == "html" and not manuscript.shape:
        raise ManuscriptError(path, "shape", "a page needs the shape of a site")
    if manuscript.checked and not _CHECKED.fullmatch(manuscript.checked):
        raise ManuscriptError(path, "checked", f"YYYY-MM is expected, not {manuscript.checked!r}")
    if manuscript.kind == "lag" and not manuscript.checked:
        raise ManuscriptError(path, "checked", "a law page says when it was checked")
    titled = sum(bool(chapter.title) for chapter in chapters(manuscript.parts))
    if manuscript.form == "pdf" and titled < LEAST_CHAPTERS:
        raise ManuscriptError(path, "body", f"a PDF needs {LEAST_CHAPTERS} chapters (##) or more")
