"""Small lexicons show one rule each; the judged words are split with the whole dictionary."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import SettingsError
from search.judged_compounds import judge_splits, read_compounds
from search.swedish.compounds import FAMILY_OF_SURE_HEAD, SHORTEST_COMPOUND, Splitter
from search.swedish.evidence import (
    FAMILY_OF_UNKNOWN_HEAD,
    FILE_NAME,
    SHORT_PART,
    Induced,
    PartLists,
    load_part_lists,
)

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "bench" / "compounds"

WORDS = """
natt nattvandring nattpatrull natthärbärge nattskola nattväg nattsamverkan
trygghet trygghetspatrull trygghetsskola skog skogspatrull skogsskola skogsvandring skogsväg
skogssamverkan skola skolpatrull skolvandring skolväg kyrka kyrkopatrull kyrkoskola kyrkovandring
vandring patrull härbärge väg samverkan
"""
#: Several words begin with each beginning, several end in each ending.
KNOWN = frozenset(WORDS.split())
LISTS = PartLists(short_tails=frozenset({"väg"}))
FOLLOWERS = """
vandring patrull skola härbärge samverkan trygghet kyrka skog natt brott stöd lokal person tjänst
program chef plan bidrag besök fråga möte grupp
"""


@pytest.fixture(scope="module")
def small() -> Splitter:
    return Splitter(Induced(KNOWN, LISTS))


@pytest.fixture(scope="module")
def whole(vocabulary: Path) -> Splitter:
    """With every word of the dictionary."""
    return Splitter.load(vocabulary)


def family(beginning: str, size: int) -> frozenset[str]:
    """Known words that a beginning begins, and what follows it in them."""
    assert size <= len(FOLLOWERS.split())
    return frozenset(word for rest in FOLLOWERS.split()[:size] for word in (rest, beginning + rest))


@pytest.mark.parametrize(
    ("word", "pieces", "parts"),
    [
        ("nattvandring", ("natt", "vandring"), ("natt", "vandring")),
        ("trygghetsvandring", ("trygghets", "vandring"), ("trygghet", "vandring")),
        ("skogspatrull", ("skogs", "patrull"), ("skog", "patrull")),
        ("skolsamverkan", ("skol", "samverkan"), ("skola", "samverkan")),
        ("kyrkosamverkan", ("kyrko", "samverkan"), ("kyrka", "samverkan")),
        ("trygghetsväg", ("trygghets", "väg"), ("trygghet", "väg")),
        (
            "skolnattvandring",
            ("skol", "natt", "vandring"),
            ("skola", "natt", "vandring"),
        ),
    ],
)
def test_a_compound_is_its_parts_in_their_base_forms(
    small: Splitter, word: str, pieces: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    assert small.split(word) == pieces
    assert small.parts(word) == parts


@pytest.mark.parametrize("word", ["vandring", "samverkan", "åklagare", "nattxyz", "xyzvandring"])
def test_other_words_stay_whole_and_have_no_parts(small: Splitter, word: str) -> None:
    assert small.split(word) == (word,)
    assert small.parts(word) == ()


@pytest.mark.parametrize("word", ["Nattvandring", "NATTVANDRING", "natt-vandring", "natt2vandring"])
def test_only_words_of_small_letters_are_split(small: Splitter, word: str) -> None:
    assert small.split(word) == (word,)


def test_a_name_stays_whole() -> None:
    assert Splitter(Induced(KNOWN, LISTS)).split("skogsväg") == ("skogs", "väg")
    assert Splitter(Induced(KNOWN, LISTS), frozenset({"skogsväg"})).split("skogsväg") == (
        "skogsväg",
    )


def test_a_short_word_is_never_split() -> None:
    known = {"el", "elväg", "elbil", "elnät", "väg", "skolväg", "nattväg", "skola", "natt"}
    lists = PartLists(short_heads=frozenset({"el"}), short_tails=frozenset({"väg", "bil"}))
    assert len("elväg") < SHORTEST_COMPOUND
    assert Splitter(Induced(known, lists)).split("elväg") == ("elväg",)


@pytest.mark.parametrize(
    ("lists", "word"),
    [
        (PartLists(), "skogsväg"),
        (PartLists(not_a_tail=frozenset({"vandring"})), "nattvandring"),
        (PartLists(not_a_head=frozenset({"natt"})), "nattvandring"),
    ],
    ids=["a short ending that is not listed", "not an ending", "not a beginning"],
)
def test_the_lists_say_what_is_no_part(small: Splitter, lists: PartLists, word: str) -> None:
    assert len(small.split(word)) == 2
    assert Splitter(Induced(KNOWN, lists)).split(word) == (word,)


def test_a_short_beginning_must_be_listed() -> None:
    known = KNOWN | {"el", "elskola", "elpatrull"}
    assert Splitter(Induced(known, LISTS)).split("elvandring") == ("elvandring",)
    listed = PartLists(short_heads=frozenset({"el"}))
    assert Splitter(Induced(known, listed)).split("elvandring") == ("el", "vandring")


def test_a_beginning_that_is_no_word_needs_many_words() -> None:
    enough = family("barna", FAMILY_OF_UNKNOWN_HEAD)
    assert Splitter(Induced(KNOWN | enough, LISTS)).split("barnavandring") == ("barna", "vandring")
    few = family("barna", FAMILY_OF_UNKNOWN_HEAD - 1)
    assert Splitter(Induced(KNOWN | few, LISTS)).split("barnavandring") == ("barnavandring",)


def test_what_no_other_word_ends_in_may_follow_a_sure_beginning_only() -> None:
    # "insats" is a word, and no known word ends in it.
    known = KNOWN | {"insats"}
    assert Splitter(Induced(known, LISTS)).split("nattinsats") == ("nattinsats",)
    assert Splitter(Induced(known, LISTS)).split("trygghetsinsats") == ("trygghets", "insats")
    surer = known | family("natt", FAMILY_OF_SURE_HEAD)
    assert Splitter(Induced(surer, LISTS)).split("nattinsats") == ("natt", "insats")


def test_an_inflected_word_is_cut_as_its_base_form_is() -> None:
    known = KNOWN | {"sten", "nattsten", "skogsten", "inkom", "inkomvandring", "inkompatrull"}
    known |= {"inkomst", "inkomsten", "nattvandringen"}
    lemmas = {"inkomsten": "inkomst", "nattvandringen": "nattvandring"}
    guessed = Splitter(Induced(known, LISTS))
    assert guessed.split("inkomsten") == ("inkom", "sten")
    told = Splitter(Induced(known, LISTS), lemma_of=lemmas.get)
    assert told.split("inkomsten") == ("inkomsten",)
    assert told.split("nattvandringen") == ("natt", "vandringen")


def test_a_beginning_that_the_dictionary_knows_too_still_has_its_base_form() -> None:
    known = KNOWN | {"kyrko", "trygghets", "patrulls"}
    lemmas = {"kyrko": "kyrka", "trygghets": "trygghet", "natt": "nätter"}
    splitter = Splitter(Induced(known, LISTS), lemma_of=lemmas.get)
    assert splitter.parts("kyrkosamverkan") == ("kyrka", "samverkan")
    assert splitter.parts("trygghetsvandring") == ("trygghet", "vandring")
    # What a beginning can never have come from is no base form of it.
    assert splitter.parts("nattvandring") == ("natt", "vandring")


syllables = st.sampled_from(["natt", "skol", "a", "skogs", "väg", "vandring", "en", "kyrko", "el"])


@given(st.lists(syllables, max_size=6).map("".join))
def test_the_pieces_put_together_are_the_word(small: Splitter, word: str) -> None:
    assert "".join(small.split(word)) == word
    assert len(small.parts(word)) in (0, len(small.split(word)))
    if small.parts(word):
        assert small.parts(word)[-1] == small.split(word)[-1]


@given(st.lists(st.lists(syllables, max_size=5).map("".join), max_size=4))
def test_what_was_asked_before_changes_nothing(words: list[str]) -> None:
    forwards, backwards = Splitter(Induced(KNOWN, LISTS)), Splitter(Induced(KNOWN, LISTS))
    found = [forwards.split(word) for word in words]
    assert found == [backwards.split(word) for word in reversed(words)][::-1]


# The dictionary and the lists that are served.


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("trygghetsvandring", ("trygghet", "vandring")),
        ("skolgård", ("skola", "gård")),
        ("kvinnojour", ("kvinna", "jour")),
        ("gatuvåld", ("gata", "våld")),
        ("barnahus", ("barn", "hus")),
        ("narkotikaförsäljning", ("narkotika", "försäljning")),
        ("kommunpolis", ("kommun", "polis")),
        ("våldsutövare", ("våld", "utövare")),
        ("brottsofferstöd", ("brott", "offer", "stöd")),
        ("kameraövervakning", ("kamera", "övervakning")),
        ("orosanmälan", ("oro", "anmälan")),
    ],
)
def test_the_words_of_the_field_have_their_parts(
    whole: Splitter, word: str, parts: tuple[str, ...]
) -> None:
    assert whole.parts(word) == parts


@pytest.mark.parametrize(
    "word", ["anmälan", "trygghet", "utredare", "åklagare", "myndighet", "samverkan", "göteborg"]
)
def test_derived_words_and_names_have_none(whole: Splitter, word: str) -> None:
    assert whole.parts(word) == ()


@pytest.mark.parametrize(
    ("folder", "f1", "wrongly_split"),
    [
        pytest.param(ROOT / "bench" / "compounds" / "dev", 0.92, 0.01, id="dev"),
        pytest.param(ROOT / "bench" / "compounds" / "test", 0.93, 0.05, id="test"),
        pytest.param(
            SHARED,
            0.97,
            0.01,
            id="shared",
            marks=pytest.mark.skipif(not SHARED.is_dir(), reason="no shared words on this machine"),
        ),
    ],
)
def test_judged_words_are_split_as_well_as_ever(
    whole: Splitter, folder: Path, f1: float, wrongly_split: float
) -> None:
    found = judge_splits(whole.split, read_compounds(folder))
    assert found.f1 >= f1
    assert found.wrongly_split <= wrongly_split


def test_no_part_is_both_permitted_and_forbidden(vocabulary: Path) -> None:
    lists = load_part_lists(vocabulary)
    assert lists.short_heads & lists.not_a_head == set()
    assert lists.short_tails & lists.not_a_tail == set()


def test_listed_short_parts_are_of_the_length_that_is_looked_up(vocabulary: Path) -> None:
    lists = load_part_lists(vocabulary)
    assert {len(word) for word in lists.short_heads} <= {2, SHORT_PART}
    assert {len(word) for word in lists.short_tails} == {SHORT_PART}
    forbidden = lists.not_a_head | lists.not_a_tail
    assert [word for word in forbidden if len(word) < 2 or not word.isalpha()] == []


GROUPS = ("not_a_head", "not_a_tail", "short_heads", "short_tails")


def write_lists(folder: Path, **changed: str) -> Path:
    groups = {name: f'[{name}]\nwhy = "Så är det."\nwords = ["Av", "en"]\n' for name in GROUPS}
    (folder / FILE_NAME).write_text("\n".join({**groups, **changed}.values()), "utf-8")
    return folder


def test_lists_are_read_folded(tmp_path: Path) -> None:
    lists = load_part_lists(write_lists(tmp_path))
    assert {getattr(lists, name) for name in GROUPS} == {frozenset({"av", "en"})}


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"not_a_head": ""}, "not_a_head"),
        ({"short_tails": '[short_tails]\nwords = ["väg"]\n'}, "why"),
        ({"short_tails": '[short_tails]\nwhy = "x"\nwords = "väg"\n'}, "words"),
        ({"short_tails": '[short_tails]\nwhy = "x"\nwords = []\nmore = 1\n'}, "more"),
        ({"extra": '[shorter_tails]\nwhy = "x"\nwords = []\n'}, "shorter_tails"),
    ],
    ids=["no table", "no reason", "no list", "an unknown key", "an unknown table"],
)
def test_a_mistake_in_the_lists_is_named(
    tmp_path: Path, changed: dict[str, str], complaint: str
) -> None:
    with pytest.raises(SettingsError, match=rf"{FILE_NAME}.*{complaint}"):
        load_part_lists(write_lists(tmp_path, **changed))


def test_lists_that_are_not_there_stop_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=FILE_NAME):
        Splitter.load(tmp_path)
