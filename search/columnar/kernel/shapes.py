"""What both kernels are handed: plain arrays under the names that kernel.c gives them."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

Array = NDArray[Any]


class ForwardArrays(NamedTuple):
    """A field's texts: pieces in order, each with its words, and odd white space between them.

    ``pieces`` u8 are numbers in base 128, low digits first; ``start`` i64 [documents + 1].
    ``word_start`` u32 [pieces + 1] cuts ``word``, ``word_first``, ``word_end`` (u32), and
    ``held_start`` u32 [words + 1] the pieces that hold each word, ``held_by`` u32. ``text`` u8
    is cut by ``text_start`` u32, ``space`` u8 by ``space_start`` u32. ``odd_at`` i64 are ascending
    bytes of the piece that follows plus the document, ``odd_space`` u32 stands beside it.
    """

    pieces: Array
    start: Array
    word_start: Array
    word: Array
    word_first: Array
    word_end: Array
    held_start: Array
    held_by: Array
    text: Array
    text_start: Array
    odd_at: Array
    odd_space: Array
    space: Array
    space_start: Array
    words: int


class TermArrays(NamedTuple):
    """Terms: ``text`` u8 is cut by ``start`` u32, ascending within a field; ``entry`` u32 [terms +
    1] says where entries begin, ``documents`` u32 how many have the term."""

    text: Array
    start: Array
    entry: Array
    documents: Array


class Found(NamedTuple):
    """A term in a field: its number or -1, its entries [first, last), how many have it."""

    number: int
    first: int
    last: int
    documents: int


class PostingArrays(NamedTuple):
    """A segment's postings: ``document`` and ``code`` u16; by entry ``block`` u16, ``start`` i64,
    ``counts`` u32; ``long_posting`` i64 ascending and ``long_frequency`` u32 beside it."""

    documents: int
    document: Array
    code: Array
    block: Array
    start: Array
    counts: Array
    long_posting: Array
    long_frequency: Array


class FacetArrays(NamedTuple):
    """A facet's ``code`` u16, cut by ``start`` u32 or None where each document has one, and
    ``bits`` u64 [values, words of a bitmap] or None."""

    code: Array
    start: Array | None
    bits: Array | None
    values: int


class Tokenised(NamedTuple):
    """Texts in pieces: ``numbers`` u32, and how many each text has (``counts`` i64).

    White space that is no single space between two pieces: ``odd_at`` i64 is the piece after it
    plus the text, ``odd`` the white space.
    """

    numbers: Array
    counts: Array
    odd_at: Array
    odd: list[bytes]


class Inverted(NamedTuple):
    """Postings by term: ``start`` i64 [terms + 1] cuts ``documents`` u16 and ``frequencies`` u32;
    ``lengths`` u32 by document, in terms."""

    start: Array
    lengths: Array
    documents: Array
    frequencies: Array


class Cut(NamedTuple):
    """An excerpt: its text, where asked words begin and end in it, and whether it begins and ends
    with the document."""

    text: bytes
    spans: list[tuple[int, int]]
    is_first: bool
    is_last: bool


class TooManyError(ValueError):
    """More terms, places or clauses than the kernel takes at once."""
