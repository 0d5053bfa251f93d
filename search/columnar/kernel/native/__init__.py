"""The compiled kernel, by ctypes: the interpreter lock is free while it runs."""

from search.columnar.kernel.native.collection import Collection, rank
from search.columnar.kernel.native.indexing import Pieces, invert, tokenise
from search.columnar.kernel.native.ranking import (
    Best,
    Dictionary,
    Facet,
    Handle,
    Postings,
    Prepared,
    Ranges,
    boosted,
    count_facets,
    handle,
    in_clause,
    joined,
    prepare,
    ranges_of,
    score,
)
from search.columnar.kernel.native.reading import Forward, excerpt, phrase

__all__ = [
    "Best",
    "Collection",
    "Dictionary",
    "Facet",
    "Forward",
    "Handle",
    "Pieces",
    "Postings",
    "Prepared",
    "Ranges",
    "boosted",
    "count_facets",
    "excerpt",
    "handle",
    "in_clause",
    "invert",
    "joined",
    "phrase",
    "prepare",
    "ranges_of",
    "rank",
    "score",
    "tokenise",
]
