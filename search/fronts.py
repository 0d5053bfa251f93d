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

from search.query import FACETS
from search.schema import Front
from search.strings import Strings

_FACETS = frozenset(FACETS)
#: Facet → its values, of one document.
Facets = Mapping[str, tuple[str, ...]]


def fronts(documents: Sequence[Front]) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays of documents in order, and facts: all values of each facet, the sources.

    ``facet_codes`` has some rows a facet, each with a number for every document; the values of all
    facets are numbered together, and after the last one of each stands the number of none.
    """
    number_of = {front.key: number for number, front in enumerate(documents)}
    arrays = Strings.of([front.key for front in documents]).named("keys")
    arrays["place"] = _places(documents)
    works = _works(documents)
    if works is not None:
        arrays["works"] = np.array(works, np.int64)
    shared = _shared(documents, number_of)
    facets, codes, first = {}, [], 0
    for name in FACETS:
        values, rows = _coded([found.get(name, ()) for found in shared], first)
        facets[name] = {"values": values, "rows": len(rows)}
        codes.append(rows.ravel())
        first += len(values) + 1
    # Narrow where they fit, as the kernel counts them.
    arrays["facet_codes"] = np.concatenate(codes).astype(np.min_scalar_type(max(first, 256)))
    sources = Counter(front.source for front in documents)
    most_first = dict(sources.most_common())
    return arrays, {"facets": facets, "works": works is not None, "sources": most_first}


def _coded(lists: Sequence[tuple[str, ...]], first: int) -> tuple[list[str], NDArray[np.int32]]:
    """All values in order, and the numbers of those in each list from ``first`` on: [most of any,
    lists], filled up with the number after the last. Most lists are like others."""
    numbers: dict[tuple[str, ...], int] = {}
    found = (numbers.setdefault(values, len(numbers)) for values in lists)
    alike = np.fromiter(found, np.int64, len(lists))
    values = sorted({value for values in numbers for value in values})
    code = {value: number for number, value in enumerate(values, first)}
    most = max(map(len, numbers), default=0)
    of_alike = np.full((most, len(numbers)), first + len(values), np.int32)
    for values_of, number in numbers.items():
        own = [code[value] for value in dict.fromkeys(values_of)]
        of_alike[: len(own), number] = own
    return values, of_alike[:, alike]


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
