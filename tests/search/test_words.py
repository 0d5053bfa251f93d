from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import IndexUnavailableError
from search.swedish.analyzer import tokens
from search.words import Words

#: Made-up texts, and some with what the analysis keeps whole.
texts = st.text(max_size=60) | st.lists(
    st.sampled_from(
        ["skolväg", "SIG", "18 a §", "2023:196", "ISBN 978-91-88599-15-6", "\r\n", "\t"]
    ),
    max_size=8,
).map(" ".join)


def halves(word: str) -> tuple[str, ...]:
    """Splits every long word of letters in the middle."""
    middle = len(word) // 2
    return (word[:middle], word[middle:]) if word.isalpha() and len(word) > 5 else ()


@given(texts)
def test_numbers_stand_for_the_words_of_a_text_in_order(text: str) -> None:
    words = Words()
    numbers = words.numbers_of(text).tolist()
    assert [words.words[number] for number in numbers] == [token.word for token in tokens(text)]
    assert len(set(words.words)) == len(words)


@given(st.lists(texts, max_size=5))
def test_numbers_never_change_when_words_are_added(every: list[str]) -> None:
    words = Words(halves)
    seen: dict[str, int] = {}
    for text in every:
        words.numbers_of(text)
        assert {word: words.number(word) for word in seen} == seen
        seen |= {word: number for number, word in enumerate(words.words)}


@given(st.lists(texts, max_size=5))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, every: list[str]
) -> None:
    words = Words(halves)
    for text in every:
        words.numbers_of(text)
    path = tmp_path_factory.mktemp("words") / "words.tsv"
    words.write(path)
    again = Words.read(path)
    assert (again.words, again.parts) == (words.words, words.parts)
    assert [again.number(word) for word in words.words] == list(range(len(words)))


def test_words_that_were_read_grow_as_if_they_had_never_been_written(tmp_path: Path) -> None:
    whole, first = Words(halves), Words(halves)
    first.numbers_of("trygghet i skolan")
    first.write(tmp_path / "words.tsv")
    again = Words.read(tmp_path / "words.tsv", halves)
    again.numbers_of("skolan och nattvandring")
    whole.numbers_of("trygghet i skolan")
    whole.numbers_of("skolan och nattvandring")
    assert (again.words, again.parts) == (whole.words, whole.parts)


def test_parts_are_asked_for_once_a_word() -> None:
    asked: list[str] = []

    def parts_of(word: str) -> tuple[str, ...]:
        asked.append(word)
        return halves(word)

    words = Words(parts_of)
    words.numbers_of("nattvandring, nattvandring på nattvandring")
    assert asked == ["nattvandring", "på"]
    assert words.parts == [("nattva", "ndring"), ()]


def test_a_word_that_is_not_there_has_no_number() -> None:
    words = Words()
    words.numbers_of("skolan")
    assert words.number("skolan") == 0
    assert words.number("väg") is None


@pytest.mark.parametrize(
    "data",
    [
        b"skolan\t\nv\xe5g\t\n",
        "skolan\t\nväg\n".encode(),
        "skolan\t\n\nväg\t\n".encode(),
        "skolväg\tskola\tväg\n".encode(),
        "skolväg\tskola väg".encode(),
        b"\x00",
    ],
    ids=["not UTF-8", "no tab", "an empty line", "two tabs", "cut off", "a zero"],
)
def test_damage_is_a_clear_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "words.tsv"
    path.write_bytes(data)
    message = rf"^{re.escape(str(path))} is damaged.*index --full"
    with pytest.raises(IndexUnavailableError, match=message):
        Words.read(path)


def test_a_file_that_is_gone_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match=r"words\.tsv is damaged.*index --full"):
        Words.read(tmp_path / "words.tsv")
