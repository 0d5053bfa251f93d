"""Inflection: the words of a collection that are forms of one, though their stems differ.

What Snowball keeps apart (*nyckel*, *nycklarna*) a dictionary's lemmas put together. The words of
grammar stay out: *varor* asks for no *är*.
"""

from __future__ import annotations

from search.columns import Columns
from search.swedish.lemmas import Lemmas
from search.swedish.lexicon import KnownWords
from search.swedish.stopwords import Stopwords


class Inflection:
    """Looks up forms in one collection. Immutable; threads may share it."""

    def __init__(
        self, columns: Columns, lemmas: Lemmas, known: KnownWords, grammar: Stopwords
    ) -> None:
        """``grammar`` are the words that are forms of nothing here."""
        self._columns = columns
        self._lemmas = lemmas
        self._known = known
        self._grammar = grammar
        self._forms: dict[str, list[int]] = {}
        for number, word in enumerate(columns.words.words):
            lemma = lemmas.of(word)
            if lemma is not None and columns.holding[number] and word not in grammar:
                self._forms.setdefault(lemma, []).append(number)
        for lemma in self._forms.keys() & (grammar.question | grammar.function):
            del self._forms[lemma]

    def of(self, word: str) -> tuple[int, ...]:
        """The numbers of the words that are forms of one with a folded word, itself among them.

        Those have its base form, or it is theirs: a dictionary has *sluten* under *sluta*, and
        *slutna* under *sluten*.
        """
        if word in self._grammar:
            return ()
        lemma = self._lemmas.of(word) or word
        found = {*self._forms.get(word, ()), *self._forms.get(lemma, ())}
        base = self._columns.words.number(lemma)
        if base is not None and lemma not in self._grammar and self._columns.holding[base]:
            found.add(base)
        return tuple(sorted(found))

    def are_two(self, asked: str, form: str) -> bool:
        """Whether a word asked for is no form of another that has its stem.

        A form that no dictionary has (*vape*) is a base form, and no known one (*vapen*) is its.
        """
        if form in self._known:
            return self._lemmas.differ(asked, form)
        return self._lemmas.differs_from_unknown(asked, form)
