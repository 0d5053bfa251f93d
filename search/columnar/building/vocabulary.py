"""What the texts of a field are made of while a segment is written: pieces, words and terms.

A text is cut at white space; each distinct piece is read once, each distinct token in it once, and
everything after is arithmetic with numbers. That is exact because no token reaches over the white
space where pieces are cut; a text that must be read as a whole is one piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from whoosh.analysis import IDTokenizer
from whoosh.fields import ID

from search.columnar import kernel
from search.columnar.storage.arrays import Array
from search.columnar.storage.growing import Growing, GrowingLists, expanded

#: Stands between pieces while they are read: more white space than any token holds.
_BETWEEN = "\n\n"
_LEFT_OUT = -1
#: Longer texts that are read as a whole hardly come twice, and are not worth remembering.
_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its form, its terms, and the characters where it begins and ends."""

    form: str
    terms: tuple[str, ...]
    start: int
    end: int


class Analysis(Protocol):
    """What an analyser of text fields offers beside being one of Whoosh's.

    ``joins`` says whether a token may hold white space between digits, § and single letters.
    """

    joins: bool

    def find(self, text: str) -> tuple[list[str], list[int], list[int]]:
        """The words of a text by their forms, and the characters where each begins and ends.

        ``text`` is many pieces at once, each in lines of its own.
        """

    def read(self, form: str) -> tuple[str, ...] | None:
        """A word's terms: none for one that only keeps its place in the text, None for one that
        has no place either."""

    def needs_whole(self, text: str) -> bool:
        """Whether the tokens of a text depend on all of it."""

    def whole(self, text: str) -> Iterable[Word]:
        """The words of a text that is read as a whole."""


class PieceWord(NamedTuple):
    """A word in a piece: its form, its terms, and the bytes where it begins and ends."""

    form: str
    terms: tuple[str, ...]
    first: int
    end: int


class ReadTexts(NamedTuple):
    """Texts in pieces: ``pieces`` u32 in order, how many each text has (``counts`` i64), and odd
    white space: ``odd_at`` i64 is the piece after it plus the text, ``odd`` stands beside it."""

    pieces: Array
    counts: Array
    odd_at: Array
    odd: list[bytes]


class Vocabulary:
    """Items of one field and the terms of each, both numbered as they are met.

    Terms are texts where the field is one and else bytes; ``sorted_terms`` are bytes.
    """

    def __init__(self) -> None:
        self.terms: dict[Any, int] = {}
        self._terms_of = GrowingLists(np.uint32)
        self._fresh: list[tuple[int, ...]] = []

    @property
    def terms_of(self) -> GrowingLists:
        """The numbers of each item's terms."""
        self._terms_of.extend_lists(self._fresh)
        self._fresh = []
        return self._terms_of

    def of_terms(self, terms: Iterable[Any]) -> int:
        """The number of a new item that has these terms."""
        known = self.terms
        self._fresh.append(tuple([known.setdefault(term, len(known)) for term in terms]))
        return len(self._terms_of) + len(self._fresh) - 1

    def in_order(self) -> tuple[list[bytes], Array]:
        """The terms in order, and for the number that each was met by its place there."""
        terms = self.terms
        ordered = sorted(terms)  # code points are in the order of UTF-8
        rank = np.empty(len(terms), np.int64)
        rank[np.fromiter(map(terms.__getitem__, ordered), np.int64, len(terms))] = np.arange(
            len(terms)
        )
        return [t if isinstance(t, bytes) else encoded(t) for t in ordered], rank


class WordVocabulary(Vocabulary):
    """Words by form and terms: one form may be read in two ways."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[str] = []
        self._numbers: dict[tuple[str, tuple[str, ...]], int] = {}

    def number(self, form: str, terms: tuple[str, ...]) -> int:
        """A word's number; one that is met for the first time gets the next."""
        key = (form, terms)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.forms)
            self.forms.append(form)
            known = self.terms
            self._fresh.append(tuple([known.setdefault(term, len(known)) for term in terms]))
        return number


class TextVocabulary(Vocabulary):
    """Pieces of one text field. ``words_of`` are their words, with the bytes where each begins
    (``firsts``) and ends (``ends``) beside them; ``texts`` are the pieces themselves."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__()
        self._analysis = analysis
        self._pieces = kernel.Pieces()
        self._rows = Growing(np.uint32)  # the kernel's number → ours
        self._wholes: dict[str, int] = {}
        self._merged: dict[tuple[bytes, tuple[PieceWord, ...]], int] = {}
        self._tokens: dict[str, int] = {}
        self.words = WordVocabulary()
        self.terms = self.words.terms
        self.words_of = GrowingLists(np.uint32)
        self.firsts, self.ends = Growing(np.uint32), Growing(np.uint32)
        self.texts: list[bytes] = []

    @property
    def terms_of(self) -> GrowingLists:
        """The numbers of each piece's terms: those of its words, in order."""
        known, words = len(self._terms_of), self.words.terms_of
        if known < len(self.words_of):
            fresh = np.arange(known, len(self.words_of))
            _, places = expanded(self.words_of.start, fresh)
            each, terms = expanded(words.start, self.words_of.items[places])
            sums = np.concatenate(([0], np.cumsum(each)))
            ends = self.words_of.start[known:] - self.words_of.start[known]
            self._terms_of.extend(np.diff(sums[ends]), words.items[terms])
        return self._terms_of

    def read(self, texts: Sequence[str]) -> ReadTexts:
        """The pieces of texts."""
        needs_whole = self._analysis.needs_whole
        wholes = [n for n, text in enumerate(texts) if text and needs_whole(text)]
        parts = list(texts)
        for number in wholes:
            parts[number] = ""
        found = kernel.tokenise(self._pieces, all_encoded(parts), self._analysis.joins)
        self._read_new_pieces()
        rows, counts, odd_at = self._rows.view[found.numbers], found.counts, found.odd_at
        if wholes:
            at = np.cumsum(counts)[wholes]
            rows = np.insert(rows, at, [self._whole(texts[n]) for n in wholes])
            counts[wholes] = 1
            odd_at = odd_at + np.searchsorted(at + np.array(wholes), odd_at)
        return ReadTexts(rows, counts, odd_at, found.odd)

    def merged(self, text: bytes, words: tuple[PieceWord, ...]) -> int:
        """The number of a piece of another segment."""
        row = self._merged.get((text, words))
        if row is None:
            row = self._merged[text, words] = self._add(text, words)
        return row

    def _read_new_pieces(self) -> None:
        raw = self._pieces.texts_from(len(self._rows))
        if not raw:
            return
        text = _BETWEEN.join(raw)
        tokens, firsts, lasts = self._analysis.find(text)
        known, read, number = self._tokens, self._analysis.read, self.words.number
        for token in dict.fromkeys(tokens):
            if token not in known:
                terms = read(token)
                known[token] = _LEFT_OUT if terms is None else number(token, terms)
        words = np.fromiter(map(known.__getitem__, tokens), np.int64, len(tokens))
        kept = words != _LEFT_OUT
        before = bytes_before(text)
        sizes = np.fromiter(map(len, raw), np.int64, len(raw)) + len(_BETWEEN)
        begins = np.cumsum(sizes) - sizes
        starts, ends = np.array(firsts, np.int64), np.array(lasts, np.int64)
        owners = np.searchsorted(begins, starts[kept], "right") - 1
        offsets = before[begins[owners]]
        self._rows.extend(np.arange(len(raw)) + len(self.texts))
        self.texts += all_encoded(raw)
        self.words_of.extend(np.bincount(owners, minlength=len(raw)), words[kept])
        self.firsts.extend(before[starts[kept]] - offsets)
        self.ends.extend(before[ends[kept]] - offsets)

    def _whole(self, text: str) -> int:
        row = self._wholes.get(text)
        if row is None:
            before = bytes_before(text)
            words = tuple(
                PieceWord(
                    word.form,
                    word.terms,
                    int(before[word.start]),
                    int(before[word.end]),
                )
                for word in self._analysis.whole(text)
            )
            row = self._add(encoded(text), words)
            if len(text) <= _REMEMBERED:
                self._wholes[text] = row
        return row

    def _add(self, text: bytes, words: Sequence[PieceWord]) -> int:
        numbers = [self.words.number(word.form, word.terms) for word in words]
        self.texts.append(text)
        self.words_of.extend(np.array([len(words)]), np.array(numbers, np.uint32))
        self.firsts.extend(np.array([word.first for word in words], np.uint32))
        self.ends.extend(np.array([word.end for word in words], np.uint32))
        return len(self.texts) - 1


class ValueVocabulary(Vocabulary):
    """Values of a field that is no text, and their terms as Whoosh's field makes them."""

    def __init__(self, field: Any) -> None:
        super().__init__()
        self._field = field
        self._is_plain = type(field) is ID and type(field.analyzer) is IDTokenizer
        self._values: dict[Any, int] = {}
        # A unique value is not met twice; to remember it would only cost memory.
        self._remembers = not field.unique

    def read(self, values: Sequence[Any]) -> tuple[Array, Array]:
        """The values' numbers, and how many each document has: 1, or 0 for None."""
        numbers = [self._number(value) for value in values if value is not None]
        counts = np.fromiter((value is not None for value in values), np.int64, len(values))
        return np.array(numbers, np.uint32), counts

    def _number(self, value: Any) -> int:
        key = tuple(value) if isinstance(value, list) else value
        number = self._values.get(key) if self._remembers else None
        if number is None:
            number = self.of_terms(self._terms(value))
            if self._remembers:
                self._values[key] = number
        return number

    def _terms(self, value: Any) -> list[bytes]:
        if self._is_plain and isinstance(value, str):
            return [encoded(value)]
        found = self._field.index(value)
        return [term for term, count, _, _ in found for _ in range(count)]


def bytes_before(text: str) -> Array:
    """How many bytes of UTF-8 stand before each character of a text, and before its end."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    sizes = 1 + (points > 0x7F) + (points > 0x7FF) + (points > 0xFFFF)
    return np.concatenate(([0], np.cumsum(sizes)))


def encoded(text: str) -> bytes:
    """A text in UTF-8, lone surrogates and all."""
    return text.encode("utf-8", "surrogatepass")


def all_encoded(texts: Sequence[str]) -> list[bytes]:
    """The same of many."""
    try:
        return [text.encode() for text in texts]
    except UnicodeEncodeError:
        return [encoded(text) for text in texts]
