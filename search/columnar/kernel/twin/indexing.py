"""Texts in pieces, and postings from pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from search.columnar.kernel.shapes import Array, Inverted, Tokenised, TooManyError

_BLOCK = 1 << 16
_PIECE = re.compile(rb"[^\t-\r ]+")
#: White space that a word may hold: a digit, a § or a letter by itself on both sides of it.
_GLUE = re.compile(
    rb"(?:(?<=[0-9])|(?<=\xc2\xa7)|(?<![A-Za-z])[A-Za-z])[\t-\r ]+"
    rb"(?=[0-9]|\xc2\xa7|[A-Za-z](?![A-Za-z0-9]))"
)


class Pieces:
    """Distinct pieces of text, numbered as they are met."""

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {}

    def texts_from(self, first: int) -> list[str]:
        """The pieces from a number on."""
        return [text.decode("utf-8", "surrogatepass") for text in list(self.numbers)[first:]]


def tokenise(pieces: Pieces, texts: Sequence[bytes], joins: bool) -> Tokenised:
    """Cut texts at white space; pieces that may be one word stay one with ``joins``."""
    numbers: list[int] = []
    counts, odd_at, odd = [], [], []
    known = pieces.numbers
    for text_number, text in enumerate(texts):
        before, last = len(numbers), 0
        for start, end in _pieces_of(text, joins):
            space = text[last:start]
            if space != (b" " if len(numbers) > before else b""):
                odd_at.append(len(numbers) + text_number)
                odd.append(space)
            numbers.append(known.setdefault(text[start:end], len(known)))
            last = end
        if last < len(text):
            odd_at.append(len(numbers) + text_number)
            odd.append(text[last:])
        counts.append(len(numbers) - before)
    return Tokenised(
        np.array(numbers, np.uint32), np.array(counts, np.int64), np.array(odd_at, np.int64), odd
    )


def _pieces_of(text: bytes, joins: bool) -> Iterable[tuple[int, int]]:
    found = [match.span() for match in _PIECE.finditer(text)]
    if not joins or not found:
        return found
    glued = {match.end() for match in _GLUE.finditer(text)}
    made = [found[0]]
    for start, end in found[1:]:
        if start in glued:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return made


def invert(items: Array, item_start: Array, term_start: Array, terms: Array, most: int) -> Inverted:
    """Postings of documents, at most 65,536 of them, from their items and each item's terms."""
    documents = len(item_start) - 1
    if documents > _BLOCK:
        raise TooManyError("more documents than a block")
    owners = np.repeat(np.arange(documents), np.diff(item_start))
    counts = (term_start[1:] - term_start[:-1])[items]
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    places = np.arange(total) + np.repeat(term_start[items] - (ends - counts), counts)
    keys = terms[places].astype(np.int64) << 16 | np.repeat(owners, counts)
    pairs, frequencies = np.unique(keys, return_counts=True)
    start = np.searchsorted(pairs, np.arange(most + 1, dtype=np.int64) << 16)
    lengths = np.bincount(owners, counts, documents)
    return Inverted(
        start.astype(np.int64),
        lengths.astype(np.uint32),
        (pairs & (_BLOCK - 1)).astype(np.uint16),
        frequencies.astype(np.uint32),
    )
