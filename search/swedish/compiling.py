"""Compiles a dictionary: what ``Induced`` and ``Paradigms`` say of it, for every word, in arrays.

That takes seconds and is done once; ``compiled`` reads it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from search.swedish.analyzer import stems
from search.swedish.compiled import FIRST_LETTERS, NEXT_STEM, NO_END, UNKNOWN, Array, table
from search.swedish.compounds import Dictionary
from search.swedish.evidence import (
    FAMILY_OF_UNKNOWN_HEAD,
    MANY_BEGINNINGS,
    SHORT_PART,
    PartLists,
    base_of,
    is_joined,
    judged,
)
from search.swedish.lemmas import Paradigms


def compiled(dictionary: Dictionary, lists: PartLists) -> dict[str, Array]:
    """The arrays of a dictionary by name, but for its filter of known words."""
    lemmas, known = dict(dictionary.lemmas), dictionary.known
    stem_of = dict(zip(known, stems(known), strict=True))
    short = (word for word in known if len(word) <= SHORT_PART or word in lists.not_a_tail)
    no_ends = frozenset(word for word in short if not lists.may_end(word))
    heads, counts = _parts(known, stem_of, no_ends, lists)
    paradigms = Paradigms(known, lemmas.get, stem_of.__getitem__)
    forms = dict(_forms(paradigms))
    beside = (f"{lemma}\t{counts.get(word, UNKNOWN)}" for word, lemma in lemmas.items())
    return {
        **table("words", list(lemmas), beside),
        **table("forms", list(forms), forms.values()),
        "heads": _lines(heads),
        "firsts": _lines({word[:FIRST_LETTERS] for word in known if word not in no_ends}),
        "names": _lines(dictionary.names),
        "own": _lines(paradigms.own),
        "alike": _lines("\t".join(pair) for pair in paradigms.alike().items()),
    }


def _parts(
    known: Sequence[str], stem_of: Mapping[str, str], no_ends: Collection[str], lists: PartLists
) -> tuple[list[str], dict[str, str]]:
    """Beginnings with their base forms and families, and how many stand before each known word."""
    found = _rests(known, no_ends)
    is_known = stem_of.__contains__
    bases = {letters: base_of(letters, is_known) for letters in found}
    based = (rests for letters, rests in found.items() if bases[letters] and len(letters) > 2)
    before = Counter(chain.from_iterable(based))
    heads: list[str] = []
    for letters, rests in found.items():
        base = bases[letters]
        if base or is_joined(letters) or len(rests) >= FAMILY_OF_UNKNOWN_HEAD:
            family = len(set(map(stem_of.__getitem__, rests)))
            if judged(letters, base, family, lists):
                heads.append(f"{letters}\t{base}\t{family}")
    counts = {word: str(min(count, MANY_BEGINNINGS + 1)) for word, count in before.items()}
    return heads, {**dict.fromkeys(known, "0"), **counts, **dict.fromkeys(no_ends, NO_END)}


def _rests(known: Sequence[str], no_ends: Collection[str]) -> dict[str, list[str]]:
    """What stands before endings in known words, two letters or more, and the endings.

    In the order of their last letters, a word comes right before those that end in it.
    """
    found: dict[str, list[str]] = defaultdict(list)
    inner: list[str] = []
    last = ""
    for backwards in sorted(word[::-1] for word in known):
        while not backwards.startswith(last):
            inner.pop()
            last = inner[-1][::-1] if inner else ""
        word = backwards[::-1]
        for ending in inner:
            found[word[: -len(ending)]].append(ending)
        if word not in no_ends:
            inner.append(word)
            last = backwards
    return {letters: endings for letters, endings in found.items() if len(letters) > 1}


def _forms(paradigms: Paradigms) -> Iterator[tuple[str, str]]:
    for base in paradigms.bases:
        by_stem = paradigms.forms_of(base)
        if len(by_stem) > 1:
            yield base, NEXT_STEM.join(map(" ".join, by_stem))


def _lines(lines: Iterable[str]) -> Array:
    return np.frombuffer("\n".join(sorted(lines)).encode(), np.uint8)
