"""The text of a real GR news page, and its twin of our own with the same traps, beside the bundled
collection: what the parsers make of it, and which questions find it first.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.context import Context
from indexer.tasks import run
from search.document import DateGround, Document
from search.query import read_query
from search.searcher import Searcher
from search.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT.parent / "shared" / "seed" / "gr-nyhet.txt"
TWIN = ROOT / "tests" / "pages" / "gr-text.txt"

needs_seed = pytest.mark.skipif(not SEED.is_file(), reason="../shared/seed is not on this machine")


@pytest.fixture(scope="module")
def seed() -> Iterator[Document]:
    with Context(Settings()) as context:
        yield context.parse_file(SEED, "gr", "")


@pytest.fixture(scope="module")
def found_with(
    bundled: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Searcher]]:
    """A searcher over the bundled documents and the seed, and one with the twin."""
    searchers = {}
    for path in (SEED, TWIN):
        if path.is_file():
            home = tmp_path_factory.mktemp("home") / "var"
            shutil.copytree(bundled.home, home)
            settings = replace(bundled, home=home)
            with Context(settings) as context:
                arguments = {"paths": [str(path)], "source": "gr"}
                run(context, context.jobs.add("add", arguments, worker="tests"))
            searchers[path.name] = Searcher(settings.index_path, settings.vocabulary)
    yield searchers


def first_keys(searcher: Searcher, question: str, limit: int = 1) -> list[str]:
    return [hit.document.key for hit in searcher.search(read_query(question)).hits[:limit]]


@needs_seed
def test_the_seed_has_its_title_kicker_and_lead_once(seed: Document) -> None:
    assert seed.title == "Kommunernas viktiga roll i det brottsförebyggande arbetet"
    assert seed.kicker == "Nyhet"
    assert seed.lead.startswith("GR har under hösten 2022 arrangerat två temadagar")
    assert "arrangerat två temadagar" not in seed.body


@needs_seed
def test_the_seed_has_four_headings_and_one_quotation_with_its_speaker(seed: Document) -> None:
    assert len(seed.headings) == 4
    assert seed.headings[-1] == "Carin Götblad och Jonas Trolle"
    (quotation,) = seed.quotations
    assert quotation.text.startswith("Att bidra till att ge medlemskommunerna stöd")
    assert quotation.speaker == "Gitte Caous, förbundsdirektör på GR"


@needs_seed
def test_the_seed_has_no_date_and_no_labels_without_values(seed: Document) -> None:
    assert (seed.published.ground, seed.changed.ground) == (DateGround.NONE, DateGround.NONE)
    assert seed.year_hint == 2022
    assert "Kontakt" not in seed.body
    assert "Uppdaterad" not in seed.body


@needs_seed
@pytest.mark.parametrize(
    "question",
    [
        "kommunernas viktiga roll brottsförebyggande",
        "temadag gr barn och unga",
        "carin götblad noa",
        "GR nyheter hösten 2022",
        '"Partnerskap i samordning"',
        "kommunernas viktiga roll",
    ],
)
def test_questions_about_the_seed_find_it_first(
    found_with: dict[str, Searcher], question: str
) -> None:
    assert first_keys(found_with[SEED.name], question) == ["gr:seed/gr-nyhet.txt"]


@needs_seed
def test_a_question_that_the_seed_touches_finds_it_among_five(
    found_with: dict[str, Searcher],
) -> None:
    question = "parallella samhällsstrukturer metodstöd"
    assert "gr:seed/gr-nyhet.txt" in first_keys(found_with[SEED.name], question, limit=5)


@needs_seed
@pytest.mark.parametrize("question", ["medling", "FREDA"])
def test_questions_about_something_else_do_not_find_the_seed(
    found_with: dict[str, Searcher], question: str
) -> None:
    assert "gr:seed/gr-nyhet.txt" not in first_keys(found_with[SEED.name], question, limit=10)


def test_the_twin_is_found_by_its_own_words_and_not_by_others(
    found_with: dict[str, Searcher],
) -> None:
    searcher = found_with[TWIN.name]
    key = "gr:pages/gr-text.txt"
    stored = searcher.document(key)
    assert stored is not None
    assert first_keys(searcher, stored.document.title) == [key]
    assert first_keys(searcher, f'"{stored.document.title}"') == [key]
    for question in ("medling", "FREDA"):
        assert key not in first_keys(searcher, question)


@pytest.mark.parametrize(
    "question",
    [
        "grannkommuner delar brottsförebyggare",
        "samordnare på kommunalförbund",
        "styrgrupper i varje kommunhus",
        '"tre styrgrupper"',
        "länsstyrelsen polisen avtal samarbete",
        "GR nyheter hösten 2023",
    ],
)
def test_questions_about_the_twin_find_it_first(
    found_with: dict[str, Searcher], question: str
) -> None:
    assert first_keys(found_with[TWIN.name], question) == ["gr:pages/gr-text.txt"]


def test_labels_without_values_are_not_what_the_twin_is_about(
    found_with: dict[str, Searcher],
) -> None:
    searcher = found_with[TWIN.name]
    for question in ("kontakt", "uppdaterad"):
        found = searcher.search(read_query(question, page_size=100)).hits
        assert "gr:pages/gr-text.txt" not in {hit.document.key for hit in found}
    (hit,) = searcher.search(read_query('"provat att dela på en tjänst"')).hits
    assert [p for p in hit.passages if "dela på en tjänst" in p.passage.text] == []
