"""Every page in tests/pages/ is read as its labels say; the labels are older than the rules."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indexer.parse import html, plaintext
from indexer.parse.raw import RawFile
from indexer.sources import Source, load_sources
from search.document import DatedBy, DateGround, Document

ROOT = Path(__file__).resolve().parents[3]
PAGES = ROOT / "tests" / "pages"
LABELS = tomllib.loads((PAGES / "labels.toml").read_text(encoding="utf-8"))["page"]


@pytest.fixture(scope="module")
def sources() -> Mapping[str, Source]:
    return load_sources(ROOT / "corpus" / "sources.toml")


def read(label: dict[str, Any], sources: Mapping[str, Source]) -> Document:
    data = (PAGES / label["file"]).read_bytes()
    raw = RawFile(data, label["file"], label["source"], "egna:pages/x", label.get("url", ""))
    parse = html.parse if label["file"].endswith(".html") else plaintext.parse
    return parse(raw, sources[label["source"]])


def dated(value: list[str] | None) -> DatedBy:
    return DatedBy(date.fromisoformat(value[0]), DateGround(value[1])) if value else DatedBy()


@pytest.mark.parametrize("label", LABELS, ids=[label["file"] for label in LABELS])
def test_a_page_is_read_as_labelled(label: dict[str, Any], sources: Mapping[str, Source]) -> None:
    found = read(label, sources)
    assert found.title == label["title"]
    assert found.kicker == label.get("kicker", "")
    assert found.subtitle == label.get("subtitle", "")
    assert found.lead == label.get("lead", "")
    headings = [[section.level, section.heading] for section in found.sections if section.heading]
    assert headings == label.get("sections", [])
    assert found.published == dated(label.get("published"))
    assert found.changed == dated(label.get("changed"))
    assert found.year_hint == label.get("year_hint")
    assert found.language == label.get("language", "sv")
    assert [[q.text, q.speaker] for q in found.quotations] == label.get("quotations", [])
    numbers = {f"{number.kind} {number.value}" for number in found.identifiers}
    assert numbers == set(label.get("identifiers", []))
    assert [[link.text, link.url] for link in found.links] == label.get("links", [])


@pytest.mark.parametrize("label", LABELS, ids=[label["file"] for label in LABELS])
def test_a_body_holds_its_text_and_no_clutter(
    label: dict[str, Any], sources: Mapping[str, Source]
) -> None:
    body = read(label, sources).body
    assert [text for text in label.get("contains", []) if text not in body] == []
    assert [text for text in label.get("absent", []) if text in body] == []
