from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from search.abbreviations import Abbreviations, SpeltOut
from search.asking import Asking
from search.columns import Columns
from search.results import How
from search.set_phrases import LEAST_DOCUMENTS, MOST_PHRASES
from search.swedish.analyzer import tokens
from search.swedish.lexicon import KnownWords
from search.weights import DEFINED, SPELT_OUT

ColumnsOf = Callable[..., Columns]
Of = Callable[..., Abbreviations]
GRAMMAR = frozenset({"i", "och", "för", "av", "eller", "som", "den", "är"})
PARTS = {
    "yrkesvägledare": ("yrke", "väg", "ledare"),
    "yrkeskompetensbevis": ("yrke", "kompetens", "bevis"),
    "beteendeterapi": ("beteende", "terapi"),
    "operationssjuksköterska": ("operation", "sjuk", "sköterska"),
    "operationssal": ("operation", "sal"),
    "socialsekreterare": ("social", "sekreterare"),
}


@pytest.fixture(scope="session")
def abbreviations(columns_of: ColumnsOf) -> Of:
    """What documents of one text each say of abbreviations; ``known`` is the dictionary."""

    def make(
        *texts: str, parts: Mapping[str, tuple[str, ...]] = PARTS, known: tuple[str, ...] = ()
    ) -> Abbreviations:
        columns = columns_of([[{"body": text}] for text in texts], parts)
        return Abbreviations(columns, GRAMMAR, KnownWords.of(known), lambda word: ())

    return make


def found(pages: Abbreviations, question: str, **more: frozenset[int]) -> list[tuple[str, float]]:
    return [(item.form, item.weight) for item in pages.of(list(tokens(question)), question, **more)]


# What a page explains.


@pytest.mark.parametrize(
    ("page", "short", "long"),
    [
        ("vi ger kognitiv beteendeterapi (KBT) i grupp", "KBT", "kognitiv beteendeterapi"),
        ("hos oss är PT (personlig tränare) ett yrke", "PT", "personlig tränare"),
        ("ta yrkeskompetensbevis (YKB) hos oss", "YKB", "yrkeskompetensbevis"),
        ("varje studie- och yrkesvägledare (SYV) vet", "SYV", "studie och yrkesvägledare"),
        ("hem för vård eller boende (HVB) finns", "HVB", "hem för vård eller boende"),
        ("ett tecken som stöd (TSS) lärs ut", "TSS", "tecken som stöd"),
    ],
)
def test_words_beside_an_abbreviation_that_spell_it_explain_it(
    abbreviations: Of, page: str, short: str, long: str
) -> None:
    pages = abbreviations(page)
    assert found(pages, short) == [(long, DEFINED)]
    assert found(pages, long) == [(short, DEFINED)]


def test_an_abbreviation_may_be_asked_for_in_small_letters(abbreviations: Of) -> None:
    pages = abbreviations("vi ger kognitiv beteendeterapi (KBT)")
    assert found(pages, "kbt-utbildning") == [("kognitiv beteendeterapi", DEFINED)]


def test_a_word_of_the_collection_is_no_abbreviation_in_small_letters(abbreviations: Of) -> None:
    pages = abbreviations("läs statens offentliga lista (SOL)", "gå ut i sol och vind")
    assert found(pages, "sol") == []
    assert found(pages, "SOL") == [("statens offentliga lista", DEFINED)]


def test_a_long_form_is_known_in_every_inflection(abbreviations: Of) -> None:
    pages = abbreviations("vi har en personlig tränare (PT) här")
    assert found(pages, "personliga tränaren") == [("PT", DEFINED)]


@pytest.mark.parametrize(
    "page",
    ["kognitiv modern beteendeterapi KBT", "kognitiv beteendeterapi är KBT", "och terapi OT"],
)
def test_words_that_do_not_spell_it_side_by_side_explain_nothing(
    abbreviations: Of, page: str
) -> None:
    assert found(abbreviations(page), page.split()[-1]) == []


def test_nothing_is_explained_across_a_field_or_a_document(columns_of: ColumnsOf) -> None:
    columns = columns_of(
        [[{"title": "personlig tränare", "body": "PT säger"}], [{"body": "utredning"}]]
    )
    pages = Abbreviations(columns, GRAMMAR, KnownWords(), lambda word: ())
    assert found(pages, "PT") == []


def test_two_letters_that_many_pages_use_are_not_explained_by_one_page(abbreviations: Of) -> None:
    many = ["länder i EU"] * 20
    assert found(abbreviations(*many, "du är etablerad utanför EU"), "EU") == []
    explained = ["om europeiska unionen (EU)"] * 2
    assert found(abbreviations(*many, *explained), "EU") == [("europeiska unionen", DEFINED)]


def test_of_many_explanations_the_seldom_ones_are_chance(abbreviations: Of) -> None:
    often = ["svensk författningssamling (SFS)"] * 5
    pages = abbreviations(*often, "stöd från samarbetsfonden stipendier SFS", parts={
        "författningssamling": ("författning", "samling"),
        "samarbetsfonden": ("samarbete", "fonden"),
    })  # fmt: skip
    assert found(pages, "SFS") == [("svensk författningssamling", DEFINED)]


# What is guessed.

PHRASE = ["en studie- och yrkesvägledare hjälper"] * LEAST_DOCUMENTS


def test_a_phrase_that_recurs_is_guessed_for_unknown_letters(abbreviations: Of) -> None:
    guessed = [("studie och yrkesvägledare", SPELT_OUT)]
    assert found(abbreviations(*PHRASE), "syv") == guessed
    assert found(abbreviations(*PHRASE), "SYV") == guessed


def test_a_run_that_stands_in_few_documents_is_no_phrase(abbreviations: Of) -> None:
    assert found(abbreviations(*PHRASE[1:]), "syv") == []


def test_a_run_of_words_that_mostly_stand_apart_is_no_phrase(abbreviations: Of) -> None:
    apart = ["en studie visar", "fråga din yrkesvägledare"] * 9
    assert found(abbreviations(*PHRASE, *apart), "syv") == []


def test_where_too_many_phrases_would_do_none_is_guessed(abbreviations: Of) -> None:
    parts = {
        "skolyrkesval": ("skola", "yrke", "val"),
        "sommaryrkesval": ("sommar", "yrke", "val"),
    }
    one = [*PHRASE, *["skolyrkesval"] * LEAST_DOCUMENTS]
    two = [*one, *["sommaryrkesval"] * LEAST_DOCUMENTS]
    assert len(found(abbreviations(*one, parts={**PARTS, **parts}), "syv")) == MOST_PHRASES
    assert found(abbreviations(*two, parts={**PARTS, **parts}), "syv") == []


def test_a_compound_is_guessed_for_its_parts(abbreviations: Of) -> None:
    pages = abbreviations("ett yrkeskompetensbevis", "ta yrkeskompetensbevis")
    assert found(pages, "YKB") == [("yrkeskompetensbevis", SPELT_OUT)]


def test_two_letters_are_never_guessed(abbreviations: Of) -> None:
    assert found(abbreviations(*["personlig tränare"] * 9), "PT") == []


def test_a_word_of_the_dictionary_in_small_letters_is_no_abbreviation(abbreviations: Of) -> None:
    pages = abbreviations(*PHRASE, known=("syv",))
    assert found(pages, "syv") == []
    assert found(pages, "SYV") == [("studie och yrkesvägledare", SPELT_OUT)]


def test_an_abbreviation_of_the_collection_is_guessed_where_both_stand(abbreviations: Of) -> None:
    assert found(abbreviations(*PHRASE, "fråga SYV om råd"), "SYV") == []
    together = abbreviations(*PHRASE, "fråga SYV: en studie- och yrkesvägledare kan")
    assert found(together, "SYV") == [("studie och yrkesvägledare", SPELT_OUT)]


def test_a_phrase_is_guessed_to_be_an_abbreviation_of_the_collection(abbreviations: Of) -> None:
    pages = abbreviations(*PHRASE, "fråga SYV om råd")
    assert found(pages, "studie- och yrkesvägledare") == [("SYV", SPELT_OUT)]


def test_words_that_are_no_phrase_spell_nothing(abbreviations: Of) -> None:
    pages = abbreviations("fråga SYV om råd", "en studie", "en yrkesvägledare")
    assert found(pages, "studie yrkesvägledare") == []


def test_an_unknown_name_is_taken_apart_where_a_known_word_ends_it(abbreviations: Of) -> None:
    named = ["om Folke Bernadotteakademin här"] * LEAST_DOCUMENTS
    pages = abbreviations(*named, "nu har FBA sagt", known=("akademin",))
    assert found(pages, "Folke Bernadotteakademin") == [("FBA", SPELT_OUT)]


def test_nothing_is_guessed_for_what_somebody_told(abbreviations: Of) -> None:
    assert found(abbreviations(*PHRASE), "syv", told=frozenset({0})) == []


# Clips.


def test_a_clip_stands_for_the_compounds_that_it_begins(abbreviations: Of) -> None:
    pages = abbreviations("en operationssjuksköterska", "ny operationssal", "en sköterska")
    assert found(pages, "op-sköterska") == [("operationssjuksköterska", SPELT_OUT)]


def test_after_a_full_stop_the_rest_may_be_a_clip_too(abbreviations: Of) -> None:
    pages = abbreviations("min socialsekreterare", "en sekreterare")
    assert found(pages, "ring soc.sekr") == [("socialsekreterare", SPELT_OUT)]
    assert found(pages, "ring soc sekr") == []


def test_a_word_before_a_hyphen_is_no_clip(abbreviations: Of) -> None:
    pages = abbreviations("en operationssjuksköterska", known=("op",))
    assert found(pages, "op-sköterska") == []


def test_what_is_written_so_on_a_page_is_no_clip(abbreviations: Of) -> None:
    pages = abbreviations("en operationssjuksköterska", "en op-sköterska")
    assert found(pages, "op-sköterska") == []


# In a question.


def asking_about(columns_of: ColumnsOf, asking_of: Callable[..., Asking], *texts: str) -> Asking:
    return asking_of(columns_of([[{"body": text}] for text in texts], PARTS))


def test_a_long_form_is_a_phrase_of_the_word_and_its_reason_an_abbreviation(
    columns_of: ColumnsOf, asking_of: Callable[..., Asking]
) -> None:
    pages = asking_about(columns_of, asking_of, "kognitiv beteendeterapi (KBT)")
    word = pages.read("kbt").words[0]
    run = tuple(pages.columns.stem(stem) for stem in ("kognitiv", "beteendeterapi"))
    assert word.phrases == {run: DEFINED}
    reading = word.readings[-1]
    assert (reading.how, reading.asked) == (How.ABBREVIATION, "kbt")
    assert (reading.through, reading.run) == ("kognitiv beteendeterapi", run)


def test_an_abbreviation_counts_for_every_telling_word_of_its_long_form(
    columns_of: ColumnsOf, asking_of: Callable[..., Asking]
) -> None:
    pages = asking_about(columns_of, asking_of, "min personliga tränare (PT)", "en PT")
    first, second = pages.read("personlig tränare").words
    assert first.stems[pages.columns.stem("PT") or 0] == 2 * DEFINED
    assert (first.readings[-1].first, first.readings[-1].last) == (first.place, second.place)


def test_an_exact_question_is_not_spelt_out(
    columns_of: ColumnsOf, asking_of: Callable[..., Asking]
) -> None:
    pages = asking_about(columns_of, asking_of, "kognitiv beteendeterapi (KBT)")
    assert not pages.read("kbt", exact=True).words[0].phrases


def test_a_collection_without_documents_explains_nothing(columns_of: ColumnsOf) -> None:
    pages = Abbreviations(columns_of([]), GRAMMAR, KnownWords(), lambda word: ())
    assert list(pages.of(list(tokens("KBT hos oss")), "KBT hos oss")) == []


def test_what_is_spelt_out_says_which_words_of_the_question_it_is_for(abbreviations: Of) -> None:
    pages = abbreviations("en personlig tränare (PT)")
    question = "min personliga tränare"
    assert list(pages.of(list(tokens(question)), question)) == [
        SpeltOut(1, 2, "PT", ("PT",), DEFINED)
    ]
