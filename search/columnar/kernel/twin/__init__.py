"""The kernel in numpy: the same functions with the same answers, where there is no compiler."""

from search.columnar.kernel.twin.collection import Collection, rank
from search.columnar.kernel.twin.indexing import Pieces, invert, tokenise
from search.columnar.kernel.twin.ranking import (
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
from search.columnar.kernel.twin.reading import Forward, excerpt, phrase

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
