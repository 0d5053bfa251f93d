"""Hands the checked kernel arrays that contradict each other, until the time is up.

Run by ``test_kernel_bounds`` in a process of its own, with the sanitizers in it: a read or write
outside an array ends the process. What it may do is answer or raise.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from search.columnar.kernel import native
from search.columnar.kernel.shapes import (
    Array,
    CollectionArrays,
    FacetArrays,
    Formula,
    ForwardArrays,
    Kind,
    PostingArrays,
    Reading,
    TermArrays,
    TooManyError,
)
from search.columnar.planning.scoring import BM25

_SCORES = BM25().table(9.0, 255).scores
Chance = np.random.Generator


def _spoilt(chance: Chance, array: Array, most: int, share: float = 0.3) -> Array:
    """An array, now and then with a few numbers in it that do not belong there."""
    made = array.copy()
    if len(made) and chance.random() < share:
        for _ in range(chance.integers(1, 4)):
            kind = np.iinfo(made.dtype)
            wild = int(chance.integers(kind.min, kind.max, dtype=made.dtype))
            made[chance.integers(len(made))] = (
                wild if chance.random() < 0.5 else min(most, kind.max)
            )
    return made


def _starts(chance: Chance, lists: int, held: int, kind: str) -> Array:
    return np.sort(np.r_[0, chance.integers(0, held + 1, lists - 1), held]).astype(kind)


def _postings(chance: Chance) -> PostingArrays:
    documents, entries, held = (int(chance.integers(1, 300)) for _ in range(3))
    start = _starts(chance, entries, held, "i8")
    # Now and then frequencies of 0, whose score is 0.
    least = 256 * int(chance.integers(0, 2))
    columns = (
        chance.integers(0, documents, held).astype("u2"),
        chance.integers(least, 65536 if least else 512, held).astype("u2"),
        np.zeros(entries, "u2"),
        start[:-1],
        np.diff(start).astype("u4"),
        np.sort(chance.integers(0, held, 3)).astype("i8"),
        chance.integers(255, 999, 3).astype("u4"),
    )
    return PostingArrays(documents, *(_spoilt(chance, column, held) for column in columns))


def _terms(chance: Chance, postings: PostingArrays) -> bytes:
    made = []
    entries = len(postings.block)
    for _ in range(chance.integers(1, 6)):
        first, last = sorted(chance.integers(0, entries + 1, 2).tolist())
        wild = entries + int(chance.integers(-3, 9)) if chance.random() < 0.1 else last
        clause = int(chance.integers(0, 34))
        made.append(
            native.prepare(first, wild, 1.0, native.handle(_SCORES), 1.2, clause, bool(clause & 1))
        )
    return native.joined(made)


def _forward(chance: Chance) -> ForwardArrays:
    documents, pieces, words, held = (int(chance.integers(1, 40)) for _ in range(4))
    data = chance.integers(0, pieces, int(chance.integers(1, 300))).astype("u1")
    text = chance.integers(0, 256, 99).astype("u1")
    arrays = ForwardArrays(
        pieces=data,
        start=_starts(chance, documents, len(data), "i8"),
        word_start=_starts(chance, pieces, held, "u4"),
        word=chance.integers(0, words, held).astype("u4"),
        word_first=chance.integers(0, 9, held).astype("u4"),
        word_end=chance.integers(0, 9, held).astype("u4"),
        held_start=_starts(chance, words, held, "u4"),
        held_by=chance.integers(0, pieces, held).astype("u4"),
        text=text,
        text_start=_starts(chance, pieces, len(text), "u4"),
        odd_at=np.sort(chance.integers(0, len(data) + documents, 5)).astype("i8"),
        odd_space=chance.integers(0, 3, 5).astype("u4"),
        space=text[:9],
        space_start=_starts(chance, 3, 9, "u4"),
        words=words,
    )
    spoilt = {
        # Of so many arrays seldom one, or nothing but the first would ever be looked at.
        name: _spoilt(chance, array, len(array), 0.06)
        for name, array in arrays._asdict().items()
        if name != "words"
    }
    return ForwardArrays(**spoilt, words=words)


def _masks(chance: Chance) -> tuple[int, int, int]:
    return tuple((chance.integers(0, 2**32, 3) * chance.integers(0, 2, 3)).tolist())


def _score(chance: Chance) -> None:
    arrays = _postings(chance)
    postings, best = native.Postings(arrays), native.Best(int(chance.integers(0, 9)))
    native.score(postings, _terms(chance, arrays), _masks(chance), best, 0, matched=True)
    best.ordered()


def _phrase(chance: Chance) -> None:
    arrays, texts = _postings(chance), _forward(chance)
    wild = int(chance.random() < 0.2)
    places = chance.integers(0, texts.words + wild, 4).astype("u8") << np.uint64(8)
    places |= chance.integers(0, 256 if wild else 4, 4).astype("u8")
    postings, forward = native.Postings(arrays), native.Forward(texts)
    native.phrase(postings, forward, _terms(chance, arrays), places, native.Best(5), 0)


def _excerpt(chance: Chance) -> None:
    texts = _forward(chance)
    wild = int(chance.random() < 0.1)
    asked = chance.integers(0, texts.words + wild, 3).astype("u8") << np.uint64(8)
    numbers = chance.integers(-wild, len(texts.start) - 1 + wild, 3).tolist()
    width = int(chance.integers(1, 50))
    native.excerpt(native.Forward(texts), numbers, asked, width, int(chance.integers(0, width)))


def _facets(chance: Chance) -> None:
    documents, values, held = (int(chance.integers(1, 200)) for _ in range(3))
    code = _spoilt(chance, chance.integers(0, values, held).astype("u2"), values)
    start = _spoilt(chance, _starts(chance, documents, held, "u4"), held + 1)
    bits = chance.integers(0, 2**63, (values, (documents + 63) // 64)).astype("u8")
    each = (start if chance.random() < 0.5 else None, bits if chance.random() < 0.5 else None)
    facet = native.Facet(FacetArrays(code, *each, values))
    count = int(chance.integers(0, 200))
    matched = _spoilt(chance, chance.integers(0, documents, count).astype("u4"), documents)
    native.count_facets([facet], matched, documents, [np.zeros(values, np.uint32)])


def _lookup(chance: Chance) -> None:
    text = chance.integers(0, 256, 60).astype("u1")
    start = _spoilt(chance, _starts(chance, 9, len(text), "u4"), 61)
    dictionary = native.Dictionary(
        TermArrays(text, start, np.zeros(10, np.uint32), np.zeros(9, np.uint32))
    )
    ranges = [tuple(sorted(chance.integers(-1, 12, 2).tolist())) for _ in range(3)]
    dictionary.find(chance.bytes(4), native.ranges_of(ranges))


def _index(chance: Chance) -> None:
    pieces = native.Pieces()
    texts = [chance.integers(9, 122, int(size)).astype("u1").tobytes() for size in (0, 40, 7, 0)]
    found = native.tokenise(pieces, texts, bool(chance.integers(2)))
    assert sum(found.counts) == len(found.numbers)
    items, held = int(chance.integers(1, 20)), int(chance.integers(1, 30))
    term_start = _starts(chance, items, held, "i8")
    words = _spoilt(chance, chance.integers(0, items, 50).astype("u4"), items)
    terms = _spoilt(chance, chance.integers(0, 9, held).astype("u4"), 9)
    if words.max() < items:  # the room for postings is counted by them before the kernel sees them
        native.invert(words, _starts(chance, 4, 50, "i8"), term_start, terms, 9)


def _collection(chance: Chance) -> CollectionArrays:
    documents, words, stems, grams, fields = (int(chance.integers(1, 30)) for _ in range(5))
    places, held, blocks = (int(chance.integers(1, 200)) for _ in range(3))

    def some(below: int, count: int) -> Array:
        return chance.integers(0, below, count).astype("i4")

    def posted() -> tuple[Array, Array, Array]:
        start = _starts(chance, stems, held, "i8")
        lists = [np.sort(some(documents, int(count))) for count in np.diff(start)]
        return start, np.concatenate(lists), some(9, held).astype("u2")

    rows = int(chance.integers(1, 40))
    arrays = CollectionArrays(
        some(words, places), np.sort(some(documents, rows)), np.sort(some(rows, places)),
        np.sort(some(fields, places)).astype("i1"),
        some(stems, words), _starts(chance, stems, places, "i8"), some(places, places),
        some(stems, places) - 1, *posted(), *posted(), some(99, documents), some(99, documents),
        some(9, fields * documents).reshape(fields, documents),
        _starts(chance, documents, blocks, "i8"), np.sort(some(places, blocks)),
        _starts(chance, grams, held, "i8"), some(words, held), 9.0, 3.0,
    )  # fmt: skip
    spoilt = {
        name: _spoilt(chance, each.ravel(), each.size, 0.03).reshape(each.shape)
        for name, each in arrays._asdict().items()
        if not name.startswith("average")
    }
    return CollectionArrays(**spoilt, average=9.0, average_parts=3.0)


def _rank(chance: Chance) -> None:
    arrays = _collection(chance)
    stems, grams = len(arrays.place_start) - 1, len(arrays.gram_start) - 1
    wild = int(chance.random() < 0.1)
    kinds = [Kind(int(kind)) for kind in chance.integers(0, 4, 6)]
    readings = [
        Reading(kind, -1 if kind is Kind.PAIR else clause, clause, 1.0, run.tolist())
        for clause, kind in enumerate(kinds)
        for run in [chance.integers(0, stems + wild, 1 + chance.integers(3) * (kind != Kind.PARTS))]
    ]
    fields = len(arrays.field_length)
    formula = Formula(
        1.2, 0.75, np.ones(fields), np.ones(fields), 0.1, int(chance.integers(0, 20)), 0.1,
        ((1, 0.5), (2, 0.5), (8, 1.0)),
    )  # fmt: skip
    asked = chance.integers(0, grams + wild, int(chance.integers(0, 70))).astype("i4")
    native.rank(native.Collection(arrays), readings, formula, asked, np.ones(len(asked)))


JOBS: tuple[Callable[[Chance], None], ...] = (
    _score, _phrase, _excerpt, _facets, _lookup, _index, _rank,
)  # fmt: skip


def main(seconds: float) -> None:
    """Fuzz for so long; prints how many calls answered and how many were refused."""
    end, seed, answered, refused = time.monotonic() + seconds, 0, 0, 0
    while time.monotonic() < end:
        seed += 1
        for job in JOBS:
            try:
                job(np.random.default_rng(seed))
                answered += 1
            except (RuntimeError, TooManyError):
                refused += 1
    print(answered, refused)  # noqa: T201 - for the test that reads it


if __name__ == "__main__":
    main(float(sys.argv[1]))
