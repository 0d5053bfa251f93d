"""Texts read in order: phrases and excerpts."""

from __future__ import annotations

import ctypes
import struct

from search.columnar.kernel.native.library import ROOM, TOO_MANY, address, checked, function
from search.columnar.kernel.native.ranking import Best, Postings, Prepared, count_of
from search.columnar.kernel.shapes import Array, Cut, ForwardArrays

_phrase = function("phrase", "pppipipppipp")
_excerpt = function("excerpt", "pipipiippipip")


class Forward:
    """Texts to read in order."""

    def __init__(self, arrays: ForwardArrays) -> None:
        self._kept = arrays
        self.words = arrays.words
        each = {name: address(array) for name, array in arrays._asdict().items() if name != "words"}
        self.packed = struct.pack(
            "=qqQQqqqQQQQqQQqQQqqQQ",
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
    *,
    allowed: Array | None = None,
    sort_key: Array | None = None,
    matched: bool = False,
) -> tuple[int, Array | None]:
    """Find and score the documents in which terms stand side by side; else as ``score``.

    ``word_places`` u64 are words that may stand at a place, as word << 8 | place.
    """
    room = ROOM
    room.for_documents(postings.documents)
    room.for_words(forward.words)
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


def excerpt(forward: Forward, document: int, asked: Array, width: int, lead: int) -> Cut:
    """The ``width`` pieces of a document with the most asked words, ``lead`` before the first.

    ``asked`` u64 are words as word << 8 | slot, slots below 64.
    """
    room = ROOM
    room.for_words(forward.words)
    while True:
        spans = _excerpt(
            forward.packed,
            document,
            address(asked),
            len(asked),
            room.slots_at,
            width,
            lead,
            room.at_at,
            room.hits_at,
            room.words,
            room.out_at,
            room.out_room,
            room.written_at,
        )
        if spans != TOO_MANY:
            break
        room.grow_text(2 * len(room.text), 2 * room.words)
    out = room.out[: 3 + 2 * checked(spans)].tolist()
    text = ctypes.string_at(room.text_at, out[2])
    return Cut(text, list(zip(out[3::2], out[4::2], strict=True)), bool(out[0]), bool(out[1]))
