"""The whole path: files → library → index → pages over HTTP, and in a browser."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from indexer.context import Context
from indexer.tasks import run
from search.settings import Settings
from webapp import create_app

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT / "corpus" / "documents"
REPORT = DOCUMENTS / "bra" / "30-kunskapsbaserat-arbete-mot-brott.pdf"
TEMPLATE = DOCUMENTS / "docx" / "31-mall-for-lokal-lagesbild.docx"
Live = Callable[[Flask], AbstractContextManager[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One file of each kind."""
    mine = tmp_path / "rutiner"
    mine.mkdir()
    shutil.copy(REPORT, mine / "rapport.pdf")
    shutil.copy(TEMPLATE, mine / "mall.docx")
    (mine / "anteckning.txt").write_text("Fältare\n\nVi möter unga på torget.\n", "utf-8")
    (mine / "sida.html").write_text(
        "<!doctype html><html lang=sv><title>x</title><main><h1>Nattvandring</h1>"
        "<p class=ingress>Vuxna går ut tillsammans.</p><h2>När?</h2><p>På fredagar.</p></main>",
        "utf-8",
    )
    return mine


def add(settings: Settings, folder: Path) -> None:
    with Context(settings) as context:
        arguments = {"paths": [str(folder)], "source": "egna"}
        run(context, context.jobs.add("add", arguments, worker="tests"))


@pytest.fixture
def site(settings: Settings, folder: Path, live: Live) -> Iterator[str]:
    add(settings, folder)
    with live(create_app(settings)) as address:
        yield address


def get(site: str, path: str, **params: str) -> str:
    address = site + urllib.parse.quote(path) + ("?" + urllib.parse.urlencode(params))
    with urllib.request.urlopen(address, timeout=10) as answer:
        text: str = answer.read().decode("utf-8")
    return text


def test_files_of_each_kind_are_found_over_http(site: str) -> None:
    assert "Sök kunskap" in get(site, "/")
    assert "/dokument/egna:rutiner/sida.html" in get(site, "/sok", q="nattvandring")
    assert "/dokument/egna:rutiner/anteckning.txt" in get(site, "/sok", q="fältare torget")
    assert "/dokument/egna:rutiner/mall.docx" in get(site, "/sok", q="mall lägesbild")
    assert "inga" in get(site, "/sok", q="xyzzy").casefold()


def test_a_report_is_found_with_the_page_that_answers(site: str) -> None:
    page = get(site, "/sok", q="belysning kameror grannsamverkan")
    assert "/dokument/egna:rutiner/rapport.pdf/original#page=" in page
    address = f"{site}/dokument/egna:rutiner/rapport.pdf/original"
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.read() == REPORT.read_bytes()


def test_a_page_shows_the_document_and_never_its_html(site: str) -> None:
    page = get(site, "/dokument/egna:rutiner/sida.html")
    assert "<h1" in page
    assert "Vuxna går ut tillsammans." in page
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(site, "/dokument/egna:rutiner/sida.html/original")


def test_a_source_filters(site: str) -> None:
    assert "sida.html" in get(site, "/sok", q="nattvandring", kalla="egna")
    assert "sida.html" not in get(site, "/sok", q="nattvandring", kalla="gr")


def test_what_changes_in_the_folder_changes_on_the_site_without_a_restart(
    site: str, settings: Settings, folder: Path
) -> None:
    note = folder / "anteckning.txt"
    note.write_text("Fältare\n\nVi möter unga i köpcentret.\n", "utf-8")
    (folder / "sida.html").unlink()
    add(settings, folder)
    assert "köpcentret" in get(site, "/dokument/egna:rutiner/anteckning.txt")
    assert "sida.html" not in get(site, "/sok", q="nattvandring")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(site, "/dokument/egna:rutiner/sida.html")


def test_of_what_others_publish_the_site_shows_three_passages_that_answer(
    settings: Settings, tmp_path: Path, live: Live
) -> None:
    words = ("alfa", "beta", "gamma", "delta", "nattvandring", "zeta")
    said = (f"Om {w} och mer. " + " ".join(f"{w[0]}ord{n}" for n in range(199)) for w in words)
    file = tmp_path / "rapport.txt"
    file.write_text("Rapporten\n\n" + ".\n\n".join(said) + ".\n", "utf-8")
    with Context(settings) as context:
        arguments = {"paths": [str(file)], "source": "bra", "url": "https://bra.se/rapport.txt"}
        run(context, context.jobs.add("add", arguments, worker="tests"))
        (key,) = context.library.state_at(context.library.revision())
    with live(create_app(settings)) as address:
        first = get(address, f"/dokument/{key}")
        chosen = get(address, f"/dokument/{key}", q="nattvandring")
        hits = get(address, "/sok", q="nattvandring")
    shown = [[word for word in words if f"Om {word} och mer." in page] for page in (first, chosen)]
    assert shown[0] == ["alfa", "beta", "gamma"]
    assert "nattvandring" in shown[1]
    assert len(shown[1]) == 3
    assert 'rel="canonical" href="https://bra.se/rapport.txt"' in first
    number = hits.partition("#stycke-")[2].partition('"')[0]
    assert f'id="stycke-{number}"' in chosen


@pytest.mark.browser
def test_a_reader_searches_the_bundled_collection_and_goes_back(
    tab: Page, bundled: Settings, live: Live
) -> None:
    with live(create_app(bundled)) as address:
        tab.goto(address)
        tab.get_by_label("Vad vill du hitta?").fill("medling vid brott")
        tab.get_by_role("button", name="Sök").click()
        results = tab.url
        tab.get_by_role("link", name="Medling vid brott").first.click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Medling vid brott")
        expect(tab.get_by_text("Exempeltext – skriven för Metodsök").first).to_be_visible()
        tab.go_back()
        assert tab.url == results
        expect(tab.get_by_role("link", name="Medling vid brott").first).to_be_visible()
