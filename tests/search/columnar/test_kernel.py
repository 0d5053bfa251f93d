"""The compiled kernel and its twin in numpy give the same, and what they give is right."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.columnar.building.texts import encoded_numbers
from search.columnar.kernel import twin
from search.columnar.kernel.shapes import (
    Array,
    Cut,
    FacetArrays,
    ForwardArrays,
    PostingArrays,
    TermArrays,
    TooManyError,
)
from search.columnar.planning.scoring import BM25, plain_table

native = pytest.importorskip(
    "search.columnar.kernel.native", reason="no compiler was found", exc_type=ImportError
)
KERNELS: Sequence[ModuleType] = (native, twin)
TABLES = (BM25().table(9.0, 255).scores, plain_table().scores)

NO_MASKS = (0, 0, 0)

quick = settings(max_examples=60, deadline=None)


@dataclass(frozen=True)
class Segment:
    """Random postings of some terms: where each term's entries are, and what has long ones."""

    arrays: PostingArrays
    entries: Sequence[tuple[int, int]]
    has_long: Sequence[bool]


def _segment(documents: int, seed: int, terms: int = 6) -> Segment:
    chance = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {name: [] for name in PostingArrays._fields[1:]}
    entries, has_long, postings = [], [], 0
    for _ in range(terms):
        first = len(columns["block"])
        has_long.append(False)
        share = chance.random() ** 3
        for block in range(-(-documents // 65536)):
            held = min(65536, documents - block * 65536)
            found = np.flatnonzero(chance.random(held) < share)
            if not len(found):
                continue
            frequencies = 1 + chance.geometric(0.5, len(found))
            frequencies[chance.random(len(found)) < 0.02] = 255 + chance.integers(500)
            long_ones = np.flatnonzero(frequencies >= 255)
            has_long[-1] |= bool(len(long_ones))
            columns["long_posting"] += (long_ones + postings).tolist()
            columns["long_frequency"] += frequencies[long_ones].tolist()
            columns["document"] += found.tolist()
            lengths = chance.integers(1, 200, len(found))
            columns["code"] += (np.minimum(frequencies, 255) << 8 | lengths).tolist()
            columns["block"].append(block)
            columns["start"].append(postings)
            columns["counts"].append(len(found))
            postings += len(found)
        entries.append((first, len(columns["block"])))
    kinds = ("u2", "u2", "u2", "i8", "u4", "i8", "u4")
    made = [np.array(column, kind) for column, kind in zip(columns.values(), kinds, strict=True)]
    return Segment(PostingArrays(documents, *made), entries, has_long)


def _terms(
    kernel: ModuleType, segment: Segment, asked: Sequence[tuple[int, float, int]], table: int
) -> Any:
    k1 = 1.2 if table == 0 else -1.0
    return kernel.joined(
        [
            kernel.prepare(
                *segment.entries[term],
                weight,
                kernel.handle(TABLES[table]),
                k1,
                clause,
                segment.has_long[term],
            )
            for term, weight, clause in asked
        ]
    )


asked_terms = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from((0.25, 1.0, 3.5)), st.integers(0, 4)),
    min_size=1,
    max_size=8,
)
masks = st.integers(0, 31)


@quick
@given(
    documents=st.integers(1, 400),
    seed=st.integers(0, 10_000),
    asked=asked_terms,
    clauses=st.tuples(masks, masks, masks),
    narrowed=st.booleans(),
    by_key=st.booleans(),
    table=st.integers(0, 1),
)
def test_both_kernels_find_and_score_the_same(
    documents: int,
    seed: int,
    asked: Sequence[tuple[int, float, int]],
    clauses: tuple[int, int, int],
    narrowed: bool,
    by_key: bool,
    table: int,
) -> None:
    segments = [_segment(documents, seed), _segment(documents, seed + 1)]
    chance = np.random.default_rng(seed)
    allowed = chance.integers(0, 2**63, (documents + 63) // 64).astype(np.uint64)
    keys = chance.integers(-3, 3, documents)
    if not any(clauses):
        asked = [(term, weight, 0) for term, weight, _ in asked]
    answers = []
    for kernel in KERNELS:
        best, counts = kernel.Best(7), []
        for n, segment in enumerate(segments):
            count, matched = kernel.score(
                kernel.Postings(segment.arrays),
                _terms(kernel, segment, asked, table),
                clauses,
                best,
                n * documents,
                allowed=allowed if narrowed else None,
                sort_key=keys if by_key else None,
                matched=True,
            )
            counts.append((count, sorted(matched.tolist())))
        answers.append((counts, best.ordered()))
    (ours, (points, numbers)), (theirs, (other_points, other_numbers)) = answers
    assert ours == theirs
    assert points == pytest.approx(other_points, rel=1e-12)
    assert numbers == other_numbers


@pytest.mark.parametrize("documents", [65_536, 65_537, 200_000])
def test_blocks_meet_without_a_seam(documents: int) -> None:
    segment = _segment(documents, 3)
    asked = [(term, 1.0 + term, term % 3) for term in range(6)]
    for clauses in ((0, 0, 0), (1, 2, 0), (0, 1, 6)):
        answers = []
        for kernel in KERNELS:
            best = kernel.Best(50)
            given_terms = asked if any(clauses) else [(t, w, 0) for t, w, _ in asked]
            terms = _terms(kernel, segment, given_terms, 0)
            count, _ = kernel.score(
                kernel.Postings(segment.arrays),
                terms,
                clauses,
                best,
                0,
            )
            answers.append((count, *best.ordered()))
        assert answers[0][0] == answers[1][0]
        assert answers[0][1] == pytest.approx(answers[1][1], rel=1e-12)
        assert answers[0][2] == answers[1][2]


def test_too_many_terms_are_refused_and_the_next_question_is_answered() -> None:
    segment = _segment(100, 1)
    for kernel in KERNELS:
        many = _terms(kernel, segment, [(0, 1.0, 0)] * 1025, 0)
        with pytest.raises(TooManyError):
            kernel.score(kernel.Postings(segment.arrays), many, NO_MASKS, kernel.Best(3), 0)
        one = _terms(kernel, segment, [(0, 1.0, 0)], 0)
        count, _ = kernel.score(kernel.Postings(segment.arrays), one, NO_MASKS, kernel.Best(3), 0)
        assert count == sum(segment.arrays.counts[slice(*segment.entries[0])])


def test_threads_at_once_find_what_one_does() -> None:
    segment = _segment(3000, 5)
    postings = native.Postings(segment.arrays)

    def asked(term: int) -> Any:
        best = native.Best(5)
        terms = _terms(native, segment, [(term % 6, 1.0, 0), ((term + 1) % 6, 2.0, 0)], 0)
        count, matched = native.score(postings, terms, NO_MASKS, best, 0, matched=True)
        return count, matched.tolist(), best.ordered()

    one = [asked(term) for term in range(6)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(asked, range(300))) == [one[term % 6] for term in range(300)]


# -- texts -----------------------------------------------------------------------------------

_letters = st.text("aåÄ1 \n\t.§x9", max_size=40)


@quick
@given(texts=st.lists(_letters, max_size=5), joins=st.booleans())
def test_both_kernels_cut_texts_alike_and_lose_nothing(texts: list[str], joins: bool) -> None:
    found = []
    for kernel in KERNELS:
        pieces = kernel.Pieces()
        made = kernel.tokenise(pieces, [text.encode() for text in texts], joins)
        known = pieces.texts_from(0)
        numbers = made.numbers.tolist()
        found.append((numbers, made.counts.tolist(), made.odd_at.tolist(), made.odd, known))
        odd = dict(zip(made.odd_at.tolist(), made.odd, strict=True))
        at = 0
        for n, (text, count) in enumerate(zip(texts, made.counts.tolist(), strict=True)):
            again = b""
            for place in range(count):
                again += odd.get(at + place + n, b" " if place else b"")
                again += known[numbers[at + place]].encode()
            at += count
            assert again + odd.get(at + n, b"") == text.encode()
    assert found[0] == found[1]


def test_pieces_are_what_stands_between_white_space() -> None:
    text = "18 a § socialtjänstlagen,  978 91 x\u00a0y\n\nB 2"
    for kernel in KERNELS:
        for joins, wanted in (
            (False, re.findall(r"[^ \n]+", text)),
            (True, ["18 a §", "socialtjänstlagen,", "978 91 x\u00a0y\n\nB 2"]),
        ):
            pieces = kernel.Pieces()
            kernel.tokenise(pieces, [text.encode()], joins)
            assert pieces.texts_from(0) == wanted, kernel.__name__


def test_many_pieces_keep_their_numbers() -> None:
    texts = [" ".join(f"ord{n}" for n in range(first, first + 70_000)) for first in (0, 35_000)]
    found = []
    for kernel in KERNELS:
        pieces = kernel.Pieces()
        made = [kernel.tokenise(pieces, [text.encode()], False).numbers for text in texts]
        found.append([each.tolist() for each in made])
        assert pieces.texts_from(104_998) == ["ord104998", "ord104999"]
    assert found[0] == found[1]


@quick
@given(
    documents=st.lists(st.lists(st.integers(0, 8), max_size=12), max_size=8),
    terms_of=st.lists(st.lists(st.integers(0, 5), max_size=3), min_size=9, max_size=9),
)
def test_inverting_counts_each_term_of_each_document(
    documents: list[list[int]], terms_of: list[list[int]]
) -> None:
    starts = [np.cumsum([0, *map(len, lists)]) for lists in (documents, terms_of)]
    flat = [
        np.array([n for some in lists for n in some], np.uint32) for lists in (documents, terms_of)
    ]
    counted = [Counter(t for item in some for t in terms_of[item]) for some in documents]
    for kernel in KERNELS:
        made = kernel.invert(flat[0], starts[0], starts[1], flat[1], 6)
        assert made.lengths.tolist() == [sum(each.values()) for each in counted]
        for term in range(6):
            held = slice(made.start[term], made.start[term + 1])
            found = zip(made.documents[held].tolist(), made.frequencies[held].tolist(), strict=True)
            assert list(found) == [(n, c[term]) for n, c in enumerate(counted) if term in c]


@quick
@given(
    fields=st.lists(st.sets(st.binary(max_size=6), max_size=30), min_size=1, max_size=3),
    asked=st.binary(max_size=6),
)
def test_a_term_is_found_where_it_stands(fields: list[set[bytes]], asked: bytes) -> None:
    ordered = [text for field in fields for text in sorted(field)]
    ends = np.cumsum([0, *map(len, fields)]).tolist()
    arrays = TermArrays(
        np.frombuffer(b"".join(ordered), np.uint8),
        np.cumsum([0, *map(len, ordered)]).astype(np.uint32),
        np.arange(len(ordered) + 1, dtype=np.uint32) * 2,
        np.arange(len(ordered), dtype=np.uint32) + 7,
    )
    ranges = list(itertools.pairwise(ends))
    for kernel in KERNELS:
        dictionary = kernel.Dictionary(arrays)
        for text in {*ordered, asked}:
            found = dictionary.find(text, kernel.ranges_of(ranges))
            for (low, high), each in zip(ranges, found, strict=True):
                if text in ordered[low:high]:
                    at = ordered.index(text, low)
                    assert each == (at, 2 * at, 2 * at + 2, at + 7)
                else:
                    assert each == (-1, 0, 0, 0)


@quick
@given(
    values=st.lists(st.lists(st.integers(0, 4), unique=True), min_size=1, max_size=130),
    share=st.floats(0, 1),
    single=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_facets_count_the_values_of_what_matched(
    values: list[list[int]], share: float, single: bool, seed: int
) -> None:
    if single:
        values = [(some or [0])[:1] for some in values]
    chance = np.random.default_rng(seed)
    matched = np.flatnonzero(chance.random(len(values)) < share).astype(np.uint32)
    code = np.array([value for some in values for value in sorted(some)], np.uint16)
    start = None if single else np.cumsum([0, *map(len, values)]).astype(np.uint32)
    bits = np.zeros((5, (len(values) + 63) // 64), np.uint64)
    for number, some in enumerate(values):
        for value in some:
            bits[value, number // 64] |= np.uint64(1 << number % 64)
    right = Counter(value for number in matched.tolist() for value in values[number])
    for kernel in KERNELS:
        for each in (None, bits):
            counts = np.zeros(5, np.uint32)
            facet = kernel.Facet(FacetArrays(code, start, each, 5))
            kernel.count_facets([facet], matched, len(values), [counts])
            kernel.count_facets([facet], matched, len(values), [counts])
            assert counts.tolist() == [2 * right[value] for value in range(5)]


# -- excerpts and phrases --------------------------------------------------------------------


def _forward(documents: Sequence[Sequence[int]]) -> ForwardArrays:
    """Pieces 0 to 9: "p3," has word 3; 8 has two words and 9 none."""
    words = [[n] for n in range(8)] + [[1, 2], []]
    texts = [f"p{n}," for n in range(8)] + ["p1/p2", "–"]
    firsts = [[0]] * 8 + [[0, 3], []]
    ends = [[2]] * 8 + [[2, 5], []]
    holding = [[n for n, held in enumerate(words) if word in held] for word in range(8)]
    encoded = [text.encode() for text in texts]
    data, sizes = encoded_numbers(np.array([n for some in documents for n in some], np.int64))
    each = np.cumsum([0, *map(len, documents)])
    start = np.concatenate(([0], np.cumsum(sizes)))[each].astype(np.int64)
    odd = [n for n, some in enumerate(documents) if len(some) > 2]

    def flat(lists: Sequence[Sequence[int]]) -> Array:
        return np.array([n for some in lists for n in some], np.uint32)

    return ForwardArrays(
        pieces=data,
        start=start,
        word_start=np.cumsum([0, *map(len, words)]).astype(np.uint32),
        word=flat(words),
        word_first=flat(firsts),
        word_end=flat(ends),
        held_start=np.cumsum([0, *(len(held) for held in holding)]).astype(np.uint32),
        held_by=flat(holding),
        text=np.frombuffer(b"".join(encoded), np.uint8),
        text_start=np.cumsum([0, *map(len, encoded)]).astype(np.uint32),
        odd_at=np.array([start[n] + 1 + n for n in odd], np.int64),
        odd_space=np.zeros(len(odd), np.uint32),
        space=np.frombuffer(b"\n\n", np.uint8),
        space_start=np.array([0, 2], np.uint32),
        words=8,
    )


documents_of_pieces = st.lists(st.lists(st.integers(0, 9), max_size=20), min_size=1, max_size=4)


@quick
@given(
    documents=documents_of_pieces,
    asked=st.sets(st.integers(0, 7), max_size=4),
    width=st.integers(1, 12),
    lead=st.integers(0, 4),
)
def test_both_kernels_cut_the_same_excerpt_and_it_is_of_the_text(
    documents: list[list[int]], asked: set[int], width: int, lead: int
) -> None:
    lead = min(lead, width - 1)
    arrays = _forward(documents)
    pairs = np.array([word << 8 | slot for slot, word in enumerate(sorted(asked))], np.uint64)
    for number in range(len(documents)):
        whole: Cut = native.excerpt(native.Forward(arrays), [number], pairs[:0], 1000, 0)[0]
        one, other = (
            kernel.excerpt(kernel.Forward(arrays), [number, 0], pairs, width, lead)[0]
            for kernel in KERNELS
        )
        assert one == other
        assert one.text in whole.text
        assert (one.is_first and one.is_last) == (one.text == whole.text) or not one.text
        marked = [one.text[first:end].decode() for first, end in one.spans]
        assert {int(text[1:]) for text in marked} <= asked
        wanted = {n for piece in documents[number] for n in ([1, 2] if piece == 8 else [piece])}
        if wanted & asked:
            assert marked


def test_a_long_text_makes_room_for_itself() -> None:
    arrays = _forward([[3] * 30_000])
    asked = np.array([3 << 8], np.uint64)
    for kernel in KERNELS:
        (cut,) = kernel.excerpt(kernel.Forward(arrays), [0], asked, 40_000, 0)
        assert len(cut.spans) == 30_000
        assert len(cut.text) == 30_000 * 4 - 1 + 1


@quick
@given(
    documents=documents_of_pieces,
    wanted=st.lists(st.integers(0, 7), min_size=2, max_size=3),
)
def test_a_phrase_is_found_where_its_words_stand_side_by_side(
    documents: list[list[int]], wanted: list[int]
) -> None:
    words = [
        [w for piece in some for w in ([1, 2] if piece == 8 else [piece] if piece < 8 else [])]
        for some in documents
    ]
    right = [
        number
        for number, some in enumerate(words)
        if any(some[at : at + len(wanted)] == wanted for at in range(len(some)))
    ]
    columns: dict[str, list[int]] = {"document": [], "code": [], "start": [], "count": []}
    for word in range(8):
        held = [(n, some.count(word)) for n, some in enumerate(words) if word in some]
        columns["start"].append(len(columns["document"]))
        columns["count"].append(len(held))
        columns["document"] += [n for n, _ in held]
        columns["code"] += [count << 8 | 5 for _, count in held]
    arrays = PostingArrays(
        len(documents),
        np.array(columns["document"], "u2"),
        np.array(columns["code"], "u2"),
        np.zeros(8, "u2"),
        np.array(columns["start"], "i8"),
        np.array(columns["count"], "u4"),
        np.empty(0, "i8"),
        np.empty(0, "u4"),
    )
    segment = Segment(arrays, [(n, n + 1) for n in range(8)], [False] * 8)
    places = np.array([word << 8 | place for place, word in enumerate(wanted)], np.uint64)
    answers = []
    for kernel in KERNELS:
        best = kernel.Best(10)
        terms = _terms(kernel, segment, [(word, 1.0, 0) for word in wanted], 0)
        forward = kernel.Forward(_forward(documents))
        count, matched = kernel.phrase(
            kernel.Postings(arrays), forward, terms, places, best, 0, matched=True
        )
        assert (count, matched.tolist()) == (len(right), right)
        answers.append(best.ordered())
    assert answers[0] == answers[1]
