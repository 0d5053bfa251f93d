"""What was asked, free of any engine.

Reading a question never raises: whatever a person types is a question. Swedish analysis
happens later, in the searcher; here only the marks a person can type are understood:
``"an exact phrase"`` and ``-word``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

#: Longer questions are cut: a pasted page is not a question, and costs as much as a hundred.
MAX_QUESTION_CHARACTERS = 400

#: The facets a question may be filtered by, in the order they are shown.
FACETS = ("source", "type", "topic", "audience", "arena", "level", "actor", "year")

#: Hits on a page of results unless something else is asked for, and at the most.
PAGE_SIZE = 10
MAX_PAGE_SIZE = 100

_PIECES = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans({"”": '"', "“": '"', "„": '"', "»": '"', "«": '"'})


@dataclass(frozen=True, slots=True)
class Query:
    """A question and what narrows it.

    ``words`` is the free text without phrases and exclusions, ``phrases`` what stood in
    quotes, ``excluded`` what had a minus. ``filters`` maps a facet of ``FACETS`` to the values
    of which a document must have at least one. ``page`` counts from 1. ``exact`` takes the words
    as typed, in all their forms, and repairs and widens nothing.
    """

    text: str = ""
    words: str = ""
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    page_size: int = PAGE_SIZE
    exact: bool = False
    explain: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing to look for; filters alone list what they select, newest first."""
        return not (self.words or self.phrases or self.filters)


def read_query(
    text: str,
    *,
    filters: Mapping[str, tuple[str, ...]] | None = None,
    page: int = 1,
    page_size: int = PAGE_SIZE,
    exact: bool = False,
    explain: bool = False,
) -> Query:
    """Read what a person typed. Unknown facets and empty filters are dropped, numbers clamped.

    >>> read_query('lag "social insatsgrupp" -nyhet').phrases
    ('social insatsgrupp',)
    """
    text = " ".join(text.replace("\x00", " ").split())[:MAX_QUESTION_CHARACTERS]
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    for piece in _PIECES.finditer(text.translate(_QUOTES)):
        content = (piece["phrase"] if piece["phrase"] is not None else piece["word"]).strip()
        if not any(character.isalnum() or character == "§" for character in content):
            continue
        if piece["minus"]:
            excluded.append(content)
        elif piece["phrase"] is not None:
            phrases.append(content)
        else:
            words.append(content)
    return Query(
        text=text,
        words=" ".join(words),
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        filters={
            facet: tuple(dict.fromkeys(values))
            for facet, values in (filters or {}).items()
            if facet in FACETS and values
        },
        page=max(1, page),
        page_size=min(max(1, page_size), MAX_PAGE_SIZE),
        exact=exact,
        explain=explain,
    )
