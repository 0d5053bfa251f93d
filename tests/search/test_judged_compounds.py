from __future__ import annotations

from pathlib import Path

import pytest

from search.errors import SettingsError
from search.judged_compounds import (
    JudgedCompounds,
    boundaries_of,
    judge_splits,
    read_compounds,
)

BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench" / "compounds"


def split(word: str) -> tuple[str, ...]:
    """A splitter that knows these words by heart."""
    known = {
        "trygghetsskapande": ("trygghets", "skapande"),
        "elevskyddsombud": ("elev", "skyddsombud"),
        "landet": ("land", "et"),
        "familjehem": ("fa", "miljehem"),
    }
    return known.get(word, (word,))


@pytest.mark.parametrize(
    ("word", "parts", "boundaries"),
    [
        ("trygghetsskapande", "trygghet+skapande", {9}),
        ("nattvandring", "natt+vandring", {4}),
        ("kyrkosilver", "kyrko+silver", {5}),
        ("uppehållstillståndskort", "uppehåll+tillstånd+kort", {9, 19}),
        ("arbetstagarna", "arbet+tagarna", {6}),
        ("klassråd", "klass+råd", {5}),
        # A link is as short as it can be, and as long as it must be for the rest to fit.
        ("skogsspår", "skog+spår", {5}),
        ("skogsspår", "skogs+spår", {5}),
        ("asssb", "a+s+sb", {1, 3}),
        # Of three equal consonants Swedish writes two.
        ("nattåg", "natt+tåg", {3}),
        ("klasstyrelse", "klass+styrelse", {4}),
        ("trafikkort", "trafik+kort", {6}),
        ("brott", "brott", set()),
    ],
)
def test_a_boundary_is_where_the_next_part_begins(
    word: str, parts: str, boundaries: set[int]
) -> None:
    assert boundaries_of(word, parts.split("+")) == frozenset(boundaries)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("familjehem", ["familj", "stuga"]),
        ("familjehem", ["amilje", "hem"]),
        ("familjehemmet", ["familje", "hem"]),
        ("familjehem", ["familje", "", "hem"]),
        ("landsatshem", ["land", "hem"]),
        ("natåg", ["nat", "tåg"]),
    ],
)
def test_parts_that_are_not_in_the_word_have_no_boundaries(word: str, parts: list[str]) -> None:
    assert boundaries_of(word, parts) is None


def test_boundaries_are_counted_over_all_compounds_together() -> None:
    judged = JudgedCompounds(
        {
            "trygghetsskapande": frozenset({9}),
            "elevskyddsombud": frozenset({4, 10}),
            "familjehem": frozenset({7}),
            "elnätet": frozenset({2}),
        },
        ("landet", "Göteborg", "polisen", "skolan"),
    )
    found = judge_splits(split, judged)
    assert (found.precision, found.recall) == (2 / 3, 2 / 5)
    assert found.f1 == pytest.approx(2 * (2 / 3) * (2 / 5) / (2 / 3 + 2 / 5))
    assert found.wrongly_split == 1 / 4


def test_a_splitter_that_never_splits_is_worth_nothing_and_does_no_harm() -> None:
    found = judge_splits(lambda word: (word,), JudgedCompounds({"elnät": frozenset({2})}, ("el",)))
    assert (found.precision, found.recall, found.f1, found.wrongly_split) == (0, 0, 0, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "compounds.txt").write_text("nattvandring\tnatt+vandring\n\n", "utf-8")
    (tmp_path / "nosplit.txt").write_text("Göteborg\npolisen\n", "utf-8")
    return tmp_path


def test_words_are_read_as_they_are_spelt(folder: Path) -> None:
    judged = read_compounds(folder)
    assert judged.boundaries == {"nattvandring": {4}}
    assert judged.whole == ("Göteborg", "polisen")


@pytest.mark.parametrize("line", ["elnät", "elnät\tel+verk", "elnät\telnät", "elnät\t"])
def test_a_word_without_fitting_parts_is_named_by_line(folder: Path, line: str) -> None:
    (folder / "compounds.txt").write_text(f"nattvandring\tnatt+vandring\n{line}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"compounds.txt:2: a word, a tab and its parts"):
        read_compounds(folder)


@pytest.mark.parametrize("name", ["compounds.txt", "nosplit.txt"])
def test_a_file_that_is_missing_or_empty_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text("\n", "utf-8")
    with pytest.raises(SettingsError, match=f"{name}: there are no words"):
        read_compounds(folder)
    (folder / name).unlink()
    with pytest.raises(SettingsError, match=f"{name}: cannot be read"):
        read_compounds(folder)


@pytest.mark.skipif(not BENCH.is_dir(), reason="the shared judged words are not on this machine")
def test_the_shared_gold_makes_up_its_words() -> None:
    judged = read_compounds(BENCH)
    assert (len(judged.boundaries), len(judged.whole)) == (200, 150)
    assert judged.boundaries["uppehållstillståndskortet"] == {9, 19}
    assert judged.boundaries["lastbilsförare"] == {4, 8}
