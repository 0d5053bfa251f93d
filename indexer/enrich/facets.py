"""Facets of a document, found by the taxonomy's cues. Pure.

In order of trust: the path of its address, its kicker, then points for cues by where they stand.
A value that nothing speaks clearly for is left out: none is better than a guess, since a filter
that hides the right page does more harm than one that shows a page too many.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from indexer.enrich.taxonomy import Facet, Taxonomy, Value
from search.document import Document

#: Points for a cue by where it stands, once a place. A title says what all of it is about.
TITLE, HEADING, LEAD, BODY = 4, 3, 2, 1
#: Paragraphs that count. A long report mentions everything: its body alone must never suffice.
MOST_BODY = 3
#: What a value needs: a title; a heading that the text takes up; or a lead that is followed up.
ENOUGH = 4


@dataclass(frozen=True, slots=True)
class _Places:
    """A document's text by where it stands."""

    path: str
    kicker: str
    title: str
    headings: str
    lead: str
    blocks: tuple[str, ...]


def with_facets(document: Document, taxonomy: Taxonomy) -> Document:
    """The document with every facet of the taxonomy found anew."""
    places = _Places(
        urlsplit(document.url).path,
        document.kicker.casefold(),
        f"{document.title}\n{document.subtitle}",
        "\n".join(document.headings),
        document.lead,
        tuple(block.text for block in document.blocks),
    )
    found = {facet.name: _values(facet, places) for facet in taxonomy.facets}
    return replace(document, facets={name: values for name, values in found.items() if values})


def points(cues: re.Pattern[str], places: _Places) -> int:
    """How clearly a value is spoken for; never more than all places together give."""
    paragraphs = sum(bool(cues.search(block)) for block in places.blocks)
    return (
        TITLE * bool(cues.search(places.title))
        + HEADING * bool(cues.search(places.headings))
        + LEAD * bool(cues.search(places.lead))
        + BODY * min(paragraphs, MOST_BODY)
    )


def _values(facet: Facet, places: _Places) -> tuple[str, ...]:
    if not facet.single:
        return tuple(value.id for value in facet.values if _is_spoken_for(value, places))
    for speaks in (_by_path, _by_kicker, _by_cues):
        for value in facet.values:
            if speaks(value, places):
                return (value.id,)
    return (facet.fallback,) if facet.fallback else ()


def _is_spoken_for(value: Value, places: _Places) -> bool:
    return _by_path(value, places) or _by_kicker(value, places) or _by_cues(value, places)


def _by_path(value: Value, places: _Places) -> bool:
    return value.url is not None and bool(value.url.search(places.path))


def _by_kicker(value: Value, places: _Places) -> bool:
    return places.kicker in value.kickers


def _by_cues(value: Value, places: _Places) -> bool:
    return value.cues is not None and points(value.cues, places) >= ENOUGH
