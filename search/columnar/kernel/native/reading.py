"""Texts read in order: phrases and excerpts."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Sequence

from search.columnar.kernel.native.library import ROOM, TOO_MANY, address, checked, function
from search.columnar.kernel.native.ranking import Best, Postings, Prepared, count_of
from search.columnar.kernel.shapes import Array, Cut, ForwardArrays

_phrase = function("phrase", "pppipipppipp")
_excerpt = function("excerpt", "ppipiiip")


class Forward:
    """Texts to read in order."""

    def __init__(self, arrays: ForwardArrays) -> None:
        self._kept = arrays
        self.words = arrays.words
        self.vocabulary = len(arrays.word_start) - 1
        each = {name: address(array) for name, array in arrays._asdict().items() if name != "words"}
        self.packed = struct.pack(
            "=qqQQqqqQQQQQQqQQqQQqqQQ",
            len(arrays.start) - 1,
            len(arrays.pieces),
            each["pieces"],
            each["start"],
            len(arrays.word_start) - 1,
            len(arrays.word),
            arrays.words,
            each["word_start"],
            each["word"],
            each["word_first"],
            each["word_end"],
            each["held_start"],
            each["held_by"],
            len(arrays.text),
            each["text"],
            each["text_start"],
            len(arrays.odd_at),
            each["odd_at"],
            each["odd_space"],
            len(arrays.space_start) - 1,
            len(arrays.space),
            each["space"],
            each["space_start"],
        )


def phrase(
    postings: Postings,
    forward: Forward,
    terms: Prepared,
    word_places: Array,
    best: Best,
    first: int,
    allowed: Array | None = None,
    sort_key: Array | None = None,
    matched: bool = False,
) -> tuple[int, Array | None]:
    """Find and score the documents in which terms stand side by side; else as ``score``.

    ``word_places`` u64 are words that may stand at a place, as word << 8 | place.
    """
    room = ROOM
    room.for_documents(postings.documents)
    room.for_words(forward.words, forward.vocabulary)
    count = checked(
        _phrase(
            postings.packed,
            forward.packed,
            terms,
            count_of(terms),
            address(word_places),
            len(word_places),
            address(allowed),
            address(sort_key),
            best.at,
            first,
            room.places_at,
            room.matched_at if matched else 0,
        )
    )
    return count, room.matched[:count] if matched else None


def excerpt(
    forward: Forward, documents: Sequence[int], asked: Array, width: int, lead: int
) -> list[Cut]:
    """Of each document the ``width`` pieces with the most asked words, ``lead`` before the first.

    ``asked`` u64 are words as word << 8 | slot, slots below 64.
    """
    room = ROOM
    room.for_words(forward.words, forward.vocabulary)
    count = len(documents)
    numbers = struct.pack(f"={count}q", *documents)
    while True:
        spans = _excerpt(
            forward.packed, numbers, count, address(asked), len(asked), width, lead, room.reading_at
        )
        if spans != TOO_MANY:
            break
        room.grow_reading(2)
    checked(spans)
    out = room.out[: 4 * count + 2 * spans].tolist()
    texts = ctypes.string_at(room.text_at, out[4 * count - 2]) if count else b""
    cuts, text, at = [], 0, 4 * count
    for n in range(0, 4 * count, 4):
        is_first, is_last, end, held = out[n : n + 4]
        ours = out[at : at + 2 * held]
        pairs = list(zip(ours[::2], ours[1::2], strict=True))
        cuts.append(Cut(texts[text:end], pairs, bool(is_first), bool(is_last)))
        text, at = end, at + 2 * held
    return cuts
