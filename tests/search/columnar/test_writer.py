"""Commits, merges and crashes."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh.index import FileIndex, LockError, create_in, open_dir
from whoosh.writing import IndexingError

from search.columnar.codec.codec import EXTENSION, ColumnarCodec
from search.columnar.codec.parallel import ParallelWriter
from search.columnar.codec.writer import ColumnarWriter
from search.columnar.storage.arrays import ArrayFile
from search.errors import IndexUnavailableError
from tests.search.columnar.twins import LAYOUT, TAGS, WORDS, schema


def _rows(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    for number in range(count):
        words = [chance.choice(WORDS) + str(chance.randrange(50)) for _ in range(12)]
        yield {
            "id": f"{seed}-{number}",
            "title": " ".join(words[:3]),
            "body": " ".join(words) + " ask" * chance.randrange(2),
            "tags": " ".join(chance.sample(TAGS, chance.randrange(3))),
            "day": chance.randrange(100),
        }


def _index(folder: Path) -> FileIndex:
    folder.mkdir()
    return create_in(str(folder), schema())


def _write(index: FileIndex, rows: Any, memory: int = 1 << 28, **how: Any) -> None:
    writer = ColumnarWriter(index, ColumnarCodec(LAYOUT), memory)
    for row in rows:
        writer.add_document(**row)
    writer.commit(**how)


def _arrays(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob(f"*{EXTENSION}")
    file = ArrayFile(path)
    assert not file.damaged()
    return {name: file[name].tolist() for name in file.names()}


def test_with_little_memory_the_same_file_is_written(tmp_path: Path) -> None:
    for name, memory in (("much", 1 << 28), ("little", 1 << 14)):
        _write(_index(tmp_path / name), _rows(3000), memory)
    assert _arrays(tmp_path / "much") == _arrays(tmp_path / "little")


def _contents(index: FileIndex) -> Any:
    with index.reader() as reader:
        postings = {}
        for field, text in reader.all_terms():
            matcher = reader.postings(field, text)
            found = []
            while matcher.is_active():
                found.append((matcher.id(), matcher.weight(), matcher.value_as("weight")))
                matcher.next()
            postings[field, text] = found
        return postings, list(reader.all_stored_fields()), reader.field_length("body")


def test_merged_segments_are_what_one_commit_would_have_written(tmp_path: Path) -> None:
    merged, once = _index(tmp_path / "merged"), _index(tmp_path / "once")
    rows = list(_rows(900))
    for first in range(0, 900, 300):
        _write(merged, rows[first : first + 300], merge=False)
    with ColumnarWriter(merged, ColumnarCodec(LAYOUT)) as writer:
        for number in range(0, 900, 7):
            writer.delete_document(number)
        writer.optimize = True
    _write(once, [row for number, row in enumerate(rows) if number % 7])
    assert _contents(merged) == _contents(once)
    assert len(list((tmp_path / "merged").glob(f"*{EXTENSION}"))) == 1


def test_a_segment_of_deleted_documents_merges_into_nothing(tmp_path: Path) -> None:
    index = _index(tmp_path / "one")
    _write(index, _rows(2), merge=False)
    _write(index, [{"id": "x", "title": "ask"}], merge=False)
    with ColumnarWriter(index, ColumnarCodec(LAYOUT)) as writer:
        for number in (0, 1):
            writer.delete_document(number)
        writer.optimize = True
    with index.reader() as reader:
        assert list(reader.postings("title", "ask").all_ids()) == [0]


def test_parallel_processes_write_the_documents_of_one(tmp_path: Path) -> None:
    index, once = _index(tmp_path / "two"), _index(tmp_path / "one")
    rows = list(_rows(5000))
    writer = ParallelWriter(index, ColumnarCodec(LAYOUT), 2)
    for row in rows:
        writer.add_document(**row)
    writer.commit()
    _write(once, rows)
    with index.reader() as ours, once.reader() as one:
        assert len(ours.leaf_readers()) == 2
        stored = [sorted(r.all_stored_fields(), key=lambda f: str(f["id"])) for r in (ours, one)]
        assert stored[0] == stored[1]
        assert sorted(ours.all_terms()) == sorted(one.all_terms())


def test_what_goes_wrong_in_a_process_is_raised_and_nothing_is_committed(tmp_path: Path) -> None:
    index = _index(tmp_path / "two")
    writer = ParallelWriter(index, ColumnarCodec(LAYOUT), 2)
    writer.add_document(id="1", day="no number")
    with pytest.raises(ValueError, match="no number"):
        writer.commit()
    assert index.latest_generation() == 0
    _write(index, _rows(3))
    assert index.doc_count() == 3


def test_only_one_writes_at_a_time(tmp_path: Path) -> None:
    index = _index(tmp_path / "one")
    writer = ColumnarWriter(index, ColumnarCodec(LAYOUT))
    with pytest.raises(LockError):
        ColumnarWriter(index, ColumnarCodec(LAYOUT))
    writer.cancel()
    _write(index, _rows(2))


def test_a_cancelled_writer_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    index = _index(tmp_path / "one")
    _write(index, _rows(5))
    writer = ColumnarWriter(index, ColumnarCodec(LAYOUT))
    for row in _rows(4000, seed=2):
        writer.add_document(**row)
    writer.delete_document(0)
    writer.cancel()
    assert open_dir(str(tmp_path / "one")).doc_count() == 5


def test_boosts_are_refused(tmp_path: Path) -> None:
    writer = ColumnarWriter(_index(tmp_path / "one"), ColumnarCodec(LAYOUT))
    with pytest.raises(IndexingError):
        writer.add_document(title="ask", _title_boost=2.0)
    writer.cancel()


class _CutError(Exception):
    """The power goes."""


@pytest.mark.parametrize("call", ["fsync", "rename", "replace"])
def test_a_cut_at_any_flush_or_rename_leaves_the_old_or_the_new_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    index = _index(tmp_path / "one")
    _write(index, _rows(5))
    for cut in range(1, 20):
        folder = tmp_path / f"cut-{cut}"
        shutil.copytree(tmp_path / "one", folder)
        real, left = getattr(os, call), [cut]

        def cutting(*given: Any, real: Any = real, left: list[int] = left) -> Any:
            left[0] -= 1
            if not left[0]:
                raise _CutError
            return real(*given)

        with monkeypatch.context() as patched:
            patched.setattr(os, call, cutting)
            try:
                _write(open_dir(str(folder)), _rows(3, seed=2), merge=False)
                came_through = True
            except _CutError:
                came_through = False
        with open_dir(str(folder)).reader() as reader:
            assert reader.doc_count() in ((8,) if came_through else (5, 8))
            assert len(list(reader.all_stored_fields())) == reader.doc_count()
        if came_through:
            return
    pytest.fail("the commit never came through")


def test_the_segment_and_the_table_are_on_disk_before_the_table_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = _index(tmp_path / "one")
    done: list[str] = []
    real_sync, real_rename = os.fsync, os.rename

    def sync(handle: int) -> None:
        done.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real_sync(handle)

    def rename(old: str, new: str) -> None:
        done.append(f"named {Path(new).name}")
        real_rename(old, new)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", rename)
    _write(index, _rows(3))
    segment, table, named, folder = done
    assert segment.endswith(EXTENSION)
    assert table.startswith("_MAIN_1.toc.")
    assert (named, folder) == ("named _MAIN_1.toc", "one")


def test_a_segment_that_is_cut_off_is_refused_with_its_name(tmp_path: Path) -> None:
    index = _index(tmp_path / "one")
    _write(index, _rows(3))
    (path,) = (tmp_path / "one").glob(f"*{EXTENSION}")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(IndexUnavailableError, match=path.name):
        index.reader()


def test_a_changed_byte_is_found_by_the_checksums(tmp_path: Path) -> None:
    index = _index(tmp_path / "one")
    _write(index, _rows(3))
    (path,) = (tmp_path / "one").glob(f"*{EXTENSION}")
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    assert len(ArrayFile(path).damaged()) == 1


def test_frequencies_beyond_a_byte_are_exact(tmp_path: Path) -> None:
    index = _index(tmp_path / "one")
    many = [{"id": str(n), "body": " ".join(["ask"] * n)} for n in (1, 254, 255, 256, 70_000)]
    _write(index, many)
    _write(index, [], optimize=True)
    with index.reader() as reader:
        matcher = reader.postings("body", "ask")
        assert [matcher.weight(), *(matcher.next() or matcher.weight() for _ in range(4))] == [
            1.0, 254.0, 255.0, 256.0, 70_000.0,
        ]  # fmt: skip
        assert reader.field_length("body") == 70_766


def test_more_documents_than_a_block_are_written_and_merged(tmp_path: Path) -> None:
    index = _index(tmp_path / "one")
    for seed in (1, 2):
        rows = ({"id": f"{seed}-{n}", "title": f"ask {n % 7}"} for n in range(40_000))
        _write(index, rows, merge=False)
    with ColumnarWriter(index, ColumnarCodec(LAYOUT)) as writer:
        writer.delete_document(5)
        writer.optimize = True
    with index.reader() as reader:
        assert (reader.doc_count_all(), reader.doc_frequency("title", "ask")) == (79_999, 79_999)
        documents = np.array(reader.postings("title", "6").all_ids())
        before = np.array([n for n in range(80_000) if n % 40_000 % 7 == 6 and n != 5])
        assert documents.tolist() == (before - (before > 5)).tolist()
