"""Which words of a collection a misspelt word may mean."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search.columns import Columns, Floats, Grouped, Ints
from search.swedish.analyzer import stem
from search.swedish.distances import distances
from search.swedish.grams import grams

#: Candidates that are measured letter by letter: those that share most pairs of letters.
_MEASURED = 80
#: Shares of the typed pairs that words are tried with, until no word with fewer can be among them.
_SHARES = (1 / 2, 1 / 3, 0)
#: How far a meant word may be, by the length of what was typed.
_LIMITS = ((4, 1.0), (7, 1.5), (math.inf, 2.1))
#: What a word earns for being common, and costs for being far: 97 % of 559 made errors are
#: repaired right with these.
_COMMON, _FAR = 0.35, 2.2
#: What it costs that the collection has another form of the word that was typed wrong, and how
#: far the stems and the words may be for it to be one, in shares of the shorter.
_OTHER_FORM = 0.3
_STEM_SHARE, _WORD_SHARE = 0.25, 0.6
#: Words nearly as likely as the best are tried too, each at the weight of its likelihood.
MOST_MEANT = 3
_LIKELY = 0.7


@dataclass(frozen=True, slots=True)
class Meant:
    """A word that may have been meant: its number, and how likely (0-1] against the best."""

    word: int
    likely: float
    cost: float


class Speller:
    """Repairs words with the words of one collection."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def meant(self, typed: str, strict: bool = False) -> Sequence[Meant]:
        """The words that a folded word may be a misspelling of, likeliest first.

        ``strict`` allows slips of one sound or doubled letter only, for words that may be right.
        """
        limit = next(cost for length, cost in _LIMITS if len(typed) <= length)
        if strict:
            limit = min(limit, 0.7)
        numbers = self._like(typed)
        words = [self._columns.words.words[number] for number in numbers]
        costs = self._costs(typed, words, limit)
        rated = []
        for place in np.flatnonzero((costs > 0) & (costs <= limit)).tolist():
            number, cost = numbers[place], float(costs[place])
            common = math.log(1 + int(self._columns.holding[number]))
            rated.append((_COMMON * common - _FAR * cost, words[place], number, cost))
        rated.sort(key=lambda found: (-found[0], found[1]))
        return [
            Meant(number, math.exp((score - rated[0][0]) / _LIKELY), cost)
            for score, _, number, cost in rated[:MOST_MEANT]
        ]

    def _costs(self, typed: str, words: Sequence[str], limit: float) -> Floats:
        """What it costs to have typed one for each word, right as far as the limit."""
        base, stems = stem(typed), list(map(stem, words))
        same = len(words)
        both = distances([base] * same + [typed] * same, [*stems, *words])
        apart, costs = both[:same], both[same:]
        lengths = (np.fromiter(map(len, each), int, same) for each in (stems, words))
        shorter_stem, shorter = map(np.minimum, lengths, (len(base), len(typed)))
        # Another form of the word than the one that was typed may be all there is.
        other = (apart <= _STEM_SHARE * shorter_stem) & (costs <= _WORD_SHARE * shorter)
        costs[other] = np.minimum(costs[other], apart[other] + _OTHER_FORM)
        return costs

    def _like(self, typed: str) -> list[int]:
        """Numbers of the words most of whose pairs of letters are those of a typed one."""
        index, own = self._pairs, grams(typed, 2)
        shared = index.shared(own)
        for share in _SHARES:
            enough = max(1, int(share * len(own)))
            found = np.flatnonzero(shared >= enough)
            likeness = 2 * shared[found] / (len(own) + index.counts[found])
            # A word with fewer pairs in common has at least those.
            fewer = enough - 1
            least = np.partition(likeness, -_MEASURED)[-_MEASURED] if len(found) > _MEASURED else 0
            if 2 * fewer / (len(own) + fewer) < least:
                break
        best = found[likeness > least]
        as_good = found[likeness == least][: _MEASURED - len(best)]
        numbers: list[int] = index.words[np.concatenate((best, as_good))].tolist()
        return numbers

    @cached_property
    def _pairs(self) -> _Pairs:
        """The words that may be meant by their pairs of letters; made when first asked for."""
        words = self._columns.words.words
        held = np.flatnonzero(self._columns.holding).tolist()
        usable = [n for n in held if len(w := words[n]) > 2 and w.isalpha() and w.islower()]
        return _Pairs.of(np.array(usable, int), [words[n] for n in usable])


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Which words have which pairs of letters, their edges marked, as ``grams`` has them."""

    words: Ints
    letters: dict[str, int]
    with_pair: Grouped
    counts: Ints

    @classmethod
    def of(cls, numbers: Ints, words: Sequence[str]) -> _Pairs:
        """From words of letters, and the numbers they have elsewhere."""
        text = "_" + "".join([f"{word}_" for word in words])
        codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
        letters = {letter: n for n, letter in enumerate(sorted({*text}))}
        number_of = np.zeros(int(codes.max()) + 1, np.int64)
        number_of[[ord(letter) for letter in letters]] = range(len(letters))
        pairs = number_of[codes[:-1]] * len(letters) + number_of[codes[1:]]
        owners = np.repeat(np.arange(len(words)), [len(word) + 1 for word in words])
        # In order of pair and word, those that a word has twice once.
        found = np.sort(pairs * len(words) + owners)
        pairs, owners = np.divmod(found[np.diff(found, prepend=-1) > 0], max(1, len(words)))
        start = np.searchsorted(pairs, np.arange(len(letters) ** 2 + 1))
        counts = np.bincount(owners, minlength=len(words))
        return cls(numbers, letters, Grouped(start, owners.astype(np.int32)), counts)

    def shared(self, own: Iterable[str]) -> Ints:
        """How many of some pairs of letters each word has."""
        letters = self.letters
        known = [pair for pair in own if pair[0] in letters and pair[1] in letters]
        pairs = [letters[pair[0]] * len(letters) + letters[pair[1]] for pair in known]
        return np.bincount(self.with_pair.of_all(pairs), minlength=len(self.words))
