"""Byte strings by number, compressed: small ones many to a block, long ones over several.

All strings lie one after the other and are cut into blocks of one size, so that where a byte is
says which block to open, and a window of a long text opens no more than it needs.
"""

from __future__ import annotations

from collections.abc import Iterable

import lz4.block
import numpy as np

from search.columnar.storage.arrays import ArrayFile, ArrayWriter
from search.columnar.storage.spool import Budget, Spool

#: Bytes of long texts that are compressed together: enough to compress well, few enough to open
#: in some microseconds.
LONG_BLOCK = 1 << 13
#: The same for small records, of which a page needs single ones.
SMALL_BLOCK = 1 << 11


class StoreWriter:
    """Gathers byte strings, numbered as they come, in blocks of so many bytes."""

    def __init__(self, budget: Budget, block: int) -> None:
        self._size = block
        self._data = Spool(np.uint8, budget)
        self._lengths = Spool(np.uint32, budget)
        self._blocks: list[int] = [0]
        self._rest = bytearray()

    def add(self, strings: Iterable[bytes]) -> None:
        """Add strings in order."""
        made = list(strings)
        self._lengths.append(np.fromiter(map(len, made), np.uint32, len(made)))
        self._rest += b"".join(made)
        if len(self._rest) >= self._size:
            whole = len(self._rest) // self._size * self._size
            self._compress(bytes(self._rest[:whole]))
            del self._rest[:whole]

    def write(self, name: str, file: ArrayWriter) -> None:
        """Write all of it under a name."""
        self._compress(bytes(self._rest))
        lengths = self._lengths.whole()
        starts = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=starts[1:])
        file.put(f"{name}.start", starts)
        file.put(f"{name}.size", np.array([self._size], np.int64))
        file.put(f"{name}.block", np.array(self._blocks, np.int64))
        file.put_pieces(f"{name}.data", np.uint8, self._data.pieces())
        self.close()

    def close(self) -> None:
        """Give back memory and disk."""
        self._data.close()
        self._lengths.close()

    def _compress(self, data: bytes) -> None:
        blocks = [
            lz4.block.compress(data[at : at + self._size], store_size=False)
            for at in range(0, len(data), self._size)
        ]
        for block in blocks:
            self._blocks.append(self._blocks[-1] + len(block))
        self._data.append(np.frombuffer(b"".join(blocks), np.uint8))


class Store:
    """Reads byte strings of a file. Threads may share it."""

    def __init__(self, name: str, file: ArrayFile) -> None:
        self._start = file[f"{name}.start"].data
        self._block = file[f"{name}.block"].data
        self._data = file[f"{name}.data"].data
        self._size = int(file[f"{name}.size"][0])

    def __len__(self) -> int:
        return len(self._start) - 1

    def length(self, number: int) -> int:
        """How many bytes a string has."""
        return self._start[number + 1] - self._start[number]

    def get(self, number: int, first: int = 0, last: int | None = None) -> bytes:
        """The bytes ``[first, last)`` of a string; of all of it when nothing else is said."""
        start, limit = self._start[number], self._start[number + 1]
        end = limit if last is None else min(limit, start + last)
        start = min(start + first, end)
        if start == end:
            return b""
        size = self._size
        one, other = start // size, (end - 1) // size
        opened = self._opened(one)
        if one != other:
            opened = b"".join((opened, *map(self._opened, range(one + 1, other + 1))))
        return opened[start - one * size : end - one * size]

    def _opened(self, block: int) -> bytes:
        data = self._data[self._block[block] : self._block[block + 1]]
        opened: bytes = lz4.block.decompress(data, uncompressed_size=self._size)
        return opened
