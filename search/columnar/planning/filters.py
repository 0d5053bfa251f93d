"""Documents that a search is kept to, as bits, made once for a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from search.columnar.planning.nodes import All, Any, Node
from search.columnar.planning.sets import scored
from search.columnar.planning.snapshot import Snapshot, bitmap
from search.columnar.storage.arrays import Array

#: Filters that a snapshot remembers, and bitmaps of what they are made of.
_MOST = 256


@dataclass(frozen=True, slots=True)
class Filter:
    """Bits by part of the documents that are live and wanted."""

    bits: tuple[Array, ...]


def made_filter(snapshot: Snapshot, node: Node) -> Filter:
    """The live documents of a node, whatever their scores."""
    remembered: dict[Node, Filter] = snapshot.filters
    found = remembered.get(node)
    if found is None:
        if len(remembered) >= _MOST:
            remembered.clear()
        bits = tuple(
            made if part.live is None else made & part.live
            for at, part in enumerate(snapshot.parts)
            for made in (_bits(snapshot, at, node),)
        )
        found = remembered[node] = Filter(bits)
    return found


def _bits(snapshot: Snapshot, at: int, node: Node) -> Array:
    """The documents of a node in a part, where those of terms are remembered."""
    key = (at, node)
    found = snapshot.bits.get(key)
    if found is not None:
        return found
    match node:
        case All(must=must, without=without) if must:
            made = reduce(np.bitwise_and, [_bits(snapshot, at, each) for each in must])
            for each in without:
                made = made & ~_bits(snapshot, at, each)
            return made
        case Any(members=members) if members:
            return reduce(np.bitwise_or, [_bits(snapshot, at, each) for each in members])
    flags = np.zeros((snapshot.parts[at].segment.documents + 63) // 64 * 64, np.uint8)
    flags[scored(snapshot, at, node).documents] = 1
    if len(snapshot.bits) >= _MOST:
        snapshot.bits.clear()
    made = snapshot.bits[key] = bitmap(flags)
    return made
