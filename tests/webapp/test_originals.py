from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

PDF = "/dokument/egna:rapporter/lagesbild.pdf/original"
WORD = "/dokument/egna:mallar/plan.docx/original"


def test_a_pdf_opens_in_the_browser_under_its_title(client: FlaskClient) -> None:
    with client.get(PDF) as response:
        assert response.status_code == 200
        assert response.mimetype == "application/pdf"
        assert response.data.startswith(b"%PDF")
        disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("inline;")
    assert "L%C3%A4gesbild%20och%20%C3%A5tg%C3%A4rdsplan" in disposition


def test_a_part_of_a_file_can_be_asked_for(client: FlaskClient) -> None:
    with client.get(PDF, headers={"Range": "bytes=0-3"}) as response:
        assert response.status_code == 206
        assert response.data == b"%PDF"
        assert response.headers["Content-Range"].startswith("bytes 0-3/")


def test_a_range_outside_the_file_is_refused(client: FlaskClient) -> None:
    with client.get(PDF, headers={"Range": "bytes=999999-"}) as response:
        assert response.status_code == 416


def test_a_file_that_the_browser_has_is_not_sent_again(client: FlaskClient, engine: Any) -> None:
    digest = engine.published["egna:rapporter/lagesbild.pdf"]
    with client.get(PDF, headers={"If-None-Match": f'"{digest}"'}) as response:
        assert response.status_code == 304


def test_a_word_file_is_downloaded_under_a_safe_name(client: FlaskClient) -> None:
    with client.get(WORD) as response:
        assert response.data.startswith(b"PK")
        disposition = response.headers["Content-Disposition"]
    assert disposition == 'attachment; filename="Mall plan åtgärder 2025.docx"' or (
        disposition.startswith("attachment;")
        and "Mall%20plan%20%C3%A5tg%C3%A4rder%202025.docx" in disposition
    )


@pytest.mark.parametrize(
    "kind", ["text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "TEXT/HTML"]
)
def test_markup_is_never_sent_from_our_address(client: FlaskClient, engine: Any, kind: str) -> None:
    engine.documents = [replace(d, content_type=kind) for d in engine.documents]
    assert client.get(PDF).status_code == 404


def test_an_unknown_type_goes_out_as_bytes_to_download(client: FlaskClient, engine: Any) -> None:
    engine.documents = [replace(d, content_type="application/x-odd") for d in engine.documents]
    with client.get(PDF) as response:
        assert response.mimetype == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment;")


def test_a_title_of_signs_alone_still_gives_a_name(client: FlaskClient, engine: Any) -> None:
    engine.documents = [replace(d, title='../"\r\n\x00') for d in engine.documents]
    with client.get(WORD) as response:
        assert response.headers["Content-Disposition"] == "attachment; filename=dokument.docx"


@pytest.mark.parametrize("key", ["exempel:2", "gr:49a549b1", "finns:inte"])
def test_what_is_not_published_is_not_found(client: FlaskClient, key: str) -> None:
    assert client.get(f"/dokument/{key}/original").status_code == 404


def test_a_file_that_is_gone_is_not_found(client: FlaskClient, engine: Any) -> None:
    engine.originals = {}
    assert client.get(PDF).status_code == 404


def test_an_original_may_lie_under_a_relative_path(
    client: FlaskClient, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (digest, path) = next(iter(engine.originals.items()))
    monkeypatch.chdir(path.parent)
    engine.originals = {digest: path.relative_to(path.parent)}
    with client.get(PDF) as response:
        assert response.status_code == 200
