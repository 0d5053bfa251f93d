"""Texts read in order: phrases and excerpts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from search.columnar.kernel.shapes import Array, Cut, ForwardArrays, TooManyError
from search.columnar.kernel.twin.ranking import (
    MOST_CLAUSES,
    Best,
    Postings,
    Prepared,
    kept,
    worth_of,
)


class Forward:
    """Texts to read in order."""

    def __init__(self, arrays: ForwardArrays) -> None:
        self.arrays = arrays
        self.words = arrays.words


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
    if not 1 <= len(terms) <= MOST_CLAUSES:
        raise TooManyError("more places than the kernel takes in a phrase")
    found = [worth_of(postings, term) for term in terms]
    documents = found[0][0]
    for others, _ in found[1:]:
        documents = np.intersect1d(documents, others, assume_unique=True)
    places = np.zeros(forward.words, np.uint32)
    bits = np.uint32(1) << (word_places & np.uint64(255)).astype(np.uint32)
    np.bitwise_or.at(places, (word_places >> np.uint64(8)).astype(np.int64), bits)
    stands = [_stands(forward, number, places, len(terms)) for number in documents.tolist()]
    documents = documents[np.array(stands, bool)]
    points = np.zeros(len(documents))
    for term, (others, worth) in zip(terms, found, strict=True):
        points += term.weight * worth[np.searchsorted(others, documents)]
    return kept(documents, points, best, first, allowed, sort_key, matched)


def _stands(forward: Forward, document: int, places: Array, length: int) -> bool:
    arrays = forward.arrays
    words: list[int] = []
    for piece in _numbers(forward, document):
        words += arrays.word[arrays.word_start[piece] : arrays.word_start[piece + 1]].tolist()
    state, last = 0, 1 << length - 1
    for bits in places[words].tolist():
        state = (state << 1 | 1) & bits
        if state & last:
            return True
    return False


def _numbers(forward: Forward, document: int) -> list[int]:
    """The pieces of a document."""
    arrays = forward.arrays
    data = arrays.pieces[arrays.start[document] : arrays.start[document + 1]]
    last = np.flatnonzero(data < 128)
    starts = np.concatenate(([0], last[:-1] + 1)) if len(last) else last
    digits = np.arange(len(data)) - np.repeat(starts, last + 1 - starts)
    parts = (data & 127).astype(np.int64) << 7 * digits
    numbers: list[int] = np.add.reduceat(parts, starts).tolist() if len(starts) else []
    return numbers


def excerpt(
    forward: Forward, documents: Sequence[int], asked: Array, width: int, lead: int
) -> list[Cut]:
    """Of each document the ``width`` pieces with the most asked words, ``lead`` before the first.

    ``asked`` u64 are words as word << 8 | slot, slots below 64.
    """
    arrays = forward.arrays
    # Of a word with several slots the last one counts, as in the compiled kernel, and of a piece.
    of_word, of_piece = dict[int, int](), dict[int, int]()
    for pair in asked.tolist():
        word, slot = pair >> 8, pair & 63
        of_word[word] = slot
        held = arrays.held_by[arrays.held_start[word] : arrays.held_start[word + 1]]
        of_piece.update(dict.fromkeys(held.tolist(), slot))
    return [_cut(forward, number, of_word, of_piece, width, lead) for number in documents]


def _cut(
    forward: Forward,
    document: int,
    of_word: Mapping[int, int],
    of_piece: Mapping[int, int],
    width: int,
    lead: int,
) -> Cut:
    arrays = forward.arrays
    pieces = _numbers(forward, document)
    hits = [(place, of_piece[piece]) for place, piece in enumerate(pieces) if piece in of_piece]
    first = _best_window(hits, width - lead) - lead if hits else 0
    first = max(0, min(first, len(pieces) - width))
    last = min(first + width, len(pieces))
    gaps = _gaps(forward, document)
    text, spans = bytearray(), []
    for place in range(first, last):
        piece = pieces[place]
        if place > first or first == 0:
            text += gaps.get(place, b" " if place else b"")
        if piece in of_piece:
            for at in range(arrays.word_start[piece], arrays.word_start[piece + 1]):
                if int(arrays.word[at]) in of_word:
                    ends = (int(arrays.word_first[at]), int(arrays.word_end[at]))
                    spans.append((len(text) + ends[0], len(text) + ends[1]))
        text += arrays.text[arrays.text_start[piece] : arrays.text_start[piece + 1]].tobytes()
    if last == len(pieces):
        text += gaps.get(len(pieces), b"")
    return Cut(bytes(text), spans, first == 0, last == len(pieces))


def _best_window(hits: Sequence[tuple[int, int]], width: int) -> int:
    """The place of the hit from which on the most different ones stand within a width."""
    best, best_worth, end = 0, (-1, -1), 0
    inside: Counter[int] = Counter()
    for n, (place, slot) in enumerate(hits):
        while end < len(hits) and hits[end][0] < place + width:
            inside[hits[end][1]] += 1
            end += 1
        worth = (len(inside), end - n)
        if worth > best_worth:
            best, best_worth = place, worth
        inside[slot] -= 1
        if not inside[slot]:
            del inside[slot]
    return best


def _gaps(forward: Forward, document: int) -> dict[int, bytes]:
    """Odd white space by the number of the piece after it."""
    arrays = forward.arrays
    start, end = arrays.start[document : document + 2].tolist()
    low = int(np.searchsorted(arrays.odd_at, start + document))
    high = int(np.searchsorted(arrays.odd_at, end + document, "right"))
    if low == high:
        return {}
    data = arrays.pieces[start:end]
    at = [start + document, *(np.flatnonzero(data < 128) + 1 + start + document).tolist()]
    place = {byte: number for number, byte in enumerate(at)}
    found = {}
    for n in range(low, high):
        space = int(arrays.odd_space[n])
        text = arrays.space[arrays.space_start[space] : arrays.space_start[space + 1]]
        found[place[int(arrays.odd_at[n])]] = text.tobytes()
    return found
