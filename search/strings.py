"""Strings by number and numbers by string, in flat arrays that many processes may share.

All strings lie one after the other in UTF-8. A number is found through buckets: lists of those
strings whose checksums end alike. Nothing is decoded before it is asked for.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from search.grouped import Arrays, Grouped, Ints, group, starts


class Strings(Sequence[str]):
    """Immutable; threads may share it."""

    def __init__(self, text: NDArray[np.uint8], start: Ints, buckets: Grouped) -> None:
        self._arrays = (text, start, buckets)
        # Single items are read from views, many times faster than from arrays.
        self._text, self._start = text.data, start.data
        self._bucket_start, self._bucket = buckets.start.data, buckets.items.data
        self._mask = len(buckets.start) - 2

    @classmethod
    def of(cls, texts: Sequence[str]) -> Strings:
        """From strings in order. Of equal ones the first is found."""
        encoded = list(map(_encoded, texts))
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        sums = np.fromiter(map(zlib.crc32, encoded), np.uint32, len(encoded))
        buckets = 1 << max(0, len(encoded) - 1).bit_length()
        by_sum = group((sums & np.uint32(buckets - 1)).astype(np.int64), buckets)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), starts(lengths), by_sum)

    @classmethod
    def read(cls, arrays: Arrays, name: str) -> Strings:
        """What ``named`` gave."""
        buckets = Grouped.read(arrays, f"{name}.bucket")
        return cls(arrays[f"{name}.text"], arrays[f"{name}.start"], buckets)

    def named(self, name: str) -> dict[str, NDArray[Any]]:
        """Its arrays by name."""
        text, start, buckets = self._arrays
        kept = buckets.named(f"{name}.bucket")
        return {f"{name}.text": text, f"{name}.start": start, **kept}

    def __len__(self) -> int:
        return len(self._start) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        """One string, or several."""
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        if number < 0:
            number += len(self)
            if number < 0:
                raise IndexError(number)
        text = self._text[self._start[number] : self._start[number + 1]]
        return str(text, "utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.number(text) is not None

    def index(self, text: str, start: int = 0, stop: int | None = None) -> int:
        """The number of a string. Raises ValueError where there is none."""
        number = self.number(text)
        if number is None or not start <= number < (len(self) if stop is None else stop):
            raise ValueError(f"{text!r} is not there")
        return number

    def number(self, text: str) -> int | None:
        """The number of a string, or None."""
        data = _encoded(text)
        bucket = zlib.crc32(data) & self._mask
        for at in range(self._bucket_start[bucket], self._bucket_start[bucket + 1]):
            number: int = self._bucket[at]
            if self._text[self._start[number] : self._start[number + 1]] == data:
                return number
        return None


class Numbers(Mapping[str, int]):
    """The same the other way round: each string's number."""

    def __init__(self, strings: Strings) -> None:
        self._strings = strings

    def __len__(self) -> int:
        return len(self._strings)

    def __iter__(self) -> Iterator[str]:
        return iter(self._strings)

    def __getitem__(self, text: str) -> int:
        number = self._strings.number(text)
        if number is None:
            raise KeyError(text)
        return number


class Pairs(Mapping[str, str]):
    """From strings to strings, and back: ``value_of`` has the number of each key's value."""

    def __init__(self, keys: Strings, values: Strings, value_of: Ints, turned: Grouped) -> None:
        """``turned`` has the numbers of each value's keys."""
        self._keys, self._values, self._value_of = keys, values, value_of
        self._number_of = Numbers(keys)
        self._turned = turned

    @classmethod
    def of(cls, pairs: Mapping[str, str]) -> Pairs:
        """From any mapping; equal values are kept once."""
        numbers: dict[str, int] = {}
        found = (numbers.setdefault(value, len(numbers)) for value in pairs.values())
        value_of = np.fromiter(found, np.int32, len(pairs))
        turned = group(value_of, len(numbers))
        return cls(Strings.of(list(pairs)), Strings.of(list(numbers)), value_of, turned)

    @classmethod
    def read(cls, arrays: Arrays, name: str) -> Pairs:
        """What ``named`` gave."""
        keys, values = (Strings.read(arrays, f"{name}.{part}") for part in ("key", "value"))
        turned = Grouped.read(arrays, f"{name}.turned")
        return cls(keys, values, arrays[f"{name}.value_of"], turned)

    def named(self, name: str) -> dict[str, NDArray[Any]]:
        """Its arrays by name."""
        kept = self._keys.named(f"{name}.key") | self._values.named(f"{name}.value")
        return kept | self._turned.named(f"{name}.turned") | {f"{name}.value_of": self._value_of}

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __getitem__(self, text: str) -> str:
        return self._values[int(self._value_of[self._number_of[text]])]

    def keys_with(self, value: str) -> list[str]:
        """The keys that have a value, in order."""
        number = self._values.number(value)
        if number is None:
            return []
        return [self._keys[key] for key in self._turned.of(number).tolist()]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
