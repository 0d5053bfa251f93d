from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.swedish.lexicon import KnownWords, Lexicon


@pytest.fixture(scope="module")
def lexicon(vocabulary: Path) -> Lexicon:
    """The whole dictionary."""
    return Lexicon(vocabulary)


@settings(max_examples=25)
@given(st.sets(st.text(max_size=12), max_size=60))
def test_a_word_that_was_put_in_is_never_denied(words: set[str]) -> None:
    known = KnownWords.of(words)
    again = KnownWords(known.to_bytes())
    assert [word for word in words if word not in known or word not in again] == []
    assert again.to_bytes() == known.to_bytes()


@given(st.text(max_size=12))
def test_without_words_none_is_known(word: str) -> None:
    assert word not in KnownWords()
    assert KnownWords().to_bytes() == b""


def test_a_filter_of_no_words_knows_none() -> None:
    known = KnownWords.of([])
    assert [word for word in ("", "polis", "åklagare") if word in known] == []
    assert len(known.to_bytes()) == 2 * 1024 * 1024


def test_few_unknown_words_pass_for_known_ones(lexicon: Lexicon) -> None:
    known = lexicon.known()
    # No Swedish word has a q or a z between two figures' worth of consonants.
    unknown = [f"{letter}qz{number}kx" for letter in "bdfgklmnprst" for number in range(2_000)]
    assert sum(word in known for word in unknown) / len(unknown) < 0.01


def test_the_words_of_the_dictionary_are_known_and_misspelt_ones_are_not(lexicon: Lexicon) -> None:
    known = lexicon.known()
    right = ("polis", "skolan", "våld", "brott", "anmälan", "kommunens", "trygghet", "är", "och")
    assert [word for word in right if word not in known] == []
    wrong = ("pollis", "valdsbrot", "shjutning", "ungdomsgang", "orosanmalan", "trygghett")
    assert [word for word in wrong if word in known] == []


def test_compounds_have_the_parts_of_the_splitter(lexicon: Lexicon) -> None:
    assert lexicon.parts("trygghetsvandring") == ("trygghet", "vandring")
    assert lexicon.parts("polis") == ()


def test_making_a_lexicon_reads_nothing_yet(tmp_path: Path) -> None:
    Lexicon(tmp_path / "gone")
