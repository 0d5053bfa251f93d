"""The inner loops: compiled where a compiler was found at installation, else in numpy.

Both give the same, bit for bit. ``COLUMNAR_KERNEL=twin`` takes numpy also where the other is.
"""

import os

from search.columnar.kernel.shapes import (
    Array,
    CollectionArrays,
    Cut,
    FacetArrays,
    Formula,
    ForwardArrays,
    Found,
    Inverted,
    Kind,
    PostingArrays,
    Ranked,
    Reading,
    TermArrays,
    Tokenised,
    TooManyError,
)

NAME = "twin"
if os.environ.get("COLUMNAR_KERNEL") != "twin":
    try:
        from search.columnar.kernel import native  # noqa: F401

        NAME = "native"
    except ImportError:
        pass
if NAME == "native":
    from search.columnar.kernel.native import (
        Best,
        Collection,
        Dictionary,
        Facet,
        Forward,
        Handle,
        Pieces,
        Postings,
        Prepared,
        Ranges,
        boosted,
        count_facets,
        excerpt,
        handle,
        in_clause,
        invert,
        joined,
        phrase,
        prepare,
        ranges_of,
        rank,
        score,
        tokenise,
    )
else:
    from search.columnar.kernel.twin import (  # type: ignore[assignment]
        Best,
        Collection,
        Dictionary,
        Facet,
        Forward,
        Handle,
        Pieces,
        Postings,
        Prepared,
        Ranges,
        boosted,
        count_facets,
        excerpt,
        handle,
        in_clause,
        invert,
        joined,
        phrase,
        prepare,
        ranges_of,
        rank,
        score,
        tokenise,
    )

__all__ = [
    "NAME",
    "Array",
    "Best",
    "Collection",
    "CollectionArrays",
    "Cut",
    "Dictionary",
    "Facet",
    "FacetArrays",
    "Formula",
    "Forward",
    "ForwardArrays",
    "Found",
    "Handle",
    "Inverted",
    "Kind",
    "Pieces",
    "PostingArrays",
    "Postings",
    "Prepared",
    "Ranges",
    "Ranked",
    "Reading",
    "TermArrays",
    "Tokenised",
    "TooManyError",
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
