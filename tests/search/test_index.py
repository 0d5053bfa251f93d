from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest

from search.document import Document
from search.errors import IndexUnavailableError
from search.index import Index
from search.query import read_query
from search.searcher import Searcher

Publish = Callable[..., Index]
MakeDocument = Callable[..., Document]


def test_a_batch_that_fails_leaves_the_generation_that_serves(
    publish: Publish, document: MakeDocument
) -> None:
    index = publish([document("gr:1", "Medling")])
    with (
        pytest.raises(RuntimeError),
        index.locked(5),
        index.batch(revision=2, labels={}, keep=3) as batch,
    ):
        batch.put(document("gr:2"), fingerprint="x", source_label="")
        raise RuntimeError
    assert index.current_number() == 1
    assert not list(index.path.glob("building-*"))


def test_what_a_dead_publisher_left_is_swept_by_the_next(
    publish: Publish, document: MakeDocument
) -> None:
    index = publish([document("gr:1")])
    (index.path / "building-dead").mkdir()
    (index.path / "building-dead" / "half").write_bytes(b"x")
    publish([document("gr:2")])
    assert not list(index.path.glob("building-*"))


def test_a_published_generation_never_changes(publish: Publish, document: MakeDocument) -> None:
    index = publish([document("gr:1", "Ett")])
    folder = index.path / "generations" / "000001"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if "LOCK" not in path.name}
    publish([document("gr:1", "Två"), document("gr:2")])
    publish([document(f"gr:{n}") for n in range(3, 30)], full=True)
    after = {path.name: path.read_bytes() for path in folder.iterdir() if "LOCK" not in path.name}
    assert after == before


def test_only_the_newest_generations_are_kept(publish: Publish, document: MakeDocument) -> None:
    for number in range(5):
        index = publish([document(f"gr:{number}")])
    assert index.numbers() == (3, 4, 5)


def test_a_rollback_never_returns_to_what_was_rolled_back_from(
    publish: Publish, document: MakeDocument
) -> None:
    publish([document("gr:1", "Bra")])
    index = publish([document("gr:1", "Dålig")])
    with index.locked(5):
        assert index.rollback().number == 1
    publish([document("gr:1", "Bättre")])
    assert index.current_number() == 3
    with index.locked(5):
        assert index.rollback().number == 1
        with pytest.raises(IndexUnavailableError, match="no earlier"):
            index.rollback()


def test_originals_are_published_and_leave_with_their_generations(
    publish: Publish, document: MakeDocument
) -> None:
    index = publish([])
    digest = "a" * 64
    with index.locked(5), index.batch(revision=9, labels={}, keep=2) as batch:
        batch.put(
            document("gr:1"), fingerprint="x", source_label="", original=b"%PDF", digest=digest
        )
    path = index.file(digest)
    assert path is not None
    assert path.read_bytes() == b"%PDF"
    publish([], removed=["gr:1"])
    assert index.file(digest) is not None
    for _ in range(3):
        publish([])
    assert index.file(digest) is None


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a" * 63, "." * 64])
def test_only_a_hash_names_an_original(publish: Publish, digest: str) -> None:
    assert publish([]).file(digest) is None


def test_a_second_publisher_waits_and_then_says_so(publish: Publish) -> None:
    index = publish([])
    second = Index(index.path)
    message = "another process"
    with index.locked(5), pytest.raises(IndexUnavailableError, match=message), second.locked(0.1):
        pass


# Whoosh forgets to close a file that it cannot understand; better found here than in a later test.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_index_is_a_clear_error(
    publish: Publish, document: MakeDocument, vocabulary: Path
) -> None:
    index = publish([document("gr:1", "Medling")])
    for path in (index.path / "generations" / "000001").glob("*.toc"):
        path.write_bytes(b"damaged")
    with pytest.raises(IndexUnavailableError, match="cannot be opened"):
        Searcher(index.path, vocabulary).search(read_query("medling"))
    gc.collect()
    (index.path / "CURRENT").write_text("x")
    with pytest.raises(IndexUnavailableError, match="damaged"):
        index.current()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_damaged_postings_are_a_clear_error(
    publish: Publish, document: MakeDocument, vocabulary: Path
) -> None:
    index = publish([document("gr:1", "Medling")])
    (path,) = (index.path / "generations" / "000001").glob("*.seg")
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(IndexUnavailableError, match=r"is damaged.*index --full"):
        Searcher(index.path, vocabulary).search(read_query("medling"))
    gc.collect()
