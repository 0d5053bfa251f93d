"""What a page of results shows around its hits: filters, paging and ways out of nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from search.query import FACETS, Query
from search.results import Results
from webapp.params import PARAMETERS, reworded, without, without_filters
from webapp.present import Labels, swedish_order

#: Facets that most people narrow by; the others stand under "Fler filter".
FIRST_FACETS = ("source", "type", "topic", "year")
#: Values shown before the rest is folded away: a fieldset stays within one screen.
VALUES_AT_FIRST = 6
#: Words of a fruitless question offered one by one.
WORDS_OFFERED = 4
#: Pages on either side of the current one that are linked.
_NEIGHBOURS = 1


class Option(NamedTuple):
    """A value of a facet that can be chosen."""

    value: str
    label: str
    count: int  # type: ignore[assignment]  # of documents, where a tuple counts its items
    chosen: bool


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """A facet's choices: those shown at once, and those folded away."""

    facet: str
    parameter: str
    label: str
    options: tuple[Option, ...]
    folded: tuple[Option, ...]
    is_first: bool

    @property
    def has_choice(self) -> bool:
        """Whether any of its values is chosen."""
        return any(option.chosen for option in (*self.options, *self.folded))

    @property
    def folded_choice(self) -> bool:
        """Whether any of the folded values is chosen, so that they must be shown."""
        return any(option.chosen for option in self.folded)


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter in force, or another question worth asking; ``query`` is where its link leads."""

    label: str
    query: Query
    facet: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """Where in the results we are; ``steps`` are page numbers, with None for a gap."""

    page: int
    pages: int
    first: int
    last: int
    steps: tuple[int | None, ...]

    @property
    def is_beyond(self) -> bool:
        """Whether the address asks for a page after the last one."""
        return self.page > self.pages > 0


def filter_groups(results: Results, labels: Labels) -> tuple[FilterGroup, ...]:
    """The facets that can narrow these results, in the order of ``FACETS``."""
    groups = (_group(results, facet, labels) for facet in FACETS)
    return tuple(group for group in groups if group is not None)


def chosen_filters(query: Query, labels: Labels) -> tuple[Choice, ...]:
    """The filters in force, each with the query that is left without it."""
    return tuple(
        Choice(labels.value(facet, value), without(query, facet, value), labels.facet(facet))
        for facet in FACETS
        for value in query.filters.get(facet, ())
    )


def ways_out(query: Query) -> tuple[Choice, ...]:
    """Other questions for one that found nothing, the closest first."""
    return tuple(_ways_out(query))


def paging(results: Results) -> Paging:
    """Where in the results this page stands."""
    query = results.query
    first = (query.page - 1) * query.page_size + 1
    near = range(query.page - _NEIGHBOURS, query.page + _NEIGHBOURS + 1)
    shown = sorted(page for page in {1, results.pages, *near} if 1 <= page <= results.pages)
    steps: list[int | None] = []
    for page in shown:
        previous = steps[-1] if steps else None
        if previous is not None and page - previous == 2:
            steps.append(page - 1)  # a gap of one page is that page
        elif previous is not None and page - previous > 2:
            steps.append(None)
        steps.append(page)
    last = first + len(results.hits) - 1
    return Paging(query.page, results.pages, first, last, tuple(steps))


def _group(results: Results, facet: str, labels: Labels) -> FilterGroup | None:
    chosen = results.query.filters.get(facet, ())
    counts = {count.value: count.count for count in results.facets.get(facet, ())}
    # A chosen value stays in the form though nothing has it, or the next choice would drop it.
    counts |= {value: 0 for value in chosen if value not in counts}
    if not _narrows(counts, results.total) and not chosen:
        return None
    options = [
        Option(value, labels.value(facet, value), count, value in chosen)
        for value, count in counts.items()
        if count or value in chosen
    ]
    options.sort(key=lambda option: (-option.count, swedish_order(option.label)))
    if facet == "year":
        options.sort(key=lambda option: option.value, reverse=True)
    # Folding one or two away saves no room.
    cut = VALUES_AT_FIRST if len(options) > VALUES_AT_FIRST + 2 else len(options)
    return FilterGroup(
        facet=facet,
        parameter=PARAMETERS[facet],
        label=labels.facet(facet),
        options=tuple(options[:cut]),
        folded=tuple(options[cut:]),
        is_first=facet in FIRST_FACETS,
    )


def _narrows(counts: dict[str, int], total: int) -> bool:
    """Whether choosing any of the values would leave something out."""
    return (
        any(0 < count < total for count in counts.values()) or sum(map(bool, counts.values())) > 1
    )


def _ways_out(query: Query) -> Iterator[Choice]:
    if query.filters and (query.words or query.phrases):
        yield Choice("Sök utan filter", without_filters(query))
    if query.excluded:
        kept = " ".join((query.words, *(f'"{phrase}"' for phrase in query.phrases)))
        yield Choice("Sök utan att utesluta något", reworded(query, kept))
    if query.phrases:
        loose = " ".join((query.words, *query.phrases, *(f'-"{x}"' for x in query.excluded)))
        yield Choice("Sök utan citattecken", reworded(query, loose))
    words = tuple(dict.fromkeys(" ".join((query.words, *query.phrases)).split()))
    if 1 < len(words) <= WORDS_OFFERED:
        for word in words:
            yield Choice(f"Sök bara på {word}", reworded(query, word))
