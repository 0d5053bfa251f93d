"""PDFs that cannot be read are refused with a reason, and nothing else is ever raised."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from indexer.parse.raw import Limits
from search.errors import ParseError


def drawn(pages: int = 3, **options: Any) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1, **options)
    for n in range(pages):
        canvas.drawString(72, 700, f"Sidan {n} har en rad som går att läsa.")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


WHOLE = drawn()


def refusal(read_pdf: Any, data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(ParseError) as caught:
        read_pdf(data, limits=limits)
    assert str(caught.value).endswith(".")
    return caught.value.reason


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_file_cut_short_is_damaged(read_pdf: Any, share: float) -> None:
    assert refusal(read_pdf, WHOLE[: int(len(WHOLE) * share)]) == "damaged"


def test_a_download_that_ended_in_zeros_is_damaged(read_pdf: Any) -> None:
    half = WHOLE[: len(WHOLE) // 2]
    assert refusal(read_pdf, half + b"\x00" * 5000) == "damaged"


def test_something_else_in_a_pdf_name_is_damaged(read_pdf: Any) -> None:
    assert refusal(read_pdf, b"%PDF-1.7\nnothing\n%%EOF") == "damaged"


@pytest.mark.parametrize("strength", [40, 128])
def test_a_file_that_asks_for_a_password_is_encrypted(read_pdf: Any, strength: int) -> None:
    locked = drawn(encrypt=StandardEncryption("hemligt", strength=strength))
    assert refusal(read_pdf, locked) == "encrypted"


def test_a_file_that_only_forbids_printing_is_read(read_pdf: Any) -> None:
    locked = drawn(encrypt=StandardEncryption("", "hemligt", canPrint=0))
    assert "Sidan 0 har en rad" in read_pdf(locked).body


def test_more_pages_than_the_limit_are_refused_before_they_are_read(read_pdf: Any) -> None:
    assert refusal(read_pdf, drawn(pages=4), Limits(pdf_pages=3)) == "too_many_pages"
    assert read_pdf(drawn(pages=4), limits=Limits(pdf_pages=4)).page_count == 4


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=30
    )
)
def test_broken_bytes_give_a_document_or_a_reason(
    read_pdf: Any, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(WHOLE)
    for place, value in changes:
        data[place] = value
    try:
        document = read_pdf(bytes(data))
    except ParseError as error:
        assert error.reason in ("damaged", "encrypted")
    else:
        assert document.page_count
