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

from tools.corpus.claims import unsupported
from tools.corpus.facts import Fact, facts_about
from tools.corpus.markup import MarkupError, Part, Runs, chapters, read_body
from tools.corpus.sources import Source, law_check, sources

#: Said on every page and in the manifest; readers must never take an example for the real thing.
NOTICE = "Exempeltext – skriven för Metodsök, inte publicerad av någon myndighet"

#: The day the collection was written: the only true date an example has.
WRITTEN = date(2026, 11, 24)

#: Fewer would show neither a table of contents nor a change of chapter in the running head.
LEAST_CHAPTERS = 3

SHAPES = ("bra", "skr", "gr", "")
KINDS = ("metod", "lag", "tema", "nyhet", "rapport", "mall", "projekt", "utvärdering")
FORMS = ("html", "pdf", "docx")
#: What prints a PDF; the first one where the head does not say.
PRODUCERS = ("reportlab", "typst", "chromium", "scan")

_FENCE = "+++"
_TEXTS = ("slug", "shape", "kind", "form", "title", "kicker", "subtitle", "lead", "producer")
_OPTIONAL = ("kicker", "subtitle", "lead", "producer")
_SHOWN = ("kicker", "title", "subtitle", "lead")
_CHOICES = {"shape": SHAPES, "kind": KINDS, "form": FORMS, "producer": ("", *PRODUCERS)}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class ManuscriptError(ValueError):
    """A manuscript that breaks the format; names the file, the field and what is allowed."""

    def __init__(self, path: Path, field: str, problem: str) -> None:
        super().__init__(f"{path}: {field}: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """One text of the collection, with the rows that it may state.

    ``producer`` is one of PRODUCERS for a PDF, else empty. ``text`` is all that its author wrote
    and a reader sees, as Markdown.
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
    producer: str
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    text: str

    @property
    def name(self) -> str:
        """The file name without its ending, as the manuscript has it: ``04-slug``."""
        return f"{self.n:02d}-{self.slug}"

    @property
    def sources(self) -> tuple[Source, ...]:
        """What heads under FACTS_HEADING; none for a text without claims."""
        return sources(self.facts)

    @property
    def law_check(self) -> Runs:
        """What the text says of the age of its reading of law; empty where it reads none."""
        return law_check(self.facts, WRITTEN)


def read_manuscripts(folder: Path, facts: Sequence[Fact]) -> tuple[Manuscript, ...]:
    """Every manuscript in a folder, by number, with those of the rows that it names.

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


def read_manuscript(path: Path, facts: Sequence[Fact]) -> Manuscript:
    """Read and check one manuscript; raises ManuscriptError naming file and field."""
    head, body = _split(path)
    try:
        table = tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        raise ManuscriptError(path, "head", f"not valid TOML: {error}") from error
    _check_names(path, table)
    texts = {field: _text(path, table, field) for field in _TEXTS}
    if texts["form"] == "pdf":
        texts["producer"] = texts["producer"] or PRODUCERS[0]
    manuscript = Manuscript(
        n=_number(path, table),
        facts=_facts(path, table, {fact.id: fact for fact in facts}),
        parts=_body(path, body),
        text="\n".join((*(texts[field] for field in _SHOWN), body)),
        **texts,
    )
    _check_together(path, manuscript)
    _check_claims(path, manuscript, facts)
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


def _facts(path: Path, table: Mapping[str, Any], rows: Mapping[str, Fact]) -> tuple[Fact, ...]:
    ids = table["facts"]
    if not isinstance(ids, list) or not all(isinstance(i, str) for i in ids):
        raise ManuscriptError(path, "facts", f"a list of ids of rows is expected, not {ids!r}")
    for i in ids:
        if i not in rows:
            raise ManuscriptError(path, "facts", f"{i!r} is the id of no row in facts.toml")
        if ids.count(i) > 1:
            raise ManuscriptError(path, "facts", f"{i!r} is named twice")
    return tuple(rows[i] for i in ids)


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
    if manuscript.producer and manuscript.form != "pdf":
        raise ManuscriptError(path, "producer", "only a PDF has one")
    if manuscript.kind == "lag" and not manuscript.law_check:
        raise ManuscriptError(path, "facts", "a law page uses at least one row read in a law")
    titled = sum(bool(chapter.title) for chapter in chapters(manuscript.parts))
    if manuscript.form == "pdf" and titled < LEAST_CHAPTERS:
        raise ManuscriptError(path, "body", f"a PDF needs {LEAST_CHAPTERS} chapters (##) or more")


def _check_claims(path: Path, manuscript: Manuscript, facts: Sequence[Fact]) -> None:
    """A text without rows may name organisations, and claim nothing else."""
    if manuscript.facts:
        return
    for claim in unsupported(manuscript.text, facts_about(facts, ())):
        raise ManuscriptError(path, "facts", f"empty, but the text claims something: {claim.text}")
