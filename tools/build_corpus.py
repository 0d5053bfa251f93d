"""Build ``corpus/documents/`` from ``corpus/manuscripts/``: what ``make corpus`` runs.

Owns where the files go, and the manifest that says what they are. Every manuscript is read and
built before the first file is written, so a malformed one changes nothing. What Chromium printed
is kept as long as the page that it printed is the same: no two machines have the same Chromium.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tools.corpus.facts import FactsError, read_facts
from tools.corpus.html_shapes import build_html
from tools.corpus.manuscripts import NOTICE, Manuscript, ManuscriptError, read_manuscripts
from tools.corpus.pdf import build_pdf
from tools.corpus.pdf_chromium import ChromiumMissingError, Print, print_chromium, source_of
from tools.corpus.sources import Source
from tools.corpus.vera import GlyphError
from tools.corpus.word import build_word

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
MANIFEST = "manifest.toml"

_BUILDERS = {"html": build_html, "pdf": build_pdf, "docx": build_word}
_HEAD = "# Written by `make corpus` from corpus/manuscripts/; changes belong there.\n"


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file of the collection: its path within it, with ``/``, and its bytes.

    ``made`` says what printed it, where that cannot be done alike everywhere.
    """

    path: str
    data: bytes
    made: Print | None = None


def build(
    manuscripts: Path, documents: Path, facts: Path, kept: Path = CORPUS / "documents"
) -> tuple[BuiltFile, ...]:
    """Build every manuscript of one folder into another, the manifest last.

    ``facts`` is the file of rows that manuscripts name, and ``kept`` the folder with what
    Chromium printed before.

    Files that an earlier manifest named and that are no longer built are removed. Raises
    ManuscriptError or FactsError, before anything is written, for what breaks its format, and
    for what must be printed where there is no Chromium.
    """
    read = read_manuscripts(manuscripts, read_facts(facts))
    prints = _prints(kept)
    files = [_built(manuscripts, text, prints) for text in read]
    files.append(BuiltFile(MANIFEST, _manifest(read, files).encode()))
    for gone in _listed(documents) - {file.path for file in files}:
        (documents / gone).unlink(missing_ok=True)
    for file in files:
        path = documents / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    return tuple(files)


def _built(folder: Path, manuscript: Manuscript, prints: Mapping[str, Print]) -> BuiltFile:
    path, place = folder / f"{manuscript.name}.md", _place(manuscript)
    try:
        if manuscript.producer == "chromium":
            made = prints.get(source_of(manuscript)) or print_chromium(manuscript)
            return BuiltFile(place, made.data, made)
        return BuiltFile(place, _BUILDERS[manuscript.form](manuscript))
    except GlyphError as error:
        raise ManuscriptError(path, "body", str(error)) from error
    except ChromiumMissingError as error:
        raise ManuscriptError(path, "producer", str(error)) from error


def _place(manuscript: Manuscript) -> str:
    """Where a document lies: with its site's other pages, or with its kind of file."""
    return f"{manuscript.shape or manuscript.form}/{manuscript.name}.{manuscript.form}"


def _manifest(manuscripts: tuple[Manuscript, ...], files: list[BuiltFile]) -> str:
    entries = [_HEAD]
    for text, file in zip(manuscripts, files, strict=True):
        facts = "".join(f"  {_quoted(fact)},\n" for fact in map(_fact, text.sources))
        made = file.made
        printed = made and f"producer = {_quoted(made.producer)}\nsource = {_quoted(made.source)}\n"
        entries.append(
            "[[document]]\n"
            f"n = {text.n}\n"
            f"file = {_quoted(file.path)}\n"
            f"shape = {_quoted(text.shape)}\n"
            f"kind = {_quoted(text.kind)}\n"
            f"title = {_quoted(text.title)}\n"
            f"notice = {_quoted(NOTICE)}\n"
            f"{printed or ''}"
            f"facts = [\n{facts}]\n"
        )
    return "\n".join(entries)


def _fact(source: Source) -> str:
    """A source on one line: what it is, and in angle brackets where it is, if that is a page."""
    return f"{source.text} <{source.address}>" if source.address else source.text


def _quoted(text: str) -> str:
    """A TOML basic string; what JSON escapes, TOML escapes alike."""
    return json.dumps(text, ensure_ascii=False)


def _listed(documents: Path) -> set[str]:
    """The files that the manifest in a folder names; none where there is no manifest."""
    return {str(entry["file"]) for entry in _entries(documents)}


def _prints(documents: Path) -> dict[str, Print]:
    """What Chromium printed before, by the page that it printed."""
    return {
        entry["source"]: Print(
            (documents / entry["file"]).read_bytes(), entry["producer"], entry["source"]
        )
        for entry in _entries(documents)
        if "source" in entry and (documents / entry["file"]).is_file()
    }


def _entries(documents: Path) -> list[dict[str, Any]]:
    path = documents / MANIFEST
    if not path.is_file():
        return []
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8")).get(
        "document", []
    )
    return entries


def main() -> None:
    """Build the bundled collection, and say what was built or what is wrong."""
    try:
        files = build(CORPUS / "manuscripts", CORPUS / "documents", CORPUS / "facts.toml")
    except (FactsError, ManuscriptError) as error:
        click.echo(f"The collection was not built. {error}", err=True)
        sys.exit(1)
    size = sum(len(file.data) for file in files)
    click.echo(f"{len(files) - 1} documents, {size / 1_000_000:.1f} MB, in {CORPUS / 'documents'}")


if __name__ == "__main__":
    main()
