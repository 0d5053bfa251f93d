from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.folders import Folder, Folders, innermost
from indexer.library import Library


@pytest.fixture
def folders(library: Library) -> Folders:
    return Folders(library.engine)


def test_a_folder_is_added_once(folders: Folders, tmp_path: Path) -> None:
    first = folders.add("egna", tmp_path, whole=True)
    assert folders.add("egna", tmp_path, whole=True) == first
    assert folders.all() == (first,)
    assert first.name == tmp_path.name


def test_a_folder_becomes_whole_and_stays_so(folders: Folders, tmp_path: Path) -> None:
    assert folders.add("egna", tmp_path, whole=False).whole is False
    assert folders.add("egna", tmp_path, whole=True).whole is True
    assert folders.add("egna", tmp_path, whole=False).whole is True


def test_folders_of_one_name_are_numbered_within_a_source(folders: Folders, tmp_path: Path) -> None:
    paths = [tmp_path / letter / "rutiner" for letter in "abc"]
    for path in paths:
        path.mkdir(parents=True)
    names = [folders.add("egna", path, whole=True).name for path in paths]
    assert names == ["rutiner", "rutiner-2", "rutiner-3"]
    assert folders.add("gr", paths[0], whole=True).name == "rutiner"


def test_a_folder_that_has_moved_keeps_its_name(folders: Folders, tmp_path: Path) -> None:
    old, new = tmp_path / "a" / "rutiner", tmp_path / "b" / "rutiner"
    new.mkdir(parents=True)
    before = folders.add("egna", old, whole=True)
    after = folders.add("egna", new, whole=True)
    assert (after.id, after.name, after.path) == (before.id, before.name, new)


def test_the_innermost_whole_folder_holds_a_file(folders: Folders, tmp_path: Path) -> None:
    inner = tmp_path / "skola"
    inner.mkdir()
    outer = folders.add("egna", tmp_path, whole=True)
    assert folders.holding("egna", inner / "a.txt") == outer
    folders.add("egna", inner, whole=False)
    assert folders.holding("egna", inner / "a.txt") == outer
    whole = folders.add("egna", inner, whole=True)
    assert folders.holding("egna", inner / "a.txt") == whole
    assert folders.holding("gr", inner / "a.txt") is None


@given(paths=st.lists(st.lists(st.sampled_from("ab"), min_size=1, max_size=4), max_size=8))
def test_the_innermost_folder_is_a_longest_parent(paths: list[list[str]]) -> None:
    known = [Folder(n, "egna", "x", Path("/", *parts), True) for n, parts in enumerate(paths)]
    file = Path("/a/b/a/b/fil.txt")
    around = [folder for folder in known if folder.path in file.parents]
    found = innermost(known, "egna", file)
    assert (found is None) == (not around)
    if found:
        assert found in around
        assert len(found.path.parts) == max(len(folder.path.parts) for folder in around)
