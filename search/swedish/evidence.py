"""What known words say of a compound's parts: which letters begin one, which end one, how surely.

A beginning counts when several known words are it and a known word, an ending when several
beginnings stand before it. ``Induced`` finds both in a list of words when they are asked for; a
whole dictionary has them ready (``compiled``). Knows nothing of how a word is cut.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from search.swedish.analyzer import stem
from search.tomlfile import folded_words, read_toml

FILE_NAME = "compounds.toml"

#: Parts up to this length are only those that are listed.
SHORT_PART = 3
#: Known words that a beginning must have when it is no word itself (*narkotika-* has its own,
#: *miljö* too, but *barna-* and *hälso-* need this).
FAMILY_OF_UNKNOWN_HEAD = 20
#: What a joining s adds to the evidence of a beginning: nothing else ends so.
SURE = 0.5
#: A beginning with a joining s is one even if nobody knows it, from this length on.
SHORTEST_JOINED = 8
#: So long must a known word be for its joining s to be one though no word is known with it.
SHORTEST_JOINED_WORD = 6
#: Words that must follow a short word for it to be a beginning that nobody listed.
FAMILY_OF_SHORT_HEAD = 60
#: More beginnings than this say no more of an ending.
MANY_BEGINNINGS = 300

#: Endings whose s joins a compound, so surely that it is no part of the word.
JOINING_S = re.compile(
    "(?:ings|hets|tions|skaps|nads|elses|ions|tets|doms|ments|lings|ets|ens|ans)$"
)


@dataclass(frozen=True, slots=True)
class PartLists:
    """Folded letters that are never a part, and short words that may be one."""

    not_a_head: frozenset[str] = frozenset()
    not_a_tail: frozenset[str] = frozenset()
    short_heads: frozenset[str] = frozenset()
    short_tails: frozenset[str] = frozenset()

    def may_end(self, known: str) -> bool:
        """Whether a known word may end a compound."""
        if len(known) < SHORT_PART or known in self.not_a_tail:
            return False
        return len(known) > SHORT_PART or known in self.short_tails


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
class Head:
    """A beginning that counts: the word behind it, how well it is known, by how many words."""

    base: str
    evidence: float
    family: int


class Evidence(Protocol):
    """Beginnings and endings. Letters are folded."""

    def head(self, letters: str) -> Head | None:
        """The beginning that letters are, None where they are none."""

    def heads(self, word: str, start: int, last: int) -> list[tuple[int, Head]]:
        """The beginnings that stand in a word from ``start`` on, and where each ends, at ``last``
        at the latest. They have two letters at least."""

    def ends(self, word: str) -> list[int]:
        """Where in a word an ending may begin, after two letters at least; ascending."""

    def beginnings(self, ending: str) -> int:
        """How many known beginnings stand before an ending in known words."""


class Induced:
    """Finds what is asked for in a list of words, and remembers it."""

    def __init__(self, known: Iterable[str], lists: PartLists) -> None:
        #: As given: the dictionary comes in order, which a set would lose.
        self._listed = tuple(known)
        self._known = frozenset(self._listed)
        self._lists = lists
        self._heads: dict[str, Head | None] = {}
        self._before: dict[str, int] = {}
        self._bases: dict[str, str] = {}
        self._ordered_backwards: dict[str, list[str]] = {}

    def head(self, letters: str) -> Head | None:
        """As ``Evidence`` has it."""
        if letters not in self._heads:
            self._heads[letters] = self._new_head(letters)
        return self._heads[letters]

    def heads(self, word: str, start: int, last: int) -> list[tuple[int, Head]]:
        """As ``Evidence`` has it."""
        found = ((end, self.head(word[start:end])) for end in range(start + 2, last + 1))
        return [(end, head) for end, head in found if head]

    def ends(self, word: str) -> list[int]:
        """As ``Evidence`` has it."""
        known, may_end = self._known, self._lists.may_end
        rests = [(start, word[start:]) for start in range(2, len(word) - 2)]
        return [start for start, rest in rests if rest in known and may_end(rest)]

    def beginnings(self, ending: str) -> int:
        """As ``Evidence`` has it."""
        if ending in self._before:
            return self._before[ending]
        found: set[str] = set()
        for backwards in _starting(self._backwards(ending[-SHORT_PART:]), ending[::-1]):
            beginning = backwards[len(ending) :][::-1]
            if len(beginning) > 2 and self._base(beginning):
                found.add(beginning)
                if len(found) > MANY_BEGINNINGS:
                    break
        self._before[ending] = len(found)
        return len(found)

    def _new_head(self, letters: str) -> Head | None:
        if letters in self._lists.not_a_head:
            return None
        base = self._base(letters)
        if not base and not is_joined(letters):
            # Most letters are none: that is seen before their family is gathered.
            if len(letters) <= SHORT_PART:
                return None
            if len(_range(self._forwards, letters)) < FAMILY_OF_UNKNOWN_HEAD:
                return None
        return judged(letters, base, self._family(letters), self._lists)

    def _base(self, letters: str) -> str:
        if letters not in self._bases:
            self._bases[letters] = base_of(letters, self._known.__contains__)
        return self._bases[letters]

    def _family(self, letters: str) -> int:
        rests = [word[len(letters) :] for word in _starting(self._forwards, letters)]
        # Most rests are no words: that is asked here, before a call for each.
        words = [rest for rest in rests if rest in self._known]
        return len({stem(word) for word in words if self._lists.may_end(word)})

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


def judged(letters: str, base: str, family: int, lists: PartLists) -> Head | None:
    """Whether letters are a beginning.

    ``base`` is the known word behind them or ``""``, ``family`` how many different words follow
    them in known words. Whoever is one stays one with a larger family.
    """
    if letters in lists.not_a_head:
        return None
    listed = len(letters) > SHORT_PART or letters in lists.short_heads
    known = base == letters and len(letters) == SHORT_PART
    if not (listed or known) or not (base or len(letters) > SHORT_PART):
        return None
    if not listed and family < FAMILY_OF_SHORT_HEAD:
        return None
    if not base and is_joined(letters) and len(letters) >= SHORTEST_JOINED:
        return Head(letters[:-1], math.log(2 + family) + SURE, family)
    if not base:
        enough = family >= FAMILY_OF_UNKNOWN_HEAD
        return Head(letters, math.log(1 + family), family) if enough else None
    if base == letters[:-1] and len(base) >= SHORTEST_JOINED_WORD and is_joined(letters):
        return Head(base, math.log(2 + family) + SURE, family)
    return Head(base, math.log(1 + family), family) if family else None


def is_joined(letters: str) -> bool:
    """Whether letters end in a joining s, so surely that it is no part of the word."""
    return letters[-1:] == "s" and bool(JOINING_S.search(letters))


def base_of(letters: str, is_known: Callable[[str], bool]) -> str:
    """The known word behind a beginning (skol → skola, kyrko → kyrka), or ``""``."""
    if is_known(letters):
        return letters
    return next(filter(is_known, bases(letters)), "")


def bases(letters: str) -> list[str]:
    """What a beginning may be when it stands alone, surest first."""
    tries = [letters[:-1]] if letters[-1] == "s" else []
    tries += [letters + "a", letters + "e"]
    if letters[-1] in "ou":
        tries.append(letters[:-1] + "a")
    if letters[-1] in "ea" and len(letters) > 4:
        tries.append(letters[:-1])
    return tries


def _range(ordered: list[str], letters: str) -> range:
    """Where in a sorted list those words lie that start with some letters."""
    return range(bisect_left(ordered, letters), bisect_left(ordered, letters + "\uffff"))


def _starting(ordered: list[str], letters: str) -> list[str]:
    found = _range(ordered, letters)
    return ordered[found.start : found.stop]
