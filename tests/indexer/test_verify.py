from __future__ import annotations

import gc
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from indexer.context import Context
from indexer.database import writing
from indexer.tasks import Done
from indexer.verify import Verdict, verify
from search.columnar.storage.arrays import ArrayFile
from search.derived import FILE_NAME as DERIVED
from search.derived import Derived
from search.document import Block, Document, Section
from search.index import Index
from search.schema import rows, schema

MakeDocument = Callable[..., Document]
Check = Callable[[], Verdict]


@pytest.fixture
def published(context: Context, do: Callable[..., Done], files: Path) -> Context:
    """A context with two documents in library and index."""
    do("add", paths=[files])
    return context


@pytest.fixture
def check(published: Context) -> Check:
    return lambda: verify(published.library, published.index)


def whats(verdict: Verdict) -> list[tuple[str, str]]:
    return [(disagreement.key, disagreement.what) for disagreement in verdict.disagreements]


def generation_folder(index: Index) -> Path:
    return index.path / "generations" / f"{index.current_number():06d}"


def change_library(context: Context, statement: str) -> None:
    with writing(context.library.engine) as connection:
        assert connection.execute(sql(statement)).rowcount


def replace_in_index(context: Context, document: Document) -> None:
    """Publish another document under the fingerprint of the one that the library holds."""
    current = context.index.current()
    assert current is not None
    with (
        context.index.locked(5),
        context.index.batch(revision=current.revision, labels=current.labels, keep=3) as batch,
    ):
        batch.put(
            document,
            fingerprint=current.documents[document.key],
            source_label=current.labels["source"]["egna"],
            original=context.library.blob(current.files[document.key]),
            digest=current.files[document.key],
        )


def test_what_was_published_agrees(check: Check) -> None:
    verdict = check()
    assert verdict.agrees
    assert (verdict.generation, verdict.documents, verdict.passages) == (1, 2, 2)
    assert (verdict.generation_revision, verdict.library_revision, verdict.waiting) == (2, 2, 0)


def test_the_bundled_collection_agrees_with_its_index(
    context: Context, do: Callable[..., Done], root: Path
) -> None:
    do("add", paths=[root / "corpus" / "documents" / "gr"], source="exempel")
    verdict = verify(context.library, context.index)
    assert verdict.disagreements == ()
    assert verdict.documents > 0


def test_an_empty_home_agrees(context: Context) -> None:
    verdict = verify(context.library, context.index)
    assert verdict.agrees
    assert (verdict.generation, verdict.documents) == (0, 0)


def test_what_waits_is_counted_and_is_no_disagreement(
    check: Check, published: Context, files: Path
) -> None:
    (files / "ny.txt").write_text("Ny\n\nEn ny rutin.\n", encoding="utf-8")
    (files / "medling.txt").unlink()
    list(published.folder_source.add([files], "egna"))
    verdict = check()
    assert verdict.agrees
    assert verdict.waiting == 2


def test_a_document_missing_from_the_index_is_found(check: Check, published: Context) -> None:
    whoosh = FileIndex(FileStorage(str(generation_folder(published.index))), schema=schema())
    writer = whoosh.writer()
    writer.delete_by_term("key", "egna:rutiner/medling.txt")
    writer.commit(merge=False)
    assert whats(check()) == [
        ("egna:rutiner/medling.txt", "is in the library and not in the index")
    ]


def test_a_document_too_many_is_found(
    check: Check, published: Context, document: MakeDocument
) -> None:
    with (
        published.index.locked(5),
        published.index.batch(revision=2, labels={"source": {}}, keep=3) as batch,
    ):
        batch.put(document("egna:spöke"), fingerprint="x", source_label="")
    assert ("egna:spöke", "is in the index and not in the library") in whats(check())


def test_another_fingerprint_is_found(check: Check, published: Context) -> None:
    path = generation_folder(published.index) / "generation.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    meta["documents"]["egna:rutiner/medling.txt"] = "0" * 32
    path.write_text(json.dumps(meta), encoding="utf-8")
    assert whats(check()) == [
        ("egna:rutiner/medling.txt", "the index shows another version than the library holds")
    ]


def test_damaged_and_lost_bytes_in_the_library_are_found(check: Check, published: Context) -> None:
    key = "egna:rutiner/medling.txt"
    version = published.library.version(key)
    assert version is not None
    change_library(
        published,
        f"UPDATE blobs SET data = x'00' WHERE digest = '{version.digest}'",  # noqa: S608
    )
    assert whats(check()) == [(key, "the library's bytes are damaged")]
    with published.library.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("DELETE FROM blobs WHERE digest = ?", (version.digest,))
    assert [key for key, _ in whats(check())] == [key]
    assert "no bytes" in whats(check())[0][1]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("replace(document, 'Medling', 'Smuggel')", "fingerprinted"),
        ("'{'", "damaged"),
        ("'[]'", "damaged"),
    ],
)
def test_a_damaged_document_in_the_library_is_found(
    check: Check, published: Context, change: str, word: str
) -> None:
    key = "egna:rutiner/medling.txt"
    change_library(
        published,
        f"UPDATE versions SET document = {change} WHERE key = '{key}'",  # noqa: S608
    )
    found = whats(check())
    assert {name for name, _ in found} == {key}
    assert word in found[0][1]


def test_a_missing_or_damaged_original_is_found(check: Check, published: Context) -> None:
    key = "egna:rutiner/medling.txt"
    current = published.index.current()
    assert current is not None
    path = published.index.file(current.files[key])
    assert path is not None
    path.write_bytes(b"other")
    assert whats(check()) == [(key, "the published original is missing or damaged")]
    path.unlink()
    assert whats(check()) == [(key, "the published original is missing or damaged")]


def test_a_lost_or_damaged_pointer_is_found(check: Check, published: Context) -> None:
    (published.index.path / "CURRENT").write_text("x")
    assert "CURRENT is damaged" in whats(check())[0][1]
    (published.index.path / "CURRENT").unlink()
    ((key, what),) = whats(check())
    assert key == ""
    assert "the index is gone" in what


def test_an_index_ahead_of_the_library_is_found(check: Check, published: Context) -> None:
    with (
        published.index.locked(5),
        published.index.batch(revision=99, labels={"source": {}}, keep=3),
    ):
        pass
    ((_, what),) = whats(check())
    assert "which the library has not reached" in what


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"title": "Något annat"}, "the index's document is not the library's"),
        ({"lead": "En ingress som ingen skrev."}, "the index's document is not the library's"),
        (
            {"sections": (Section((), 0, (Block("Helt andra ord."),)),)},
            "the index's passages are not the library's",
        ),
    ],
)
def test_a_document_that_reads_otherwise_in_the_index_is_found(
    check: Check, published: Context, fields: dict[str, object], what: str
) -> None:
    version = published.library.version("egna:rutiner/medling.txt")
    assert version is not None
    replace_in_index(published, replace(version.document, **fields))  # type: ignore[arg-type]
    assert ("egna:rutiner/medling.txt", what) in whats(check())


@pytest.mark.parametrize(
    ("field", "part", "row"), [("title", "the document", 0), ("body", "passage 1", 1)]
)
def test_a_document_that_its_own_words_do_not_find_is_found(
    check: Check,
    published: Context,
    monkeypatch: pytest.MonkeyPatch,
    field: str,
    part: str,
    row: int,
) -> None:
    def without_words(*args: str) -> list[dict[str, object]]:
        return [{**row, field: ""} if field in row else row for row in rows(*args)]  # type: ignore[arg-type]

    version = published.library.version("egna:rutiner/medling.txt")
    assert version is not None
    monkeypatch.setattr("search.index.rows", without_words)
    replace_in_index(published, version.document)
    assert whats(check()) == [
        (version.key, f"the words of row {row} are not those of its text"),
        (version.key, f"{part} cannot be found by the words of its {field}"),
    ]


@pytest.mark.parametrize("change", ["reversed", "twice", "inflected"])
def test_a_row_whose_words_are_not_those_of_its_text_is_found(
    check: Check, published: Context, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Postings and passage are right; only what the ranking reads is not."""

    def wrong(*args: str) -> Iterator[dict[str, Any]]:
        for row in rows(*args):  # type: ignore[arg-type]
            if row["number"]:
                words = row["body"].split()
                if change == "reversed":
                    words.reverse()
                elif change == "twice":
                    words.append(words[-1])
                else:
                    words = ["medlingar" if word == "medling" else word for word in words]
                assert words != row["body"].split()
                row = {**row, "body": " ".join(words)}
            yield row

    version = published.library.version("egna:rutiner/medling.txt")
    assert version is not None
    monkeypatch.setattr("search.index.rows", wrong)
    replace_in_index(published, version.document)
    assert whats(check()) == [(version.key, "the words of row 1 are not those of its text")]


@pytest.mark.parametrize("name", ["words.tsv", "known.bin", "lemmas.tsv"])
def test_a_lost_or_changed_list_of_words_is_found(
    check: Check, published: Context, name: str
) -> None:
    path = generation_folder(published.index) / name
    whole = path.read_bytes()
    for changed in (whole[:-1], whole + b"\t", whole[:1] + b"x" + whole[2:], b""):
        path.unlink()
        path.write_bytes(changed)
        ((key, what),) = whats(check())
        assert key == ""
        assert f"{name} of generation 1 is damaged" in what
    path.unlink()
    assert not check().agrees
    path.write_bytes(whole)
    assert check().agrees


def test_any_damage_to_what_was_derived_is_found(check: Check, published: Context) -> None:
    path = generation_folder(published.index) / DERIVED
    whole = path.read_bytes()
    file = ArrayFile(path)
    for name in file.names():
        if not file[name].nbytes:
            continue
        at = file._arrays[name][2]
        path.unlink()
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        assert ("", f"{DERIVED}: {name} is damaged; run 'metodsok index --full'") in whats(check())
    for changed in (whole[:-1], whole[:-20] + b"\xff" + whole[-19:], whole + b"\0", b""):
        path.unlink()
        path.write_bytes(changed)
        told = f"{DERIVED} of generation 1 is damaged; run 'metodsok index --full'"
        assert whats(check()) == [("", told)]
    path.unlink()
    assert not check().agrees
    path.write_bytes(whole)
    assert check().agrees


def test_what_was_derived_from_other_rows_is_found(check: Check, published: Context) -> None:
    """Though every byte is as it was written, and the generation says so."""
    folder = generation_folder(published.index)
    file = ArrayFile(folder / DERIVED)
    arrays = {name: file[name] for name in file.names()}
    arrays["holding"] = arrays["holding"] + 1
    (folder / DERIVED).unlink()
    digest = Derived(arrays, file.facts).write(folder / DERIVED)
    meta = json.loads((folder / "generation.json").read_text(encoding="utf-8"))
    meta["digests"][DERIVED] = digest
    (folder / "generation.json").write_text(json.dumps(meta), encoding="utf-8")
    told = "holding is not what was derived from the index's rows; run 'metodsok index --full'"
    assert whats(check()) == [("", told)]


def test_no_damage_to_the_index_files_goes_by_as_an_accident(
    check: Check, published: Context
) -> None:
    """Wherever a byte is wrong: a verdict comes, and the undamaged index agrees again."""
    (path,) = generation_folder(published.index).glob("*.columns")
    whole = path.read_bytes()
    found = 0
    places = random.Random(1).sample(range(len(whole)), 40)  # noqa: S311 - the same every time
    for place in places:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        found += not check().agrees
    for length in (0, 1, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert not check().agrees
    path.unlink()
    assert not check().agrees
    path.write_bytes(whole)
    assert check().agrees
    # The rest lie between the arrays, where there is nothing.
    assert found > len(places) / 2
    gc.collect()
