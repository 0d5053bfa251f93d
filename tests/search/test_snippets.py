from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.results import Fragment
from search.snippets import EXCERPT_WORDS, REACH_FOR_SENTENCE, Marker, excerpt, mark
from search.swedish.analyzer import tokens

WORDS = (
    "medling",
    "Medling",
    "brott",
    "SIG",
    "sig",
    "skola.",
    "10 §",
    "å",
    "\n\n",
    "–",
    "(2023:196)",
)
TEXT = st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join) | st.text(max_size=200)
WANTED = st.frozensets(st.sampled_from(["medling", "SIG", "skola", "10§", "2023:196", "okänd"]))


def joined(fragments: Sequence[Fragment]) -> str:
    return "".join(fragment.text for fragment in fragments)


def marked(fragments: Sequence[Fragment]) -> list[str]:
    return [fragment.text for fragment in fragments if fragment.marked]


def wanted_in(text: str, wanted: Collection[str]) -> list[str]:
    return [text[t.start : t.end] for t in tokens(text) if t.word in wanted]


def filler(words: int) -> str:
    return " ".join(f"ord{n}" for n in range(words))


@given(TEXT, WANTED)
def test_every_wanted_word_is_marked_and_nothing_else(text: str, wanted: frozenset[str]) -> None:
    fragments = mark(text, wanted)
    assert marked(fragments) == wanted_in(text, wanted)
    assert joined(fragments).split() == text.split()


@given(TEXT, WANTED)
def test_an_excerpt_is_a_piece_of_the_text_with_its_words_marked(
    text: str, wanted: frozenset[str]
) -> None:
    fragments = excerpt(text, wanted)
    cut = joined(fragments)
    bare = cut.removeprefix("… ").removesuffix(" …") if len(fragments) > 1 else cut
    assert " ".join(bare.split()) in " ".join(text.split())
    assert len(list(tokens(bare))) <= EXCERPT_WORDS
    assert set(marked(fragments)) <= set(wanted_in(text, wanted))
    assert bool(marked(fragments)) == bool(wanted_in(text, wanted))


@given(TEXT, WANTED)
def test_an_ellipsis_stands_where_words_were_left_out(text: str, wanted: frozenset[str]) -> None:
    count = len(list(tokens(text)))
    fragments = excerpt(text, wanted)
    dots = [Fragment("… "), Fragment(" …")]
    assert any(f in dots for f in (*fragments[:1], *fragments[-1:])) == (count > EXCERPT_WORDS)


@pytest.mark.parametrize(
    ("text", "word", "there"),
    [
        ("Medlingens gång", "medlingens", ["Medlingens"]),
        ("SIG eller sig", "SIG", ["SIG"]),
        ("SIG eller sig", "sig", ["sig"]),
        ("Enligt 18 a § OSL", "18a§", ["18 a §"]),
        ("GR:s möte", "GR", ["GR"]),
        ("ISBN 978-91-88599-15-6", "9789188599156", ["978-91-88599-15-6"]),
    ],
)
def test_what_is_marked_is_what_stands_there(text: str, word: str, there: list[str]) -> None:
    assert marked(mark(text, {word})) == there
    assert joined(mark(text, {word})) == text


def test_markup_in_a_text_is_text() -> None:
    assert mark("<b>medling</b> & <i>", {"medling"}) == (
        Fragment("<b>"),
        Fragment("medling", marked=True),
        Fragment("</b> & <i>"),
    )


def test_a_short_text_is_shown_whole() -> None:
    text = filler(EXCERPT_WORDS)
    assert joined(excerpt(text, {"ord39"})) == text


def test_without_wanted_words_the_beginning_is_shown() -> None:
    text = filler(EXCERPT_WORDS + 10)
    assert joined(excerpt(text, set())) == filler(EXCERPT_WORDS) + " …"


def test_the_window_with_most_different_words_is_shown() -> None:
    text = f"medling medling medling {filler(60)} medling vid brott {filler(60)} medling"
    shown = excerpt(text, {"medling", "brott"})
    assert marked(shown) == ["medling", "brott"]
    assert joined(shown).startswith("… ")
    assert joined(shown).endswith(" …")


def test_a_window_at_the_end_is_as_long_as_any() -> None:
    text = f"{filler(100)} medling"
    shown = excerpt(text, {"medling"})
    assert len(list(tokens(joined(shown)))) == EXCERPT_WORDS
    assert joined(shown).endswith("medling")


@pytest.mark.parametrize(("before", "starts"), [(3, "Slut"), (REACH_FOR_SENTENCE + 9, "ord")])
def test_a_window_begins_with_its_sentence_where_that_is_near(before: int, starts: str) -> None:
    text = f"{filler(50)}. Slut på {filler(before)} medling {filler(60)}"
    assert joined(excerpt(text, {"medling"})).removeprefix("… ").startswith(starts)


def plainly(text: str, wanted: frozenset[str]) -> list[str]:
    """The rule as it reads: what of an excerpt is marked, and before it where it begins."""
    found = list(tokens(text))
    at = [n for n, token in enumerate(found) if token.word in wanted]
    if len(found) <= EXCERPT_WORDS:
        return [text, *(text[found[n].start : found[n].end] for n in at)]
    inside = {n: [found[p].word for p in at if n <= p < n + EXCERPT_WORDS] for n in at}
    best = max(at, key=lambda n: (len(set(inside[n])), len(inside[n])), default=4)
    begin = first = min(max(0, best - 4), len(found) - EXCERPT_WORDS)
    for n in range(first, max(-1, first - REACH_FOR_SENTENCE - 1), -1):
        before = text[found[n - 1].end if n else 0 : found[n].start]
        if not n or not before or re.search(r"(?:[.!?:…]\s+|\n\s*)$", before):
            begin = n
            break
    last = begin + EXCERPT_WORDS
    cut = text[found[begin].start : found[last - 1].end]
    cut = "… " * bool(begin) + cut + " …" * (last < len(found))
    return [cut, *(text[found[n].start : found[n].end] for n in at if begin <= n < last)]


ODD = ("3abc", "1.5b", "§7", "2 §å", "www.a.se", "urn:nbn:seå", "GR:s", "2020-01-01T12", "_a_", "!")
LONG = st.lists(st.sampled_from((*WORDS, *ODD)), min_size=30, max_size=160).map(" ".join)


@given(TEXT | LONG, WANTED)
def test_an_excerpt_is_cut_by_the_rule(text: str, wanted: frozenset[str]) -> None:
    cut, *marks = plainly(text, wanted)
    shown = excerpt(text, wanted)
    assert joined(shown).split() == cut.split()
    assert marked(shown) == marks


@given(TEXT | LONG, WANTED)
def test_a_text_is_cut_by_the_numbers_of_its_words_as_by_the_words(
    text: str, wanted: frozenset[str]
) -> None:
    said = [token.word for token in tokens(text)]
    words = sorted({*said, *wanted})
    numbers = np.array([words.index(word) for word in said], np.int32)
    marker = Marker(np.array([word in wanted for word in words]), words)
    assert marker.excerpt(text, numbers) == excerpt(text, wanted)
    assert marker.mark(text, numbers) == mark(text, wanted)


def test_a_text_with_fewer_words_than_were_numbered_is_read() -> None:
    text, words = filler(50) + " medling", ["medling", "ord"]
    marker = Marker(np.array([True, False]), words)
    numbers = np.array([1] * 300 + [0], np.int32)
    assert marker.excerpt(text, numbers) == excerpt(text, {"medling"})
    assert marker.mark(text, numbers) == mark(text, {"medling"})
