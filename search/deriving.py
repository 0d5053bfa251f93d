"""What a collection's words and rows are as flat arrays by name: made once, when it is published.

``Columns`` says what each array is. All of it is linear in the collection, whatever changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.bm25 import rarity
from search.grouped import Grouped, Ints, Postings, group, ranges, starts
from search.row_texts import RowTexts
from search.strings import Strings
from search.swedish.analyzer import stem_of
from search.word_grams import word_grams
from search.words import Parts, Words, WordTable

Made = Mapping[str, NDArray[Any]]

#: Words in a block: the grain of windows, whose sizes are whole numbers of blocks.
BLOCK_WORDS = 5


def derived(words: Words, texts: RowTexts, documents: int) -> Made:
    """The arrays of a collection of so many documents."""
    table = WordTable.of(words)
    rows = _laid_out(texts, documents)
    stems, of_word, parts = _numbered_stems(words.words, table.parts)
    document_of = texts.document_of_row[rows["row_of"]]
    inverted = _inverted(rows, document_of, of_word, parts, len(stems))
    by_word = Postings.of_places(group(rows["forward"], len(table)), document_of)
    holding = np.diff(by_word.start)
    return {
        **table.named(),
        **rows,
        **stems.named("stems"),
        "stem_of_word": of_word,
        **group(of_word, len(stems)).named("words_of_stem"),
        **parts.named("parts_of_word"),
        **parts.turned(len(stems)).named("words_with_part"),
        **inverted,
        "holding": holding,
        **_blocks(rows["row_start"], rows["row_from"]),
        **_grams(words.words, holding, documents),
    }


def _laid_out(texts: RowTexts, documents: int) -> dict[str, NDArray[Any]]:
    rows, fields = texts.lengths.shape
    by_row = texts.lengths.sum(axis=1)
    row_of = np.repeat(np.arange(rows, dtype=np.int32), by_row)
    row_from = np.searchsorted(texts.document_of_row, np.arange(documents + 1))
    before = np.concatenate((np.zeros((1, fields), np.int64), np.cumsum(texts.lengths, axis=0)))
    field_lengths = np.diff(before[row_from], axis=0).T
    field_of = np.tile(np.arange(fields, dtype=np.int8), rows)
    return {
        "forward": texts.words,
        "row_of": row_of,
        "field_of": np.repeat(field_of, texts.lengths.ravel()),
        "document_of_row": texts.document_of_row,
        "row_start": starts(by_row),
        "row_from": row_from,
        "lengths": field_lengths.sum(axis=0, dtype=np.int32),
        "field_lengths": field_lengths.astype(np.int32).ravel(),
    }


def _numbered_stems(
    words: Sequence[str], parts: Parts
) -> tuple[Strings, NDArray[np.int32], Grouped]:
    """Stems, each word's, and those of each word's parts.

    Parts that are no words of their own have one too.
    """
    numbers: dict[str, int] = {}

    def numbered(words: Sequence[str]) -> NDArray[np.int32]:
        found = [numbers.setdefault(stem, len(numbers)) for stem in map(stem_of, words)]
        return np.array(found, np.int32)

    of_word, of_base = numbered(words), numbered(list(parts.bases))
    start, bases = parts.of_word.start, parts.of_word.items
    owners = np.repeat(np.arange(len(words)), np.diff(start))
    # Two parts of a word with one stem are one.
    pairs = owners * max(1, len(numbers)) + of_base[bases]
    first = np.sort(np.unique(pairs, return_index=True)[1])
    counts = np.bincount(owners[first], minlength=len(words))
    of_parts = Grouped(starts(counts), of_base[bases[first]])
    return Strings.of(list(numbers)), of_word, of_parts


def _inverted(rows: Made, document_of: Ints, of_word: Ints, parts: Grouped, stems: int) -> Made:
    forward, documents = rows["forward"], len(rows["lengths"])
    places = group(of_word[forward], stems)
    counts = np.diff(parts.start)[forward]
    held = parts.items[ranges(parts.start[forward], counts)]
    document_of_part = np.repeat(document_of, counts)
    return {
        **places.named("places"),
        "following": _following(rows, of_word)[places.items],
        **Postings.of_places(places, document_of).named("postings"),
        **Postings.of_places(group(held, stems), document_of_part).named("part_postings"),
        "part_lengths": np.bincount(document_of_part, minlength=documents).astype(np.int32),
    }


def _following(rows: Made, of_word: Ints) -> NDArray[np.int32]:
    """By place the stem of the next word in the same field of a row, or -1."""
    after = np.full(len(rows["forward"]), -1, np.int32)
    row_of, field_of = rows["row_of"], rows["field_of"]
    together = np.flatnonzero((row_of[1:] == row_of[:-1]) & (field_of[1:] == field_of[:-1]))
    after[together] = of_word[rows["forward"][together + 1]]
    return after


def _blocks(row_start: Ints, row_from: Ints) -> Made:
    """Each row cut into blocks of ``BLOCK_WORDS``; the last of a row may be shorter."""
    blocks = -(-np.diff(row_start) // BLOCK_WORDS)
    block_from = starts(blocks)
    within = ranges(np.zeros_like(blocks), blocks)
    return {
        "block_from": block_from,
        "block_start": (np.repeat(row_start[:-1], blocks) + within * BLOCK_WORDS).astype(np.int32),
        "document_block": block_from[row_from],
    }


def _grams(words: Sequence[str], holding: Ints, documents: int) -> Made:
    grams, words_with = word_grams(words)
    # The document frequency of a gram is taken from those of the words that have it.
    absent = np.log1p(-np.minimum(holding / max(1, documents), 0.999))
    of_gram = np.repeat(np.arange(len(grams)), np.diff(words_with.start))
    summed = np.bincount(of_gram, absent[words_with.items], minlength=len(grams))
    return {
        **grams.named("grams"),
        **words_with.named("words_with_gram"),
        "gram_counts": np.bincount(words_with.items, minlength=len(words)),
        "gram_rarity": rarity(documents, documents * (1 - np.exp(summed))),
    }
