"""From what a person typed to the terms it is looked for by.

A word of a question becomes one or more alternatives; any of them answers for the word. People
type abbreviations in small letters (*sspf*), so a short word also looks for its capitals.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from search.swedish.analyzer import LONGEST_ABBREVIATION, is_abbreviation, stem, terms, tokens

#: A word typed in capitals means the abbreviation first; the plain word is the weaker reading.
PLAIN_READING_OF_CAPITALS = 0.5


@dataclass(frozen=True, slots=True)
class Alternative:
    """A term that answers for a word, and how much (0–1] its points count.

    A ``fallback`` is looked for only where no alternative before it is in the collection.
    """

    term: str
    weight: float = 1.0
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question as typed, and the terms that answer for it."""

    text: str
    alternatives: tuple[Alternative, ...]


def read_words(text: str, stopwords: Collection[str]) -> tuple[Word, ...]:
    """The words of a question that say what is looked for, each once, in order.

    Stop words are left out, except where nothing else is left. One that stands first or alone
    may be an abbreviation (``sig``, ``art``): then it is looked for in capitals only.

    >>> [word.text for word in read_words("vad är est", {"vad", "är"})]
    ['est']
    """
    found: dict[str, Word] = {}
    only_stopwords = all(token.surface in stopwords for token in tokens(text))
    for position, token in enumerate(tokens(text)):
        typed = text[token.start : token.end]
        capitals = _capitals(typed)
        if token.surface in stopwords and not typed.isupper():
            if capitals and (position == 0 or only_stopwords):
                alternatives = [Alternative(capitals)]
                if only_stopwords:
                    alternatives.append(Alternative(stem(token.surface), fallback=True))
            elif only_stopwords:
                alternatives = [Alternative(token.term)]
            else:
                continue
        elif is_abbreviation(typed):
            plain = Alternative(stem(token.surface), PLAIN_READING_OF_CAPITALS)
            alternatives = [Alternative(typed)] + [plain] * (token.surface not in stopwords)
        else:
            alternatives = [Alternative(token.term)] + [Alternative(capitals)] * bool(capitals)
        found.setdefault(token.surface, Word(typed, tuple(alternatives)))
    return tuple(found.values())


def read_phrase(text: str) -> tuple[tuple[str, ...], ...]:
    """The terms of an exact phrase, position by position; several where capitals are possible."""
    return tuple(
        tuple(dict.fromkeys(filter(None, (term, _capitals(term))))) for term in terms(text)
    )


def _capitals(typed: str) -> str:
    """The abbreviation a word in small letters may stand for, or ``""``."""
    short = 2 <= len(typed) <= LONGEST_ABBREVIATION
    return typed.upper() if short and typed.isalpha() and not typed.isupper() else ""
