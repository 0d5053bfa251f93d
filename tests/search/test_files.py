from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from search.files import digest_of, flush, link_files, store_file


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    for name in ("MAIN_1.seg", "MAIN_WRITELOCK", "words.tsv"):
        (source / name).write_text(name, "utf-8")
    return source, target


def refuse(*_: object) -> None:
    raise OSError("this file system has no hard links")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_a_folder_gets_the_files_of_another_but_not_its_locks(folders: tuple[Path, Path]) -> None:
    source, target = folders
    link_files(source, target, without=("words.tsv",))
    assert names(target) == {"MAIN_1.seg"}
    assert (target / "MAIN_1.seg").samefile(source / "MAIN_1.seg")
    assert names(source) == {"MAIN_1.seg", "MAIN_WRITELOCK", "words.tsv"}


def test_without_hard_links_files_are_copied(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = folders
    monkeypatch.setattr(os, "link", refuse)
    link_files(source, target, without=())
    assert names(target) == {"MAIN_1.seg", "words.tsv"}
    assert not (target / "words.tsv").samefile(source / "words.tsv")
    assert (target / "words.tsv").read_bytes() == (source / "words.tsv").read_bytes()


def test_bytes_are_kept_under_their_hash(tmp_path: Path) -> None:
    data = b"%PDF-1.7"
    digest = hashlib.sha256(data).hexdigest()
    store_file(tmp_path, digest, data)
    assert (tmp_path / digest[:2] / digest).read_bytes() == data
    assert digest_of(tmp_path / digest[:2] / digest) == digest
    assert names(tmp_path / digest[:2]) == {digest}


def test_what_is_there_is_not_written_again(tmp_path: Path) -> None:
    store_file(tmp_path, "ab" * 32, b"%PDF-1.7")
    path = tmp_path / "ab" / ("ab" * 32)
    before = path.stat().st_ino
    store_file(tmp_path, "ab" * 32, b"%PDF-1.7")
    assert path.stat().st_ino == before


@pytest.mark.parametrize("damage", [b"", b"%PDF", b"something else"])
def test_a_damaged_file_is_put_right(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "ab" / ("ab" * 32)
    store_file(tmp_path, path.name, b"%PDF-1.7")
    path.write_bytes(damage)
    store_file(tmp_path, path.name, b"%PDF-1.7")
    assert path.read_bytes() == b"%PDF-1.7"
    assert names(path.parent) == {path.name}


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch], ids=["folder", "file"])
def test_flushing_a_file_or_a_folder_leaves_nothing_open(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    before = open_files()
    make(tmp_path / "new")
    flush(tmp_path / "new")
    assert open_files() == before


def test_what_is_not_there_cannot_be_flushed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        flush(tmp_path / "gone")
