"""Compiles a dictionary: what ``Induced`` and ``Paradigms`` say of it, for every word, in arrays.

That takes seconds and is done once; ``compiled`` reads it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from search.swedish.analyzer import stems
from search.swedish.compiled import FIRST_LETTERS, NEXT_STEM, NO_END, UNKNOWN, Array, table
from search.swedish.compounds import Dictionary
from search.swedish.evidence import (
    FAMILY_OF_UNKNOWN_HEAD,
    MANY_BEGINNINGS,
    PartLists,
    base_of,
    is_joined,
    judged,
)
from search.swedish.lemmas import Paradigms


def compiled(dictionary: Dictionary, lists: PartLists) -> dict[str, Array]:
    """The arrays of a dictionary by name, but for its filter of known words."""
    lemmas = dict(dictionary.lemmas)
    stem_of = dict(zip(dictionary.known, stems(dictionary.known), strict=True))
    paradigms = Paradigms(dictionary.known, lemmas.get, stem_of.__getitem__)
    heads, before = _parts(dictionary.known, stem_of, lists)
    return {
        **table("words", dict(_words(lemmas, stem_of, lists, before))),
        **table("forms", dict(_forms(paradigms))),
        "heads": _lines(heads),
        "firsts": _lines({word[:FIRST_LETTERS] for word in stem_of if lists.may_end(word)}),
        "names": _lines(dictionary.names),
        "own": _lines(paradigms.own),
        "alike": _lines("\t".join(pair) for pair in paradigms.alike().items()),
    }


def _words(
    lemmas: Mapping[str, str],
    known: Mapping[str, str],
    lists: PartLists,
    before: Mapping[str, int],
) -> Iterator[tuple[str, str]]:
    for word, lemma in lemmas.items():
        count = UNKNOWN
        if word in known:
            count = str(min(before.get(word, 0), MANY_BEGINNINGS + 1))
            count = count if lists.may_end(word) else NO_END
        yield word, f"{lemma}\t{count}"


def _parts(
    known: Sequence[str], stem_of: Mapping[str, str], lists: PartLists
) -> tuple[list[str], dict[str, int]]:
    """Beginnings with their base forms and families, and how many stand before each ending."""
    heads: list[str] = []
    before: dict[str, int] = defaultdict(int)
    is_known = stem_of.__contains__
    for letters, rests in _rests(known, lists).items():
        base = base_of(letters, is_known)
        if base and len(letters) > 2:
            for rest in rests:
                before[rest] += 1
        if not (base or is_joined(letters) or len(rests) >= FAMILY_OF_UNKNOWN_HEAD):
            continue
        family = len(set(map(stem_of.__getitem__, rests)))
        if judged(letters, base, family, lists):
            heads.append(f"{letters}\t{base}\t{family}")
    return heads, before


def _rests(known: Sequence[str], lists: PartLists) -> dict[str, list[str]]:
    """What stands before endings in known words, and the endings.

    In the order of their last letters, a word comes right before those that end in it.
    """
    found: dict[str, list[str]] = defaultdict(list)
    inner: list[tuple[str, str]] = []
    may_end: Callable[[str], bool] = lists.may_end
    for backwards in sorted(word[::-1] for word in known):
        while inner and not backwards.startswith(inner[-1][0]):
            inner.pop()
        if inner:
            word = backwards[::-1]
            for _, ending in inner:
                found[word[: -len(ending)]].append(ending)
            if may_end(word):
                inner.append((backwards, word))
        elif may_end(word := backwards[::-1]):
            inner.append((backwards, word))
    return found


def _forms(paradigms: Paradigms) -> Iterator[tuple[str, str]]:
    for base in paradigms.bases:
        by_stem = paradigms.forms_of(base)
        if len(by_stem) > 1:
            yield base, NEXT_STEM.join(map(" ".join, by_stem))


def _lines(lines: Iterable[str]) -> Array:
    return np.frombuffer("\n".join(sorted(lines)).encode(), np.uint8)
