"""What tests of the ranking share: collections of a few words, and questions asked of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from search.asking import Asking
from search.columns import Columns
from search.row_texts import RowTexts
from search.schema import TEXT_FIELDS
from search.swedish.evidence import PartLists
from search.swedish.lemmas import Lemmas
from search.swedish.lexicon import KnownWords
from search.swedish.stopwords import Stopwords
from search.synonyms import Synonyms
from search.thesaurus import Head
from search.words import Words

#: The rows of a document, each a text by field.
Rows = Sequence[Mapping[str, str]]
#: A word → the base forms of its parts.
Parts = Mapping[str, tuple[str, ...]]

STOPWORDS = Stopwords(frozenset({"hur", "vad"}), frozenset({"i", "och", "sig", "är"}))


def make_columns(documents: Sequence[Rows], parts: Parts | None = None) -> Columns:
    """A collection of documents in order; ``parts`` says which words are compounds."""
    split = parts or {}
    words = Words(lambda word: split.get(word, ()))
    rows = [
        (number, [words.numbers_of(row.get(name, "")) for name in TEXT_FIELDS])
        for number, document in enumerate(documents)
        for row in document
    ]
    return Columns(words, RowTexts.of_lists(rows, len(TEXT_FIELDS)), len(documents))


def make_asking(
    columns: Columns,
    heads: Sequence[Head] = (),
    known: Sequence[str] | None = None,
    lemmas: Mapping[str, str] | None = None,
) -> Asking:
    """Reads questions against a collection; ``known`` and ``lemmas`` are all the dictionary has."""
    synonyms = Synonyms({head.term: head for head in heads})
    words = KnownWords() if known is None else KnownWords.of(known)
    return Asking(columns, STOPWORDS, synonyms, PartLists(), words, Lemmas(lemmas))


@pytest.fixture(scope="session")
def columns_of() -> Callable[..., Columns]:
    """Make the columns of documents, each a list of rows, each a text by field."""
    return make_columns


@pytest.fixture(scope="session")
def asking_of() -> Callable[..., Asking]:
    """Make what reads questions against columns."""
    return make_asking
