from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import IndexUnavailableError
from search.swedish.analyzer import stem
from search.swedish.lemmas import Lemmas, Paradigms, looks_inflected, needed_of
from search.swedish.lexicon import Lexicon

#: A dictionary: form → base form.
WORDS = {
    **dict.fromkeys(("nyckel", "nyckeln", "nycklar", "nycklarna"), "nyckel"),
    **dict.fromkeys(("slå", "slog", "slår"), "slå"),
    **dict.fromkeys(("polis", "polisen", "poliser"), "polis"),
    **dict.fromkeys(("pappa", "pappor", "pappas"), "pappa"),
    **dict.fromkeys(("papper", "papperet", "pappret"), "papper"),
    **dict.fromkeys(("avgas", "avgasen"), "avgas"),
    **dict.fromkeys(("avgaser", "avgaserna"), "avgaser"),
    **dict.fromkeys(("beslut", "beslutets"), "beslut"),
    **dict.fromkeys(("besluta", "beslutar"), "besluta"),
    "fota": "fota",
    "fotade": "fota",
    "fot": "fota",
    "fötter": "fot",
    "rå": "rå",
    "råa": "rå",
    "råna": "rå",
    **dict.fromkeys(("rånade", "rånar", "rånat"), "råna"),
    "fem": "fem",
    "femte": "fem",
    "kd": "Kristdemokraterna",
}


@pytest.fixture(scope="module")
def paradigms() -> Paradigms:
    return Paradigms(WORDS, WORDS.get)


@pytest.fixture(scope="module")
def lexicon(vocabulary: Path) -> Lexicon:
    """The whole dictionary."""
    return Lexicon(vocabulary)


def needed(paradigms: Paradigms, *held: str) -> Mapping[str, str]:
    return needed_of(paradigms, held, held.__contains__)


def of_whole(lexicon: Lexicon, *held: str) -> Lemmas:
    return lexicon.lemmas(Lemmas(), held, held.__contains__)


# What an index needs.


def test_forms_that_no_stem_leads_to_are_kept_though_no_page_has_them(
    paradigms: Paradigms,
) -> None:
    assert needed(paradigms, "nycklar") == dict.fromkeys(("nyckel", "nyckeln", "nycklar"), "nyckel")
    assert stem("nycklarna") == stem("nycklar")


def test_all_forms_are_kept_where_pages_have_several_stems(paradigms: Paradigms) -> None:
    assert set(needed(paradigms, "nycklar", "nyckel")) == {
        word for word, lemma in WORDS.items() if lemma == "nyckel"
    }


def test_a_word_whose_forms_have_one_stem_is_left_to_snowball(paradigms: Paradigms) -> None:
    assert needed(paradigms, "polisen", "poliser") == {}


@pytest.mark.parametrize("word", ["femte", "fem", "KD", "kd", "2023", "göteborg", "NYCKEL"])
def test_numbers_abbreviations_and_unknown_words_have_none(paradigms: Paradigms, word: str) -> None:
    assert needed(paradigms, word) == {}


def test_a_base_form_of_others_keeps_them_whatever_its_own_base_form(
    paradigms: Paradigms,
) -> None:
    assert needed(paradigms, "fot")["fötter"] == "fot"


def test_a_word_with_forms_of_its_own_is_no_form_of_the_one_it_begins_with(
    paradigms: Paradigms,
) -> None:
    kept = needed(paradigms, "rå", "rånade", "råna")
    assert {word for word, lemma in kept.items() if lemma == "rå"} <= {"rå", "råa"}
    assert set(needed_of(paradigms, ["slog"], {"slog"}.__contains__).values()) == {"slå"}


@given(st.lists(st.sampled_from(sorted(WORDS)), unique=True), st.data())
def test_words_added_one_by_one_need_what_they_need_at_once(
    held: list[str], data: st.DataObject
) -> None:
    paradigms = Paradigms(WORDS, WORDS.get)
    first = data.draw(st.integers(0, len(held)))
    grown = Lemmas(needed(paradigms, *held[:first]))
    grown = grown.joined(needed_of(paradigms, held[first:], held.__contains__))
    at_once = needed(paradigms, *held)
    assert {word: grown.of(word) for word in WORDS if grown.of(word)} == at_once


# Words that only look inflected.


def test_a_word_with_the_ending_of_a_plural_is_another_word(paradigms: Paradigms) -> None:
    alike = paradigms.alike()
    assert set(alike.values()) == {"pappa", "papper"}
    lemmas = Lemmas(alike)
    for one in ("pappa", "pappor"):
        for other in ("papper", "papperet", "pappret"):
            assert lemmas.differ(one, other)
            assert lemmas.differ(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("beslut", "besluta"), ("avgas", "avgaser"), ("pappa", "pappor"), ("papper", "saknas")],
)
def test_kin_a_plural_without_singular_and_the_unknown_are_no_other_words(
    one: str, other: str
) -> None:
    lemmas = Lemmas(WORDS if one != "avgas" else Paradigms(WORDS, WORDS.get).alike())
    assert not lemmas.differ(one, other)
    assert not lemmas.differ(other, one)


def test_a_known_word_is_no_form_of_one_that_no_dictionary_has() -> None:
    lemmas = Lemmas({"vapen": "vapen", "nycklar": "nyckel"})
    assert lemmas.differs_from_unknown("vapen", "vape")
    assert not lemmas.differs_from_unknown("vapen", "vap")
    assert not lemmas.differs_from_unknown("nycklar", "nyckl")
    assert not lemmas.differs_from_unknown("saknas", "sakna")


def test_what_looks_inflected_has_letters_left_without_its_ending() -> None:
    assert looks_inflected("papper", "pappa")
    assert looks_inflected("lager", "lag")
    assert looks_inflected("pensionat", "pension")
    assert not looks_inflected("pappa", "papper")
    assert not looks_inflected("ser", "s")


# The real dictionary.


@pytest.mark.parametrize(
    ("held", "asked", "lemma"),
    [
        ("skola", "skolan", "skola"),
        ("nyckel", "nycklarna", "nyckel"),
        ("slår", "slog", "slå"),
        ("fot", "fötter", "fot"),
        ("man", "männen", "man"),
        ("orosanmälan", "orosanmälningar", "orosanmälan"),
    ],
)
def test_forms_that_snowball_keeps_apart_have_one_base_form(
    lexicon: Lexicon, held: str, asked: str, lemma: str
) -> None:
    assert stem(held) != stem(asked)
    assert of_whole(lexicon, held).of(asked) == lemma


@pytest.mark.parametrize(
    ("one", "other"),
    [("pappa", "papper"), ("lagen", "lagret"), ("gran", "granat"), ("tom", "tomaten")],
)
def test_words_that_snowball_takes_for_one_are_two_in_every_index(
    lexicon: Lexicon, one: str, other: str
) -> None:
    assert of_whole(lexicon).differ(one, other)


# The file.


def entries() -> Iterator[tuple[str, str]]:
    yield from (("å", "å"), ("slog", "slå"), ("nycklarna", "nyckel"))


def test_what_was_written_is_read_and_stands_in_order(tmp_path: Path) -> None:
    path = tmp_path / "lemmas.tsv"
    Lemmas(dict(entries())).write(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    again = Lemmas.read(path)
    assert {word: again.of(word) for word, _ in entries()} == dict(entries())
    assert len(again) == len(lines)


def test_no_lemmas_are_an_empty_file(tmp_path: Path) -> None:
    Lemmas().write(tmp_path / "lemmas.tsv")
    assert (tmp_path / "lemmas.tsv").read_bytes() == b""
    assert len(Lemmas.read(tmp_path / "lemmas.tsv")) == 0


@pytest.mark.parametrize(
    "data",
    [b"sl\xe5r\tsl\xe5\n", b"slog\n", b"slog\tsl\n\n", b"a\tb\tc\n", b"slog\tsl", b"\x00"],
    ids=["not UTF-8", "no tab", "an empty line", "two tabs", "cut off", "a zero"],
)
def test_damage_is_a_clear_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "lemmas.tsv"
    path.write_bytes(data)
    message = rf"^{re.escape(str(path))} is damaged.*index --full"
    with pytest.raises(IndexUnavailableError, match=message):
        Lemmas.read(path)


def test_a_file_that_is_gone_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match=r"lemmas\.tsv is damaged.*index --full"):
        Lemmas.read(tmp_path / "lemmas.tsv")
