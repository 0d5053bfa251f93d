"""Inflection: the words of a collection that are forms of one, though their stems differ.

What Snowball keeps apart (*nyckel*, *nycklarna*) a dictionary's lemmas put together. Words of
grammar stay out, and what has one for its base form: *varor* asks for no *är*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from search.columns import Columns
from search.swedish.lemmas import Lemmas
from search.swedish.lexicon import KnownWords
from search.swedish.stopwords import Stopwords

#: Words whose forms are remembered.
_REMEMBERED = 10_000


class Inflection:
    """Looks up forms in one collection. Immutable; threads may share it."""

    def __init__(
        self, columns: Columns, lemmas: Lemmas, known: KnownWords, stopwords: Stopwords
    ) -> None:
        self._columns = columns
        self._lemmas = lemmas
        self._known = known
        self._stopwords = stopwords
        self._found: dict[str, tuple[int, ...]] = {}

    def of(self, word: str) -> tuple[int, ...]:
        """The numbers of the words that are forms of one with a folded word, itself among them.

        Those have its base form, or one is the other's: a dictionary has *fötterna* under *fot*,
        and *fot* under *fota*.
        """
        found = self._found.get(word)
        if found is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            found = self._found[word] = self._of(word)
        return found

    def _of(self, word: str) -> tuple[int, ...]:
        lemma = self._lemmas.of(word) or word
        if word in self._stopwords or lemma in self._stopwords:
            return ()
        found = {*self._forms.get(word, ()), *self._forms.get(lemma, ())}
        base = self._columns.words.number(lemma)
        if base is not None and self._columns.holding[base]:
            found.add(base)
        words = self._columns.words.words
        return tuple(sorted(number for number in found if words[number] not in self._stopwords))

    @cached_property
    def _forms(self) -> Mapping[str, Sequence[int]]:
        """Of each base form the numbers of the words that have it."""
        forms: dict[str, list[int]] = {}
        words, lemma_of = self._columns.words.words, self._lemmas.of
        for number in np.flatnonzero(self._columns.holding).tolist():
            if lemma := lemma_of(words[number]):
                forms.setdefault(lemma, []).append(number)
        return forms

    def are_two(self, asked: str, form: str) -> bool:
        """Whether a word asked for is no form of another that has its stem.

        A form that no dictionary has (*vape*) is a base form, and no known one (*vapen*) is its.
        """
        if form in self._known:
            return self._lemmas.differ(asked, form)
        return self._lemmas.differs_from_unknown(asked, form)
