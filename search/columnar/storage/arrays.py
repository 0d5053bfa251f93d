"""Named arrays in one file: written once, then mapped into memory and never changed.

The file is a mark, the arrays one after the other, a table of contents as JSON, and its length and
checksum. Each array begins at a multiple of 64 bytes, so that it can be used where it lies; every
process that maps the file shares its pages.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

from search.errors import IndexUnavailableError

_MARK = b"MSCOL\x00\x00\x01"
_ALIGNED = 64
_TAIL = 16

Array = NDArray[Any]


class ArrayWriter:
    """Writes arrays to a file, in one go and in pieces. Names are given once."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("xb")
        self._file.write(_MARK.ljust(_ALIGNED, b"\x00"))
        self._at = _ALIGNED
        self._arrays: dict[str, tuple[str, int, int, int]] = {}

    def put(self, name: str, array: Array | bytes) -> None:
        """Write one array."""
        made = np.frombuffer(array, np.uint8) if isinstance(array, bytes) else array
        self.put_pieces(name, made.dtype, [made])

    def put_pieces(self, name: str, dtype: DTypeLike, pieces: Iterable[Array]) -> None:
        """Write one array that comes in pieces."""
        kind, start, check, count = np.dtype(dtype), self._at, 0, 0
        for piece in pieces:
            data = np.ascontiguousarray(piece, kind).data.cast("B")
            self._file.write(data)
            check = zlib.crc32(data, check)
            count += len(piece)
        size = count * kind.itemsize
        self._file.write(bytes(-size % _ALIGNED))
        self._at += size + -size % _ALIGNED
        self._arrays[name] = (kind.str, count, start, check)

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Write the table of contents with ``facts`` in it, flush to disk and close."""
        table = json.dumps({"arrays": self._arrays, "facts": facts}).encode()
        self._file.write(table)
        self._file.write(zlib.crc32(table).to_bytes(8, "little") + len(table).to_bytes(8, "little"))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        """Close without finishing."""
        self._file.close()


def write_arrays(path: Path, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> None:
    """Write a whole file of arrays. Closes it also where that fails."""
    writer = ArrayWriter(path)
    try:
        for name, array in arrays.items():
            writer.put(name, array)
        writer.finish(facts)
    except BaseException:
        writer.discard()
        raise


class ArrayFile:
    """A file of arrays, mapped. Arrays stay valid as long as anybody holds one."""

    def __init__(self, path: Path) -> None:
        """Raises IndexUnavailableError when the file is missing or not whole."""
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            table = self._table()
        except (OSError, ValueError) as error:
            raise IndexUnavailableError(f"{path} cannot be read: {error}") from error
        self._arrays: dict[str, tuple[str, int, int, int]] = table["arrays"]
        self.facts: dict[str, Any] = table["facts"]

    @property
    def digest(self) -> str:
        """The SHA-256 of the table of contents, which has a checksum of every array."""
        table = json.dumps({"arrays": self._arrays, "facts": self.facts}, sort_keys=True)
        return hashlib.sha256(table.encode()).hexdigest()

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def get(self, name: str) -> Array | None:
        """An array, or None where the file has none of that name."""
        return self[name] if name in self._arrays else None

    def __getitem__(self, name: str) -> Array:
        kind, count, start, _ = self._arrays[name]
        return np.frombuffer(self._map, np.dtype(kind), count, start)

    def names(self) -> tuple[str, ...]:
        """The arrays there are."""
        return tuple(self._arrays)

    def damaged(self) -> tuple[str, ...]:
        """The names of arrays that are not as they were written. Reads all of the file."""
        return tuple(
            name
            for name, (_, _, _, check) in self._arrays.items()
            if zlib.crc32(self[name].data.cast("B")) != check
        )

    def _table(self) -> dict[str, Any]:
        if self._map[: len(_MARK)] != _MARK:
            raise ValueError("it is no file of arrays")
        tail = self._map[-_TAIL:]
        if len(self._map) < _ALIGNED + _TAIL:
            raise ValueError("it is cut off")
        check, size = (int.from_bytes(tail[at : at + 8], "little") for at in (0, 8))
        table = self._map[max(0, len(self._map) - _TAIL - size) : -_TAIL]
        if not size or zlib.crc32(table) != check:
            raise ValueError("it is cut off or damaged")
        found: dict[str, Any] = json.loads(table)
        return found
