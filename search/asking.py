"""A question against a collection: for each word asked, what in the collection may answer it.

A word of a question has its own stem, the parts of its compound, the grams it is made of. A rare
or unknown word also looks for words that look like it; one that no dictionary knows, for the
words it may be a misspelling of; and the thesaurus adds what says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np

from search.abbreviations import Abbreviations, SpeltOut
from search.asked import Asked, AskedWord, Reading, raise_weight
from search.bm25 import rarity
from search.columns import Columns
from search.inflection import Inflection
from search.likeness import alike, gram_numbers
from search.results import How, Repair
from search.spelling import Speller
from search.swedish.analyzer import (
    LONGEST_ABBREVIATION,
    Token,
    is_abbreviation,
    is_shouted,
    stem_of,
    tokens,
)
from search.swedish.compounds import Splitter
from search.swedish.evidence import Induced, PartLists
from search.swedish.lemmas import Lemmas
from search.swedish.lexicon import KnownWords
from search.swedish.stopwords import Stopwords
from search.synonyms import Synonym, Synonyms, tokens_of
from search.weights import ALIKE, JOINED, LEMMA, LEMMA_GRAMS, PLAIN_READING_OF_CAPITALS, REPAIRED

#: A stem in more documents than this needs no help from words that look like it.
ALIKE_UP_TO = 50
#: The words that look alike that are tried at most.
MOST_ALIKE = 30
#: A single word in more documents than this, and in a larger share of them, is not widened by the
#: thesaurus: it finds enough by itself, and its synonyms would only blur it. Phrases always are.
WIDENED_UP_TO = 2
WIDENED_UP_TO_SHARE = 0.005
#: Compounds that two neighbours of a question are tried as, shortest first.
MOST_JOINED = 4
#: Words and stems whose numbers are remembered.
_REMEMBERED = 10_000
#: Letters that the first of two words may lose where they are joined, and those that may come.
_ENDING, _LINK = 2, 1


class Asking:
    """Reads questions against one collection. Immutable; threads may share it."""

    def __init__(
        self,
        columns: Columns,
        stopwords: Stopwords,
        synonyms: Synonyms,
        part_lists: PartLists,
        known: KnownWords,
        lemmas: Lemmas,
    ) -> None:
        self.columns = columns
        self._stopwords = stopwords
        self._synonyms = synonyms
        self._part_lists = part_lists
        self._known = known
        self._speller = Speller(columns)
        self._inflection = Inflection(columns, lemmas, known, stopwords)
        self._abbreviations = Abbreviations(columns, known)
        self._grams_of = gram_numbers(columns)
        # A question asks for the same again and again, and questions have words in common.
        self._stem = lru_cache(maxsize=_REMEMBERED)(columns.stem)
        self._number = lru_cache(maxsize=_REMEMBERED)(columns.words.number)

    def read(self, text: str, exact: bool = False) -> Asked:
        """The words of a question in order, without those that ask (*hur*, *vilka*).

        A question of nothing else keeps them, since they may be abbreviations (*sig*). ``exact``
        takes the words as typed, in all their forms, and nothing that looks or means like them;
        what would have been repaired is still told.
        """
        if is_shouted(text):
            text = text.casefold()  # capitals say nothing where everything is in them
        found = list(tokens(text))
        typed = [text[token.start : token.end] for token in found]
        telling = self._telling(found, typed)
        asked: list[AskedWord] = []
        repairs: list[Repair] = []
        seen: set[str] = set()
        for place, token in enumerate(found):
            if token.surface in self._stopwords.question and not telling[place]:
                continue
            word = AskedWord(typed[place], token.word, place, telling[place])
            word.stem = self._stem(token.term)
            word.holding = 0 if word.stem is None else self.columns.postings.count(word.stem)
            if token.surface not in seen:
                seen.add(token.surface)
                repairs += self._answer(word, exact)
            asked.append(word)
        if not exact:

            def said(first: int, last: int) -> str:
                return text[found[first].start : found[last].end]

            self._join(asked, said)
            self._widen(asked, self._synonyms.of(found, typed, self._inflection.are_two), said)
            self._widen(asked, self._abbreviations.of(found, text), said)
        return Asked(tuple(asked), tuple(repairs))

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
        number = self._number
        written = [number(form) for form in (token.word, token.surface, token.surface.upper())]
        yield from (form for form in written if form is not None)
        stem = self._stem(token.term)
        if not exact:
            yield from self._inflection.of(token.word)
        if not exact and stem is not None:
            yield from self.columns.words_with_stem(stem).tolist()

    def _answer(self, word: AskedWord, exact: bool) -> Iterable[Repair]:
        """Gather what answers for a word by itself; returns what it was repaired to."""
        if word.telling:
            self._read_capitals(word)
        # The pronoun is no reading of the abbreviation (sig).
        if not (word.stems and word.word in self._stopwords):
            self._add_grams(word, word.word, 1.0)
            if word.stem is not None:
                word.stems.setdefault(word.stem, 1.0)
        if not word.telling:
            return ()
        self._note_forms(word)
        parts = self._parts_of(word)
        if not exact:
            self._add_parts(word, parts)
        repairs = () if word.stems else self._repair(word, bool(parts), exact)
        if not exact:
            self._look_alike(word)
        return repairs

    def _note_forms(self, word: AskedWord) -> None:
        columns = self.columns
        spelt = {word.word, word.word.casefold(), word.word.upper()}
        numbers = (number for form in spelt if (number := self._number(form)) is not None)
        exact = [number for number in numbers if columns.stem_of_word[number] in word.stems]
        word.reads(How.EXACT, exact)
        for stem in word.stems:
            word.reads(How.INFLECTED, columns.words_with_stem(stem).tolist())
        forms = self._inflection.of(word.word)
        other = [form for form in forms if columns.stem_of_word[form] not in word.stems]
        word.reads(How.INFLECTED, other)
        for form in other:
            raise_weight(word.stems, int(columns.stem_of_word[form]), LEMMA)
            self._add_grams(word, columns.words.words[form], LEMMA_GRAMS)

    def _read_capitals(self, word: AskedWord) -> None:
        """An abbreviation typed in small letters, or a word typed in capitals."""
        folded = word.word.casefold()
        if is_abbreviation(word.text):
            plain = self._stem(stem_of(folded))
            if plain is not None and folded not in self._stopwords:
                word.stems[plain] = PLAIN_READING_OF_CAPITALS
                self._add_grams(word, folded, PLAIN_READING_OF_CAPITALS)
        elif (capitals := self._capitals(word.text)) is not None:
            sure = 1.0 if folded in self._stopwords else self._no_rarer(capitals, word.stem)
            word.stems[capitals] = sure
            self._add_grams(word, word.text.upper(), sure)

    def _no_rarer(self, capitals: int, plain: int | None) -> float:
        """What capitals count so that they earn no more than the small letters that were typed.

        A page may shout a common word (*VAROR*), which does not make it rare.
        """
        counts = (self.columns.postings.count(n) for n in (capitals, plain) if n is not None)
        rare = [float(rarity(self.columns.documents, count)) for count in counts if count]
        return min(1.0, rare[-1] / rare[0])

    def _capitals(self, typed: str) -> int | None:
        """The abbreviation that a word in small letters may stand for, where there is one."""
        if not (2 <= len(typed) <= LONGEST_ABBREVIATION and typed.isalpha()):
            return None
        return None if typed.isupper() else self._stem(typed.upper())

    def _parts_of(self, word: AskedWord) -> dict[int, str]:
        """The parts of a compound that the collection has, with their base forms; else none."""
        columns = self.columns
        if (number := self._number(word.word)) is not None:
            bases = columns.words.parts[number]
        elif word.stem is not None and len(forms := columns.words_with_stem(word.stem)):
            bases = tuple(base for form in forms.tolist() for base in columns.words.parts[form])
        else:
            bases = self._splitter.parts(word.word)
        stems = ((self._stem(stem_of(base)), base) for base in bases)
        return {stem: base for stem, base in stems if stem is not None}

    def _add_parts(self, word: AskedWord, parts: Mapping[int, str]) -> None:
        """The parts of a compound, or the word itself as a part of others."""
        if len(parts) > 1:
            word.reads(How.SPLIT, run=tuple(parts), through=" ".join(parts.values()))
        if not parts and word.stem is not None and word.stem in word.stems:
            parts = {word.stem: ""}
        for part, base in parts.items():
            word.parts[part] = 1.0
            word.reads(How.PART, run=(part,), through=base)

    def _repair(self, word: AskedWord, has_parts: bool, exact: bool) -> Iterable[Repair]:
        """Words that an unknown word may be a misspelling of; one that exists is left alone."""
        columns = self.columns
        if len(word.word) < 3 or not word.word.isalpha() or word.word.isupper():
            return ()
        is_name = word.place > 0 and word.text[:1].isupper()
        exists = has_parts or is_name or word.word in self._known or word.word in self._synonyms
        found = self._speller.meant(word.word, strict=exists)
        for meant in () if exact else found:
            weight, form = REPAIRED * meant.likely, columns.words.words[meant.word]
            stem = int(columns.stem_of_word[meant.word])
            raise_weight(word.stems, stem, weight)
            word.reads(How.SPELLING, run=(stem,), through=form)
            word.stem = stem if word.stem is None else word.stem
            for part in columns.parts_of_word.of(meant.word).tolist() or [stem]:
                raise_weight(word.parts, part, weight)
                if part == stem:
                    compounds = columns.words_with_part.of(part).tolist()
                    word.reads(How.SPELLING, compounds, through=form)
            self._add_grams(word, form, weight)
        return [Repair(word.text, columns.words.words[meant.word]) for meant in found[:1]]

    def _look_alike(self, word: AskedWord) -> None:
        """Stems of words that share most of their grams with a rare or unknown word."""
        if word.holding <= ALIKE_UP_TO:
            for share, other in alike(self.columns, word.word, MOST_ALIKE):
                stem = int(self.columns.stem_of_word[other])
                raise_weight(word.stems, stem, ALIKE * share)

    def _join(self, asked: Sequence[AskedWord], said: Callable[[int, int], str]) -> None:
        """Compounds whose parts are two neighbouring words of the question, in either order."""
        columns = self.columns
        telling = [word for word in asked if word.telling and word.stem is not None]
        for first, second in pairwise(telling):
            one, other = (columns.words_with_part.of(word.stem or 0) for word in (first, second))
            if not (len(one) and len(other)):
                continue
            both = np.intersect1d(one, other, assume_unique=True)
            held = both[columns.holding[both] > 0].tolist()
            compounds = sorted((len(w := columns.words.words[n]), w, n) for n in held)
            for _, compound, number in compounds[:MOST_JOINED]:
                stem = int(columns.stem_of_word[number])
                raise_weight(first.phrases, (stem,), JOINED)
                self._add_grams(first, compound, JOINED / 2)
                longer = len(compound) - len(first.word) - len(second.word)
                if self._are_repaired(first, second) and abs(longer) <= _ENDING + _LINK:
                    how = How.SPELLING
                elif _stand_joined(first.word, second.word, compound):
                    how = How.JOINED
                else:
                    continue  # only their stems are alike
                places = (first.place, second.place)
                reading = Reading(how, said(*places), *places, (), (stem,), compound)
                first.readings.append(reading)

    def _are_repaired(self, *words: AskedWord) -> bool:
        return any(self.columns.stems[word.stem or 0] != stem_of(word.word) for word in words)

    def _widen(
        self,
        asked: Sequence[AskedWord],
        synonyms: Iterable[Synonym | SpeltOut],
        said: Callable[[int, int], str],
    ) -> None:
        """Give words the other forms that may answer; those of a phrase go to its first word."""
        at = {word.place: word for word in asked}
        most = max(WIDENED_UP_TO, WIDENED_UP_TO_SHARE * self.columns.documents)
        for synonym in synonyms:
            places = (synonym.first, synonym.last)
            inside = [at[n] for n in range(synonym.first, synonym.last + 1) if n in at]
            if not inside or (len(inside) == 1 and inside[0].holding > most):
                continue
            word = next((word for word in inside if word.telling), inside[0])
            numbers = [self._stem(stem) for stem in synonym.stems]
            known = tuple(number for number in numbers if number is not None)
            if not known or len(known) < len(numbers):
                continue
            # A phrase's other name answers for each of its words, though one of them has it.
            covers = max(1, sum(other.telling for other in inside))
            word.telling = True
            if len(known) == 1:
                raise_weight(word.stems, known[0], synonym.weight * covers)
            else:
                raise_weight(word.phrases, known, synonym.weight * covers)
            how = How.ABBREVIATION if synonym.is_abbreviation else How.SYNONYM
            reading = Reading(how, said(*places), *places, run=known, through=synonym.form)
            word.readings.append(reading)
            for token in tokens_of(synonym.form):
                if token.surface not in self._stopwords:
                    self._add_grams(word, token.word, synonym.weight / 2 * covers**0.5)

    def _add_grams(self, word: AskedWord, form: str, weight: float) -> None:
        for gram in self._grams_of(form):
            raise_weight(word.grams, gram, weight)

    @cached_property
    def _splitter(self) -> Splitter:
        """Splits what people ask with the collection's own words: other parts find nothing."""
        words, held = self.columns.words, np.flatnonzero(self.columns.holding).tolist()
        plain = {word for n in held if (word := words.words[n]).isalpha() and word.islower()}
        bases = {part for n in held for part in words.parts[n]}
        return Splitter(Induced(plain | bases, self._part_lists))


def _stand_joined(first: str, second: str, compound: str) -> bool:
    """Whether two words stand joined in a compound, but for their endings, in either order."""
    for one, other in ((first, second), (second, first)):
        start = compound.find(one[: max(3, len(one) - 2)])
        after = compound.find(other[: max(3, len(other) - 2)], start + 1)
        if start >= 0 and after >= 0 and -_ENDING <= after - start - len(one) <= _LINK:
            return True
    return False
