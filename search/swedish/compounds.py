"""Compounds: *trygghetsvandring* is *trygghet* and *vandring*.

Which words may begin a compound is not listed but induced, after Koehn and Knight (2003), who
judge a split by how well its parts are known: a beginning counts when several known words are it
and a known word, an ending when several beginnings stand before it. A beginning may carry the
letters that join (trygghets-, kyrko-, skol-). The best split has the highest mean evidence a
part; long parts are split again.

The words come from simplemma's Swedish dictionary, or from any other list: an index splits
what people ask for with its own words, since parts it does not have find nothing.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from search.swedish.analyzer import stem
from search.tomlfile import folded_words, read_toml

FILE_NAME = "compounds.toml"

#: Change it when the same word gets other parts than before: published indexes are then rebuilt.
SPLITTER_VERSION = 2

#: Words shorter than this are never split.
SHORTEST_COMPOUND = 6
#: Parts at least this long may be compounds themselves.
SHORTEST_SPLIT_AGAIN = 8
#: Parts up to this length are only those that are listed.
SHORT_PART = 3
#: Known words that a beginning must have when it is no word itself (*narkotika-* has its own,
#: *miljö* too, but *barna-* and *hälso-* need this).
FAMILY_OF_UNKNOWN_HEAD = 20
#: Beginnings that must be known before an ending, so that a rare word does not end everything.
LEAST_BEGINNINGS = 2
#: What a joining s adds to the evidence of a beginning: nothing else ends so.
SURE = 0.5
#: A beginning with a joining s is one even if nobody knows it, from this length on.
SHORTEST_JOINED = 8
#: Words that may follow a beginning for it to carry an ending that nothing else carries.
FAMILY_OF_SURE_HEAD = 20
#: Words that must follow a short word for it to be a beginning that nobody listed.
FAMILY_OF_SHORT_HEAD = 60
#: Endings that nothing else carries must at least be this long.
SHORTEST_LONE_TAIL = 4
#: What every part beyond the second costs.
COST_OF_MORE_PARTS = 0.6
#: More beginnings than this say no more of an ending.
_MANY_BEGINNINGS = 300
_MOST_HEADS = 3

#: Endings whose s joins a compound, so surely that it is no part of the word.
_JOINING_S = re.compile(
    "(?:ings|hets|tions|skaps|nads|elses|ions|tets|doms|ments|lings|ets|ens|ans)$"
)


@dataclass(frozen=True, slots=True)
class PartLists:
    """Folded letters that are never a part, and short words that may be one."""

    not_a_head: frozenset[str] = frozenset()
    not_a_tail: frozenset[str] = frozenset()
    short_heads: frozenset[str] = frozenset()
    short_tails: frozenset[str] = frozenset()


def load_part_lists(vocabulary: Path) -> PartLists:
    """The lists of compounds.toml. Raises SettingsError naming file, line, table and key."""
    root = read_toml(vocabulary / FILE_NAME)
    lists = PartLists(
        **{
            name: folded_words(root.table(name))
            for name in ("not_a_head", "not_a_tail", "short_heads", "short_tails")
        }
    )
    root.done()
    return lists


@dataclass(frozen=True, slots=True)
class _Head:
    """A beginning that counts: the word behind it, and how well it is known."""

    base: str
    evidence: float


class Splitter:
    """Splits folded words with one list of known words. Remembers every word it was asked."""

    def __init__(
        self,
        known: Iterable[str],
        lists: PartLists,
        names: frozenset[str] = frozenset(),
        lemma_of: Callable[[str], str | None] = lambda word: None,
    ) -> None:
        """``names`` are folded words that only occur with a capital; they are never split.

        ``lemma_of`` gives the base form of a known word, so that an ending is not taken for a
        part: *inkomsten* is *inkomst*, not *inkom* and *sten*.
        """
        #: As given: the dictionary comes in order, which a set would lose.
        self._listed = tuple(known)
        self.known = frozenset(self._listed)
        self._lists = lists
        self._names = names
        self._splits: dict[str, tuple[str, ...]] = {}
        self._heads: dict[str, _Head | None] = {}
        self._families: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._ordered_backwards: dict[str, list[str]] = {}
        self._lemma_of = lemma_of
        self._bases: dict[str, str] = {}

    @classmethod
    def load(cls, vocabulary: Path) -> Splitter:
        """The splitter with the whole dictionary; takes seconds, once a process.

        Raises SettingsError when the lists cannot be read.
        """
        lists = load_part_lists(vocabulary)
        known, names, lemma_of = dictionary()
        return cls(known, lists, names, lemma_of)

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

    @cached_property
    def _forwards(self) -> list[str]:
        return sorted(self._listed)

    @cached_property
    def _by_last_letters(self) -> dict[str, list[str]]:
        """Known words by their last letters, as many as the shortest ending has."""
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._listed:
            found[word[-SHORT_PART:]].append(word)
        return found

    def _backwards(self, last: str) -> list[str]:
        """The known words with some last letters, each read backwards, in order.

        Few such groups are ever asked for, so that ordering all words would be in vain.
        """
        if last not in self._ordered_backwards:
            words = self._by_last_letters.get(last, ())
            self._ordered_backwards[last] = sorted(word[::-1] for word in words)
        return self._ordered_backwards[last]

    def _split(self, word: str) -> tuple[str, ...]:
        if word in self._names:
            return (word,)
        lemma = self._lemma_of(word)
        if lemma and len(lemma) < len(word) and word.startswith(lemma[:-1]):
            return self._as_lemma(word, self.split(lemma))
        ends = [start for start in range(2, len(word) - 2) if self._may_end(word[start:])]
        if not ends:
            return (word,)
        best: tuple[float, tuple[str, ...]] = (0.0, ())
        # Beginnings found so far: where the rest starts, the parts, their evidence.
        open_ends: list[tuple[int, tuple[str, ...], float]] = [(0, (), 0.0)]
        while open_ends:
            start, parts, evidence = open_ends.pop()
            tail = self._tail(word[start:], parts[-1]) if parts else None
            if tail is not None:
                count = len(parts) + 1
                score = (evidence + math.log(2 + tail)) / count - COST_OF_MORE_PARTS * (count - 2)
                best = max(best, (score, (*parts, word[start:])))
            if len(parts) < _MOST_HEADS:
                for end in range(start + 2, ends[-1] + 1):
                    if head := self._head(word[start:end]):
                        piece = word[start:end]
                        open_ends.append((end, (*parts, piece), evidence + head.evidence))
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
        head = self._head(piece)
        if len(inner) == 1 and head and head.base != piece:
            inner = self.split(head.base)
            if len(inner) > 1:
                inner = (*inner[:-1], piece[sum(map(len, inner[:-1])) :])
        return inner if len(inner) > 1 else (piece,)

    def _head(self, letters: str) -> _Head | None:
        if letters not in self._heads:
            self._heads[letters] = self._new_head(letters)
        return self._heads[letters]

    def _new_head(self, letters: str) -> _Head | None:
        lists = self._lists
        if letters in lists.not_a_head:
            return None
        base = self._base(letters)
        listed = len(letters) > SHORT_PART or letters in lists.short_heads
        known = base == letters and len(letters) == SHORT_PART
        if not (listed or known) or not (base or len(letters) > SHORT_PART):
            return None  # before its family is gathered, the largest of all
        family = self._family(letters)
        if not listed and family < FAMILY_OF_SHORT_HEAD:
            return None
        if not base and len(letters) >= SHORTEST_JOINED and _JOINING_S.search(letters):
            return _Head(letters[:-1], math.log(2 + family) + SURE)
        if not base:
            enough = family >= FAMILY_OF_UNKNOWN_HEAD
            return _Head(letters, math.log(1 + family)) if enough else None
        if base == letters[:-1] and len(base) >= 6 and _JOINING_S.search(letters):
            return _Head(base, math.log(2 + family) + SURE)
        return _Head(base, math.log(1 + family)) if family else None

    def _base_form(self, piece: str) -> str:
        """What a beginning is when it stands alone, for dictionaries that know *kyrko* too."""
        lemma = self._lemma_of(piece)
        head = self._head(piece)
        if lemma and lemma in _bases(piece):
            return lemma
        return head.base if head else piece

    def _base(self, letters: str) -> str:
        """The known word behind a beginning (skol → skola, kyrko → kyrka), or ``""``."""
        if letters not in self._bases:
            tries = (letters, *_bases(letters))
            self._bases[letters] = next((word for word in tries if word in self.known), "")
        return self._bases[letters]

    def _family(self, letters: str) -> int:
        """How many different words follow a beginning in known words."""
        if letters not in self._families:
            rests = [word[len(letters) :] for word in _starting(self._forwards, letters)]
            # Most rests are no words: that is asked here, before a call for each.
            words = [rest for rest in rests if rest in self.known]
            self._families[letters] = len({stem(word) for word in words if self._may_end(word)})
        return self._families[letters]

    def _tail(self, letters: str, before: str) -> int | None:
        """How many beginnings stand before an ending; None for what is no ending here.

        What no other word ends in may still end one that begins as many words do.
        """
        if not self._may_end(letters):
            return None
        tail = self._beginnings(letters)
        if tail >= LEAST_BEGINNINGS:
            return tail
        sure = _JOINING_S.search(before) or self._family(before) >= FAMILY_OF_SURE_HEAD
        return tail if sure and len(letters) >= SHORTEST_LONE_TAIL else None

    def _beginnings(self, letters: str) -> int:
        """How many known beginnings stand before an ending in known words."""
        if letters in self._before:
            return self._before[letters]
        found: set[str] = set()
        for backwards in _starting(self._backwards(letters[-SHORT_PART:]), letters[::-1]):
            beginning = backwards[len(letters) :][::-1]
            if len(beginning) > 2 and self._base(beginning):
                found.add(beginning)
                if len(found) > _MANY_BEGINNINGS:
                    break
        self._before[letters] = len(found)
        return len(found)

    def _may_end(self, letters: str) -> bool:
        if len(letters) < SHORT_PART or letters not in self.known:
            return False
        if letters in self._lists.not_a_tail:
            return False
        return len(letters) > SHORT_PART or letters in self._lists.short_tails


def _bases(letters: str) -> list[str]:
    """What a beginning may be when it stands alone, surest first."""
    tries = [letters[:-1]] if letters[-1] == "s" else []
    tries += [letters + "a", letters + "e"]
    if letters[-1] in "ou":
        tries.append(letters[:-1] + "a")
    if letters[-1] in "ea" and len(letters) > 4:
        tries.append(letters[:-1])
    return tries


def _starting(ordered: list[str], letters: str) -> list[str]:
    """The words of a sorted list that start with some letters."""
    return ordered[bisect_left(ordered, letters) : bisect_left(ordered, letters + "\uffff")]


@lru_cache(maxsize=1)
def dictionary() -> tuple[list[str], frozenset[str], Callable[[str], str | None]]:
    """Simplemma's Swedish words, its names (folded words written only so), and base forms."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    dictionary = DefaultDictionaryFactory().get_dictionary("sv")
    words = [word for word in dictionary if word.isalpha()]
    known = [word for word in words if word.islower()]
    names = frozenset(word.casefold() for word in words if word.istitle()).difference(known)
    return known, names, dictionary.get
