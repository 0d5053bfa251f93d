"""URL ↔ Query: the only place that knows what the parameters of a search are called.

Reading never raises: whatever stands in an address is a question. What is read is written
back the same, so a page's whole state is its address. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from search.query import FACETS, MAX_QUESTION_CHARACTERS, Query, read_query

QUESTION = "q"
PAGE = "sida"
EXACT = "exakt"

#: Facet → parameter, in the order of ``FACETS``.
PARAMETERS = {
    "source": "kalla",
    "type": "typ",
    "topic": "amne",
    "audience": "malgrupp",
    "arena": "arena",
    "level": "niva",
    "actor": "aktor",
    "year": "ar",
}

#: More values than any facet has, and longer than any id: the rest is somebody's experiment.
MAX_VALUES = 50
MAX_VALUE_CHARACTERS = 100

#: ASCII only, and far beyond the last page of any result.
_PAGE_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks. ``was_cut`` when the question was longer than is read."""

    query: Query
    was_cut: bool = False


def read_params(args: MultiDict[str, str]) -> Asked:
    """Read the parameters of an address. Unknown ones and bad numbers are passed over."""
    text = " ".join(args.get(QUESTION, "").replace("\x00", " ").split())
    page = args.get(PAGE, "")
    query = read_query(
        # Cut here as well, so that no space is left at the end and the law of this module holds.
        text[:MAX_QUESTION_CHARACTERS].rstrip(),
        filters={facet: _values(args.getlist(PARAMETERS[facet])) for facet in FACETS},
        page=int(page) if _PAGE_NUMBER.fullmatch(page) else 1,
        exact=args.get(EXACT) == "1",
    )
    return Asked(query, was_cut=len(text) > MAX_QUESTION_CHARACTERS)


def write_params(query: Query) -> list[tuple[str, str]]:
    """The parameters that ask for a query; ``read_params`` is the inverse."""
    pairs = [*question_params(query), *filter_params(query)]
    if query.page > 1:
        pairs.append((PAGE, str(query.page)))
    return pairs


def question_params(query: Query) -> list[tuple[str, str]]:
    """The parameters of the question without its filters."""
    pairs = [(QUESTION, query.text)] if query.text else []
    return [*pairs, (EXACT, "1")] if query.exact else pairs


def filter_params(query: Query) -> list[tuple[str, str]]:
    """The parameters of the filters alone."""
    return [
        (PARAMETERS[facet], value) for facet in FACETS for value in query.filters.get(facet, ())
    ]


def query_string(query: Query) -> str:
    """The part of an address after the question mark; empty when nothing is asked."""
    return urlencode(write_params(query))


def turned_to(query: Query, page: int) -> Query:
    """The same question, another page."""
    return replace(query, page=page)


def without(query: Query, facet: str, value: str) -> Query:
    """The same question without one filter value, from its first page."""
    kept = tuple(item for item in query.filters.get(facet, ()) if item != value)
    others = {name: values for name, values in query.filters.items() if name != facet}
    return replace(query, filters={**others, facet: kept} if kept else others, page=1)


def without_filters(query: Query) -> Query:
    """The same question in all documents, from its first page."""
    return replace(query, filters={}, page=1)


def exactly(query: Query, exact: bool = True) -> Query:
    """The same question taken as typed, or as usual, from its first page."""
    return replace(query, exact=exact, page=1)


def reworded(query: Query, text: str) -> Query:
    """Another question with the same filters, from its first page."""
    return read_query(text, filters=query.filters, page_size=query.page_size)


def _values(given: list[str]) -> tuple[str, ...]:
    return tuple(value for value in given[:MAX_VALUES] if 0 < len(value) <= MAX_VALUE_CHARACTERS)
