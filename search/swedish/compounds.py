"""Compounds: *trygghetsvandring* is *trygghet* and *vandring*.

Which words may begin a compound is not listed but induced, after Koehn and Knight (2003), who
judge a split by how well its parts are known (``evidence``). A beginning may carry the letters
that join (trygghets-, kyrko-, skol-). The best split has the highest mean evidence a part; long
parts are split again.

The words come from simplemma's Swedish dictionary, or from any other list: an index splits
what people ask for with its own words, since parts it does not have find nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from search.swedish.evidence import Evidence, Induced, bases, is_joined, load_part_lists

#: Change it when the same word gets other parts than before: published indexes are then rebuilt.
SPLITTER_VERSION = 2

#: Words shorter than this are never split.
SHORTEST_COMPOUND = 6
#: Parts at least this long may be compounds themselves.
SHORTEST_SPLIT_AGAIN = 8
#: Beginnings that must be known before an ending, so that a rare word does not end everything.
LEAST_BEGINNINGS = 2
#: Words that may follow a beginning for it to carry an ending that nothing else carries.
FAMILY_OF_SURE_HEAD = 20
#: Endings that nothing else carries must at least be this long.
SHORTEST_LONE_TAIL = 4
#: What every part beyond the second costs.
COST_OF_MORE_PARTS = 0.6
_MOST_HEADS = 3


class Splitter:
    """Splits folded words by what known words say. Remembers every word it was asked."""

    def __init__(
        self,
        evidence: Evidence,
        names: frozenset[str] = frozenset(),
        lemma_of: Callable[[str], str | None] = lambda word: None,
    ) -> None:
        """``names`` are folded words that only occur with a capital; they are never split.

        ``lemma_of`` gives the base form of a known word, so that an ending is not taken for a
        part: *inkomsten* is *inkomst*, not *inkom* and *sten*.
        """
        self._evidence = evidence
        self._names = names
        self._splits: dict[str, tuple[str, ...]] = {}
        self._lemma_of = lemma_of

    @classmethod
    def load(cls, vocabulary: Path) -> Splitter:
        """The splitter with the whole dictionary; takes seconds, once a process.

        Raises SettingsError when the lists cannot be read.
        """
        lists = load_part_lists(vocabulary)
        words = dictionary()
        return cls(Induced(words.known, lists), words.names, words.lemmas.get)

    def split(self, word: str) -> tuple[str, ...]:
        """The parts of a word as written; the word alone when it is no compound.

        Capitals inside a sentence mean a name, which stays whole.
        """
        folded = word.casefold()
        if word != folded or len(folded) < SHORTEST_COMPOUND or not folded.isalpha():
            return (word,)
        if folded not in self._splits:
            self._splits[folded] = self._split(folded)
        return self._splits[folded]

    def parts(self, word: str) -> tuple[str, ...]:
        """The base forms of a compound's parts, the last as written; ``()`` for other words."""
        pieces = self.split(word)
        if len(pieces) == 1:
            return ()
        return (*(self._base_form(piece) for piece in pieces[:-1]), pieces[-1])

    def _split(self, word: str) -> tuple[str, ...]:
        if word in self._names:
            return (word,)
        lemma = self._lemma_of(word)
        if lemma and len(lemma) < len(word) and word.startswith(lemma[:-1]):
            return self._as_lemma(word, self.split(lemma))
        ends = self._evidence.ends(word)
        if not ends:
            return (word,)
        heads, last, endings = self._evidence.heads, ends[-1], set(ends)
        best: tuple[float, tuple[str, ...]] = (0.0, ())
        # Beginnings found so far: where the rest starts, the parts, their evidence.
        open_ends: list[tuple[int, tuple[str, ...], float]] = [(0, (), 0.0)]
        while open_ends:
            start, parts, evidence = open_ends.pop()
            tail = self._tail(word[start:], parts[-1]) if start in endings else None
            if tail is not None:
                count = len(parts) + 1
                score = (evidence + math.log(2 + tail)) / count - COST_OF_MORE_PARTS * (count - 2)
                best = max(best, (score, (*parts, word[start:])))
            if len(parts) < _MOST_HEADS:
                for end, head in heads(word, start, last):
                    open_ends.append((end, (*parts, word[start:end]), evidence + head.evidence))
        return tuple(p for piece in best[1] for p in self._again(piece)) or (word,)

    def _as_lemma(self, word: str, pieces: tuple[str, ...]) -> tuple[str, ...]:
        """A word cut where its base form is."""
        beginning = "".join(pieces[:-1])
        return (*pieces[:-1], word[len(beginning) :]) if word.startswith(beginning) else (word,)

    def _again(self, piece: str) -> tuple[str, ...]:
        """A part's own parts; a joining letter stays with the last of them."""
        if len(piece) < SHORTEST_SPLIT_AGAIN:
            return (piece,)
        inner = self.split(piece)
        head = self._evidence.head(piece)
        if len(inner) == 1 and head and head.base != piece:
            inner = self.split(head.base)
            if len(inner) > 1:
                inner = (*inner[:-1], piece[sum(map(len, inner[:-1])) :])
        return inner if len(inner) > 1 else (piece,)

    def _base_form(self, piece: str) -> str:
        """What a beginning is when it stands alone, for dictionaries that know *kyrko* too."""
        lemma = self._lemma_of(piece)
        head = self._evidence.head(piece)
        if lemma and lemma in bases(piece):
            return lemma
        return head.base if head else piece

    def _tail(self, letters: str, before: str) -> int | None:
        """How many beginnings stand before what may end a word; None where it does not end this.

        What no other word ends in may still end one that begins as many words do.
        """
        tail = self._evidence.beginnings(letters)
        if tail >= LEAST_BEGINNINGS:
            return tail
        head = self._evidence.head(before)
        sure = is_joined(before) or (head and head.family >= FAMILY_OF_SURE_HEAD)
        return tail if sure and len(letters) >= SHORTEST_LONE_TAIL else None


class Dictionary(NamedTuple):
    """``lemmas`` are all words with their base forms, ``known`` the ones of small letters only, in
    order, and ``names`` the folded ones that are only written as names."""

    lemmas: Mapping[str, str]
    known: Sequence[str]
    names: frozenset[str]


def read_dictionary() -> Dictionary:
    """Simplemma's Swedish words."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    lemmas = DefaultDictionaryFactory().get_dictionary("sv")
    words = [word for word in lemmas if word.isalpha()]
    known = [word for word in words if word.islower()]
    names = frozenset(word.casefold() for word in words if word.istitle()).difference(known)
    return Dictionary(lemmas, known, names)


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """The same, read once."""
    return read_dictionary()
