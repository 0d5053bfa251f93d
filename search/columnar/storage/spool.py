"""Arrays gathered piece by piece, in memory while a common budget lasts, then on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

#: Bytes of one piece that is read back from disk.
_PIECE = 1 << 22


class Budget:
    """Bytes that several spools may hold in memory together."""

    def __init__(self, limit: int, folder: Path) -> None:
        """``folder`` is where the rest goes, in files that have no name."""
        self.limit = limit
        self.folder = folder
        self.held = 0


class Spool:
    """One array in pieces: appended to, then read once from the beginning."""

    def __init__(self, dtype: DTypeLike, budget: Budget) -> None:
        self.dtype = np.dtype(dtype)
        self.count = 0
        self._budget = budget
        self._pieces: list[NDArray[Any]] = []
        self._held = 0
        self._file: IO[bytes] | None = None

    def append(self, piece: NDArray[Any]) -> None:
        """Add a piece, which must not be changed afterwards."""
        made = np.ascontiguousarray(piece, self.dtype)
        self._pieces.append(made)
        self.count += len(made)
        self._held += made.nbytes
        self._budget.held += made.nbytes
        if self._budget.held > self._budget.limit:
            self._spill()

    def pieces(self) -> Iterator[NDArray[Any]]:
        """All pieces in order; what is on disk comes in pieces of another size."""
        if self._file:
            self._file.seek(0)
            while data := self._file.read(_PIECE // self.dtype.itemsize * self.dtype.itemsize):
                yield np.frombuffer(data, self.dtype)
        yield from self._pieces

    def whole(self) -> NDArray[Any]:
        """All of it as one array."""
        pieces = list(self.pieces())
        return np.concatenate(pieces) if pieces else np.empty(0, self.dtype)

    def close(self) -> None:
        """Give back memory and disk."""
        self._budget.held -= self._held
        self._pieces, self._held = [], 0
        if self._file:
            self._file.close()
            self._file = None

    def _spill(self) -> None:
        if self._file is None:
            self._file = TemporaryFile(dir=self._budget.folder)  # noqa: SIM115 - closed by close
        self._file.seek(0, 2)
        for piece in self._pieces:
            self._file.write(piece.data.cast("B"))
        self._budget.held -= self._held
        self._pieces, self._held = [], 0
