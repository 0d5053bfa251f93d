"""The bundled documents are read as a reader reads them, field by field; and errors are seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bench.labelled import FIELDS, Compared, Label, Reader, compare, flat, in_all, load_labels
from bench.parsing import FLOOR, compare_all
from search.document import Block, DatedBy, DateGround, Document, Section

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT / "corpus" / "documents"
LABELS = {label.n: label for label in load_labels()}


@pytest.fixture(scope="module")
def compared() -> tuple[Compared, ...]:
    return compare_all()


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize("field", FIELDS)
def test_of_each_field_nearly_every_value_is_as_the_reader_found_it(
    compared: tuple[Compared, ...], field: str
) -> None:
    score = in_all(compared)[field]
    assert score.of >= 3, "nothing was asked"
    misses = "\n".join(f"{m.file}: wanted {m.wanted!r}, got {m.got!r}" for m in score.misses)
    assert score.share >= FLOOR, misses


def test_every_bundled_document_has_one_label() -> None:
    files = {p.relative_to(DOCUMENTS).as_posix() for p in DOCUMENTS.rglob("*.*") if p.is_file()}
    assert sorted(label.file for label in load_labels()) == sorted(files - {"manifest.toml"})


def test_of_a_scan_only_what_its_file_says_is_asked(compared: tuple[Compared, ...]) -> None:
    (scan,) = [item for item in compared if item.label.scanned]
    assert set(scan.scores) == {"language", "title", "pages"}


#: What goes wrong → how the document then looks, and the fields that must say so.
PLANTED: Mapping[str, tuple[Callable[[Document], Document], set[str]]] = {
    "another language": (lambda d: replace(d, language="en"), {"language"}),
    "a site's name in the title": (lambda d: replace(d, title=f"{d.title} | Brå"), {"title"}),
    "no kicker": (lambda d: replace(d, kicker=""), {"kicker"}),
    "a lead without its last word": (
        lambda d: replace(d, lead=d.lead.rpartition(" ")[0]),
        {"lead"},
    ),
    "one heading too many": (
        lambda d: with_section(d, Section(("Kakor",), 2)),
        {"heading", "headings"},
    ),
    "a heading gone": (
        lambda d: with_section(replace(d, sections=d.sections[:-1]), bare(d.sections[-1])),
        {"heading", "headings"},
    ),
    "a level changed": (
        lambda d: with_section(replace(d, sections=d.sections[:-1]), deeper(d.sections[-1])),
        {"heading", "headings"},
    ),
    "another day": (
        lambda d: replace(d, published=DatedBy(date(2020, 1, 1), DateGround.TIME)),
        {"published"},
    ),
    "a change that nobody stated": (
        lambda d: replace(d, changed=DatedBy(date(2020, 1, 1), DateGround.TIME)),
        {"changed"},
    ),
    "the shop in the text": (
        lambda d: with_blocks(d, Block(LABELS[3].clutter[1])),
        {"clutter"},
    ),
    "the text gone": (
        lambda d: replace(d, sections=tuple(replace(s, blocks=()) for s in d.sections)),
        {"text"},
    ),
}


def with_section(document: Document, section: Section) -> Document:
    return replace(document, sections=(*document.sections, section))


def with_blocks(document: Document, *blocks: Block) -> Document:
    *before, last = document.sections
    return replace(document, sections=(*before, replace(last, blocks=(*last.blocks, *blocks))))


def deeper(section: Section) -> Section:
    return replace(section, level=section.level + 1)


def bare(section: Section) -> Section:
    return replace(section, heading_path=())


def missed(label: Label, document: Document, reader: Reader) -> set[str]:
    scores = compare(label, document, reader.source(label)).scores
    assert all(bool(score.misses) == (score.right < score.of) for score in scores.values())
    return {name for name, score in scores.items() if score.misses}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_error_is_found_in_its_field(planted: str, reader: Reader) -> None:
    label = LABELS[3]
    document = reader.read(label)
    assert missed(label, document, reader) == set()
    wrong, fields = PLANTED[planted]
    assert missed(label, wrong(document), reader) == fields


def test_a_planted_error_of_pages_is_found(reader: Reader) -> None:
    label = LABELS[30]
    document = reader.read(label)
    assert missed(label, document, reader) == set()
    assert missed(label, replace(document, page_count=12), reader) == {"pages"}
    for change in ({"page": 9}, {"page_label": "7"}):
        sections = [replace(s, **change) if s.heading == "2.4 Skriv kort" else s
                    for s in document.sections]  # fmt: skip
        assert missed(label, replace(document, sections=tuple(sections)), reader) == {"place"}


def test_white_space_and_soft_hyphens_are_all_that_is_made_equal() -> None:
    assert flat("brotts\u00adföre\u00adbyggande\u00a0 arbete\n") == "brottsförebyggande arbete"
    assert flat("Brott – och straff") != flat("Brott - och straff")
    assert flat("Plan") != flat("plan")


def test_what_is_left_out_on_purpose_is_said(reader: Reader) -> None:
    label = LABELS[2]
    found = compare(label, reader.read(label), reader.source(label))
    assert any("Källor till fakta" in reason for reason in found.on_purpose)
    assert any("Publicerad" in reason for reason in found.on_purpose)
    kept = with_section(reader.read(label), Section(("Källor till fakta",), 2))
    assert compare(label, kept, reader.source(label)).scores["headings"].right == 1
