from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PAGES = [
    "/",
    "/sok?q=trygghet",
    "/dokument/exempel:2",
    "/finns-inte",
    "/halsa",
    "/robots.txt",
    "/favicon.ico",
    "/static/site.css",
]
STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

any_use = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
hostile = st.text(max_size=200) | st.sampled_from(
    ["<script>", "' OR 1=1", '"""', "-", "%00", "\x00", "../..", "{{7*7}}", "*" * 3000, "å" * 5000]
)


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_every_header(client: FlaskClient, address: str) -> None:
    with client.get(address) as response:
        headers = response.headers
    assert headers["Content-Security-Policy"] == STRICT
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Set-Cookie" not in headers
    assert "Cache-Control" in headers


def test_a_pdf_may_be_shown_by_the_viewer_and_reach_nothing_else(client: FlaskClient) -> None:
    with client.get("/dokument/egna:rapporter/lagesbild.pdf/original") as response:
        policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "script-src" not in policy and "connect-src" not in policy


def test_pages_are_asked_for_anew_and_assets_are_kept(client: FlaskClient) -> None:
    page = client.get("/sok?q=trygghet")
    assert page.headers["Cache-Control"] == "private, no-cache"
    soup = BeautifulSoup(page.data, "lxml")
    address = str(soup.select_one("link[rel=stylesheet]")["href"])  # type: ignore[index]
    with client.get(address) as asset:
        assert asset.status_code == 200
        assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with client.get("/static/site.css") as unversioned:
        assert unversioned.headers["Cache-Control"] == "private, no-cache"
    assert client.get("/halsa").headers["Cache-Control"] == "no-store"
    assert client.get("/static/nix.css?v=1").headers["Cache-Control"] == "private, no-cache"


def test_hostile_text_stays_text(client: FlaskClient) -> None:
    for address in (
        "/sok?q=onda",
        "/sok?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&kalla=%3Cimg+src=x%3E&typ=%22onclick=",
        '/dokument/bra:">%3Cscript>alert(1)%3C%2Fscript>?q=<script>',
    ):
        response = client.get(address)
        soup = BeautifulSoup(response.get_data(as_text=True), "lxml")
        assert not soup.select("script, main img, main b, .hit i, .paper i, h1 *")
        assert not [a for a in soup.select("a") if "javascript:" in str(a.get("href"))]
        assert "alert(" in soup.get_text()


def test_a_template_in_a_question_is_not_run(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/sok?q={{7*7}}").get_data(as_text=True), "lxml")
    assert "{{7*7}}" in soup.h1.get_text()  # type: ignore[union-attr]


@any_use
@given(q=hostile, name=hostile, value=hostile, page=hostile)
def test_no_question_breaks_the_site(
    client: FlaskClient, q: str, name: str, value: str, page: str
) -> None:
    query = {"q": q, "kalla": value, "sida": page, name: value}
    for path in ("/sok", "/dokument/exempel:2"):
        assert client.get(path, query_string=query).status_code in (200, 404)


@any_use
@given(raw=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=200))
def test_no_raw_query_string_breaks_the_site(client: FlaskClient, raw: str) -> None:
    assert client.get("/sok", query_string=raw).status_code < 500


@any_use
@given(key=st.text(max_size=100))
def test_no_key_breaks_the_site(client: FlaskClient, key: str) -> None:
    assert client.get("/dokument/" + key).status_code < 500
    assert client.get(f"/dokument/{key}/original").status_code < 500


# --- when it does not work ------------------------------------------------------------------


@pytest.mark.usefixtures("not_ready")
@pytest.mark.parametrize(
    "address", ["/", "/sok?q=x", "/dokument/exempel:2", "/dokument/x/original"]
)
def test_without_an_index_the_site_asks_for_patience(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "30"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Sökningen är inte redo ännu" in response.get_data(as_text=True)


@pytest.mark.usefixtures("not_ready")
def test_without_an_index_health_is_not_ok_and_assets_are_served(client: FlaskClient) -> None:
    health = client.get("/halsa")
    assert (health.status_code, health.get_json()["status"]) == (503, "unavailable")
    with client.get("/static/site.css") as style:
        assert style.status_code == 200


def test_health_names_the_generation(client: FlaskClient) -> None:
    assert client.get("/halsa").get_json() == {"status": "ok", "generation": 7}


def test_an_error_is_answered_in_swedish_and_logged_without_the_question(
    app: Flask, engine: Any
) -> None:
    engine.broken = RuntimeError("cannot search for hemligt-namn")
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    app.logger.addHandler(handler)
    try:
        response = app.test_client().get("/sok?q=hemligt-namn")
    finally:
        app.logger.removeHandler(handler)
    assert response.status_code == 500
    assert "Något gick fel" in response.get_data(as_text=True)
    assert "RuntimeError in public.search" in log.getvalue()
    assert "conftest.py" in log.getvalue()
    assert "hemligt-namn" not in log.getvalue()


def test_other_methods_are_refused(client: FlaskClient) -> None:
    response = client.post("/sok", data={"q": "x"})
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_robots_are_sent_to_the_sources(client: FlaskClient) -> None:
    assert "Disallow: /sok" in client.get("/robots.txt").get_data(as_text=True)
