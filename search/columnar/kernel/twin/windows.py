"""The best window of a document: where most of the question stands together.

For the hundred or so documents that ordinary scores put first. Each word of a text is a set of
bits, one for every gram of the question that the word has. Blocks of words are united, windows are
runs of blocks, and a window earns the weights of its bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.columnar.kernel.shapes import Array, CollectionArrays
from search.grouped import ranges

Bits = NDArray[np.uint8]
Floats = NDArray[np.float64]


def word_bits(arrays: CollectionArrays, grams: Array) -> Bits:
    """For each word of the collection which of the given grams it has: [words, bytes] of bits."""
    bits = np.zeros((len(arrays.stem_of_word), -(-len(grams) // 8)), np.uint8)
    for place, gram in enumerate(grams.tolist()):
        having = arrays.gram_word[arrays.gram_start[gram] : arrays.gram_start[gram + 1]]
        bits[having, place >> 3] |= np.uint8(1 << (place & 7))
    return bits


def block_bits(arrays: CollectionArrays, bits: Bits, blocks: Array) -> Bits:
    """The united bits of each block: [blocks, bytes]. ``blocks`` are numbers, ascending."""
    if not len(blocks):
        return np.empty((0, bits.shape[1]), np.uint8)
    ends = np.append(arrays.block_start, len(arrays.word))
    starts, lengths = ends[blocks], ends[blocks + 1] - ends[blocks]
    at = np.cumsum(lengths) - lengths
    return np.bitwise_or.reduceat(bits[arrays.word[ranges(starts, lengths)]], at, axis=0)


def bit_values(weights: Floats) -> Floats:
    """What every byte of bits is worth: [bytes, 256]. The weights are added one after the other."""
    padded = np.zeros(-(-len(weights) // 8) * 8)
    padded[: len(weights)] = weights
    values = np.zeros((len(padded) // 8, 1))
    for bit in range(8):
        values = np.concatenate((values, values + padded[bit::8, None]), axis=1)
    return values


def worth(bits: Bits, values: Floats) -> Floats:
    """The summed weights of each row of bits."""
    total = np.zeros(len(bits))
    for column in range(bits.shape[1]):
        total += values[column][bits[:, column]]
    return total


def widened(bits: Bits, documents: Array, by: int) -> Bits:
    """Each run of blocks united with the run ``by`` blocks further on in the same document."""
    wide = bits.copy()
    if by < len(bits):
        same = documents[:-by] == documents[by:]
        wide[:-by][same] |= bits[by:][same]
    return wide
