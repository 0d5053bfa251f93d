"""Ours finds and scores as Whoosh does where Whoosh is right, and as sets say where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.searching import Searcher

from search.columnar.planning.planner import search
from search.columnar.planning.snapshot import Snapshot
from search.columnar.planning.translated import translated
from tests.search.columnar.twins import TAGS, WORDS, Commit, Twins, commits

Scores = Mapping[int, float]

_terms = st.builds(
    query.Term,
    st.sampled_from(("title", "body", "plain")),
    st.sampled_from((*WORDS, "saknas")),
    st.sampled_from((1.0, 1.0, 2.5)),
) | st.builds(query.Term, st.just("tags"), st.sampled_from(TAGS))
_phrases = st.builds(
    query.Phrase,
    st.sampled_from(("title", "body")),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3),
)
_leaves = _terms | _phrases


def _trees(children: st.SearchStrategy[query.Query]) -> st.SearchStrategy[query.Query]:
    several = st.lists(children, min_size=2, max_size=4)
    return (
        st.builds(query.Or, several, st.sampled_from((1.0, 0.5)))
        | st.builds(query.And, several)
        | st.builds(query.AndNot, children, children)
        | st.builds(query.AndMaybe, children, children)
        | st.builds(lambda a, b: query.And([a, query.Not(b)]), children, children)
    )


queries = st.recursive(_leaves, _trees, max_leaves=8)


def expected(asked: query.Query, searcher: Searcher) -> Scores:
    """Whoosh's own scores of single terms and phrases, put together by set algebra."""
    match asked:
        case query.Or():
            found: dict[int, float] = {}
            for each in asked:
                for number, points in expected(each, searcher).items():
                    found[number] = found.get(number, 0.0) + points * asked.boost
            return found
        case query.And():
            wanted = [expected(each, searcher) for each in asked if type(each) is not query.Not]
            refused = [expected(each.query, searcher) for each in asked if type(each) is query.Not]
            both = set.intersection(*map(set, wanted)).difference(*refused)
            return {number: sum(each[number] for each in wanted) for number in both}
        case query.AndNot():
            one, other = expected(asked.a, searcher), expected(asked.b, searcher)
            return {number: points for number, points in one.items() if number not in other}
        case query.AndMaybe():
            one, other = expected(asked.a, searcher), expected(asked.b, searcher)
            return {number: points + other.get(number, 0.0) for number, points in one.items()}
    hits = searcher.search(asked, limit=None, optimize=False)
    return {hit.docnum: hit.score for hit in hits}


def ours(asked: query.Query, twins: Twins, limit: int) -> tuple[int, list[int], list[float]]:
    """What our planner finds."""
    with twins.ours.searcher() as searcher:
        found = search(Snapshot.of(twins.ours), translated(asked, searcher), limit)
    return found.count, found.documents, found.scores


def made(folder: str, changes: list[Commit]) -> Twins:
    """Both indexes after some commits."""
    twins = Twins(Path(folder))
    for change in changes:
        twins.commit(change)
    return twins


many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(changes=commits, asked=st.lists(queries, min_size=4, max_size=12))
def test_every_tree_finds_and_scores_what_sets_of_whooshs_leaves_say(
    changes: list[Commit], asked: list[query.Query]
) -> None:
    with TemporaryDirectory() as folder:
        twins = made(folder, changes)
        with twins.stock.searcher() as searcher:
            for each in asked:
                should = expected(each, searcher)
                count, documents, scores = ours(each, twins, 10_000)
                assert count == len(should)
                assert set(documents) == set(should)
                assert scores == pytest.approx([should[n] for n in documents], rel=1e-9)
                order = sorted(zip(scores, documents, strict=True), key=lambda s: (-s[0], s[1]))
                assert [number for _, number in order] == documents


@many
@given(changes=commits, asked=st.lists(_leaves, min_size=2, max_size=5))
def test_unions_and_intersections_are_those_of_whooshs_matchers(
    changes: list[Commit], asked: list[query.Query]
) -> None:
    with TemporaryDirectory() as folder:
        twins = made(folder, changes)
        with twins.stock.searcher() as searcher:
            for each in (query.Or(asked), query.And(asked)):
                hits = searcher.search(each, limit=None, optimize=False)
                should = {hit.docnum: hit.score for hit in hits}
                _, documents, scores = ours(each, twins, 10_000)
                assert dict(zip(documents, scores, strict=True)) == pytest.approx(should, rel=1e-9)


@many
@given(changes=commits, asked=st.lists(_leaves, min_size=2, max_size=5))
def test_whooshs_matchers_find_the_same_in_our_segments(
    changes: list[Commit], asked: list[query.Query]
) -> None:
    with TemporaryDirectory() as folder:
        twins = made(folder, changes)
        with twins.stock.searcher() as stock, twins.ours.searcher() as searcher:
            for each in (*asked, query.Or(asked), query.And(asked), query.Prefix("body", "")):
                should = {hit.docnum: hit.score for hit in stock.search(each, limit=None)}
                found = {hit.docnum: hit.score for hit in searcher.search(each, limit=None)}
                assert found == pytest.approx(should, rel=1e-9)


@many
@given(changes=commits)
def test_what_is_stored_counted_and_measured_is_what_went_in(changes: list[Commit]) -> None:
    with TemporaryDirectory() as folder:
        twins = made(folder, changes)
        with twins.stock.reader() as stock, twins.ours.reader() as reader:
            assert reader.doc_count() == stock.doc_count() == len(twins.documents)
            assert sorted(reader.all_terms()) == sorted(stock.all_terms())
            for number in twins.documents:
                stored = stock.stored_fields(number)
                if not stored["body"]:
                    del stored["body"]  # a text that lies apart and is empty is as none
                assert reader.stored_fields(number) == stored
            for field, text in stock.all_terms():
                assert reader.doc_frequency(field, text) == stock.doc_frequency(field, text)
                assert reader.frequency(field, text) == stock.frequency(field, text)
            for field in ("title", "body"):
                assert reader.field_length(field) == stock.field_length(field)
