"""Cutting out the window that answers, and marking what matched. Pure.

A text whose words are known by number, as the index has them, is not read again: only the
characters of what is shown are looked up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.columns import Ints
from search.results import Fragment
from search.swedish.analyzer import spans_of, tokens

#: Words in an excerpt: two or three lines on a screen.
EXCERPT_WORDS = 40
#: How many words a window may be moved back to begin where a sentence begins.
REACH_FOR_SENTENCE = 8

_SPACES = re.compile(r"\s+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]\s+|\n\s*)$")
#: No sentence begins where none of this stands before. Words that touch count as well: the first
#: of two is a number or a urn.
_MAYBE_SENTENCE = re.compile(r"[.!?:…]\s|\n|\d[^\W\d_]|§\w|(?i:urn:)")

#: The places of a text's wanted words, ascending, and which word each is.
_Hits = Mapping[int, object]


def mark(text: str, wanted: Collection[str]) -> tuple[Fragment, ...]:
    """The whole text in fragments, those marked whose word is wanted."""
    hits, _ = _read(text, wanted)
    return _fragments(text, spans_of(text, hits), 0, len(text))


def excerpt(text: str, wanted: Collection[str]) -> tuple[Fragment, ...]:
    """The window of ``EXCERPT_WORDS`` words that holds most of the wanted words, marked.

    Without any of them, the beginning. An ellipsis stands where text was left out.
    """
    return _excerpt(text, *_read(text, wanted))


class Marker:
    """Marks the wanted words in texts whose words are known by number."""

    def __init__(self, wanted: NDArray[np.bool_], words: Sequence[str]) -> None:
        """``wanted`` says of each word's number whether it is, ``words`` which word it is."""
        self._wanted = wanted
        self._words = words

    def mark(self, text: str, numbers: Ints) -> tuple[Fragment, ...]:
        """As the function; ``numbers`` are the words of the text in order."""
        try:
            return _fragments(text, spans_of(text, self._hits(numbers)), 0, len(text))
        except ValueError:
            return mark(text, self._spelt)

    def excerpt(self, text: str, numbers: Ints) -> tuple[Fragment, ...]:
        """As the function; ``numbers`` are the words of the text in order."""
        try:
            return _excerpt(text, self._hits(numbers), len(numbers))
        except ValueError:
            return excerpt(text, self._spelt)

    def _hits(self, numbers: Ints) -> _Hits:
        places = self._wanted[numbers].nonzero()[0]
        return dict(zip(places.tolist(), numbers[places].tolist(), strict=True))

    @cached_property
    def _spelt(self) -> frozenset[str]:
        """The wanted words, for a text that holds fewer words than are said to be in it."""
        return frozenset(self._words[number] for number in self._wanted.nonzero()[0].tolist())


def _read(text: str, wanted: Collection[str]) -> tuple[_Hits, int]:
    words = [token.word for token in tokens(text)]
    return {place: word for place, word in enumerate(words) if word in wanted}, len(words)


def _excerpt(text: str, hits: _Hits, count: int) -> tuple[Fragment, ...]:
    if count <= EXCERPT_WORDS:
        return _fragments(text, spans_of(text, hits), 0, len(text))
    first, start = _to_sentence_start(text, _best_window(hits, count))
    last = first + EXCERPT_WORDS - 1
    marked = [place for place in hits if first <= place <= last]
    # The last word is looked up too: there the excerpt ends.
    is_marked = bool(marked) and marked[-1] == last
    spans = spans_of(text, marked if is_marked else [*marked, last], first, start)
    cut = _fragments(text, spans if is_marked else spans[:-1], start, spans[-1][1])
    before = (Fragment("… "),) if first else ()
    after = (Fragment(" …"),) if last + 1 < count else ()
    return before + cut + after


def _best_window(hits: _Hits, count: int) -> int:
    """Where the window starts that holds most different wanted words, then most of them."""
    best, best_start = (0, 0), 0
    places = list(hits)
    inside: dict[object, int] = {}
    end = 0
    for number, (start, first) in enumerate(hits.items()):
        while end < len(places) and places[end] < start + EXCERPT_WORDS:
            word = hits[places[end]]
            inside[word] = inside.get(word, 0) + 1
            end += 1
        worth = (len(inside), end - number)
        if worth > best:
            # A little before the first match, so that it does not stand without context.
            best, best_start = worth, max(0, start - 4)
        inside[first] -= 1
        if not inside[first]:
            del inside[first]
    return min(best_start, max(0, count - EXCERPT_WORDS))


def _to_sentence_start(text: str, first: int) -> tuple[int, int]:
    """The word that the window begins with, and the character that this begins at."""
    lowest = max(0, first - REACH_FOR_SENTENCE)
    before = max(0, lowest - 1)
    begins = [start for start, _ in spans_of(text, sorted({before, first}))]
    if not _MAYBE_SENTENCE.search(text, begins[0], begins[-1] + 1):
        return (first, begins[-1]) if lowest else (0, begins[0])
    spans = spans_of(text, range(before, first + 1), before, begins[0])
    for place in range(first, lowest - 1, -1):
        start = spans[place - before][0]
        if place == 0 or _SENTENCE_START.search(text[spans[place - before - 1][1] : start]):
            return place, start
    return first, begins[-1]


def _fragments(
    text: str, marked: Sequence[tuple[int, int]], start: int, end: int
) -> tuple[Fragment, ...]:
    """The text between two characters, cut where marks begin and end."""
    fragments: list[Fragment] = []
    for begins, ends in marked:
        if begins > start:
            fragments.append(Fragment(_spaced(text[start:begins])))
        fragments.append(Fragment(text[begins:ends], marked=True))
        start = ends
    if start < end:
        fragments.append(Fragment(_spaced(text[start:end])))
    return tuple(fragments)


def _spaced(text: str) -> str:
    """The text with one space for white space of any kind and length."""
    # Of all white space only the space is printable.
    return text if text.isprintable() and "  " not in text else _SPACES.sub(" ", text)
