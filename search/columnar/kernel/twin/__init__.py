"""The kernel in numpy: the same functions with the same answers, where there is no compiler."""

from search.columnar.kernel.twin.indexing import Pieces, Texts, invert, tokenise
from search.columnar.kernel.twin.ranking import (
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
from search.columnar.kernel.twin.reading import Forward, excerpt, phrase

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
