"""What the planner adds to finding: filters, facets, order, excerpts, ways around the kernel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any as Anything

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.columnar.building.segment import NO_KEY
from search.columnar.planning.excerpts import Excerpter
from search.columnar.planning.filters import made_filter
from search.columnar.planning.nodes import (
    EVERYTHING,
    NOTHING,
    All,
    Any,
    Constant,
    Matched,
    Node,
    Phrase,
    Term,
    Words,
)
from search.columnar.planning.planner import Found, search
from search.columnar.planning.snapshot import Snapshot
from tests.search.columnar.twins import TAGS, WORDS, Commit, Twins, commits

many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_words = st.lists(st.sampled_from(WORDS[:6]), min_size=1, max_size=3, unique=True)


def _said(row: Mapping[str, Anything], field: str) -> list[str]:
    return [word for word in row[field].split() if field == "title" or word != "och"]


def _having(twins: Twins, words: Iterable[str], fields: Iterable[str]) -> dict[int, Anything]:
    wanted = set(words)
    return {
        number: row
        for number, row in twins.documents.items()
        if any(wanted.intersection(_said(row, field)) for field in fields)
    }


def _encoded(words: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(word.encode() for word in words)


def _made(folder: str, changes: list[Commit]) -> tuple[Twins, Snapshot]:
    twins = Twins(Path(folder))
    for change in changes:
        twins.commit(change)
    return twins, Snapshot.of(twins.ours)


def _pairs(found: Found) -> dict[int, float]:
    return dict(zip(found.documents, found.scores, strict=True))


@many
@given(changes=commits, words=_words, tag=st.sampled_from(TAGS), kind=st.sampled_from("xy"))
def test_filters_facets_and_order_are_those_of_what_is_there(
    changes: list[Commit], words: list[str], tag: str, kind: str
) -> None:
    with TemporaryDirectory() as folder:
        twins, snapshot = _made(folder, changes)
        here = _having(twins, words, ("title", "body"))
        kept = {
            number: row
            for number, row in here.items()
            if tag in row.get("tags", "").split() and row["kind"] != kind
        }
        node = Words(("title", "body"), _encoded(words))
        chosen = All((Term("tags", tag.encode()),), (Term("kind", kind.encode()),))
        for _ in range(2):  # the second time from what is remembered
            within = made_filter(snapshot, chosen)
            found = search(snapshot, node, 99, within=within, facets=("tags", "kind"))
            assert set(found.documents) == set(kept)
            assert found.count == len(kept)
            tags = Counter(t for row in kept.values() for t in row.get("tags", "").split())
            assert found.facets["tags"] == {value.encode(): n for value, n in tags.items()}
            kinds = Counter(row["kind"] for row in kept.values())
            assert found.facets["kind"] == {value.encode(): n for value, n in kinds.items()}
        newest = search(snapshot, node, 99, sort_key="day")
        days = {number: row.get("day", NO_KEY) for number, row in here.items()}
        assert newest.documents == sorted(here, key=lambda number: (-days[number], number))
        assert snapshot.keys(newest.documents, "day") == [days[n] for n in newest.documents]


@many
@given(changes=commits, words=_words, limit=st.integers(0, 4))
def test_words_are_a_union_of_terms_and_a_limit_takes_the_first(
    changes: list[Commit], words: list[str], limit: int
) -> None:
    with TemporaryDirectory() as folder:
        _, snapshot = _made(folder, changes)
        quick = Words(("title", "body"), _encoded(words))
        terms = Any(tuple(Term(f, t) for t in _encoded(words) for f in ("title", "body")))
        whole = search(snapshot, quick, 99)
        assert _pairs(whole) == pytest.approx(_pairs(search(snapshot, terms, 99)))
        doubled = search(snapshot, Words(quick.fields, quick.texts, 2.0), 99)
        assert doubled.scores == pytest.approx([2 * points for points in whole.scores])
        some = search(snapshot, quick, limit)
        assert (some.count, some.documents) == (whole.count, whole.documents[:limit])


@many
@given(
    changes=commits,
    places=st.lists(st.sets(st.sampled_from(WORDS[:6]), min_size=1), min_size=2, max_size=3),
)
def test_a_place_of_a_phrase_takes_one_of_several_words(
    changes: list[Commit], places: list[set[str]]
) -> None:
    with TemporaryDirectory() as folder:
        twins, snapshot = _made(folder, changes)
        right = set()
        for number, row in twins.documents.items():
            said = row["title"].split()
            runs = (said[at : at + len(places)] for at in range(len(said) - len(places) + 1))
            if any(all(w in p for w, p in zip(run, places, strict=True)) for run in runs):
                right.add(number)
        node = Phrase("title", tuple(_encoded(sorted(place)) for place in places))
        assert set(search(snapshot, node, 99).documents) == right


@pytest.fixture
def twins(tmp_path: Path) -> Twins:
    made = Twins(tmp_path)
    texts = ("ask bi", "bi cykel", "cykel", "ask cykel dröm", "dröm", "ask bi cykel dröm eka")
    made.commit(Commit([{"title": text, "body": text, "kind": "x"} for text in texts[:4]]))
    made.commit(Commit([{"title": text, "body": text, "kind": "y"} for text in texts[4:]]))
    return made


def test_what_is_too_much_for_the_kernel_is_found_all_the_same(twins: Twins) -> None:
    snapshot = Snapshot.of(twins.ours)
    ask = Term("body", b"ask")
    for node in (
        All((ask, *[Any((ask,))] * 40)),
        Any((ask,) * 1200),
        Any((All((ask,)), NOTHING)),
    ):
        assert sorted(search(snapshot, node, 99).documents) == [0, 3, 5]
    assert search(snapshot, Phrase("body", ((b"ask",),) * 40)).count == 0


def test_everything_and_nothing_are_that(twins: Twins) -> None:
    snapshot = Snapshot.of(twins.ours)
    assert _pairs(search(snapshot, EVERYTHING, 99)) == dict.fromkeys(range(6), 1.0)
    assert search(snapshot, NOTHING).count == search(snapshot, All((NOTHING,))).count == 0
    told = Matched((1, 5), (0.5, 2.0))
    assert _pairs(search(snapshot, told)) == {5: 2.0, 1: 0.5}
    assert _pairs(search(snapshot, Constant(Term("body", b"ask"), 3.0))) == {0: 3.0, 3: 3.0, 5: 3.0}


def test_a_field_or_term_that_nobody_has_finds_nothing(twins: Twins) -> None:
    snapshot = Snapshot.of(twins.ours)
    nodes: tuple[Node, ...] = (Term("saknas", b"ask"), Term("body", b"saknas"), Words((), ()))
    for node in nodes:
        assert search(snapshot, node, facets=("kind",)).count == 0


def test_an_excerpt_shows_the_words_of_any_segment(twins: Twins) -> None:
    """Whoosh's own analysers read a text as a whole, which then is one piece."""
    snapshot = Snapshot.of(twins.ours)
    cuts = Excerpter(snapshot, "body", [b"cykel", b"eka"], 3, 1).cut([5, 2, 4])
    assert [cut.text.decode() for cut in cuts] == ["ask bi cykel dröm eka", "cykel", "dröm"]
    marked = [[cut.text[first:end].decode() for first, end in cut.spans] for cut in cuts]
    assert marked == [["cykel", "eka"], ["cykel"], []]
    assert all(cut.is_first and cut.is_last for cut in cuts)


def test_texts_come_back_byte_for_byte(tmp_path: Path) -> None:
    texts = [
        "  två  blanksteg\n\nnytt stycke\t",
        "",
        " ",
        "rad\r\nrad",
        "å\u00a0ä ö\u2003x",
        "a " * 5000,
    ]
    twins = Twins(tmp_path)
    twins.commit(Commit([{"title": "x", "body": text} for text in texts]))
    twins.commit(Commit([{"title": "x", "body": text} for text in reversed(texts)], deletes=[1]))
    twins.commit(Commit([], optimize=True))
    snapshot = Snapshot.of(twins.ours)
    kept = [*texts[:1], *texts[2:], *reversed(texts)]
    assert [snapshot.text(number, "body") for number in range(len(kept))] == kept


def test_a_snapshot_answers_many_threads_at_once(twins: Twins) -> None:
    snapshot = Snapshot.of(twins.ours)

    def asked(word: str) -> tuple[list[int], list[bytes]]:
        node = Words(("title", "body"), (word.encode(),))
        found = search(snapshot, node, 99, facets=("kind",))
        cuts = Excerpter(snapshot, "body", [word.encode()], 2, 0).cut(found.documents)
        return found.documents, [cut.text for cut in cuts]

    one = {word: asked(word) for word in WORDS}
    with ThreadPoolExecutor(8) as pool:
        for word, found in zip(WORDS * 30, pool.map(asked, WORDS * 30), strict=True):
            assert found == one[word]
