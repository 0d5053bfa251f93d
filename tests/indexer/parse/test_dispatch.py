"""One door for all kinds of file: each goes to its parser, or is refused with a reason."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from reportlab.pdfgen import canvas

from indexer.parse import parse
from indexer.parse.raw import Limits, RawFile
from indexer.sources import load_sources
from search.document import Document
from search.errors import ParseError

ROOT = Path(__file__).resolve().parents[3]
SOURCE = load_sources(ROOT / "corpus" / "sources.toml")["egna"]
SENTENCE = "Kommunen och polisen delar varje vecka en bild av var det har varit oroligt."


def read(data: bytes, name: str, declared: str = "") -> Document:
    raw = RawFile(data, name, "egna", "egna:fil", content_type=declared)
    return parse(raw, SOURCE, Limits())


def refusal(data: bytes, name: str, declared: str = "") -> ParseError:
    with pytest.raises(ParseError) as caught:
        read(data, name, declared)
    return caught.value


def pdf_bytes() -> bytes:
    file = io.BytesIO()
    page = canvas.Canvas(file)
    page.drawString(72, 700, SENTENCE)
    page.save()
    return file.getvalue()


def word_bytes() -> bytes:
    document = docx.Document()
    document.add_paragraph(SENTENCE)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def odt_bytes() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as container:
        container.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        container.writestr("content.xml", "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "content_type"),
    [
        (f"<html><body><p>{SENTENCE}</p></body></html>".encode(), "sida.html", "text/html"),
        (SENTENCE.encode(), "anteckning.txt", "text/plain"),
        (f"# Rubrik\n\n{SENTENCE}".encode(), "plan.md", "text/markdown"),
        (pdf_bytes(), "rapport.pdf", "application/pdf"),
        (pdf_bytes(), "hämta-fil", "application/pdf"),
        (
            word_bytes(),
            "plan.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_each_kind_of_file_becomes_a_document(data: bytes, name: str, content_type: str) -> None:
    document = read(data, name)
    assert SENTENCE in document.body
    assert (document.key, document.source) == ("egna:fil", "egna")
    assert document.content_type == content_type
    assert document.title
    assert Document.from_json(document.to_json()) == document


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (odt_bytes(), "plan.odt", "OpenDocument-text, .odt"),
        (odt_bytes(), "plan", "OpenDocument-text, .odt"),
        (b"{\\rtf1 x}", "brev.rtf", "RTF, .rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxx", "brev.doc", "äldre Word, .doc"),
        (b"\x89PNG\r\n\x1a\n", "karta.png", "bild, .png"),
        (b"a;b;c", "tabell.csv", "tabelldata, .csv"),
    ],
)
def test_a_kind_without_a_parser_is_named_to_the_editor(data: bytes, name: str, said: str) -> None:
    error = refusal(data, name)
    assert error.reason == "unsupported_type"
    assert str(error) == f"Filtypen stöds inte ännu ({said})."


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "tom.pdf", "empty"),
        (b"", "tom.txt", "empty"),
        (b" \n\n ", "tom.html", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "sida.html", "not_html"),
        (b"MZ\x90\x00\x03\x00\x00\x00" * 20, "brev.txt", "not_text"),
        (b"ingen pdf", "rapport.pdf", "damaged"),
        (pdf_bytes()[:400], "rapport.pdf", "damaged"),
        (word_bytes()[:4000], "plan.docx", "damaged"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "plan.docx",
            "encrypted",
        ),
        (b"<html>" + b"x" * 21_000_000, "sida.html", "too_large"),
        (b"x" * 101_000_000, "stor.txt", "too_large"),
    ],
)
def test_bad_files_are_refused_with_a_reason(data: bytes, name: str, reason: str) -> None:
    error = refusal(data, name)
    assert error.reason == reason
    assert str(error).endswith(".")


def test_no_parser_is_imported_before_there_is_a_file_for_it() -> None:
    code = (
        "import sys, indexer.parse.child;"
        "print([m for m in ('lxml','bs4','mammoth','pypdfium2','trafilatura') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "[]"
