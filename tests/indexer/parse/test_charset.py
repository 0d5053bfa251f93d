"""Bytes become the text that was meant, or a reason why not."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.parse.charset import decode
from indexer.parse.raw import RawFile
from search.errors import ParseError

SWEDISH = "Föräldrar på förskolan åker ut i området. Ändå når vi få."


def raw(data: bytes, content_type: str = "") -> RawFile:
    return RawFile(data, "sida.html", "egna", "egna:sida", content_type=content_type)


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("declared", ["", "utf-8"])
def test_swedish_letters_survive_whatever_was_declared(charset: str, declared: str) -> None:
    header = f"text/html; charset={declared}" if declared else ""
    assert decode(raw(SWEDISH.encode(charset), header)) == SWEDISH


def test_a_declaration_is_believed_when_the_bytes_are_no_utf8() -> None:
    data = '<meta charset="iso-8859-2">Łódź'.encode("iso-8859-2")
    assert decode(raw(data)).endswith("Łódź")


def test_valid_utf8_goes_before_a_wrong_declaration() -> None:
    assert decode(raw(SWEDISH.encode(), "text/html; charset=iso-8859-1")) == SWEDISH


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_goes_before_everything(charset: str) -> None:
    assert decode(raw(SWEDISH.encode(charset), "text/html; charset=cp1252")) == SWEDISH


def test_one_broken_byte_leaves_the_rest_as_it_is() -> None:
    data = (SWEDISH * 5).encode() + b"\xc3"
    assert decode(raw(data)) == SWEDISH * 5


@pytest.mark.parametrize("data", [b"", b" \r\n\t", codecs.BOM_UTF8, b"\x00\x00"])
def test_a_file_with_nothing_in_it_is_empty(data: bytes) -> None:
    with pytest.raises(ParseError) as error:
        decode(raw(data))
    assert error.value.reason == "empty"


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7 <html>", b"PK\x03\x04", b"\x89PNG\r\n", b"<html>\x00", bytes(range(256))]
)
def test_a_binary_file_is_no_text(data: bytes) -> None:
    with pytest.raises(ParseError) as error:
        decode(raw(data), not_text="not_html")
    assert error.value.reason == "not_html"


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        assert isinstance(decode(raw(data)), str)
    except ParseError as error:
        assert error.reason in ("empty", "not_text")
