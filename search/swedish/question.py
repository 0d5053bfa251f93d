"""From what a person typed to the terms it is looked for by.

A word of a question becomes one or more alternatives; any of them answers for the word. People
type abbreviations in small letters (*sspf*), so a short word also looks for its capitals.
"""

from __future__ import annotations

from dataclasses import dataclass

from search.swedish.analyzer import (
    LONGEST_ABBREVIATION,
    Token,
    is_abbreviation,
    stem,
    terms,
    tokens,
)
from search.swedish.stopwords import Stopwords

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


def read_words(text: str, stopwords: Stopwords) -> tuple[Word, ...]:
    """The words of a question that say what is looked for, each once, in order.

    Stop words are left out, except where nothing else is left. A word of grammar that stands
    first or alone may be an abbreviation (``sig``): then it is looked for in capitals.

    >>> asking = Stopwords(question=frozenset({"vad", "är"}))
    >>> [word.text for word in read_words("vad är est", asking)]
    ['est']
    """
    found = list(tokens(text))
    telling = [token for token in found if token.surface not in stopwords]
    asked_for = [token for token in found if token.surface not in stopwords.question]
    words: dict[str, Word] = {}
    for token in found:
        typed = text[token.start : token.end]
        if token in telling or is_abbreviation(typed):
            alternatives = _of_telling(token, typed, stopwords)
        elif not telling:
            alternatives = _of_stopword(token, typed)
        elif token is asked_for[0] and capitals_of(typed):
            alternatives = (Alternative(capitals_of(typed)),)
        else:
            continue
        words.setdefault(token.surface, Word(typed, alternatives))
    return tuple(words.values())


def _of_telling(token: Token, typed: str, stopwords: Stopwords) -> tuple[Alternative, ...]:
    capitals = capitals_of(typed)
    if not is_abbreviation(typed):
        return (Alternative(token.term), *([Alternative(capitals)] if capitals else []))
    plain = Alternative(stem(token.surface), PLAIN_READING_OF_CAPITALS)
    return (Alternative(typed), *([plain] if token.surface not in stopwords else []))


def _of_stopword(token: Token, typed: str) -> tuple[Alternative, ...]:
    """A stop word in a question of nothing else: its capitals if there are any, else itself."""
    capitals = capitals_of(typed)
    plain = Alternative(token.term, fallback=True)
    return (Alternative(capitals), plain) if capitals else (plain,)


def read_phrase(text: str) -> tuple[tuple[str, ...], ...]:
    """The terms of an exact phrase, position by position; several where capitals are possible."""
    return tuple(
        tuple(dict.fromkeys(filter(None, (term, capitals_of(term))))) for term in terms(text)
    )


def capitals_of(typed: str) -> str:
    """The abbreviation a word in small letters may stand for, or ``""``."""
    short = 2 <= len(typed) <= LONGEST_ABBREVIATION
    return typed.upper() if short and typed.isalpha() and not typed.isupper() else ""
