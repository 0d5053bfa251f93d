"""Cutting out the window that answers, and marking what matched. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from search.results import Fragment
from search.swedish.analyzer import Token, tokens

#: Words in an excerpt: two or three lines on a screen.
EXCERPT_WORDS = 40
#: How many words a window may be moved back to begin where a sentence begins.
REACH_FOR_SENTENCE = 8

_SPACES = re.compile(r"\s+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…]\s+|\n\s*)$")


def mark(text: str, wanted: Collection[str]) -> tuple[Fragment, ...]:
    """The whole text in fragments, those marked whose word is wanted."""
    return _fragments(text, list(tokens(text)), wanted)


def excerpt(text: str, wanted: Collection[str]) -> tuple[Fragment, ...]:
    """The window of ``EXCERPT_WORDS`` words that holds most of the wanted words, marked.

    Without any of them, the beginning. An ellipsis stands where text was left out.
    """
    found = list(tokens(text))
    if len(found) <= EXCERPT_WORDS:
        return _fragments(text, found, wanted)
    first = _to_sentence_start(text, found, _best_window(found, wanted))
    window = found[first : first + EXCERPT_WORDS]
    cut = _fragments(text[window[0].start : window[-1].end], _moved(window), wanted)
    before = (Fragment("… "),) if first else ()
    after = (Fragment(" …"),) if first + EXCERPT_WORDS < len(found) else ()
    return before + cut + after


def _best_window(found: list[Token], wanted: Collection[str]) -> int:
    """Where the window starts that holds most different wanted terms, then most of them."""
    hits = [position for position, token in enumerate(found) if token.word in wanted]
    best, best_start = (0, 0), 0
    for start in hits:
        inside = [found[p].word for p in hits if start <= p < start + EXCERPT_WORDS]
        worth = (len(set(inside)), len(inside))
        if worth > best:
            # A little before the first match, so that it does not stand without context.
            best, best_start = worth, max(0, start - 4)
    return min(best_start, max(0, len(found) - EXCERPT_WORDS))


def _to_sentence_start(text: str, found: list[Token], first: int) -> int:
    for start in range(first, max(-1, first - REACH_FOR_SENTENCE - 1), -1):
        previous_end = found[start - 1].end if start else 0
        if _SENTENCE_START.search(text[previous_end : found[start].start]) or start == 0:
            return start
    return first


def _moved(window: list[Token]) -> list[Token]:
    offset = window[0].start
    return [Token(t.term, t.word, t.surface, t.start - offset, t.end - offset) for t in window]


def _fragments(text: str, found: list[Token], wanted: Collection[str]) -> tuple[Fragment, ...]:
    fragments: list[Fragment] = []
    end = 0
    for token in found:
        if token.word in wanted:
            if token.start > end:
                fragments.append(Fragment(_SPACES.sub(" ", text[end : token.start])))
            fragments.append(Fragment(text[token.start : token.end], marked=True))
            end = token.end
    if end < len(text):
        fragments.append(Fragment(_SPACES.sub(" ", text[end:])))
    return tuple(fragments)
