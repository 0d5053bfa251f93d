"""The inner loops: compiled where a compiler was found at installation, else in numpy.

Both give the same, bit for bit. ``METODSOK_KERNEL=twin`` takes numpy also where the other is.
"""

import os

from search.columnar.kernel.shapes import (
    Array,
    Cut,
    FacetArrays,
    ForwardArrays,
    Inverted,
    PostingArrays,
    Tokenised,
    TooManyError,
)

NAME = "twin"
if os.environ.get("METODSOK_KERNEL") != "twin":
    try:
        from search.columnar.kernel import native  # noqa: F401

        NAME = "native"
    except ImportError:
        pass
if NAME == "native":
    from search.columnar.kernel.native import (
        Best,
        Facet,
        Forward,
        Handle,
        Pieces,
        Postings,
        Prepared,
        Texts,
        boosted,
        count_facets,
        excerpt,
        handle,
        in_clause,
        invert,
        joined,
        phrase,
        prepare,
        score,
        tokenise,
    )
else:
    from search.columnar.kernel.twin import (  # type: ignore[assignment]
        Best,
        Facet,
        Forward,
        Handle,
        Pieces,
        Postings,
        Prepared,
        Texts,
        boosted,
        count_facets,
        excerpt,
        handle,
        in_clause,
        invert,
        joined,
        phrase,
        prepare,
        score,
        tokenise,
    )

__all__ = [
    "NAME",
    "Array",
    "Best",
    "Cut",
    "Facet",
    "FacetArrays",
    "Forward",
    "ForwardArrays",
    "Handle",
    "Inverted",
    "Pieces",
    "PostingArrays",
    "Postings",
    "Prepared",
    "Texts",
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
    "score",
    "tokenise",
]
