"""Reading each distinct piece of text once gives what reading every text whole does."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.columnar.building.vocabulary import TextVocabulary
from search.schema import SwedishAnalyzer
from search.swedish.analyzer import depends_on_all, tokens

_PARTS = (
    "SIG", "sig", "BRÅ:s", "BRÅ", "METODSTÖD", "brotts\u00adoffer", "18", "a", "§", "§§", "5a", "b",
    "2023:196", "2022/23:43", "978-91-44-00000-1", "978", "91", "44", "1234567890", "2020-01-01",
    "12,5", "https://x.se/18", "www.å.se", "urn:nbn:se:bra-363", "å", "é", "\u0661", "\u017f",
    "och/eller", "(skola)", "–", "o_o", "I", "eu:s", "E",
)  # fmt: skip
_SPACES = (" ", " ", " ", "\n", "\n\n", "\t", "\u00a0", "\u2003", "", "  ")
texts = st.lists(st.tuples(st.sampled_from(_PARTS), st.sampled_from(_SPACES)), max_size=12).map(
    lambda pairs: "".join(part + space for part, space in pairs)
)

Read = list[tuple[str, tuple[str, ...], str]]


def in_pieces(vocabulary: TextVocabulary, many: list[str]) -> list[Read]:
    """Of each text its words: form, terms, and as it stands there."""
    read = vocabulary.read(many)
    names = {number: term for term, number in vocabulary.terms.items()}
    words, terms = vocabulary.words_of, vocabulary.words.terms_of
    found: list[Read] = []
    at = 0
    for count in read.counts.tolist():
        found.append([])
        for piece in read.pieces[at : at + count].tolist():
            for place in range(words.start[piece], words.start[piece + 1]):
                word = int(words.items[place])
                held = terms.items[terms.start[word] : terms.start[word + 1]].tolist()
                first, end = vocabulary.firsts.view[place], vocabulary.ends.view[place]
                stands = vocabulary.texts[piece][first:end].decode()
                form = vocabulary.words.forms[word]
                found[-1].append((form, tuple(names[term] for term in held), stands))
        at += count
    return found


@settings(max_examples=300, deadline=None)
@given(batches=st.lists(st.lists(texts, max_size=4), min_size=1, max_size=3))
@example([["18 a §", "18 a\u00a0§ x 18\na\n§", "§ 5a b", "§ 5ab"]])
@example([["VAROR", "VAROR OCH", "SIG", "SIG EST"], ["SIG och VAROR"]])
@example([["978 91 44 00000 1 2", "9789144000001", "978 914400000 12"]])
@example([["\u0661 §", "18 \u017f §", "18 \u212a § SIG"]])
def test_pieces_give_the_words_and_terms_that_whole_texts_do(batches: list[list[str]]) -> None:
    vocabulary = TextVocabulary(SwedishAnalyzer())
    for many in batches:
        should = [
            [(t.word, (t.term,), text[t.start : t.end]) for t in tokens(text)] for text in many
        ]
        assert in_pieces(vocabulary, many) == should


@pytest.mark.parametrize(
    ("text", "depends"),
    [
        ("Lag om brott", False),
        ("STORA ORD", True),
        ("SIG", False),
        ("\u0661 §", True),
        ("å é", False),
    ],
)
def test_only_odd_texts_are_read_as_a_whole(text: str, depends: bool) -> None:
    assert depends_on_all(text) == depends
