"""Which kernel is taken, and that nothing at all is a case like others for both."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from search.columnar.kernel import twin
from search.columnar.kernel.shapes import (
    Array,
    Cut,
    FacetArrays,
    ForwardArrays,
    PostingArrays,
    TermArrays,
)
from search.columnar.planning.scoring import BM25

ROOT = Path(__file__).parents[3]
SCORES = BM25().table(9.0, 255).scores


def _taken(**environment: str) -> str:
    asked = "from search.columnar import kernel; print(kernel.NAME)"
    settings = {k: v for k, v in os.environ.items() if not k.startswith("COLUMNAR_KERNEL")}
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env={**settings, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout.strip()


@pytest.fixture(params=("native", "twin"))
def kernel(request: pytest.FixtureRequest) -> ModuleType:
    if request.param == "twin":
        return twin
    native: ModuleType = pytest.importorskip(
        "search.columnar.kernel.native", reason="no compiler was found", exc_type=ImportError
    )
    return native


def test_the_twin_is_taken_where_it_is_asked_for() -> None:
    assert _taken(COLUMNAR_KERNEL="twin") == "twin"


def test_the_twin_is_taken_where_there_is_no_library(tmp_path: Path) -> None:
    assert _taken(COLUMNAR_KERNEL_LIBRARY=str(tmp_path / "none.so")) == "twin"


def test_the_twin_is_taken_where_the_library_is_of_another_machine(tmp_path: Path) -> None:
    (tmp_path / "other.so").write_bytes(b"\x7fELF of another machine")
    assert _taken(COLUMNAR_KERNEL_LIBRARY=str(tmp_path / "other.so")) == "twin"


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
@pytest.mark.parametrize("source", ["long long version(void) { return -7; }", "int other;"])
def test_the_twin_is_taken_where_the_library_is_of_another_kernel(
    tmp_path: Path, source: str
) -> None:
    (tmp_path / "old.c").write_text(source)
    built = tmp_path / "old.so"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-o", str(built), str(tmp_path / "old.c")], check=True
    )
    assert _taken(COLUMNAR_KERNEL_LIBRARY=str(built)) == "twin"


@pytest.mark.skipif(
    importlib.util.find_spec("search.columnar.kernel._kernel") is None,
    reason="no compiler was found",
)
def test_the_compiled_kernel_is_taken_where_it_was_built() -> None:
    assert _taken() == "native"


# -- nothing at all --------------------------------------------------------------------------


def _none(kind: str) -> Array:
    return np.empty(0, kind)


def _no_postings(documents: int) -> PostingArrays:
    return PostingArrays(documents, *map(_none, ("u2", "u2", "u2", "i8", "u4", "i8", "u4")))


def _empty_texts(documents: int) -> ForwardArrays:
    """A field in which no document has a word, so that there is no piece and no word at all."""
    none, zero = _none("u4"), np.zeros(1, np.uint32)
    return ForwardArrays(
        pieces=_none("u1"),
        start=np.zeros(documents + 1, np.int64),
        word_start=zero,
        word=none,
        word_first=none,
        word_end=none,
        held_start=zero,
        held_by=none,
        text=_none("u1"),
        text_start=zero,
        odd_at=_none("i8"),
        odd_space=none,
        space=_none("u1"),
        space_start=zero,
        words=0,
    )


@pytest.mark.parametrize("documents", [0, 2])
def test_where_nothing_is_nothing_is_found(kernel: ModuleType, documents: int) -> None:
    postings = kernel.Postings(_no_postings(documents))
    for size in (0, 3):
        best = kernel.Best(size)
        for terms in (
            kernel.joined([]),
            kernel.prepare(0, 0, 1.0, kernel.handle(SCORES), 1.2, 0, False),
        ):
            for masks in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)):
                count, matched = kernel.score(postings, terms, masks, best, 0, matched=True)
                assert (count, matched.tolist()) == (0, [])
        assert best.ordered() == ([], [])


def test_a_phrase_is_nowhere_in_a_field_without_words(kernel: ModuleType) -> None:
    terms = kernel.prepare(0, 0, 1.0, kernel.handle(SCORES), 1.2, 0, False)
    found = kernel.phrase(
        kernel.Postings(_no_postings(2)),
        kernel.Forward(_empty_texts(2)),
        terms,
        _none("u8"),
        kernel.Best(3),
        0,
    )
    assert found == (0, None)


def test_an_excerpt_of_a_text_without_words_is_empty(kernel: ModuleType) -> None:
    forward = kernel.Forward(_empty_texts(2))
    assert kernel.excerpt(forward, [], _none("u8"), 5, 1) == []
    assert kernel.excerpt(forward, [1, 0], _none("u8"), 5, 1) == [Cut(b"", [], True, True)] * 2


def test_of_no_texts_there_are_no_pieces_and_no_postings(kernel: ModuleType) -> None:
    pieces = kernel.Pieces()
    for texts in ([], [b""], [b"", b" \n"]):
        made = kernel.tokenise(pieces, texts, True)
        assert (made.numbers.tolist(), made.counts.tolist()) == ([], [0] * len(texts))
    assert pieces.texts_from(0) == []
    one = np.zeros(1, np.int64)
    inverted = kernel.invert(_none("u4"), one, one, _none("u4"), 0)
    assert [each.tolist() for each in inverted] == [[0], [], [], []]


def test_where_there_are_no_terms_and_no_facets_none_are_found(kernel: ModuleType) -> None:
    zero = np.zeros(1, np.uint32)
    dictionary = kernel.Dictionary(TermArrays(_none("u1"), zero, zero, _none("u4")))
    assert list(dictionary.find(b"x", kernel.ranges_of([]))) == []
    assert dictionary.find(b"", kernel.ranges_of([(0, 0)]))[0].number == -1
    counts = np.zeros(2, np.uint32)
    facet = kernel.Facet(FacetArrays(_none("u2"), None, None, 2))
    kernel.count_facets([facet], _none("u4"), 0, [counts])
    kernel.count_facets([], _none("u4"), 0, [])
    assert counts.tolist() == [0, 0]
