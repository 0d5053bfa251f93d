"""The bundled reports, and what the programs that print them do to an outline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from indexer.parse.pdf import parse
from indexer.parse.raw import RawFile
from indexer.sources import load_sources

ROOT = Path(__file__).resolve().parents[3]
BUNDLED = sorted((ROOT / "corpus" / "documents").rglob("*.pdf"))


@pytest.mark.skipif(not BUNDLED, reason="the bundled collection has no PDF yet: make corpus")
def test_the_bundled_reports_have_chapters_labels_and_a_lead_but_for_the_scan() -> None:
    source = load_sources(ROOT / "corpus" / "sources.toml")["exempel"]
    for path in BUNDLED:
        document = parse(RawFile(path.read_bytes(), path.name, "exempel", "exempel:1"), source)
        assert document.title
        if path.name.startswith("93-"):
            # A scan: its text is in its pictures, and its subject is only the examples' notice.
            assert document.notices == ("no_text_layer",)
            assert (document.lead, document.subtitle, document.sections) == ("", "", ())
            continue
        assert document.lead and document.notices == ()
        assert len(document.headings) >= 3
        assert any(b.page_label and b.page_label != str(b.page) for b in document.blocks)
        assert not any(heading in ("Innehåll", document.title) for heading in document.headings)


def test_chapters_under_the_title_in_the_outline_are_chapters(drawing: Any, read_pdf: Any) -> None:
    drawing.canvas.setTitle("Vad vet vi om ljus?")
    drawing.line(72, 600, "Vad vet vi om ljus?", size=30, bold=True)
    drawing.page()
    drawing.line(72, 760, "Vad vet vi om ljus?", size=15, bold=True)
    drawing.line(72, 120, "ISBN saknas, för skriften är bara ett exempel.", size=7)
    drawing.line(72, 110, "Tryck: ingen. Skriften går inte att beställa.", size=7)
    drawing.page("Vad vet vi om ljus?", 0)
    for n, name in enumerate(("Så gjorde vi", "Det här blev svaret")):
        drawing.line(72, 760, name, size=17, bold=True)
        y = drawing.paragraph(730, "Här står det som hör till kapitlet, i flera meningar. " * 5)
        drawing.line(72, y - 8, f"Avsnitt {n}", size=12, bold=True)
        drawing.paragraph(y - 26, "Här står det som hör till avsnittet, i flera meningar. " * 5)
        drawing.page(name, 1)
    found = read_pdf(drawing)
    assert [(s.level, s.heading, s.page) for s in found.sections if s.heading] == [
        (2, "Så gjorde vi", 3), (3, "Avsnitt 0", 3), (2, "Det här blev svaret", 4),
        (3, "Avsnitt 1", 4),
    ]  # fmt: skip
    assert found.title == "Vad vet vi om ljus?"
    assert "Tryck" not in found.body


def test_the_notice_of_the_examples_is_no_subtitle_of_a_scan(drawing: Any, read_pdf: Any) -> None:
    drawing.canvas.setTitle("Blanketter för trygghet")
    drawing.canvas.setSubject(
        "Exempeltext – skriven för Metodsök, inte publicerad av någon myndighet"
    )
    drawing.canvas.rect(100, 100, 300, 300, fill=1)
    assert read_pdf(drawing).subtitle == ""
