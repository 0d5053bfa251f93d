"""Definitions: what abbreviations stand for where a collection's own pages explain them.

A page explains one by setting it right before or after words that spell it (*Inspektionen för
vård och omsorg, IVO*), as Schwartz and Hearst (*A simple algorithm for identifying abbreviation
definitions in biomedical text*, 2003) read brackets. Knows pages, no questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cache, reduce
from itertools import combinations, pairwise

import numpy as np

from search.columns import Columns, Ints
from search.swedish.analyzer import is_abbreviation

#: Words that a short form leaves out or counts as it likes, inside a long form only. Other words
#: of grammar must give a letter: a run with them is mostly a sentence and no name.
JOINING = frozenset(
    {"och", "eller", "samt", "för", "av", "i", "om", "på", "med", "till", "mot", "från"}
    | {"inom", "vid", "under", "mellan", "åt", "utan"}
)
#: Words of a long form at most, those that join among them.
LONGEST_RUN = 8
#: Any words spell so few letters by chance, and an abbreviation in more documents than this often
#: stands beside words that happen to spell it (*SBU såg bara på unga*). What explains such a one
#: must stand in another document as well, as names do and sentences do not.
_FEW_LETTERS = 2
_FEW_USES = 10
#: What explains an abbreviation less often than this share of the commonest is chance.
_LEAST_OF_BEST = 0.25

#: Words of a collection by number, in the order of reading.
Run = tuple[int, ...]


def definitions(columns: Columns) -> dict[int, list[Run]]:
    """Of each abbreviation by number the runs of words that explain it, best first."""
    words = columns.words.words
    short = {
        number: word
        for number in np.flatnonzero(columns.holding).tolist()
        if (word := words[number]).isupper() and is_abbreviation(word) and word.isalpha()
    }
    documents: dict[int, dict[Run, set[int]]] = {}
    for number, run, document in _explained(columns, short):
        documents.setdefault(number, {}).setdefault(run, set()).add(document)
    best = {number: _best(columns, number, runs) for number, runs in documents.items()}
    return {number: runs for number, runs in best.items() if runs}


def ways_to_begin(word: str, parts: Sequence[str]) -> frozenset[str]:
    """The letters that a word may give: its first, and those of any parts after it.

    >>> sorted(ways_to_begin("yrkesvägledare", ("yrke", "väg", "ledare")))
    ['y', 'yl', 'yv', 'yvl']
    """
    if word.isupper():
        return frozenset()
    first, *others = [part[0] for part in parts] or [word[0]]
    sizes = range(len(others) + 1)
    ways = {first + "".join(some) for size in sizes for some in combinations(others, size)}
    return frozenset(ways | {""} if word in JOINING else ways)


def words_spelling(letters: str, words: Iterable[Set[str]]) -> int:
    """How many words, each by its ways to begin, spell letters; 0 if they do not.

    The first and the last give letters.

    >>> words_spelling("syv", [{"s"}, {"o", ""}, {"y", "yv"}, {"v"}])
    3
    """
    left = {letters}
    for count, ways in enumerate(words, start=1):
        joins = "" in ways
        left = {rest[len(way) :] for rest in left for way in ways if rest.startswith(way)}
        if not left or (joins and count == 1):
            break
        if "" in left and not joins:
            return count
    return 0


def _explained(columns: Columns, short: dict[int, str]) -> Iterator[tuple[int, Run, int]]:
    """Each time words beside an abbreviation spell it: its number, they, and the document."""
    words = columns.words

    @cache
    def ways(number: int, step: int) -> frozenset[str]:
        found = ways_to_begin(words.words[number], words.parts[number])
        return frozenset(way[::step] for way in found)

    @cache
    def may_begin(letters: str, number: int, step: int) -> bool:
        """Whether a word beside may be the first that spells, which most are not."""
        return number >= 0 and any(map(letters.startswith, ways(number, step) - {""}))

    folded = {number: word.casefold() for number, word in short.items()}
    # Abbreviations are their own stems.
    stems = (columns.stem_of_word[number] for number in short)
    places = np.sort(columns.places.of_all(map(int, stems)))
    numbers, documents = columns.forward[places].tolist(), columns.documents_at(places).tolist()
    # Those before it are read backwards, from the abbreviation on.
    before, after = (_beside(columns, places, step).tolist() for step in (-1, 1))
    for n, number in enumerate(numbers):
        for beside, step in ((before[n], -1), (after[n], 1)):
            letters = folded[number][::step]
            if may_begin(letters, beside[0], step):
                there = (ways(word, step) for word in beside if word >= 0)
                if count := words_spelling(letters, there):
                    yield number, tuple(beside[:count][::step]), documents[n]


def _beside(columns: Columns, places: Ints, step: int) -> Ints:
    """The numbers of the words before or after some places, [place, away]; -1 where none is."""
    around = places[:, None] + step * np.arange(1, LONGEST_RUN + 1)
    inside = (around >= 0) & (around < len(columns.forward))
    around[~inside] = 0
    for owner in (columns.row_of, columns.field_of):
        inside &= owner[around] == owner[places][:, None]
    return np.where(inside, columns.forward[around], -1)


def _best(columns: Columns, number: int, runs: dict[Run, set[int]]) -> list[Run]:
    """Runs that are no chance, each stem by stem once; those in most documents first."""
    best: dict[Run, tuple[int, Run]] = {}
    for run, documents in runs.items():
        stems = tuple(columns.stem_of_word[list(run)].tolist())
        best[stems] = max((len(documents), run), best.get(stems, (0, run)))
    few = len(columns.words.words[number]) <= _FEW_LETTERS
    if few or columns.holding[number] > _FEW_USES:
        best = {stems: found for stems, found in best.items() if _recurs(columns, stems)}
    ranked = sorted(best.values(), reverse=True)
    return [run for count, run in ranked if count >= _LEAST_OF_BEST * ranked[0][0]]


def _recurs(columns: Columns, stems: Run) -> bool:
    """Whether more documents than one have stems side by side."""
    pairs = [columns.side_by_side(*pair) for pair in pairwise(stems)]
    documents = [columns.documents_at(places) for places in pairs or [columns.places.of(stems[0])]]
    return len(np.unique(reduce(np.intersect1d, documents))) > 1
