from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
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
from search.swedish.lemmas import Lemmas
from search.swedish.lexicon import KnownWords, Lexicon

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


def test_a_document_s_passages_that_answer_are_those_of_its_hit(
    searcher: Make, document: MakeDocument
) -> None:
    words = ("alfa", "medling", "beta", "gamma", "medlingen", "medling medling", "medling")
    pages = searcher(document("gr:1", "Rapport", *(f"{word} " + "ord " * 250 for word in words)))
    query = read_query("medling")
    (hit,) = pages.search(query).hits
    numbers = pages.passages_for("gr:1", query)
    assert numbers == tuple(item.passage.number for item in hit.passages)
    assert len(numbers) == 3
    assert {2, 5} < set(numbers)
    assert pages.passages_for("gr:2", query) == ()
    assert pages.passages_for("gr:1", read_query("")) == ()
    assert pages.passages_for("gr:1", read_query("", filters={"source": ("gr",)})) == ()


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


# What a question may say, in quotes and with a minus.


@pytest.fixture
def teams(searcher: Make, document: MakeDocument) -> Searcher:
    return searcher(
        document("gr:1", "A", "En social insatsgrupp möts."),
        document("gr:2", "B", "Sociala insatsgrupper möts."),
        document("gr:3", "C", "En insatsgrupp är social."),
    )


def test_quotes_ask_for_the_words_as_they_are_written(teams: Searcher) -> None:
    assert found(teams, '"social insatsgrupp"') == ["gr:1"]
    assert found(teams, '"Sociala Insatsgrupper"') == ["gr:2"]
    assert found(teams, '"social insatsgrup"') == []
    assert set(found(teams, "social insatsgrupp")) == {"gr:1", "gr:2", "gr:3"}


def test_a_word_in_quotes_excludes_its_other_forms(teams: Searcher) -> None:
    assert found(teams, '"insatsgrupper"') == ["gr:2"]
    assert set(found(teams, '"insatsgrupp" möts')) == {"gr:1", "gr:3"}


def test_every_phrase_must_be_there(teams: Searcher) -> None:
    assert found(teams, '"social insatsgrupp" "möts"') == ["gr:1"]
    assert found(teams, '"social insatsgrupp" "sociala insatsgrupper"') == []


@pytest.mark.parametrize("out", ["insatsgrupp", "insatsgruppens", "insatsgrupper", "INSATSGRUPPEN"])
def test_a_minus_excludes_a_word_in_all_its_forms(teams: Searcher, out: str) -> None:
    assert found(teams, f"social -{out}") == []


def test_a_minus_before_quotes_excludes_the_phrase_in_all_its_forms(teams: Searcher) -> None:
    assert found(teams, 'möts social -"social insatsgrupp"') == ["gr:3"]
    assert found(teams, 'möts social -"möts insatsgrupp"')[2:] == ["gr:3"]


def test_an_unknown_word_with_a_minus_excludes_nothing(teams: Searcher) -> None:
    assert len(found(teams, "social -insatsgrup")) == 3


def test_a_phrase_does_not_run_from_one_field_into_the_next(
    searcher: Make, document: MakeDocument
) -> None:
    section = Section(("Den här social",), 1, (Block("insatsgrupp i kommunen"),))
    pages = searcher(
        document("gr:1", "En social", lead="insatsgrupp för unga"),
        document("gr:2", "B", sections=(section,)),
        document("gr:3", "En grupp för social"),
        document("gr:4", "insatsgrupp och annat"),
    )
    assert found(pages, '"social insatsgrupp"') == []
    assert found(pages, '"en social"') == ["gr:1"]
    assert found(pages, '"insatsgrupp i kommunen"') == ["gr:2"]


def test_a_minus_does_not_take_a_phrase_across_fields_either(
    searcher: Make, document: MakeDocument
) -> None:
    pages = searcher(document("gr:1", "En social", lead="insatsgrupp för unga"))
    assert found(pages, 'unga -"social insatsgrupp"') == ["gr:1"]


#: What people paste and mistype, put together at random.
PIECES = (
    '"', "”", "-", "--", " ", "§", "10 §", "sig", "SIG", "medling", "medlng", "MEDLING", "hur",
    "2023:196", "www.exempel.se", "social insatsgrupp", "é", "ß", "İ", "\u00ad", "a\u030a", "\x00",
    "insats\u00adgrupp", "x" * 300, "orosanmälan", "hänger med fel gäng", "18 a §", "ﬁ", "ŉ",
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_whatever_is_put_together_is_answered_and_explained(hostile: Searcher, text: str) -> None:
    results = hostile.search(read_query(text, explain=True))
    assert results.total == len(results.hits) <= 2
    for hit in results.hits:
        assert sum(part.points for part in hit.parts) == pytest.approx(hit.score, abs=1e-9)
        assert "".join(fragment.text for fragment in hit.title) == hit.document.title


def test_nothing_to_look_for_finds_nothing(teams: Searcher) -> None:
    for text in ("", "§", '"', "www.exempel.se", '""', "-insatsgrupp", "xyzzyx"):
        assert teams.search(read_query(text)).hits == ()


# What is marked.


def marked(hit: Hit) -> set[str]:
    fragments = [*hit.title, *hit.lead, *(f for p in hit.passages for f in p.excerpt)]
    return {fragment.text for fragment in fragments if fragment.marked}


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("medlingen", "Medling och medlingar.", {"Medling", "medlingar"}),
        ("medlng", "Medling i skolan.", {"Medling"}),
        ("sspf", "En SSPF i kommunen.", {"SSPF"}),
        ("avhoppare", "Ett avhopparprogram.", {"avhopparprogram"}),
        ("MST", "Multisystemisk terapi med en hel familj.", {"Multisystemisk", "terapi"}),
        ("hur är medling i skolan", "Medling är bra i skolan.", {"Medling", "skolan"}),
    ],
)
def test_every_word_that_answered_is_marked_and_no_other(
    searcher: Make, document: MakeDocument, question: str, text: str, words: set[str]
) -> None:
    pages = searcher(document("gr:1", "MST" if question == "MST" else "A", text))
    (hit,) = hits(pages, question)
    assert marked(hit) - {"MST"} == words


def test_the_parts_of_a_compound_are_marked_where_they_stand_alone(
    tmp_path: Path, vocabulary: Path, document: MakeDocument
) -> None:
    index = Index(tmp_path, PlainLexicon(vocabulary))
    with index.locked(5), index.batch(revision=1, labels={"source": {}}, keep=1) as batch:
        batch.put(document("gr:1", "A", "Säkerhet i skola."), fingerprint="", source_label="")
        batch.put(document("gr:2", "B", "Skolsäkerhet."), fingerprint="", source_label="")
    pages = Searcher(tmp_path, vocabulary)
    marks = {hit.document.key: marked(hit) for hit in hits(pages, "skolsäkerhet")}
    assert marks == {"gr:1": {"Säkerhet", "skola"}, "gr:2": {"Skolsäkerhet"}}
    marks = {hit.document.key: marked(hit) for hit in hits(pages, "säkerhet i skola")}
    assert marks == {"gr:1": {"Säkerhet", "skola"}, "gr:2": {"Skolsäkerhet"}}


class PlainLexicon(Lexicon):
    """A dictionary of one compound, ready at once."""

    def parts(self, word: str) -> tuple[str, ...]:
        return ("skola", "säkerhet") if word == "skolsäkerhet" else ()

    def known(self) -> KnownWords:
        return KnownWords()

    def lemmas(
        self, before: Lemmas, added: Iterable[str], is_held: Callable[[str], bool]
    ) -> Lemmas:
        return before


# What was taken out.

QUESTIONS = (
    "medling",
    "medlng",
    "sig",
    "SIG",
    "resa bidrag",
    "avhoppare",
    "skola -medlng",
    '"sig"',
)


def shown(searcher: Searcher) -> tuple[list[object], list[float]]:
    """All that questions of many kinds bring: counts and keys, and points."""
    answers = [searcher.search(read_query(text, page_size=100)) for text in QUESTIONS]
    facts: list[object] = [
        (results.total, results.facets, [hit.document.key for hit in results.hits])
        for results in answers
    ]
    points = [hit.score for results in answers for hit in results.hits]
    return [*facts, searcher.counts], points


GONE = ("medlng SIG resebidrag", "avhoppare avhopparen skolan", "medling " * 30)


@pytest.mark.parametrize("gone", GONE)
def test_a_document_taken_out_leaves_no_trace(
    publish: Callable[..., Index], vocabulary: Path, document: MakeDocument, gone: str
) -> None:
    kept = [
        document("gr:1", "Medling", "Den som vill ta sig ut."),
        document("bra:2", "Avhopparprogram", "Skola och medling, bidrag till resa."),
    ]
    path = publish([document("bra:3", gone, gone, facets={"topic": ("gang",)}), *kept]).path
    pages = Searcher(path, vocabulary)
    assert pages.counts == {"bra": 2, "gr": 1}
    publish([], removed=["bra:3"])
    facts, points = shown(pages)
    publish(kept, full=True)
    assert facts == shown(pages)[0]
    assert points == pytest.approx(shown(pages)[1], abs=1e-9)
    assert pages.counts == {"gr": 1, "bra": 1}


@pytest.mark.parametrize("gone", GONE)
def test_a_document_that_was_replaced_leaves_no_trace_of_what_it_said(
    publish: Callable[..., Index], vocabulary: Path, document: MakeDocument, gone: str
) -> None:
    before = document("gr:1", gone, gone, facets={"topic": ("gang",)})
    now = document("gr:1", "Medling", "Den som vill ta sig ut.", facets={"topic": ("heder",)})
    other = document("bra:2", "Avhopparprogram", "Skola och medling, bidrag till resa.")
    pages = Searcher(publish([before, other]).path, vocabulary)
    publish([now])
    facts, points = shown(pages)
    publish([now, other], full=True)
    assert facts == shown(pages)[0]
    assert points == pytest.approx(shown(pages)[1], abs=1e-9)


def test_what_was_meant_is_the_question_with_its_words_repaired(
    searcher: Make, document: MakeDocument
) -> None:
    pages = searcher(document("gr:1", "Medling", "Medling vid brott i skolan."))
    asked = pages.search(read_query('"medlng" i Skolan -brott'))
    assert asked.meant == '"medling" i Skolan -brott'
    assert [hit.document.key for hit in pages.search(read_query("medlng")).hits] == ["gr:1"]
    assert pages.search(read_query("medling")).meant == ""


def test_a_question_taken_exactly_finds_no_repaired_word(
    searcher: Make, document: MakeDocument
) -> None:
    pages = searcher(document("gr:1", "Medling", "Medling vid brott i skolan."))
    exactly = pages.search(read_query("medlng", exact=True))
    assert (exactly.total, exactly.meant) == (0, "medling")
    assert pages.search(read_query("medlingar", exact=True)).total == 1
