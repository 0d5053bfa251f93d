"""Which of several true reasons is stated, and of which place. That they are true: test_reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest

from search.asking import Asking
from search.columns import Columns
from search.reasons import NEAR_WORDS, Reasons
from search.results import How
from search.schema import TEXT_FIELDS
from search.thesaurus import Head

ColumnsOf = Callable[..., Columns]
AskingOf = Callable[..., Asking]
Told = tuple[str, How, tuple[str, ...]]

PARTS = {
    "nattvandring": ("natt", "vandring"),
    "skolsäkerhet": ("skola", "säkerhet"),
    "trafiksäkerhet": ("trafik", "säkerhet"),
}
HEAD = Head("orosanmälan", 1, "w", near=("larma soc",), equivalent=("OA",))


@dataclass(frozen=True)
class Why:
    """What is said of a document: (asked, how, matched) of each reason, its place, what lacks."""

    told: Sequence[Told]
    places: Sequence[tuple[str, int | None]]
    missing: tuple[str, ...]


@pytest.fixture
def why(columns_of: ColumnsOf, asking_of: AskingOf) -> Callable[..., Why]:
    """The reasons of a document of several rows for a question."""

    def say(question: str, *rows: Mapping[str, str] | str, shown: Sequence[int] = ()) -> Why:
        document = [row if isinstance(row, Mapping) else {"body": row} for row in rows]
        columns = columns_of([document, [{"body": "annat, skolsäkerhet"}]], PARTS)
        asking = asking_of(columns, heads=[HEAD])
        reasons = Reasons(columns, TEXT_FIELDS, asking.read(question).words, exact=False)
        found, missing = reasons.of(0, shown)
        return Why(
            [(reason.asked, reason.how, reason.matched) for reason in found],
            [(reason.field, reason.passage) for reason in found],
            missing,
        )

    return say


def test_the_surest_way_is_stated(why: Callable[..., Why]) -> None:
    assert why("medling", "medlingar medling").told == [("medling", How.EXACT, ("medling",))]
    assert why("medling", "om medlingar").told == [("medling", How.INFLECTED, ("medlingar",))]
    assert why("säkerhet", "trafiksäkerhet").told == [("säkerhet", How.PART, ("trafiksäkerhet",))]


def test_words_come_in_the_questions_order_and_what_stands_nowhere_is_missing(
    why: Callable[..., Why],
) -> None:
    said = why("skola xyzzy medling", "medling i skola")
    assert said.told == [("skola", How.EXACT, ("skola",)), ("medling", How.EXACT, ("medling",))]
    assert said.missing == ("xyzzy",)
    assert why("skola", "skola").missing == ()


def test_two_words_in_one_compound_share_a_reason(why: Callable[..., Why]) -> None:
    both = ("natt vandring", How.JOINED, ("nattvandring",))
    assert why("natt vandring", "en nattvandring").told == [both]
    assert why("natt vandring", "en natt nattvandring med vandring").told == [both]


def test_the_parts_of_a_compound_are_split_only_where_they_stand_near(
    why: Callable[..., Why],
) -> None:
    near = ("skolsäkerhet", How.SPLIT, ("säkerhet", "skola"))
    assert why("skolsäkerhet", "säkerhet i varje skola").told == [near]
    far = "säkerhet " + "ord " * NEAR_WORDS + "skola"
    assert [how for _, how, _ in why("skolsäkerhet", far).told] == [How.PART]
    assert [how for _, how, _ in why("skolsäkerhet", "säkerhet", "skola").told] == [How.PART]


def test_the_thesaurus_answers_for_a_phrase_as_a_whole(why: Callable[..., Why]) -> None:
    said = why("kan larma soc nu", "en orosanmälan")
    assert said.told == [("larma soc", How.SYNONYM, ("orosanmälan",))]
    assert said.missing == ("kan", "nu")
    assert why("orosanmälan", "en OA").told == [("orosanmälan", How.ABBREVIATION, ("OA",))]


def test_a_repaired_word_says_what_was_meant(why: Callable[..., Why]) -> None:
    assert why("medlng", "om medlingar").told == [("medlng", How.SPELLING, ("medlingar",))]


def test_a_word_asked_twice_has_one_reason(why: Callable[..., Why]) -> None:
    assert why("medling medling", "medling").told == [("medling", How.EXACT, ("medling",))]


def test_a_reason_speaks_of_the_title_then_of_what_is_shown_then_of_the_first_place(
    why: Callable[..., Why],
) -> None:
    front = {"title": "medling", "lead": "skola"}
    said = why("medling skola", front, "medling", "skola")
    assert said.places == [("title", None), ("lead", None)]
    said = why("medling skola", front, "medling", "skola", shown=[2, 1])
    assert said.places == [("title", None), ("body", 2)]
