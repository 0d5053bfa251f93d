"""Inflection: the words of a collection that are forms of one, though their stems differ.

What Snowball keeps apart (*nyckel*, *nycklarna*) a dictionary's lemmas put together. Words of
grammar stay out, and what has one for its base form: *varor* asks for no *är*.
"""

from __future__ import annotations

from functools import lru_cache

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
        self._found = lru_cache(maxsize=_REMEMBERED)(self._of)

    def of(self, word: str) -> tuple[int, ...]:
        """The numbers of the words that are forms of one with a folded word, itself among them.

        Those have its base form, or one is the other's: a dictionary has *fötterna* under *fot*,
        and *fot* under *fota*.
        """
        return self._found(word)

    def _of(self, word: str) -> tuple[int, ...]:
        lemma = self._lemmas.of(word) or word
        if word in self._stopwords or lemma in self._stopwords:
            return ()
        forms = {lemma}.union(*map(self._lemmas.forms_of, {word, lemma}))
        number_of, holding = self._columns.words.number, self._columns.holding
        numbers = (number_of(form) for form in forms if form not in self._stopwords)
        return tuple(sorted(n for n in numbers if n is not None and holding[n]))

    def are_two(self, asked: str, form: str) -> bool:
        """Whether a word asked for is no form of another that has its stem.

        A form that no dictionary has (*vape*) is a base form, and no known one (*vapen*) is its.
        """
        if form in self._known:
            return self._lemmas.differ(asked, form)
        return self._lemmas.differs_from_unknown(asked, form)
