from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.context import Context
from indexer.status import read_status
from indexer.tasks import Done
from search.document import Document
from search.errors import IndexUnavailableError

Do = Callable[..., Done]


@pytest.fixture
def hints(context: Context) -> Callable[[], list[str]]:
    """The commands that the hints end with."""
    return lambda: [hint.rpartition("metodsok ")[2] for hint in read_status(context).hints]


def test_an_empty_home_has_a_state_too(context: Context) -> None:
    status = read_status(context)
    assert (status.revision, status.documents, status.generation, status.waiting) == (0, 0, 0, 0)
    assert (status.hints, status.jobs, status.problems, status.held) == ((), (), (), False)
    assert [source.name for source in status.sources] == list(context.sources)


def test_everything_is_counted(do: Do, context: Context, files: Path) -> None:
    (files / "tom.txt").touch()
    do("add", paths=[files])
    status = read_status(context)
    assert (status.revision, status.documents) == (2, 2)
    assert (status.generation, status.generation_revision, status.published) == (1, 2, 2)
    assert {s.name: s.documents for s in status.sources if s.documents} == {"egna": 2}
    assert [problem.reason for problem in status.problems] == ["empty"]
    assert [job.kind for job in status.jobs] == ["add"]
    assert status.home == str(context.settings.home)
    assert status.hints == ()


def test_what_waits_is_hinted_at_until_it_is_published(
    do: Do, context: Context, files: Path, hints: Callable[[], list[str]]
) -> None:
    list(context.folder_source.add([files], "egna"))
    assert read_status(context).waiting == 2
    assert hints() == ["index"]
    do("publish")
    assert hints() == []


def test_a_rollback_is_hinted_at_instead_of_what_waits(
    do: Do, context: Context, files: Path
) -> None:
    do("add", paths=[files])
    (files / "medling.txt").unlink()
    do("scan")
    context.publisher.rollback()
    status = read_status(context)
    assert (status.held, status.waiting) == (True, 1)
    assert [hint.partition(":")[0] for hint in status.hints] == ["rolled back"]


def test_an_index_of_another_version_is_hinted_at(do: Do, context: Context, files: Path) -> None:
    do("add", paths=[files])
    path = context.index.path / "generations" / "000001" / "generation.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**meta, "schema": "another"}), encoding="utf-8")
    assert ["another version" in hint for hint in read_status(context).hints] == [True]


def test_examples_beside_own_documents_are_hinted_at_until_they_are_hidden(
    do: Do, context: Context, files: Path, root: Path, hints: Callable[[], list[str]]
) -> None:
    examples = root / "corpus" / "documents" / "gr"
    do("add", paths=[examples], source="exempel")
    assert hints() == []
    do("add", paths=[files])
    assert hints() == ["sources off exempel"]
    context.library.switch("exempel", shown=False)
    do("publish")
    assert hints() == []
    shown = {source.name: source.shown for source in read_status(context).sources}
    assert shown == {name: name != "exempel" for name in context.sources}


def test_a_source_that_left_the_list_is_shown_by_its_name(
    context: Context, document: Callable[..., Document]
) -> None:
    context.library.store(document("mora:1"), b"x", origin="/x", parsed_by="p")
    last = read_status(context).sources[-1]
    assert (last.name, last.label, last.documents, last.shown) == ("mora", "mora", 1, True)


def test_a_damaged_index_is_an_error_that_says_what_to_do(
    do: Do, context: Context, files: Path
) -> None:
    do("add", paths=[files])
    (context.index.path / "CURRENT").write_text("x")
    with pytest.raises(IndexUnavailableError, match="metodsok index --full"):
        read_status(context)
