from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from search.asking import Asking
from search.columns import Columns
from search.results import Repair
from search.thesaurus import Head

AskingOf = Callable[..., Asking]

HEAD = Head("orosanmälan", 1, "why", near=("larma soc",))
PARTS = {"skolsäkerhet": ("skola", "säkerhet"), "nattvandring": ("natt", "vandring")}
TEXT = "medling medlingar skolsäkerhet säkerhet nattvandring orosanmälan Sara"


@pytest.fixture
def asking(columns_of: Callable[..., Columns], asking_of: AskingOf) -> Asking:
    return asking_of(columns_of([[{"body": TEXT}]], PARTS), heads=[HEAD], known=["rätt"])


def answering(asking: Asking, question: str) -> Sequence[str]:
    """The stems, parts and phrases that answer for a question that is taken exactly."""
    words = asking.read(question, exact=True).words
    runs = [run for word in words for run in word.phrases]
    return [
        asking.columns.stems[stem]
        for stem in (
            *(stem for word in words for stem in (*word.stems, *word.parts)),
            *(stem for run in runs for stem in run),
        )
    ]


def test_words_taken_exactly_are_found_in_all_their_forms_and_as_nothing_else(
    asking: Asking,
) -> None:
    assert answering(asking, "medlingens") == ["medling"]
    assert answering(asking, "skolsäkerhet") == ["skolsäker"]
    assert answering(asking, "natt vandring") == ["natt", "vandring"]
    assert answering(asking, "larma soc") == []
    assert answering(asking, "medlng") == []


def test_words_taken_exactly_are_found_in_forms_that_only_a_dictionary_knows(
    columns_of: Callable[..., Columns], asking_of: AskingOf
) -> None:
    lemmas = {"nycklar": "nyckel", "nyckel": "nyckel"}
    asking = asking_of(columns_of([[{"body": "nyckel nycklista"}]]), lemmas=lemmas)
    assert answering(asking, "nycklar") == ["nyckel"]


@pytest.mark.parametrize("exact", [False, True])
def test_what_is_repaired_or_would_be_is_told(asking: Asking, exact: bool) -> None:
    read = asking.read("Medlng skolsekerhet medlng", exact)
    assert read.repairs == (Repair("Medlng", "medling"), Repair("skolsekerhet", "skolsäkerhet"))


@pytest.mark.parametrize("word", ["medling", "medlingarnas", "Sara", "SARA", "rätt", "i", "2023:1"])
def test_of_words_that_exist_no_repair_is_told(asking: Asking, word: str) -> None:
    assert asking.read(word).repairs == ()


def test_a_capital_within_a_question_is_a_name_that_only_a_slip_of_sound_repairs(
    asking: Asking,
) -> None:
    assert asking.read("möte med Medlong").repairs == ()
    assert asking.read("möte med medlong").repairs == (Repair("medlong", "medling"),)
    assert asking.read("möte med Meddling").repairs == (Repair("Meddling", "medling"),)
