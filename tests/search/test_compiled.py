"""A compiled dictionary says what its words say, and its file is a copy that may go at any time."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.columnar.storage.arrays import ArrayFile
from search.swedish import compiling, evidence, kept, lexicon
from search.swedish.compiled import Compiled, Table, table
from search.swedish.compounds import Dictionary, Splitter
from search.swedish.evidence import Induced, PartLists
from search.swedish.lemmas import Lemmas, Paradigms, needed_of
from search.swedish.lexicon import Lexicon

#: Base form → its other forms.
BASES = {
    "natt": "natten nätter nattens",
    "nattvandring": "nattvandringen nattvandringar",
    "nattvandra": "nattvandrade",
    "skola": "skolan skolor skol",
    "skolväg": "skolvägar skolvägen",
    "skog": "skogen skogar",
    "skogsväg": "skogsvägen",
    "kyrka": "kyrkan kyrkor kyrko",
    "kyrkoväg": "",
    "trygghet": "tryggheten trygghets",
    "trygghetsväg": "trygghetsvägen",
    "vandring": "vandringen vandringar",
    "vandra": "vandrade vandrat vandrar",
    "väg": "vägen vägar vägs",
    "vä": "väg",
    "elvägg": "",
    "elnatt": "",
    "nyckel": "nyckeln nycklar",
    "slå": "slog slår",
    "pappa": "pappor pappas",
    "papper": "papperet",
    "fem": "femte",
    "Anna": "Annas",
    "tre-kyrka": "tre-kyrkor",
}
LEMMAS = {form: base for base, forms in BASES.items() for form in (base, *forms.split())}
KNOWN = sorted(word for word in LEMMAS if word.isalpha() and word.islower())
LISTS = PartLists(
    not_a_head=frozenset({"kyrka"}),
    not_a_tail=frozenset({"vägen"}),
    short_heads=frozenset({"el"}),
    short_tails=frozenset({"väg"}),
)
DICTIONARY = Dictionary(LEMMAS, KNOWN, frozenset({"anna", "annas"}))
#: So small a dictionary has few beginnings that are sure.
FEW = {"FAMILY_OF_UNKNOWN_HEAD": 2, "FAMILY_OF_SHORT_HEAD": 2}

PIECES = """
natt skol skogs kyrko kyrka trygghets vandring vandrar väg vägen el en förenings ens a s anna
"""
pieces = st.sampled_from(PIECES.split())
words = st.lists(pieces, max_size=4).map("".join) | st.sampled_from(sorted(LEMMAS))


@pytest.fixture(scope="module", params=[{}, FEW], ids=["as it is", "with fewer words asked for"])
def made(request: pytest.FixtureRequest) -> Iterator[Compiled]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in request.param.items():
            patch.setattr(evidence, name, value)
            if hasattr(compiling, name):
                patch.setattr(compiling, name, value)
        arrays = {**compiling.compiled(DICTIONARY, LISTS), "known": np.zeros(8, np.uint8)}
        yield Compiled(arrays, LISTS)


# What it says.


@given(words)
def test_it_splits_every_word_as_its_list_of_words_does(made: Compiled, word: str) -> None:
    induced = Splitter(Induced(KNOWN, LISTS), DICTIONARY.names, LEMMAS.get)
    compiled = Splitter(made, made.names, made.lemma_of)
    assert compiled.split(word) == induced.split(word)
    assert compiled.parts(word) == induced.parts(word)


@given(words)
def test_beginnings_and_endings_are_those_of_its_list_of_words(made: Compiled, word: str) -> None:
    induced = Induced(KNOWN, LISTS)
    ends = induced.ends(word)
    assert made.ends(word) == ends
    assert [made.beginnings(word[n:]) for n in ends] == [induced.beginnings(word[n:]) for n in ends]
    for start in range(max(0, len(word) - 1)):
        assert made.heads(word, start, len(word)) == induced.heads(word, start, len(word))


@given(st.sets(words))
def test_an_index_needs_the_same_lemmas_of_it(made: Compiled, held: set[str]) -> None:
    paradigms = Paradigms(KNOWN, LEMMAS.get)
    needed = needed_of(paradigms, held, held.__contains__)
    assert needed_of(made, held, held.__contains__) == needed
    assert [made.base_of(word) for word in held] == [paradigms.base_of(word) for word in held]
    assert made.alike() == paradigms.alike()


@given(st.dictionaries(st.text("aåb%|", max_size=4), st.text("aåb \t|", max_size=4)), st.data())
def test_a_table_finds_each_of_its_words_and_no_other(
    rows: Mapping[str, str], data: st.DataObject
) -> None:
    found = Table(table("t", list(rows), rows.values()), "t")
    assert {word: found.find(word) for word in rows} == rows
    other = data.draw(st.text("aåb%|", max_size=4))
    assert found.find(other) == rows.get(other)


# Its file.


def arrays(number: int) -> Mapping[str, np.ndarray]:
    return {"one": np.arange(number), "none": np.empty(0, np.uint8)}


def never() -> Mapping[str, np.ndarray]:
    raise AssertionError("made again")


def test_a_file_that_is_there_is_used(tmp_path: Path) -> None:
    path = tmp_path / "home" / "dictionary"
    assert list(kept.kept(path, "a", lambda: arrays(3))["one"]) == [0, 1, 2]
    assert list(kept.kept(path, "a", never)["one"]) == [0, 1, 2]
    assert list(path.parent.iterdir()) == [path]


def test_what_a_maker_that_died_left_is_swept_away(tmp_path: Path) -> None:
    dead, living = tmp_path / "dictionary.dead", tmp_path / "dictionary.living"
    for draft in (dead, living):
        draft.touch()
    os.utime(dead, (0, 0))
    kept.kept(tmp_path / "dictionary", "a", lambda: arrays(3))
    assert (dead.exists(), living.exists()) == (False, True)


@pytest.mark.parametrize("damage", ["another mark", "a changed byte", "cut off", "empty"])
def test_a_file_that_says_something_else_is_replaced(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "dictionary"
    kept.kept(path, "b" if damage == "another mark" else "a", lambda: arrays(3))
    whole = path.read_bytes()
    if damage == "a changed byte":
        at = whole.index(np.arange(3).tobytes())
        path.write_bytes(whole[:at] + b"\x07" + whole[at + 1 :])
    elif damage != "another mark":
        path.write_bytes(whole[: 0 if damage == "empty" else -9])
    assert len(kept.kept(path, "a", lambda: arrays(4))["one"]) == 4
    assert len(ArrayFile(path)["one"]) == 4


def test_where_no_file_can_be_written_arrays_stay_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "dictionary").mkdir()
    for path in (tmp_path / "file" / "dictionary", tmp_path / "dictionary"):
        assert len(kept.kept(path, "a", lambda: arrays(3))["one"]) == 3
    assert sorted(each.name for each in tmp_path.iterdir()) == ["dictionary", "file"]


def test_two_that_make_it_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "dictionary"

    def late() -> Mapping[str, np.ndarray]:
        first = kept.kept(path, "a", lambda: arrays(3))
        assert len(first["one"]) == 3
        return arrays(3)

    assert len(kept.kept(path, "a", late)["one"]) == 3
    assert list(tmp_path.iterdir()) == [path]


def test_other_lists_or_other_code_are_another_dictionary(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = kept.fingerprint(LISTS)
    assert before == kept.fingerprint(LISTS)
    assert before != kept.fingerprint(PartLists())
    monkeypatch.setattr(kept, "__file__", str(tmp_path / "kept.py"))
    assert before != kept.fingerprint(LISTS)


@pytest.fixture
def small_dictionary(monkeypatch: pytest.MonkeyPatch) -> Splitter:
    """What every lexicon has for its dictionary, opened by none so far; and how it splits."""
    splitter = Splitter(Induced(KNOWN, LISTS), DICTIONARY.names, LEMMAS.get)
    monkeypatch.setattr(lexicon, "read_dictionary", lambda: DICTIONARY)
    monkeypatch.setattr(lexicon, "load_part_lists", lambda folder: LISTS)
    monkeypatch.setattr(lexicon, "_load", lambda folder: splitter)
    monkeypatch.setattr(lexicon, "_OPENED", {})
    return splitter


def test_a_lexicon_answers_from_its_file_as_from_the_dictionary(
    monkeypatch: pytest.MonkeyPatch, small_dictionary: Splitter, tmp_path: Path, vocabulary: Path
) -> None:
    monkeypatch.setattr(lexicon, "WORTH_COMPILING", 1)
    kept_one = Lexicon(vocabulary, tmp_path / "dictionary")
    parts = [small_dictionary.parts(word) for word in KNOWN]
    assert [kept_one.parts(word) for word in KNOWN] == parts
    assert [word for word in KNOWN if word not in kept_one.known()] == []
    held = {"nycklar", "slog"}
    lemmas = kept_one.lemmas(Lemmas(), held, held.__contains__)
    assert (lemmas.of("nyckel"), lemmas.of("slår"), lemmas.of("pappa")) == (
        "nyckel",
        "slå",
        "pappa",
    )
    Lexicon(vocabulary, tmp_path / "of another home").parts("nattvandring")
    assert {ArrayFile(path).facts["mark"] for path in tmp_path.iterdir()} == {
        kept.fingerprint(LISTS)
    }
    assert len(list(tmp_path.iterdir())) == 2


def test_a_dictionary_is_compiled_when_many_words_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, small_dictionary: Splitter, tmp_path: Path, vocabulary: Path
) -> None:
    monkeypatch.setattr(lexicon, "WORTH_COMPILING", 3)
    path = tmp_path / "dictionary"
    asked = Lexicon(vocabulary, path)
    answers = []
    for turn, word in enumerate(("nattvandring", "skolväg", "skogsväg", "kyrkoväg"), start=1):
        answers.append(asked.parts(word))
        assert path.exists() == (turn >= 3)
    assert any(answers)
    assert answers == [
        small_dictionary.parts(w) for w in ("nattvandring", "skolväg", "skogsväg", "kyrkoväg")
    ]
