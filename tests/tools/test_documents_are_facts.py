"""No document claims what no row of facts carries: not as written, and not as built."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from indexer.parse import parse
from indexer.parse.raw import Limits, RawFile
from indexer.sources import load_sources, rules_for
from tools.build_corpus import CORPUS, build
from tools.corpus.claims import unsupported
from tools.corpus.dates import swedish_date
from tools.corpus.facts import Fact, facts_about, read_facts
from tools.corpus.manuscripts import WRITTEN, Manuscript, read_manuscript, read_manuscripts

FACTS = read_facts(CORPUS / "facts.toml")
MANUSCRIPTS = read_manuscripts(CORPUS / "manuscripts", FACTS)
EXAMPLES = load_sources(CORPUS / "sources.toml")["exempel"]

every_manuscript = pytest.mark.parametrize("manuscript", MANUSCRIPTS, ids=lambda m: m.name)

#: What the pages around the texts say, and why it is no invention.
OF_THE_PAGE = {
    swedish_date(WRITTEN): "the day the collection was written",
    WRITTEN.isoformat(): "the same day, as one of the sites prints it",
    str(WRITTEN.year): "the same year, among facts about the print",
    "000-00": "a telephone number that can belong to nobody",
    "00": "the rest of that number",
    "URN:NBN": "the label of a field that stands empty, as on the real site",
    "NBN": "the same label",
    "ISSN": "the label of a number that the report says it lacks",
    "SEK": "the currency of a price that stands empty, as on the real site",
    swedish_date(WRITTEN).rpartition(" ")[0]: "the same day, as a page prints it without a year",
    str(WRITTEN.day): "the same day, before a short name of the month",
    "09": "the hour of nine, of a page that was published then",
    "MB": "the size of a file, in a link's words for readers of screens",
    "223": "the size of another file, as its link says it",
}


def inventions(text: str, facts: tuple[Fact, ...]) -> list[str]:
    """What a text claims beyond its rows; organisations may be named anywhere."""
    return [claim.text for claim in unsupported(text, (*facts, *facts_about(FACTS, ())))]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    build(CORPUS / "manuscripts", folder, CORPUS / "facts.toml")
    return folder


def shown(documents: Path, manuscript: Manuscript) -> str:
    """All that a built file shows, menus and all; of a report or a plan what the index reads.

    A scan shows pictures: what they are pictures of is said by its manuscript.
    """
    form = manuscript.form
    if manuscript.producer == "scan":
        return "\n".join((manuscript.text, *(source.text for source in manuscript.sources)))
    path = documents / (manuscript.shape or form) / f"{manuscript.name}.{form}"
    if form == "html":
        page = BeautifulSoup(path.read_text("utf-8"), "lxml")
        for unseen in page(["script", "style"]):
            unseen.decompose()
        assert page.body
        return page.body.get_text("\n")
    raw = RawFile(path.read_bytes(), path.name, "exempel", f"exempel:{manuscript.n}")
    read = parse(raw, rules_for(EXAMPLES, manuscript.shape), Limits())
    blocks = (block.text for block in read.blocks)
    return "\n".join((read.kicker, read.title, read.subtitle, read.lead, *read.headings, *blocks))


@every_manuscript
def test_every_claim_stands_in_a_row_that_the_manuscript_names(manuscript: Manuscript) -> None:
    assert inventions(manuscript.text, manuscript.facts) == []


@every_manuscript
def test_what_is_built_claims_no_more_than_what_was_written(
    documents: Path, manuscript: Manuscript
) -> None:
    text = shown(documents, manuscript)
    assert manuscript.lead in text.replace("\u00ad", "")
    read_on = "".join(run.text for run in manuscript.law_check)
    found = inventions(text, manuscript.facts)
    assert [claim for claim in found if claim not in OF_THE_PAGE and claim not in read_on] == []


@every_manuscript
def test_every_row_used_has_an_address_that_a_reader_is_shown(
    documents: Path, manuscript: Manuscript
) -> None:
    text = " ".join(shown(documents, manuscript).split())
    assert all(fact.source.startswith(("https://", "http://")) for fact in manuscript.facts)
    assert bool(manuscript.sources) == bool(manuscript.facts)
    for source in manuscript.sources:
        assert " ".join(source.text.split()) in text


@pytest.mark.parametrize(
    ("number", "true", "invented"),
    [
        (30, "51 procent", "52 procent"),
        (30, "rapport 353 från 2011", "rapport 353 från 2013"),
        (30, "17 studier", "19 studier"),
        (21, "| 6 § |", "| 8 § |"),
        (21, "(2023:196)", "(2023:197)"),
        (24, "(31 a §)", "(41 a §)"),
        (24, "(1990:52)", "(1990:53)"),
        (13, "Stockholms universitet", "Lunds universitet"),
        (13, "Skolverkets utvärdering", "Skolmyndighetens utvärdering"),
        (18, "domstolen", "Myndigheten för vittnesfrågor"),
    ],
)
def test_an_invention_in_a_copy_of_a_real_manuscript_is_found(
    tmp_path: Path, number: int, true: str, invented: str
) -> None:
    (real,) = (CORPUS / "manuscripts").glob(f"{number:02d}-*.md")
    text = real.read_text("utf-8")
    assert true in text
    copy = tmp_path / real.name
    copy.write_text(text.replace(true, invented, 1), encoding="utf-8")
    try:
        manuscript = read_manuscript(copy, FACTS)
    except ValueError as error:
        # A text without rows is refused at once.
        assert invented in str(error)
    else:
        assert inventions(manuscript.text, manuscript.facts) != []
