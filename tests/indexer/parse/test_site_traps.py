"""What sites put around and into a text, which a reader would not count as the text."""

from __future__ import annotations

from pathlib import Path

from indexer.parse.html import parse
from indexer.parse.raw import RawFile
from indexer.sources import load_sources
from search.document import Document

ROOT = Path(__file__).resolve().parents[3]
SOURCES = load_sources(ROOT / "corpus" / "sources.toml")


def read(body: str, source: str = "bra", before: str = "") -> Document:
    """A Sitevision page with the given text in the editor's area, and something before that."""
    page = (
        '<!DOCTYPE html><html lang=sv><head><meta name="generator" content="Sitevision 10">'
        f"<title>T</title></head><body><main>{before}<div class=pagecontent><h1>T</h1>{body}"
        "</div></main></body></html>"
    )
    return parse(RawFile(page.encode(), "sida.html", source, f"{source}:x"), SOURCES[source])


def test_a_form_of_facts_with_nothing_but_a_year_is_no_section() -> None:
    found = read(
        "<p>Text.</p><h2>Fakta om publikationen</h2><p><b>Författare:</b></p>"
        "<p><b>Publikationsår:</b> 2026</p><p><b>URN:NBN:</b> $urn</p>"
    )
    assert found.headings == ()
    assert found.body == "Text."
    assert found.year_hint == 2026


def test_a_form_of_facts_that_somebody_filled_in_is_a_section() -> None:
    found = read(
        "<p>Text.</p><h2>Fakta om publikationen</h2>"
        "<p>Publikationsår: 2026</p><p>Författare: En redaktion</p>"
    )
    assert found.headings == ("Fakta om publikationen",)
    assert "En redaktion" in found.body


def test_a_sentence_about_other_pages_is_text_and_a_list_of_them_is_not() -> None:
    found = read(
        "<h2>Läs vidare</h2><p>Se sidan om belysning, som börjar i problemet.</p>"
        "<h2>Läs också</h2><p><a href=/a>Sidan om belysning Länk till annan webbplats.</a></p>"
    )
    assert found.headings == ("Läs vidare",)
    assert found.body == "Se sidan om belysning, som börjar i problemet."
