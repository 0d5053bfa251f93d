"""One field's texts while a segment is written: the forward index, which holds them whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from search.columnar.building.vocabulary import PieceWord, ReadTexts, TextVocabulary, all_encoded
from search.columnar.reading.segment import OpenedSegment
from search.columnar.storage.arrays import Array, ArrayWriter
from search.columnar.storage.growing import starts_of
from search.columnar.storage.spool import Budget, Spool

#: Pieces are numbers in base 128: so many digits at most.
_MOST_DIGITS = 5


class TextBuilder:
    """Takes texts in order, or documents of other segments."""

    def __init__(self, vocabulary: TextVocabulary, budget: Budget) -> None:
        self.vocabulary = vocabulary
        self._pieces = Spool(np.uint8, budget)
        self._sizes = Spool(np.uint32, budget)
        self._odd_at = Spool(np.int64, budget)
        self._odd_space = Spool(np.uint32, budget)
        self._spaces: dict[bytes, int] = {}
        self._bytes = 0
        self._documents = 0

    def read(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """Take the next documents' texts; gives their pieces and how many each has."""
        return self.take(self.vocabulary.read(texts))

    def take(self, read: ReadTexts) -> tuple[Array, Array]:
        """Take texts that are read already."""
        pieces, counts, odd_at, odd = read
        data, sizes = encoded_numbers(pieces)
        before = np.concatenate(([0], np.cumsum(sizes)))
        owners = np.searchsorted(np.cumsum(counts + 1), odd_at, "right")
        spaces = self._spaces
        numbers = [spaces.setdefault(space, len(spaces)) for space in odd]
        places = before[odd_at - owners] + owners
        self._odd_at.append(places + self._bytes + self._documents)
        self._odd_space.append(np.array(numbers, np.uint32))
        ends = before[np.cumsum(counts)]
        self._sizes.append(np.diff(ends, prepend=0))
        self._pieces.append(data)
        self._bytes += len(data)
        self._documents += len(counts)
        return pieces, counts

    def source(self, segment: OpenedSegment, name: str) -> TextSource:
        """The same field of another segment, to take documents from."""
        return TextSource(self, segment, name)

    def write(self, name: str, file: ArrayWriter, rank: Array) -> dict[str, Any]:
        """Write it. ``rank`` gives a term's number in the field for the one it was met by."""
        vocabulary = self.vocabulary
        file.put_pieces(f"{name}.pieces", np.uint8, self._pieces.pieces())
        file.put(f"{name}.pieces.start", starts_of(self._sizes.whole(), np.int64))
        file.put(f"{name}.piece.words.start", vocabulary.words_of.start.astype(np.uint32))
        file.put(f"{name}.piece.words", vocabulary.words_of.items)
        file.put(f"{name}.piece.words.first", vocabulary.firsts.view)
        file.put(f"{name}.piece.words.end", vocabulary.ends.view)
        _put_texts(file, f"{name}.piece.text", vocabulary.texts)
        file.put(f"{name}.odd.at", self._odd_at.whole())
        file.put(f"{name}.odd.space", self._odd_space.whole())
        _put_texts(file, f"{name}.space.text", list(self._spaces))
        words = vocabulary.words
        lists = words.terms_of
        _put_texts(file, f"{name}.word.text", all_encoded(words.forms))
        terms = rank[lists.items].astype(np.uint32)
        file.put(f"{name}.word.terms", terms)
        file.put(f"{name}.word.terms.start", lists.start.astype(np.uint32))
        words_of, starts = _reversed(lists.start, terms, len(rank))
        file.put(f"{name}.term.words", words_of)
        file.put(f"{name}.term.words.start", starts)
        pieces = vocabulary.words_of
        pieces_of, starts = _reversed(pieces.start, pieces.items, len(words.forms))
        file.put(f"{name}.word.pieces", pieces_of)
        file.put(f"{name}.word.pieces.start", starts)
        return {"words": len(words.forms)}

    def close(self) -> None:
        """Give back memory and disk."""
        for spool in (self._pieces, self._sizes, self._odd_at, self._odd_space):
            spool.close()


class TextSource:
    """A field of a segment that is merged into another."""

    def __init__(self, into: TextBuilder, segment: OpenedSegment, name: str) -> None:
        self._into = into
        self._text = segment.text(name)
        self._numbers = np.full(self._text.vocabulary if self._text else 0, -1, np.int64)

    def take(self, documents: Array) -> tuple[Array, Array]:
        """Take documents over; gives their pieces and how many each has."""
        if self._text is None:
            return self._into.read([""] * len(documents))
        old, counts = self._text.pieces_of(documents)
        used = np.unique(old)
        for piece in used[self._numbers[used] < 0].tolist():
            text, words = self._text.piece(piece)
            given = tuple([PieceWord(*word) for word in words])
            self._numbers[piece] = self._into.vocabulary.merged(text, given)
        pieces = self._numbers[old].astype(np.uint32)
        odd_at, odd = self._text.odd_spaces_of(documents, counts)
        return self._into.take(ReadTexts(pieces, counts, odd_at, odd))


def encoded_numbers(numbers: Array) -> tuple[Array, Array]:
    """Numbers in base 128, low digits first, the last of each below 128; and the bytes of each."""
    sizes = np.ones(len(numbers), np.int64)
    for digits in range(1, _MOST_DIGITS):
        sizes += numbers >= 1 << 7 * digits
    ends = np.cumsum(sizes)
    out = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    at, rest = ends - sizes, numbers
    while len(rest):
        more = rest >= 128
        out[at] = rest & 127 | more * 128
        at, rest = at[more] + 1, rest[more] >> 7
    return out, sizes


def _put_texts(file: ArrayWriter, name: str, texts: Sequence[bytes]) -> None:
    file.put(name, b"".join(texts))
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    file.put(f"{name}.start", starts_of(lengths, np.uint32))


def _reversed(start: Array, items: Array, count: int) -> tuple[Array, Array]:
    """The lists that have each item, from the items of each list."""
    lists = np.repeat(np.arange(len(start) - 1, dtype=np.uint32), np.diff(start))
    order = np.argsort(items, kind="stable")
    return lists[order], starts_of(np.bincount(items, minlength=count), np.uint32)
