"""What kind of file bytes are, whatever they are called."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.parse.filetype import DOCX, ENCRYPTED, HTML, PDF, TEXT, check_size, is_html, kind_of
from indexer.parse.raw import Limits, RawFile
from search.errors import ParseError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 100
PAGE = b"<!doctype html><html><body><p>Text</p></body></html>"


def container(*names: str, mimetype: str = "") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "<x/>")
    return file.getvalue()


def kind(data: bytes, name: str = "fil", declared: str = "") -> str:
    return kind_of(RawFile(data, name, "egna", "egna:fil", content_type=declared))


WORD = container("[Content_Types].xml", "word/document.xml")
ODT = container("content.xml", mimetype="application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("data", "name", "declared", "expected"),
    [
        (b"%PDF-1.7\n", "sida.html", "text/html", PDF),
        (b"\n\r %PDF-1.4", "x", "", PDF),
        (b"MIME skr\xe4p\n%PDF-1.4", "rapport.pdf", "", PDF),
        (b"Filen b\xf6rjar med %PDF-1.4, men \xe4r en text", "anteckning.txt", "", TEXT),
        (WORD, "plan.txt", "", DOCX),
        (WORD, "plan", "application/octet-stream", DOCX),
        (WORD[:40], "plan.docx", "", DOCX),
        (container("ppt/presentation.xml"), "x.docx", "", ".pptx"),
        (container("xl/workbook.xml"), "x", "", ".xlsx"),
        (ODT, "x.docx", "", ".odt"),
        (container("a.txt"), "x.zip", "", ".zip"),
        (ODT[:30], "plan.odt", "", ".odt"),
        (OLE, "brev.doc", "", ".doc"),
        (OLE, "brev.docx", "", ".doc"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "plan.docx", "", ENCRYPTED),
        (b"{\\rtf1 text}", "brev.doc", "", ".rtf"),
        (PNG, "karta", "", ".png"),
        (PNG, "sida.html", "", HTML),
        (PNG, "brev.txt", "", TEXT),
        (b"MZ\x90\x00", "sida.html", "", HTML),
        (PAGE, "sida.txt", "text/plain", HTML),
        (b"\xef\xbb\xbf <!-- hej -->\n<!DOCTYPE HTML>", "x", "", HTML),
        (b"<?xml version='1.0'?><html xmlns='x'>", "x", "", HTML),
        (b"<div class=a>Text</div>", "utan-suffix", "", HTML),
        (b"<div class=a>Text</div>", "las-mig.md", "", TEXT),
        (b"Text", "sida", "text/html; charset=utf-8", HTML),
        (b"Text", "sida.html", "", HTML),
        (b"Text", "sida.html", "text/plain", HTML),
        (b"# Rubrik", "plan.md", "text/markdown", TEXT),
        (b"Text", "rapport.5", "", TEXT),
        (b"a;b", "tabell.csv", "", ".csv"),
        (b"{}", "x", "application/json", ".json"),
        (b"nonsense", "rapport.pdf", "", PDF),
    ],
)
def test_the_bytes_go_before_the_declared_type_and_that_before_the_name(
    data: bytes, name: str, declared: str, expected: str
) -> None:
    assert kind(data, name, declared) == expected


@given(st.binary(max_size=300), st.sampled_from(["", "a.html", "a.docx", "a.pdf", "a.odt"]))
def test_any_bytes_have_a_kind(data: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04", OLE[:8], b"%PDF-"):
        assert kind(start + data, name)


def test_zip_containers_are_not_opened_to_find_out_whether_they_are_pages() -> None:
    assert not is_html(RawFile(WORD, "sida.html", "egna", "egna:fil"))


@pytest.mark.parametrize(
    ("size", "name", "reason"),
    [
        (0, "a.txt", "empty"),
        (3_000_001, "a.txt", "too_large"),
        (2_000_001, "a.html", "too_large"),
        (2_000_000, "a.html", ""),
        (3_000_000, "a.txt", ""),
    ],
)
def test_files_end_at_their_limit(size: int, name: str, reason: str) -> None:
    raw = RawFile(b"x" * size, name, "egna", "egna:fil")
    found = ""
    try:
        check_size(raw, Limits(file_mb=3, html_mb=2))
    except ParseError as error:
        found = error.reason
    assert found == reason


@pytest.mark.parametrize("opening", [b"<!-- -->", b"<!-- ", b"<?xml ?> ", b" \n"])
def test_what_stands_before_the_first_tag_is_passed_over_once(opening: bytes) -> None:
    # Were it tried in every way, this would not end in a lifetime.
    assert kind(opening * 2000) == TEXT


def test_comments_and_declarations_may_stand_before_a_page() -> None:
    assert kind(b'<?xml version="1.0"?>\n<!-- a --> <!-- b -->\n<HTML><p>Text') == HTML
