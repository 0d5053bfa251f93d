"""Files as a crash must leave them: linked, stored under their hash, flushed to disk."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection
from pathlib import Path


def link_files(source: Path, target: Path, without: Collection[str]) -> None:
    """Give a folder the files of another, by hard links where the file system has them."""
    for path in source.iterdir():
        if path.name in without or path.name.endswith("LOCK"):
            continue
        try:
            os.link(path, target / path.name)
        except OSError:  # a file system without hard links
            shutil.copy2(path, target / path.name)


def store_file(files: Path, digest: str, data: bytes) -> None:
    """Keep bytes under their SHA-256, unless they are there."""
    path = files / digest[:2] / digest
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_bytes(data)
    flush(draft)
    draft.replace(path)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def flush(path: Path) -> None:
    """Have the disk hold a file's or a folder's present state."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
