from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.history import Outcome
from indexer.library import Library
from search.document import Document
from search.errors import LibraryError

MakeDocument = Callable[..., Document]


def store(library: Library, document: Document, data: bytes = b"data") -> Outcome:
    return library.store(document, data, origin=f"/files/{document.key}", parsed_by="p")


def test_the_same_document_again_makes_no_version(library: Library, document: MakeDocument) -> None:
    assert store(library, document("egna:1")) is Outcome.ADDED
    assert store(library, document("egna:1")) is Outcome.UNCHANGED
    assert library.revision() == 1


def test_new_bytes_or_a_new_reading_make_a_version(
    library: Library, document: MakeDocument
) -> None:
    store(library, document("egna:1"))
    assert store(library, document("egna:1"), b"other") is Outcome.CHANGED
    assert store(library, document("egna:1", "Ny titel"), b"other") is Outcome.CHANGED
    assert library.revision() == 3


def test_every_version_stays(library: Library, document: MakeDocument) -> None:
    store(library, document("egna:1", "Första"))
    store(library, document("egna:1", "Andra"))
    library.remove("egna:1", "test")
    titles = [v.document.title if (v := library.version("egna:1", r)) else None for r in (1, 2, 3)]
    assert titles == ["Första", "Andra", None]
    assert [len(library.state_at(revision)) for revision in (0, 1, 2, 3)] == [0, 1, 1, 0]


def test_a_removed_document_may_come_back(library: Library, document: MakeDocument) -> None:
    store(library, document("egna:1"))
    library.remove("egna:1", "test")
    assert library.counts() == {}
    assert store(library, document("egna:1")) is Outcome.ADDED
    assert library.counts() == {"egna": 1}


def test_a_source_switched_off_is_hidden_from_then_on(
    library: Library, document: MakeDocument
) -> None:
    store(library, document("egna:1"))
    store(library, document("gr:1"))
    library.switch("gr", shown=False)
    library.switch("gr", shown=False)
    assert library.revision() == 3
    assert set(library.state_at(2)) == {"egna:1", "gr:1"}
    assert set(library.state_at(3)) == {"egna:1"}
    library.switch("gr", shown=True)
    assert set(library.state_at(4)) == {"egna:1", "gr:1"}


def test_what_an_editor_says_of_a_source_is_remembered_also_where_it_changes_nothing(
    library: Library,
) -> None:
    assert library.switched() == {}
    library.switch("polisen", shown=True)
    library.switch("gr", shown=False)
    assert library.switched() == {"polisen": True, "gr": False}
    revision = library.revision()
    library.switch("polisen", shown=True)
    assert library.revision() == revision


def test_bytes_are_kept_once_and_given_back(library: Library, document: MakeDocument) -> None:
    store(library, document("egna:1"), b"same")
    store(library, document("egna:2"), b"same")
    version = library.version("egna:1")
    assert version is not None
    assert library.blob(version.digest) == b"same"
    with pytest.raises(LibraryError, match="no bytes"):
        library.blob("0" * 64)


def test_a_file_that_is_no_library_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"This is no database. " * 100)
    before = path.read_bytes()
    with pytest.raises(LibraryError, match="cannot be opened as a library"):
        Library(path)
    assert path.read_bytes() == before


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y", None])), max_size=12
    )
)
def test_the_state_at_a_revision_never_changes(
    tmp_path_factory: pytest.TempPathFactory,
    document: MakeDocument,
    steps: list[tuple[str, str | None]],
) -> None:
    path = tmp_path_factory.mktemp("library") / "library.sqlite"
    with Library(path) as library:
        seen: dict[int, dict[str, str]] = {0: {}}
        for key, title in steps:
            if title is None:
                library.remove(f"egna:{key}", "test")
            else:
                store(library, document(f"egna:{key}", title))
            seen[library.revision()] = library.state_at(library.revision())
        assert {revision: library.state_at(revision) for revision in seen} == seen
