from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from search.abbreviations import Abbreviations, SpeltOut
from search.asking import Asking
from search.columns import Columns
from search.results import How
from search.swedish.analyzer import tokens
from search.swedish.lexicon import KnownWords
from search.weights import CLIPPED, DEFINED

ColumnsOf = Callable[..., Columns]
Of = Callable[..., Abbreviations]
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
        return Abbreviations(columns, KnownWords.of(known))

    return make


def found(pages: Abbreviations, question: str) -> list[tuple[str, float]]:
    return [(item.form, item.weight) for item in pages.of(list(tokens(question)), question)]


# What a page explains.


@pytest.mark.parametrize(
    ("page", "short", "long"),
    [
        ("vi ger kognitiv beteendeterapi (KBT) i grupp", "KBT", "kognitiv beteendeterapi"),
        ("hos oss är DPT (din personliga tränare) ett yrke", "DPT", "din personliga tränare"),
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
    pages = abbreviations("vi har din personlige tränare (DPT) här")
    assert found(pages, "din personliga tränaren") == [("DPT", DEFINED)]


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
    pages = Abbreviations(columns, KnownWords())
    assert found(pages, "PT") == []


def test_two_letters_are_explained_by_words_that_other_pages_have_too(abbreviations: Of) -> None:
    page = "en personlig tränare (PT) hjälper"
    assert found(abbreviations(page, "personlig hjälp av en tränare"), "PT") == []
    assert found(abbreviations(page, "min personliga tränare"), "PT") == [
        ("personlig tränare", DEFINED)
    ]


@pytest.mark.parametrize(
    ("short", "sentence", "long"),
    [
        ("EU", "du är etablerad utanför EU", "europeiska unionen"),
        ("SBU", "det SBU såg bara på unga", "statens beredning för utvärdering"),
    ],
)
def test_an_abbreviation_that_many_pages_use_is_not_explained_by_a_sentence(
    abbreviations: Of, short: str, sentence: str, long: str
) -> None:
    many = [f"läs om {short}"] * 20
    assert found(abbreviations(*many, sentence), short) == []
    explained = abbreviations(*many, sentence, f"{long} ({short})", f"om {long}")
    assert found(explained, short) == [(long, DEFINED)]


def test_of_many_explanations_the_seldom_ones_are_chance(abbreviations: Of) -> None:
    often = ["svensk författningssamling (SFS)"] * 5
    pages = abbreviations(*often, "stöd från samarbetsfonden stipendier SFS", parts={
        "författningssamling": ("författning", "samling"),
        "samarbetsfonden": ("samarbete", "fonden"),
    })  # fmt: skip
    assert found(pages, "SFS") == [("svensk författningssamling", DEFINED)]


def test_words_that_merely_spell_it_elsewhere_explain_nothing(abbreviations: Of) -> None:
    pages = abbreviations(*["en studie- och yrkesvägledare hjälper", "fråga SYV om råd"] * 9)
    assert found(pages, "SYV") == found(pages, "studie- och yrkesvägledare") == []


# Clips.


def test_a_clip_stands_for_the_compounds_that_it_begins(abbreviations: Of) -> None:
    pages = abbreviations("en operationssjuksköterska", "ny operationssal", "en sköterska")
    assert found(pages, "op-sköterska") == [("operationssjuksköterska", CLIPPED)]


def test_after_a_full_stop_the_rest_may_be_a_clip_too(abbreviations: Of) -> None:
    pages = abbreviations("min socialsekreterare", "en sekreterare")
    assert found(pages, "ring soc.sekr") == [("socialsekreterare", CLIPPED)]
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
    pages = asking_about(columns_of, asking_of, *["min personliga tränare (PT)"] * 2)
    first, second = pages.read("personlig tränare").words
    assert first.stems[pages.columns.stem("PT") or 0] == 2 * DEFINED
    assert (first.readings[-1].first, first.readings[-1].last) == (first.place, second.place)


def test_an_exact_question_is_not_spelt_out(
    columns_of: ColumnsOf, asking_of: Callable[..., Asking]
) -> None:
    pages = asking_about(columns_of, asking_of, "kognitiv beteendeterapi (KBT)")
    assert not pages.read("kbt", exact=True).words[0].phrases


def test_a_collection_without_documents_explains_nothing(columns_of: ColumnsOf) -> None:
    pages = Abbreviations(columns_of([]), KnownWords())
    assert list(pages.of(list(tokens("KBT hos oss")), "KBT hos oss")) == []


def test_what_is_spelt_out_says_which_words_of_the_question_it_is_for(abbreviations: Of) -> None:
    pages = abbreviations("en personlig tränare (PT)", "personliga tränare")
    question = "min personliga tränare"
    assert list(pages.of(list(tokens(question)), question)) == [
        SpeltOut(1, 2, "PT", ("PT",), DEFINED)
    ]
