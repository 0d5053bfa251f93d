"""A question against a collection: for each word asked, what in the collection may answer it.

A word of a question has its own stem, the parts of its compound, the grams it is made of. A rare
or unknown word also looks for words that look like it; one that no dictionary knows, for the
words it may be a misspelling of; and the thesaurus adds what says the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np

from search.columns import Columns
from search.spelling import Speller
from search.swedish.analyzer import (
    LONGEST_ABBREVIATION,
    Token,
    is_abbreviation,
    is_shouted,
    stem_of,
    tokens,
)
from search.swedish.compounds import PartLists, Splitter
from search.swedish.grams import grams
from search.swedish.lexicon import KnownWords
from search.swedish.stopwords import Stopwords
from search.synonyms import Synonym, Synonyms
from search.weights import ALIKE, JOINED, PLAIN_READING_OF_CAPITALS, REPAIRED

#: A stem in more documents than this needs no help from words that look like it.
ALIKE_UP_TO = 50
#: The share of the shorter word's grams from which on two words look alike, and the words that
#: are tried at most.
ALIKE_SHARE = 0.6
MOST_ALIKE = 30
#: Words of fewer letters have too few grams to look like anything.
SHORTEST_ALIKE = 5
#: A single word in more documents than this, and in a larger share of them, is not widened by the
#: thesaurus: it finds enough by itself, and its synonyms would only blur it. Phrases always are.
WIDENED_UP_TO = 2
WIDENED_UP_TO_SHARE = 0.005
#: Compounds that two neighbours of a question are tried as, shortest first.
MOST_JOINED = 4

Key = TypeVar("Key")


@dataclass(slots=True)
class AskedWord:
    """A word of the question, and what answers for it with how much (0-1] that counts.

    ``stems`` are looked up among words, ``phrases`` (runs of stems) likewise, ``parts`` among the
    parts of compounds, ``grams`` in windows. ``telling`` words say what is looked for, others
    only how it is put. ``place`` counts the words of the question from 0; ``stem`` is what pairs
    with its neighbours. All are numbers of the collection's columns.
    """

    text: str
    word: str
    place: int
    telling: bool
    stem: int | None = None
    stems: dict[int, float] = field(default_factory=dict)
    phrases: dict[tuple[int, ...], float] = field(default_factory=dict)
    parts: dict[int, float] = field(default_factory=dict)
    grams: dict[int, float] = field(default_factory=dict)


class Asking:
    """Reads questions against one collection. Immutable; threads may share it."""

    def __init__(
        self,
        columns: Columns,
        stopwords: Stopwords,
        synonyms: Synonyms,
        part_lists: PartLists,
        known: KnownWords,
    ) -> None:
        self.columns = columns
        self._stopwords = stopwords
        self._synonyms = synonyms
        self._part_lists = part_lists
        self._known = known
        self._speller = Speller(columns)

    def read(self, text: str) -> tuple[AskedWord, ...]:
        """The words of a question in order, without those that ask (*hur*, *vilka*).

        A question of nothing else keeps them, since they may be abbreviations (*sig*).
        """
        if is_shouted(text):
            text = text.casefold()  # capitals say nothing where everything is in them
        found = list(tokens(text))
        typed = [text[token.start : token.end] for token in found]
        telling = self._telling(found, typed)
        asked: list[AskedWord] = []
        seen: set[str] = set()
        for place, token in enumerate(found):
            if token.surface in self._stopwords.question and not telling[place]:
                continue
            word = AskedWord(typed[place], token.word, place, telling[place])
            word.stem = self.columns.stem(token.term)
            if token.surface not in seen:
                seen.add(token.surface)
                self._answer(word)
            asked.append(word)
        self._join(asked)
        self._widen(asked, self._synonyms.of(found, typed))
        return tuple(asked)

    def _telling(self, found: Sequence[Token], typed: Sequence[str]) -> list[bool]:
        """Which words say what is looked for.

        A word of grammar does where it may be an abbreviation: in capitals, or where the small
        letters stand first or among nothing but words of grammar. Where nothing else says
        anything, every word does.
        """
        plain = [token.surface not in self._stopwords for token in found]
        asking = self._stopwords.question
        first = next((n for n, t in enumerate(found) if t.surface not in asking), -1)
        telling = [
            plain[n]
            or is_abbreviation(typed[n])
            or ((n == first or not any(plain)) and self._capitals(typed[n]) is not None)
            for n in range(len(found))
        ]
        return telling if any(telling) else [True] * len(found)

    def forms(self, text: str, exact: bool) -> tuple[frozenset[int], ...]:
        """The words of a phrase, each as the numbers of the words that stand for it.

        ``exact`` takes the written form only (in small letters or capitals), else every form.
        """
        return tuple(frozenset(self._forms(token, exact)) for token in tokens(text))

    def _forms(self, token: Token, exact: bool) -> Iterable[int]:
        number = self.columns.words.number
        written = [number(form) for form in (token.word, token.surface, token.surface.upper())]
        yield from (form for form in written if form is not None)
        stem = self.columns.stem(token.term)
        if not exact and stem is not None:
            yield from self.columns.words_with_stem(stem).tolist()

    def _answer(self, word: AskedWord) -> None:
        if word.telling:
            self._read_capitals(word)
        # The pronoun is no reading of the abbreviation (sig).
        if not (word.stems and word.word in self._stopwords):
            _add_grams(word, word.word, 1.0, self.columns)
            if word.stem is not None:
                word.stems.setdefault(word.stem, 1.0)
        if word.telling:
            self._add_parts(word)
            if not word.stems:
                self._repair(word)
            self._look_alike(word)

    def _read_capitals(self, word: AskedWord) -> None:
        """An abbreviation typed in small letters, or a word typed in capitals."""
        folded = word.word.casefold()
        if is_abbreviation(word.text):
            plain = self.columns.stem(stem_of(folded))
            if plain is not None and folded not in self._stopwords:
                word.stems[plain] = PLAIN_READING_OF_CAPITALS
                _add_grams(word, folded, PLAIN_READING_OF_CAPITALS, self.columns)
        elif (capitals := self._capitals(word.text)) is not None:
            word.stems[capitals] = 1.0
            _add_grams(word, word.text.upper(), 1.0, self.columns)

    def _capitals(self, typed: str) -> int | None:
        """The abbreviation that a word in small letters may stand for, where there is one."""
        if not (2 <= len(typed) <= LONGEST_ABBREVIATION and typed.isalpha()):
            return None
        return None if typed.isupper() else self.columns.stem(typed.upper())

    def _add_parts(self, word: AskedWord) -> None:
        """The parts of a compound, or the word as a part of others."""
        columns = self.columns
        if (number := columns.words.number(word.word)) is not None:
            parts = columns.parts_of_word.of(number).tolist()
        elif word.stem is not None and len(forms := columns.words_with_stem(word.stem)):
            parts = columns.parts_of_word.of_all(forms).tolist()
        else:
            stems = (columns.stem(stem_of(part)) for part in self._splitter.parts(word.word))
            parts = [stem for stem in stems if stem is not None]
        if not parts and word.stem in word.stems:
            parts = [word.stem]
        word.parts.update(dict.fromkeys(parts, 1.0))

    def _repair(self, word: AskedWord) -> None:
        """Words that an unknown word may be a misspelling of; one that exists is left alone."""
        columns = self.columns
        if len(word.word) < 3 or not word.word.isalpha() or word.word.isupper():
            return
        exists = bool(word.parts) or word.word in self._known
        for meant in self._speller.meant(word.word, strict=exists):
            weight = REPAIRED * meant.likely
            stem = int(columns.stem_of_word[meant.word])
            _raise(word.stems, stem, weight)
            word.stem = stem if word.stem is None else word.stem
            for part in columns.parts_of_word.of(meant.word).tolist() or [stem]:
                _raise(word.parts, part, weight)
            _add_grams(word, columns.words.words[meant.word], weight, columns)

    def _look_alike(self, word: AskedWord) -> None:
        """Stems of words that share most of their grams with a rare or unknown word."""
        columns = self.columns
        long_enough = word.word.isalpha() and len(word.word) >= SHORTEST_ALIKE
        if not long_enough or self._holding(word) > ALIKE_UP_TO:
            return
        own = grams(word.word)
        shared: Counter[int] = Counter()
        for gram in own:
            if (number := columns.gram(gram)) is not None:
                shared.update(columns.words_with_gram.of(number).tolist())
        near = sorted(
            (
                (share, other)
                for other, count in shared.items()
                if columns.holding[other]
                and columns.gram_counts[other] >= SHORTEST_ALIKE - 1
                and (share := count / min(len(own), int(columns.gram_counts[other]))) >= ALIKE_SHARE
            ),
            key=lambda found: (-found[0], columns.words.words[found[1]]),
        )
        for share, other in near[:MOST_ALIKE]:
            _raise(word.stems, int(columns.stem_of_word[other]), ALIKE * share)

    def _join(self, asked: Sequence[AskedWord]) -> None:
        """Compounds whose parts are two neighbouring words of the question, in either order."""
        columns = self.columns
        telling = [word for word in asked if word.telling and word.stem is not None]
        for first, second in pairwise(telling):
            one, other = (columns.words_with_part.of(word.stem or 0) for word in (first, second))
            both = np.intersect1d(one, other)
            held = both[columns.holding[both] > 0].tolist()
            compounds = sorted((len(w := columns.words.words[n]), w, n) for n in held)
            for _, compound, number in compounds[:MOST_JOINED]:
                _raise(first.phrases, (int(columns.stem_of_word[number]),), JOINED)
                _add_grams(first, compound, JOINED / 2, columns)

    def _widen(self, asked: Sequence[AskedWord], synonyms: Iterable[Synonym]) -> None:
        """Give words the other forms that may answer; those of a phrase go to its first word."""
        at = {word.place: word for word in asked}
        most = max(WIDENED_UP_TO, WIDENED_UP_TO_SHARE * self.columns.documents)
        for synonym in synonyms:
            inside = [at[n] for n in range(synonym.first, synonym.last + 1) if n in at]
            if not inside or (len(inside) == 1 and self._holding(inside[0]) > most):
                continue
            word = next((word for word in inside if word.telling), inside[0])
            numbers = [self.columns.stem(stem) for stem in synonym.stems]
            known = tuple(number for number in numbers if number is not None)
            if not known or len(known) < len(numbers):
                continue
            word.telling = True
            if len(known) == 1:
                _raise(word.stems, known[0], synonym.weight)
            else:
                _raise(word.phrases, known, synonym.weight)
            for token in tokens(synonym.form):
                if token.surface not in self._stopwords:
                    _add_grams(word, token.word, synonym.weight / 2, self.columns)

    def _holding(self, word: AskedWord) -> int:
        """How many documents a word itself is in."""
        return 0 if word.stem is None else self.columns.postings.count(word.stem)

    @cached_property
    def _splitter(self) -> Splitter:
        """Splits what people ask with the collection's own words: other parts find nothing."""
        words, held = self.columns.words, np.flatnonzero(self.columns.holding).tolist()
        plain = {word for n in held if (word := words.words[n]).isalpha() and word.islower()}
        bases = {part for n in held for part in words.parts[n]}
        return Splitter(plain | bases, self._part_lists)


def _add_grams(word: AskedWord, form: str, weight: float, columns: Columns) -> None:
    for gram in grams(form):
        if (number := columns.gram(gram)) is not None:
            _raise(word.grams, number, weight)


def _raise(weights: dict[Key, float], key: Key, weight: float) -> None:
    """Give a key a weight unless it has a greater one: readings never add up."""
    weights[key] = max(weight, weights.get(key, 0.0))
