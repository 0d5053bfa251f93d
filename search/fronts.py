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

from search.grouped import Grouped, flat, ranges, starts
from search.query import FACETS
from search.schema import Front
from search.strings import Strings

_FACETS = frozenset(FACETS)
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
        values[name], of_document = _coded([found.get(name, ()) for found in shared])
        arrays |= of_document.named(f"facet.{name}")
    sources = Counter(front.source for front in documents)
    most_first = dict(sources.most_common())
    return arrays, {"facets": values, "works": works is not None, "sources": most_first}


def _coded(lists: Sequence[tuple[str, ...]]) -> tuple[list[str], Grouped]:
    """All values in order, and the numbers of those in each list. Most lists are like others."""
    numbers: dict[tuple[str, ...], int] = {}
    found = (numbers.setdefault(values, len(numbers)) for values in lists)
    alike = np.fromiter(found, np.int64, len(lists))
    values = sorted({value for values in numbers for value in values})
    code = {value: number for number, value in enumerate(values)}
    of_alike = flat([[code[value] for value in dict.fromkeys(values)] for values in numbers])
    counts = np.diff(of_alike.start)[alike]
    items = of_alike.items[ranges(of_alike.start[alike], counts)]
    return values, Grouped(starts(counts), items)


def _places(documents: Sequence[Front]) -> NDArray[np.int64]:
    """Of each document its place newest first; those of one day stand by key."""
    by_key = np.array(sorted(range(len(documents)), key=lambda n: documents[n].key), np.int64)
    days = np.array([front.day for front in documents], np.int64)
    places = np.empty(len(documents), np.int64)
    places[by_key[np.argsort(-days[by_key], kind="stable")]] = np.arange(len(documents))
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
    values = {name: found for name, found in front.facets.items() if found and name in _FACETS}
    values["source"] = (front.source,)
    if front.year is not None:
        values["year"] = (str(front.year),)
    return values
