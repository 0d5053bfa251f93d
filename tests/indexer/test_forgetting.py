"""Forgetting on real files: no byte of the document is to be found in its home afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from indexer.context import Context
from indexer.database import writing
from indexer.forgetting import forget
from indexer.history import Outcome
from indexer.tasks import Done
from indexer.verify import verify
from search.errors import IndexUnavailableError
from search.query import read_query
from search.searcher import Searcher

#: Words that no other document has, in several lengths of text, so that they lie in many places.
WORDS = ("kvisslavinden", "brummelåker", "snårhallonet")
SENTENCE = "Där möttes kvisslavinden och brummelåker vid snårhallonet."


@pytest.fixture
def doomed(files: Path) -> Path:
    """A document that stands out, in three versions' worth of text and with a long one last."""
    path = files / "hemligt.txt"
    path.write_text(f"Rutinen {WORDS[0]}\n\n{SENTENCE}\n", encoding="utf-8")
    return path


@pytest.fixture
def filled(context: Context, do: Callable[..., Done], files: Path, doomed: Path) -> Context:
    """A home with three generations that show the document, and two versions of it."""
    do("add", paths=[files])
    long = "\n\n".join(f"Stycke {n}. {SENTENCE}" for n in range(200))
    doomed.write_text(f"Rutinen {WORDS[0]}\n\n{long}\n", encoding="utf-8")
    do("add", paths=[files])
    (files / "medling.txt").write_text("Medling\n\nNågot annat om medling.\n", encoding="utf-8")
    do("add", paths=[files])
    return context


def key_of(context: Context, path: Path) -> str:
    known = context.library.known("egna", str(path))
    assert known is not None
    return known.key


def files_with(home: Path, *words: str) -> dict[str, set[str]]:
    """The files under a home that hold a word, as it is written or in small letters."""
    found: dict[str, set[str]] = {}
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            held = {w for w in words if w.encode() in data or w.encode("utf-16-le") in data}
            if held:
                found[path.relative_to(home).as_posix()] = held
    return found


def test_no_byte_of_it_is_to_be_found(filled: Context, doomed: Path, vocabulary: Path) -> None:
    home = filled.settings.home
    before = files_with(home, *WORDS, SENTENCE)
    assert any(name.startswith("library.sqlite") for name in before)
    assert len({name.split("/")[2] for name in before if name.startswith("index/gen")}) == 3
    assert any(name.startswith("index/files/") for name in before)
    digest = filled.library.known_by_key(key_of(filled, doomed)).digest  # type: ignore[union-attr]

    done = forget(filled, key_of(filled, doomed), "begärt av den det rör")

    assert files_with(home, *WORDS, SENTENCE, digest) == {}
    assert (done.erased.versions, done.is_clean) == (2, True)
    assert done.published is not None
    assert filled.index.numbers() == (done.published.generation,)
    verdict = verify(filled.library, filled.index)
    assert (verdict.agrees, verdict.waiting, verdict.documents) == (True, 0, 2)
    searcher = Searcher(filled.index.path, vocabulary)
    assert searcher.search(read_query(WORDS[1])).hits == ()
    assert len(searcher.search(read_query("medling")).hits) >= 1


def test_its_file_is_refused_from_then_on_and_the_rest_is_taken(
    filled: Context, do: Callable[..., Done], files: Path, doomed: Path
) -> None:
    key = key_of(filled, doomed)
    forget(filled, key, "test")
    (files / "ny.txt").write_text("Ny rutin\n\nEn text om något nytt.\n", encoding="utf-8")
    outcomes = {Path(r.origin).name: r.outcome for r in do("add", paths=[files]).receipts}
    assert outcomes["hemligt.txt"] is Outcome.FAILED
    assert outcomes["ny.txt"] is Outcome.ADDED
    assert filled.problems.all() == ()
    assert files_with(filled.settings.home, *WORDS) == {}
    assert verify(filled.library, filled.index).agrees


def test_forgetting_that_was_cut_short_goes_on_when_it_is_done_again(
    make_context: Callable[..., Context], filled: Context, doomed: Path
) -> None:
    key = key_of(filled, doomed)
    with filled.index.locked(5), pytest.raises(IndexUnavailableError):
        forget(make_context(wait_seconds=1), key, "test")
    assert files_with(filled.settings.home, *WORDS) != {}
    assert forget(filled, key, "test").is_clean
    assert files_with(filled.settings.home, *WORDS) == {}


def test_a_reader_in_the_way_is_told_of_and_the_next_time_is_clean(
    make_context: Callable[..., Context], filled: Context, doomed: Path
) -> None:
    hasty = make_context(wait_seconds=1)
    key = key_of(filled, doomed)
    with filled.library.engine.connect() as reader:
        reader.execute(sql("SELECT count(*) FROM documents")).all()
        with writing(filled.library.engine) as other:
            other.execute(sql("UPDATE documents SET last_seen = last_seen"))
        assert not forget(hasty, key, "test").is_clean
    assert forget(hasty, key, "test").is_clean
    assert files_with(filled.settings.home, *WORDS) == {}


def test_forgetting_before_anything_was_published_publishes_nothing(context: Context) -> None:
    assert forget(context, "gr:1", "test").published is None
    assert context.library.is_empty()
    assert context.index.numbers() == ()
