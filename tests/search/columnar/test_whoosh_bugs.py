"""What Whoosh 2.7.4 gets wrong, held against set algebra, so that it never reaches our users."""

from __future__ import annotations

from pathlib import Path

import pytest
from whoosh import query

from search.columnar.planning.nodes import Any, Term
from search.columnar.planning.planner import search
from search.columnar.planning.snapshot import Snapshot
from search.columnar.planning.translated import translated
from tests.search.columnar.twins import Commit, Twins


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    made = Twins(tmp_path)
    texts = ("ask bi", "bi cykel", "cykel", "ask cykel dröm", "dröm", "ask bi cykel dröm eka")
    made.commit(Commit([{"title": text, "body": text, "kind": "x"} for text in texts]))
    return made


def _found(twins: Twins, asked: query.Query) -> dict[int, float]:
    with twins.ours.searcher() as searcher:
        found = search(Snapshot.of(twins.ours), translated(asked, searcher), 100)
    return dict(zip(found.documents, found.scores, strict=True))


def _union(*texts: str) -> query.Or:
    return query.Or([query.Term("body", text) for text in texts])


def test_one_union_without_another_is_the_difference_of_their_documents(twins: Twins) -> None:
    one, other = _found(twins, _union("ask", "cykel")), _found(twins, _union("dröm", "bi"))
    without = _found(twins, query.AndNot(_union("ask", "cykel"), _union("dröm", "bi")))
    assert without == {number: one[number] for number in one.keys() - other.keys()} != {}


def test_what_must_not_be_there_adds_nothing_to_the_score(twins: Twins) -> None:
    plain = _found(twins, query.Term("body", "ask"))
    narrowed = _found(twins, query.And([query.Term("body", "ask"), query.Not(_union("eka"))]))
    assert narrowed == {number: plain[number] for number in narrowed} != {}


def test_facets_do_not_widen_the_limit(twins: Twins) -> None:
    node = Any(tuple(Term("body", text.encode()) for text in ("ask", "bi", "cykel", "dröm")))
    found = search(Snapshot.of(twins.ours), node, 2, facets=("kind",))
    assert len(found.documents) == 2
    assert found.facets == {"kind": {b"x": found.count}} == {"kind": {b"x": 6}}


def test_merging_leaves_field_lengths_exact(tmp_path: Path) -> None:
    twins = Twins(tmp_path)
    long_text = " ".join(["ask"] * 1001)
    for text in (long_text, long_text, "bi"):
        twins.commit(Commit([{"title": text, "body": text}]))
    twins.commit(Commit([], optimize=True))
    with twins.ours.reader() as ours, twins.stock.reader() as stock:
        assert ours.field_length("body") == 2003
        assert stock.field_length("body") != 2003, "Whoosh rounds no longer: say so in the docs"


def test_a_snapshot_sees_what_was_deleted_before_it_and_nothing_after(twins: Twins) -> None:
    before = Snapshot.of(twins.ours)
    twins.commit(Commit([{"title": "ask", "body": "ask"}], deletes=[0]))
    after = Snapshot.of(twins.ours)
    asked = Term("body", b"ask")
    assert sorted(search(before, asked).documents) == [0, 3, 5]
    assert sorted(search(after, asked).documents) == [3, 5, 6]
    assert (before.documents, after.documents) == (6, 6)
