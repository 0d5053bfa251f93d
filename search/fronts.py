"""What is said of each document once, as arrays by name: keys, works, facets, and an order.

Made when a generation is published, from what front rows store beside the document itself. It is
linear in the collection, whatever changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.grouped import flat
from search.query import FACETS
from search.schema import Front
from search.strings import Strings

#: Facet → its values, of one document.
Facets = Mapping[str, tuple[str, ...]]


def fronts(documents: Sequence[Front]) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays of documents in order, and facts: all values of each facet, the sources."""
    number_of = {front.key: number for number, front in enumerate(documents)}
    arrays = Strings.of([front.key for front in documents]).named("keys")
    arrays["place"] = _places(documents)
    works = _works(documents)
    if works is not None:
        arrays["works"] = np.array(works, np.int64)
    values = {}
    shared = _shared(documents, number_of)
    for name in FACETS:
        lists = [found.get(name, ()) for found in shared]
        values[name] = sorted({value for found in lists for value in found})
        code = {value: number for number, value in enumerate(values[name])}
        arrays |= flat([[code[value] for value in found] for found in lists]).named(f"facet.{name}")
    sources = Counter(front.source for front in documents)
    most_first = dict(sources.most_common())
    return arrays, {"facets": values, "works": works is not None, "sources": most_first}


def _places(documents: Sequence[Front]) -> NDArray[np.int64]:
    """Of each document its place newest first; those of one day stand by key."""
    order = sorted(range(len(documents)), key=lambda n: (-documents[n].day, documents[n].key))
    places = np.empty(len(documents), np.int64)
    places[order] = np.arange(len(documents))
    return places


def _works(documents: Sequence[Front]) -> list[int] | None:
    """The number of each document's work; None where every document is one of its own.

    Documents whose main document is not published go together all the same.
    """
    if not any(front.work for front in documents):
        return None
    first: dict[str, int] = {}
    works = [front.work or front.key for front in documents]
    return [first.setdefault(work, number) for number, work in enumerate(works)]


def _shared(documents: Sequence[Front], number_of: Mapping[str, int]) -> list[Facets]:
    """What is known of a work's main document holds for its variants, before their own."""
    facets = [_facets(front) for front in documents]
    for number, front in enumerate(documents):
        main = number_of.get(front.work, number)
        if main != number:
            facets[number] = {**facets[number], **facets[main]}
    return facets


def _facets(front: Front) -> Facets:
    values: dict[str, tuple[str, ...]] = {**front.facets, "source": (front.source,)}
    if front.year is not None:
        values["year"] = (str(front.year),)
    return {facet: values[facet] for facet in FACETS if values.get(facet)}
