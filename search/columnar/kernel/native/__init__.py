"""The compiled kernel, by ctypes: the interpreter lock is free while it runs."""

from search.columnar.kernel.native.indexing import Pieces, Texts, invert, tokenise
from search.columnar.kernel.native.ranking import (
    Best,
    Facet,
    Handle,
    Postings,
    Prepared,
    boosted,
    count_facets,
    handle,
    in_clause,
    joined,
    prepare,
    score,
)
from search.columnar.kernel.native.reading import Forward, excerpt, phrase

__all__ = [
    "Best",
    "Facet",
    "Forward",
    "Handle",
    "Pieces",
    "Postings",
    "Prepared",
    "Texts",
    "boosted",
    "count_facets",
    "excerpt",
    "handle",
    "in_clause",
    "invert",
    "joined",
    "phrase",
    "prepare",
    "score",
    "tokenise",
]
