from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.document import Block, DatedBy, DateGround, Document, Identifier, Section
from search.errors import IndexUnavailableError, SettingsError
from search.index import Index
from search.query import read_query
from search.results import Hit
from search.searcher import Searcher

Make = Callable[..., Searcher]
MakeDocument = Callable[..., Document]


def found(searcher: Searcher, text: str, **filters: tuple[str, ...]) -> list[str]:
    return [hit.document.key for hit in hits(searcher, text, **filters)]


def hits(searcher: Searcher, text: str, **filters: tuple[str, ...]) -> tuple[Hit, ...]:
    return searcher.search(read_query(text, filters=filters, page_size=100)).hits


def test_an_inflected_word_finds_its_other_forms(searcher: Make, document: MakeDocument) -> None:
    pages = searcher(document("gr:1", "Medling", "Medlaren för samman båda."))
    assert found(pages, "medlingen") == ["gr:1"]


def test_the_page_named_by_the_question_comes_first(searcher: Make, document: MakeDocument) -> None:
    mention = document(
        "gr:1", "Nyheter", "Vi talade om medling vid brott. Medling är bra. Medling!"
    )
    method = document("gr:2", "Medling vid brott", "En opartisk person för samman båda.")
    assert found(searcher(mention, method), "medling") == ["gr:2", "gr:1"]


def test_words_of_one_document_may_stand_in_different_passages(
    searcher: Make, document: MakeDocument
) -> None:
    far_apart = document("gr:1", "Rapport", "avhoppare " + "ord " * 250, "bostad " + "ord " * 250)
    assert found(searcher(far_apart, document("gr:2", "Annat", "skola")), "avhoppare bostad") == [
        "gr:1"
    ]


def test_a_passage_that_holds_all_words_wins_over_scattered_ones(
    searcher: Make, document: MakeDocument
) -> None:
    scattered = document("gr:1", "A", "avhoppare " + "ord " * 250, "bostad " + "ord " * 250)
    together = document("gr:2", "B", "avhoppare bostad " + "ord " * 240, "ord " * 250)
    assert found(searcher(scattered, together), "avhoppare bostad")[0] == "gr:2"


def test_sig_finds_the_method_and_not_the_pronoun(searcher: Make, document: MakeDocument) -> None:
    pages = searcher(
        document("gr:1", "Pronomen", "Den som vill ta sig ut ur ett gäng."),
        document("gr:2", "Social insatsgrupp", "SIG är en grupp kring den unge."),
    )
    assert found(pages, "sig") == found(pages, "SIG") == found(pages, "vad är sig") == ["gr:2"]


def test_a_phrase_must_stand_word_by_word(searcher: Make, document: MakeDocument) -> None:
    pages = searcher(
        document("gr:1", "A", "Partnerskap i samordning ger resultat."),
        document("gr:2", "B", "Samordning ger partnerskap i kommunen."),
    )
    assert found(pages, '"partnerskap i samordning"') == ["gr:1"]
    assert found(pages, '"samordning i partnerskap"') == []


def test_a_phrase_does_not_run_across_passages(searcher: Make, document: MakeDocument) -> None:
    split = document("gr:1", "A", "ord " * 250 + "social", "insatsgrupp " + "ord " * 250)
    assert found(searcher(split), '"social insatsgrupp"') == []


def test_a_minus_excludes(searcher: Make, document: MakeDocument) -> None:
    pages = searcher(
        document("gr:1", "A", "medling i skolan"), document("gr:2", "B", "medling i hemmet")
    )
    assert found(pages, "medling -skolan") == ["gr:2"]


def test_identifiers_find_their_document(searcher: Make, document: MakeDocument) -> None:
    numbers = (Identifier("urn", "urn:nbn:se:bra-363"), Identifier("isbn", "9789188599156"))
    pages = searcher(
        document("gr:1", "Rapport", "text", identifiers=numbers),
        document("gr:2", "Lag", "Enligt 18 a § och lag (2023:196)."),
    )
    assert found(pages, "urn:nbn:se:bra-363") == ["gr:1"]
    assert found(pages, "978-91-88599-15-6") == ["gr:1"]
    assert found(pages, "2023:196") == found(pages, "18a §") == ["gr:2"]
    assert found(pages, "2023:19") == []


def test_filters_narrow_and_facets_count_what_else_could_be_chosen(
    searcher: Make, document: MakeDocument
) -> None:
    pages = searcher(
        document("gr:1", "Medling", facets={"topic": ("gang",)}),
        document("bra:2", "Medling", facets={"topic": ("gang", "heder")}),
        document("bra:3", "Medling", facets={"topic": ("heder",)}),
    )
    results = pages.search(read_query("medling", filters={"source": ("bra",), "topic": ("gang",)}))
    assert [hit.document.key for hit in results.hits] == ["bra:2"]
    counts = {facet: {c.value: c.count for c in counts} for facet, counts in results.facets.items()}
    assert counts["source"] == {"gr": 1, "bra": 1}
    assert counts["topic"] == {"gang": 1, "heder": 2}


def test_filters_alone_list_the_newest_first(searcher: Make, document: MakeDocument) -> None:
    def dated(key: str, year: int) -> Document:
        return document(key, "X", published=DatedBy(date(year, 1, 1), DateGround.TIME))

    pages = searcher(dated("gr:1", 2020), dated("gr:2", 2024), document("gr:3", "Utan datum"))
    assert found(pages, "", source=("gr",)) == ["gr:2", "gr:1", "gr:3"]
    assert found(pages, "", year=("2020",)) == ["gr:1"]


def test_pages_of_results_join_without_gap_or_repeat(
    searcher: Make, document: MakeDocument
) -> None:
    pages = searcher(*(document(f"gr:{n}", "Medling", "text " * n) for n in range(1, 26)))
    seen = []
    for page in (1, 2, 3, 4):
        results = pages.search(read_query("medling", page=page))
        assert (results.total, results.pages) == (25, 3)
        seen += [hit.document.key for hit in results.hits]
    assert len(seen) == len(set(seen)) == 25


def test_the_passage_knows_its_heading_and_page(searcher: Make, document: MakeDocument) -> None:
    section = Section(("Kapitel 2", "Orsaker"), 3, (Block("Kameror minskar stölder.", page=14),))
    (hit,) = hits(searcher(document("gr:1", "Rapport", sections=(section,))), "kameror stölder")
    passage = hit.passages[0].passage
    assert (passage.heading_path, passage.page) == (("Kapitel 2", "Orsaker"), 14)
    marked = [fragment.text for fragment in hit.passages[0].excerpt if fragment.marked]
    assert marked == ["Kameror", "stölder"]


def test_the_points_of_an_explanation_sum_to_the_score(
    searcher: Make, document: MakeDocument
) -> None:
    pages = searcher(
        document("gr:1", "Medling vid brott", "medling medling"), document("gr:2", "B", "brott")
    )
    for hit in pages.search(read_query("medling brott", explain=True)).hits:
        assert sum(part.points for part in hit.parts) == pytest.approx(hit.score)


def test_the_searcher_follows_new_generations_and_rollback(
    publish: Callable[..., Index], vocabulary: Path, document: MakeDocument
) -> None:
    index = publish([document("gr:1", "Medling")])
    pages = Searcher(index.path, vocabulary)
    assert found(pages, "medling") == ["gr:1"]
    publish([document("gr:2", "Medling vid brott")], removed=["gr:1"])
    assert found(pages, "medling") == ["gr:2"]
    with index.locked(5):
        index.rollback()
    assert found(pages, "medling") == ["gr:1"]


def test_without_an_index_there_is_a_clear_error(tmp_path: Path, vocabulary: Path) -> None:
    with pytest.raises(IndexUnavailableError, match="nothing is published"):
        Searcher(tmp_path, vocabulary).search(read_query("medling"))


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        (
            "stopwords.toml",
            '[question]\nwords = ["hur"]\n[function]\n',
            r"stopwords\.toml:1: \[question\] why: is missing",
        ),
        (
            "stopwords.toml",
            '[question]\nwhy = "w"\nwords = "hur"\n',
            r"stopwords\.toml:3: \[question\] words: a list of texts",
        ),
        (
            "stopwords.toml",
            '[question]\nwhy = "w"\nwords = ["hur"]\n',
            r"stopwords\.toml:1: function: is missing",
        ),
        (
            "stopwords.toml",
            '[question]\nwhy = "w"\nwords = []\n[function]\nwhy = "w"\nwords = []\n[more]\n',
            r"stopwords\.toml:7: more: is not known here",
        ),
        ("thesaurus/law.toml", "[[head]]\nid = 1\n", r"law\.toml:1: \[head\] term: is missing"),
    ],
)
def test_a_broken_vocabulary_stops_at_start(
    tmp_path: Path, vocabulary: Path, name: str, text: str, complaint: str
) -> None:
    shutil.copytree(vocabulary, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=complaint):
        Searcher(tmp_path, tmp_path)


def test_the_thesaurus_is_read_at_start(searcher: Make) -> None:
    assert searcher().thesaurus["SSPF"].means == "Skola, socialtjänst, polis, fritid"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_no_question_makes_the_searcher_fail(hostile: Searcher, text: str) -> None:
    results = hostile.search(read_query(text))
    assert results.total == len(results.hits) <= 2


@pytest.fixture
def hostile(searcher: Make, document: MakeDocument) -> Searcher:
    return searcher(document("gr:1", "Å § 14 a", 'SIG -- "x" 2023:196'), document("gr:2", "B", ""))


def test_an_order_of_the_same_documents_in_other_segments_is_the_same(
    publish: Callable[..., Index], vocabulary: Path, document: MakeDocument
) -> None:
    pages = [
        document(f"gr:{n}", f"Titel {n}", "medling " * (n % 4) + "brott " * (n % 3) + "ord " * n)
        for n in range(20)
    ]
    index = publish(pages)
    whole = [
        (h.document.key, h.score) for h in hits(Searcher(index.path, vocabulary), "medling brott")
    ]
    for page in pages[::-1]:
        publish([page])
    parts = [
        (h.document.key, h.score) for h in hits(Searcher(index.path, vocabulary), "medling brott")
    ]
    assert [key for key, _ in parts] == [key for key, _ in whole]
    assert [s for _, s in parts] == pytest.approx([s for _, s in whole], rel=0.02)
