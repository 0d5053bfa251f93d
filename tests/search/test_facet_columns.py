"""Counting and ordering at once say what counting one by one says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.facet_columns import FacetColumns
from search.fronts import fronts
from search.schema import Front


@dataclass(frozen=True)
class Row:
    """A document: its points, its work, its facets, and whether it was found."""

    score: float
    work: int
    facets: dict[str, tuple[str, ...]]
    found: bool


VALUES = st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(tuple)
ROWS = st.lists(
    st.builds(
        Row,
        st.integers(0, 3).map(float),
        st.integers(0, 5),
        st.fixed_dictionaries({"topic": VALUES, "type": VALUES}),
        st.booleans(),
    ),
    min_size=1,
    max_size=14,
)
FILTERS = st.dictionaries(st.sampled_from(["topic", "type"]), VALUES.filter(len))


@given(ROWS, FILTERS, st.booleans(), st.integers(0, 6), st.integers(1, 4), st.booleans())
def test_a_work_is_counted_and_listed_once(
    rows: list[Row],
    filters: dict[str, tuple[str, ...]],
    works: bool,
    first: int,
    size: int,
    wide: bool,
) -> None:
    work = [row.work if works else 100 + n for n, row in enumerate(rows)]
    # No main document is there, so that none shares its facets.
    documents = [
        Front(f"{n:02}", "", None, 1, f"work {work[n]}" if works else "", row.facets)
        for n, row in enumerate(rows)
    ]
    arrays, facts = fronts(documents)
    if wide:  # as with more values than two bytes count
        arrays["facet_codes"] = arrays["facet_codes"].astype(np.int32)
    columns = FacetColumns(arrays, facts)
    found = np.array([n for n, row in enumerate(rows) if row.found], np.int64)
    score = np.array([row.score for row in rows])

    def kept(leave_out: str = "") -> list[int]:
        narrowing = {name: set(chosen) for name, chosen in filters.items() if name != leave_out}
        return [
            n
            for n in found.tolist()
            if all(chosen & set(rows[n].facets[name]) for name, chosen in narrowing.items())
        ]

    best = sorted(kept(), key=lambda n: (-rows[n].score, n))
    listed = list({work[n]: n for n in reversed(best)}.values())[::-1]
    listed.sort(key=lambda n: (-rows[n].score, n))
    passing = columns.passing(found, filters)
    assert columns.page(passing, score, first, size) == (len(listed), listed[first : first + size])
    counted = columns.counted(found, filters)
    for name in ("topic", "type"):
        pairs = {(work[n], value) for n in kept(name) for value in rows[n].facets.get(name, ())}
        expected = Counter(value for _, value in pairs)
        by_rule = sorted(expected.items(), key=lambda pair: (-pair[1], pair[0]))
        assert [(each.value, each.count) for each in counted[name]] == by_rule
