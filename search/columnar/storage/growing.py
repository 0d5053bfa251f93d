"""Arrays that grow at the end, for tables that are read while they are made."""

from __future__ import annotations

from itertools import chain

import numpy as np
from numpy.typing import DTypeLike

from search.columnar.storage.arrays import Array


class Growing:
    """One array; ``view`` is valid until the next ``extend``."""

    def __init__(self, dtype: DTypeLike) -> None:
        self._room: Array = np.empty(1024, dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def view(self) -> Array:
        """What has been added so far."""
        return self._room[: self._count]

    def extend(self, values: Array) -> None:
        """Add values at the end; in all, that copies each of them at most twice."""
        count = self._count + len(values)
        if count > len(self._room):
            larger = np.empty(max(count, 2 * len(self._room)), self._room.dtype)
            larger[: self._count] = self.view
            self._room = larger
        self._room[self._count : count] = values
        self._count = count


class GrowingLists:
    """Lists of numbers: those of ``n`` are ``items[start[n]:start[n + 1]]``."""

    def __init__(self, dtype: DTypeLike) -> None:
        self._start = Growing(np.int64)
        self._items = Growing(dtype)
        self._start.extend(np.zeros(1, np.int64))

    def __len__(self) -> int:
        return len(self._start) - 1

    @property
    def start(self) -> Array:
        """Where each list begins, and after the last one where it ends."""
        return self._start.view

    @property
    def items(self) -> Array:
        """All lists, one after the other."""
        return self._items.view

    def extend(self, counts: Array, items: Array) -> None:
        """Add lists by their lengths and all that is in them."""
        self._start.extend(len(self._items) + np.cumsum(counts))
        self._items.extend(items)

    def extend_lists(self, lists: list[tuple[int, ...]]) -> None:
        """Add lists one by one."""
        if not lists:
            return
        counts = np.fromiter(map(len, lists), np.int64, len(lists))
        flat = np.fromiter(chain.from_iterable(lists), self._items.view.dtype, int(counts.sum()))
        self.extend(counts, flat)


def expanded(start: Array, numbers: Array) -> tuple[Array, Array]:
    """Of lists that begin at ``start``, those that ``numbers`` name: their lengths, and the places
    of their items one after the other."""
    counts = start[numbers + 1] - start[numbers]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    places = np.arange(total) + np.repeat(start[numbers] - (ends - counts), counts)
    return counts, places


def starts_of(counts: Array, dtype: DTypeLike) -> Array:
    """Where lists of so many items begin when they lie one after the other, and the end."""
    starts = np.zeros(len(counts) + 1, dtype)
    np.cumsum(counts, out=starts[1:])
    return starts
