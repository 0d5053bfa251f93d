"""Both kernels rank a collection alike, to the last bit; what they give is held against plain
Python in ``tests/search/test_ranking``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.columnar.kernel import twin
from search.columnar.kernel.shapes import Array, Formula, Kind, Ranked, Reading
from search.columns import Columns
from search.schema import TEXT_FIELDS

native = pytest.importorskip(
    "search.columnar.kernel.native", reason="no compiler was found", exc_type=ImportError
)
MakeColumns = Callable[..., Columns]

#: Compounds and their parts.
PARTS = {"skolväg": ("skola", "väg"), "vägbrott": ("väg", "brott"), "brottsväg": ("brott", "väg")}
POOL = (*PARTS, "skola", "skolan", "väg", "vägar", "brott", "brottet", "och", "i", "trygghet")
FORMULA = Formula(
    k1=0.7,
    b=0.3,
    field_weights=np.array([1.2, 0.0, 0.4, 1.0, 0.1, 0.0]),
    full_lengths=np.array([4.0, *[np.inf] * 5]),
    least=0.1,
    candidates=4,
    whole=0.05,
    widths=((2, 0.4), (4, 0.4), (8, 1.2)),
)

quick = settings(max_examples=80, deadline=None)
texts = st.lists(st.sampled_from(POOL), max_size=30).map(" ".join)
documents = st.lists(
    st.lists(st.dictionaries(st.sampled_from(TEXT_FIELDS), texts, max_size=3), max_size=3),
    min_size=1,
    max_size=9,
)
weights = st.floats(0.01, 3.0)


@st.composite
def questions(draw: st.DrawFn) -> list[tuple[Kind, int, int, float, list[int]]]:
    """Readings of some clauses, their stems any numbers; then pairs."""
    made = []
    for clause in range(draw(st.integers(0, 4))):
        for _ in range(draw(st.integers(1, 4))):
            kind = draw(st.sampled_from((Kind.WORDS, Kind.WORDS, Kind.PARTS, Kind.FIELDS)))
            length = draw(st.integers(1, 3)) if kind is Kind.WORDS else 1
            run = draw(st.lists(st.integers(0, 999), min_size=length, max_size=length))
            group = draw(st.integers(0, 1)) if kind is Kind.WORDS else -1
            made.append((kind, clause, group, draw(weights), run))
    for run in draw(st.lists(st.lists(st.integers(0, 999), min_size=2, max_size=2), max_size=3)):
        made.append((Kind.PAIR, -1, -1, draw(weights), run))
    return made


def readings_of(
    columns: Columns, question: Sequence[tuple[Kind, int, int, float, list[int]]]
) -> list[Reading]:
    """The question with stems that the collection has."""
    count = len(columns.stems)
    return [
        Reading(kind, clause, group, weight, [stem % count for stem in run])
        for kind, clause, group, weight, run in (question if count else [])
    ]


def assert_same(one: Ranked, other: Ranked) -> None:
    for name, first, second in zip(Ranked._fields, one, other, strict=True):
        assert first.tolist() == second.tolist(), name


@quick
@given(
    collection=documents,
    question=questions(),
    grams=st.dictionaries(st.integers(0, 999), weights, max_size=80),
    candidates=st.integers(0, 12),
    least=st.sampled_from((0.0, 0.1, 0.6)),
)
def test_both_kernels_give_the_same_to_the_last_bit(
    columns_of: MakeColumns,
    collection: list[list[dict[str, str]]],
    question: list[tuple[Kind, int, int, float, list[int]]],
    grams: dict[int, float],
    candidates: int,
    least: float,
) -> None:
    columns = columns_of(collection, PARTS)
    arrays, readings = columns.arrays, readings_of(columns, question)
    held = len(arrays.gram_start) - 1
    of_gram = {gram % held: weight for gram, weight in grams.items()} if held else {}
    asked: Array = np.array(sorted(of_gram), np.int32)
    worth: Array = np.array([of_gram[gram] for gram in sorted(of_gram)], np.float64)
    formula = FORMULA._replace(candidates=candidates, least=least)
    one, other = (
        kernel.rank(kernel.Collection(arrays), readings, formula, asked, worth)
        for kernel in (native, twin)
    )
    assert_same(one, other)


def test_a_document_of_more_blocks_than_a_counter_holds_is_counted_right(
    columns_of: MakeColumns,
) -> None:
    columns = columns_of([[{"body": "brott och väg i skola " * 900}], [{"body": "väg"}]])
    grams = np.arange(len(columns.arrays.gram_start) - 1, dtype=np.int32)
    stems = [stem for stem in map(columns.stem, ("brott", "väg")) if stem is not None]
    readings = [Reading(Kind.WORDS, n, n, 1.0, [stem]) for n, stem in enumerate(stems)]
    one, other = (
        kernel.rank(
            kernel.Collection(columns.arrays), readings, FORMULA, grams, np.ones(len(grams))
        )
        for kernel in (native, twin)
    )
    assert one.read.tolist() == [0, 1]
    assert_same(one, other)


def test_more_rows_than_there_is_room_for_are_all_noted(columns_of: MakeColumns) -> None:
    rows = 5_000
    columns = columns_of([[{"body": "brott"}] * rows, [{"body": "brott"}]])
    stem = columns.stem("brott")
    assert stem is not None
    readings = [Reading(Kind.WORDS, 0, 0, 1.0, [stem])]
    grams = np.arange(4, dtype=np.int32)
    one, other = (
        kernel.rank(kernel.Collection(columns.arrays), readings, FORMULA, grams, np.ones(4))
        for kernel in (native, twin)
    )
    assert len(one.row) == rows + 1
    assert_same(one, other)


def test_threads_rank_at_the_same_time(columns_of: MakeColumns) -> None:
    small = columns_of([[{"body": "brott i skola"}]])
    large = columns_of([[{"body": f"brott och väg {n}"}] for n in range(300)])
    asked = []
    for columns in (small, large):
        stem = columns.stem("brott")
        assert stem is not None
        asked.append((native.Collection(columns.arrays), [Reading(Kind.WORDS, 0, 0, 1.0, [stem])]))
    grams = np.arange(5, dtype=np.int32)

    def rank(turn: int) -> Ranked:
        collection, readings = asked[turn % 2]
        found: Ranked = native.rank(collection, readings, FORMULA, grams, np.ones(5))
        return found

    right = [rank(0), rank(1)]
    with ThreadPoolExecutor(4) as pool:
        for turn, found in enumerate(pool.map(rank, range(200))):
            assert_same(found, right[turn % 2])
