"""What a Word file of the collection has of real ones, and that it is the same bytes each time."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import mammoth
import pytest
from bs4 import BeautifulSoup
from docx import Document
from docx.oxml.ns import qn

from indexer.parse import parse
from indexer.parse.raw import Limits, RawFile
from indexer.sources import load_sources, rules_for
from tools.build_corpus import CORPUS
from tools.corpus.facts import read_facts
from tools.corpus.manuscripts import NOTICE, read_manuscript
from tools.corpus.word import build_word

HEAD = """\
+++
n = {n}
slug = "blankett"
shape = ""
kind = "mall"
form = "docx"
title = "Blankett för mötet"
facts = []
+++
"""
BODY = """\
## Före

1. Kalla dem som ska vara med.
2. Boka rummet.

## Efter

- Skriv rent.

1. Skicka planen.
2. Ring familjen.

Kryssa i det som gäller:

- ☐ Alla **har läst** planen.
- ☐ Nästa möte är bokat.

| Fråga | Svar | Vem? |
|---|---|---|
| **Familjen** | | |
| Har de fått en kopia? | **Ja** | |
| | **Nej** | |
"""
EXAMPLES = load_sources(CORPUS / "sources.toml")["exempel"]


def word_file(folder: Path, n: int = 7) -> bytes:
    path = folder / f"{n:02d}-blankett.md"
    path.write_text(HEAD.format(n=n) + BODY, encoding="utf-8")
    return build_word(read_manuscript(path, ()))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return word_file(tmp_path_factory.mktemp("word"))


@pytest.fixture(scope="module")
def opened(data: bytes) -> Any:
    return Document(io.BytesIO(data))


@pytest.fixture(scope="module")
def page(data: bytes) -> BeautifulSoup:
    return BeautifulSoup(mammoth.convert_to_html(io.BytesIO(data)).value, "lxml")


def test_the_same_manuscript_gives_the_same_word_file(tmp_path: Path, data: bytes) -> None:
    assert word_file(tmp_path) == data


def test_a_second_list_begins_at_one_again(opened: Any) -> None:
    numbered = [p for p in opened.paragraphs if p.style.name == "List Number"]
    own = [p._p.pPr.numPr.numId.val if p._p.pPr.numPr is not None else None for p in numbered]
    assert own[:2] == [None, None], "the first has the numbers of its style"
    assert own[2] is not None and own[2] == own[3]
    number = opened.part.numbering_part.element.num_having_numId(own[2])
    (level,) = number.findall(qn("w:lvlOverride"))
    assert level.find(qn("w:startOverride")).get(qn("w:val")) == "1"


def test_a_bold_cell_alone_in_its_row_is_as_wide_as_the_table(page: BeautifulSoup) -> None:
    rows = page.select("tr")
    assert [len(row.select("td, th")) for row in rows] == [3, 1, 3, 3]
    (wide,) = rows[1].select("td")
    assert (wide["colspan"], wide.get_text()) == ("3", "Familjen")


def test_an_item_to_tick_is_a_box_that_answers_a_click(opened: Any, page: BeautifulSoup) -> None:
    boxes = page.select("input[type=checkbox]")
    assert len(boxes) == 2
    assert not any(box.has_attr("checked") for box in boxes)
    lines = [box.find_parent("p") for box in boxes]
    assert [line.get_text().strip() for line in lines if line] == [
        "Alla har läst planen.",
        "Nästa möte är bokat.",
    ]
    assert len(list(opened.element.iter(qn("w:sdt")))) == 2


def test_every_page_has_the_title_above_and_notice_and_number_below(opened: Any) -> None:
    (section,) = opened.sections
    assert section.header.paragraphs[0].text == "Blankett för mötet"
    foot = section.footer.paragraphs[0]
    assert foot.text.startswith(NOTICE)
    fields = foot._p.findall(qn("w:fldSimple"))
    assert [field.get(qn("w:instr")) for field in fields] == ["PAGE", "NUMPAGES"]


def test_the_file_that_is_being_labelled_keeps_its_bytes() -> None:
    (path,) = (CORPUS / "manuscripts").glob("31-*.md")
    built = build_word(read_manuscript(path, read_facts(CORPUS / "facts.toml")))
    assert built == (CORPUS / "documents" / "docx" / f"{path.stem}.docx").read_bytes()
    section = Document(io.BytesIO(built)).sections[0]
    assert section.header.is_linked_to_previous and section.footer.is_linked_to_previous


def test_the_index_reads_boxes_and_wide_cells_but_no_running_head(data: bytes) -> None:
    raw = RawFile(data, "07-blankett.docx", "exempel", "exempel:7")
    read = parse(raw, rules_for(EXAMPLES, ""), Limits())
    text = "\n".join(block.text for block in read.blocks)
    assert "Alla har läst planen." in text
    assert "Familjen" in text
    assert read.title == "Blankett för mötet"
    assert read.title not in text
    assert "Sida" not in text
