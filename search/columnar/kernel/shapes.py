"""What both kernels are handed: plain arrays under the names that kernel.c gives them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
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


class CollectionArrays(NamedTuple):
    """A whole collection: its words in order, and where each stem, part and gram stands.

    By place: ``word``, ``row_of`` i32 and ``field_of`` i8. ``document_of_row``, ``stem_of_word``
    i32. ``place_start`` i64 [stems + 1] cuts ``place`` i32, ascending, and ``following`` i32, the
    next stem in the same field of the row or -1; ``posting_start`` i64 the documents of a stem
    ``posting`` i32 with their ``frequency`` u16, which is 65,535 for more; ``part_start`` the same
    for parts of compounds. ``length``, ``part_length`` i32 by document, ``field_length`` i32
    [fields, documents]. ``document_block`` i64 [documents + 1] is each one's first block,
    ``block_start`` i32 a block's first place. ``gram_start`` i64 [grams + 1] cuts ``gram_word``
    i32, the words that have a gram.
    """

    word: Array
    document_of_row: Array
    row_of: Array
    field_of: Array
    stem_of_word: Array
    place_start: Array
    place: Array
    following: Array
    posting_start: Array
    posting: Array
    frequency: Array
    part_start: Array
    part_posting: Array
    part_frequency: Array
    length: Array
    part_length: Array
    field_length: Array
    document_block: Array
    block_start: Array
    gram_start: Array
    gram_word: Array
    average: float
    average_parts: float


class Kind(IntEnum):
    """How a reading is looked up: as words side by side, as a part of compounds, in the fields that
    earn more, or as two words that stand side by side in the question too."""

    WORDS = 0
    PARTS = 1
    FIELDS = 2
    PAIR = 3


class Reading(NamedTuple):
    """One way in which a word of the question may be answered; ``run`` are stems.

    Of the WORDS of one ``group``, which come one after the other, the best counts. What has one
    ``clause`` also comes one after the other and is one thing that a document holds; a PAIR is
    none, its clause is -1.
    """

    kind: Kind
    clause: int
    group: int
    weight: float
    run: Sequence[int]


class Formula(NamedTuple):
    """What all questions are ranked by.

    BM25's ``k1`` and ``b``; by field what it earns (``field_weights`` f64) and up to how many words
    in full (``full_lengths`` f64); the ``least`` share of a question that a document must hold;
    how many ``candidates`` are read word by word; what grams are worth anywhere in them (``whole``)
    and by ``widths``, a window's blocks (powers of two, ascending) and its weight.
    """

    k1: float
    b: float
    field_weights: Array
    full_lengths: Array
    least: float
    candidates: int
    whole: float
    widths: Sequence[tuple[int, float]]


class Ranked(NamedTuple):
    """Documents in points.

    ``score`` f64 [documents]; ``found`` i32 are those that hold enough, ascending. ``read`` i32
    were read word by word, ascending, and ``points`` f64 is what their grams earned; ``row_start``
    i64 [read + 1] cuts ``row`` i32 and ``row_points`` f64, the best widest window of each row.
    """

    score: Array
    found: Array
    read: Array
    points: Array
    row_start: Array
    row: Array
    row_points: Array
