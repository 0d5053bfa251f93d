"""The library that kernel.c became, its functions, and the room that they work in."""

from __future__ import annotations

import ctypes
import os
import struct
import threading
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

import numpy as np

from search.columnar.kernel.shapes import Array, TooManyError

BLOCK = 1 << 16
#: Fields that a term is looked up in at once.
MOST_FIELDS = 64
TOO_MANY, _NO_MEMORY = -2, -3
#: Functions and structures as kernel.c has them with this number.
_VERSION = 3


def _library() -> ctypes.CDLL:
    """Raises ImportError where no compiler was found at installation, or where what is there does
    not fit this machine or these modules."""
    named = os.environ.get("COLUMNAR_KERNEL_LIBRARY")
    folder = Path(__file__).parent.parent
    names = [Path(named)] if named else [folder / f"_kernel{each}" for each in EXTENSION_SUFFIXES]
    for path in names:
        if path.is_file():
            try:
                found = ctypes.CDLL(str(path))
                version = found.version()
            except (OSError, AttributeError) as error:
                raise ImportError(f"{path} does not fit: {error}") from error
            if version != _VERSION:
                raise ImportError(f"{path} was built from another kernel.c; make install does anew")
            return found
    raise ImportError(f"no compiled kernel in {folder}")


_lib = _library()


def function(name: str, arguments: str, result: Any = ctypes.c_int64) -> Any:
    """A function of the library; p is an address, i a number, u a mask."""
    kinds = {"p": ctypes.c_void_p, "i": ctypes.c_int64, "u": ctypes.c_uint32}
    found = getattr(_lib, name)
    found.argtypes = [kinds[letter] for letter in arguments]
    found.restype = result
    return found


def address(array: Array | None) -> int:
    """Where an array begins; 0 for none."""
    return 0 if array is None else int(array.ctypes.data)


def checked(result: int) -> int:
    """A function's result. Raises TooManyError, MemoryError, RuntimeError."""
    if result >= 0:
        return result
    if result == TOO_MANY:
        raise TooManyError("more than the kernel takes at once")
    if result == _NO_MEMORY:
        raise MemoryError
    ROOM.forget()  # it was left dirty
    raise RuntimeError("arrays of the index contradict each other")


class Room(threading.local):
    """What the functions work in: zero between calls, and grown to what is asked of it."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew with nothing."""
        self._sum = np.zeros(BLOCK)
        self._bits = np.zeros(BLOCK, np.uint32)
        self._touched = np.zeros(BLOCK + 1, np.uint16)
        self.scratch = struct.pack(
            "=QQQ", address(self._sum), address(self._bits), address(self._touched)
        )
        self.found = bytearray(32 * MOST_FIELDS)
        self.found_at = ctypes.addressof(ctypes.c_char.from_buffer(self.found))
        self.documents = -1
        self.matched = np.empty(0, np.uint32)
        self.matched_bits = np.empty(0, np.uint64)
        self._room_for(0, 0)
        self._sizes = (1 << 12, 1 << 14)
        self.grow_reading(1)

    def for_documents(self, count: int) -> None:
        """Have room for so many documents."""
        if self.documents < count:
            self.documents = count
            self.matched = np.empty(count + BLOCK, np.uint32)
            self.matched_bits = np.zeros(count // 64 + 1, np.uint64)
            self.matched_at = address(self.matched)
            self.matched_bits_at = address(self.matched_bits)

    def for_words(self, words: int, pieces: int) -> None:
        """Have room for a vocabulary."""
        most_words, most_pieces = map(len, self._slots)
        if most_words < words or most_pieces < pieces:
            # Never less: fields with more words and fields with more pieces may take turns.
            self._room_for(max(words, most_words), max(pieces, most_pieces))
            self._pack_reading()

    def _room_for(self, words: int, pieces: int) -> None:
        self._places = np.zeros(words, np.uint32)
        self.places_at = address(self._places)
        self._slots = (np.zeros(words, np.uint8), np.zeros(pieces, np.uint8))

    def grow_reading(self, times: int) -> None:
        """Have so many times as much room for excerpts."""
        pieces, text = self._sizes = (self._sizes[0] * times, self._sizes[1] * times)
        self._at, self._hits = np.empty(pieces, np.int64), np.empty(pieces, np.int64)
        self.out, self._text = np.empty(4 * pieces, np.int64), np.empty(text, np.uint8)
        self.text_at = address(self._text)
        self._pack_reading()

    def _pack_reading(self) -> None:
        arrays = (*self._slots, self._at, self._hits)
        pieces, text = self._sizes
        self._reading = bytearray(
            struct.pack(
                "=QQQQqQqqqQ",
                *[address(array) for array in arrays],
                pieces,
                address(self.out),
                4 * pieces,
                text,
                0,
                self.text_at,
            )
        )
        self.reading_at = ctypes.addressof(ctypes.c_char.from_buffer(self._reading))


ROOM = Room()
