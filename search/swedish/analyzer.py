"""The one analysis of Swedish, for pages and for questions.

``tokens`` turns text into terms with their place in the text. å ä ö are letters of their own
and are kept. Forms that lose their meaning when cut stay whole: ``2023:196``, ``2022/23:43``,
``18 a §``, ``urn:nbn:se:bra-363``, ISBN and ISO dates. Short words in capitals (SIG, EST, BRÅ)
are abbreviations and keep their capitals as terms, so that the method SIG never meets the
pronoun *sig*. Everything else is stemmed with Snowball.

Where it fails: Snowball neither splits compounds nor knows irregular forms (*män* – *man*),
and a lower-case abbreviation on a page (*mvp*) is taken for a word.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import Stemmer

#: Change it when the same text gives other terms than before: published indexes are then rebuilt.
ANALYSIS_VERSION = 2

#: The longest abbreviation, in characters: RVPRS and ANDTS are, METODSTÖD is a shouted word.
LONGEST_ABBREVIATION = 6

_ADDRESS = r"(?:https?://|www\.)\S+"
_ANY_WORD = r"""(?i:
      (?P<urn>      urn:[a-z]+(?:[:-][a-z0-9]+)+ )
    | (?P<isbn>     97[89](?:[-\ ]?\d){10}(?!\d) )
    | (?P<date>     \d{4}-\d{2}-\d{2}(?!\d) )
    | (?P<number>   \d{4}(?:/\d{2,4})?:\d+ )
    | (?P<section>  \d+(?:\s?[a-z])?\s?§(?!§) | §\s?\d+[a-z]?\b )
    | (?P<decimal>  \d+(?:[.,]\d+)+ )
    | (?P<word>     [^\W_]+ ) (?: [:’'](?P<ending>[a-zåäö]{1,4})\b )?
    )"""
_TOKEN = re.compile(rf"(?i:(?P<address>{_ADDRESS})) | {_ANY_WORD}", re.VERBOSE)
#: What stands before a word and is no part of one.
_NO_WORD = rf"(?i: [^\w§]++ | _ | §(?!\s?\d+[a-z]?\b) | {_ADDRESS} )*+"
#: The next word with what stands before it, to pass over many at once. Most are of our letters,
#: with plain marks around them, and begin with none that an address or a urn does.
_NEXT_WORD = rf"""(?>
      [ ,.()\n]*+ [a-gi-tvx-zåäöA-GI-TVX-ZÅÄÖ][a-zåäöA-ZÅÄÖ]*+ (?=[ ,.);\n])
    | {_NO_WORD} {re.sub("[?]P<.*?>", "?:", _ANY_WORD)} )"""
#: So many words are passed over at once, the most first; fewer with the one that is looked for.
_AT_ONCE = (128, 64, 32, 16)
_SOFT_HYPHEN = "\u00ad"
#: What a § may follow only because Unicode calls it a digit, or one of ASCII's letters: none of it
#: comes before the long s, which lets most characters fail at once.
_ODD_IN_SECTION = re.compile("[^\x00-\u017e](?<=[\\d\u017f\u212a])")
_NOT_IN_SECTION = re.compile(r"[\s§]+")
_STEMMERS = threading.local()


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, at the characters ``text[start:end]``.

    ``word`` is the form that counts as the same word wherever it stands: folded, an abbreviation
    in capitals, or a number in its one spelling. ``term`` is the word's stem. ``surface`` is the
    folded text.
    """

    term: str
    word: str
    surface: str
    start: int
    end: int


def normalized(text: str) -> str:
    """Text as it is indexed and asked for: composed letters, no hyphens that only printing needs.

    >>> normalized("brotts\\u00adoffer, a\\u030aklagare")
    'brottsoffer, åklagare'
    """
    return unicodedata.normalize("NFC", text.replace(_SOFT_HYPHEN, ""))


def tokens(text: str) -> Iterator[Token]:
    """Yield the terms of a text in order, one a position.

    >>> [token.term for token in tokens("SIG enligt 18 a § OSL och lag 2023:196, sig själv")]
    ['SIG', 'enl', '18a§', 'OSL', 'och', 'lag', '2023:196', 'sig', 'själv']
    """
    shouted = is_shouted(text)
    for kind, match in _matches(text):
        surface = match[kind]
        word = _word(kind, surface, shouted)
        yield Token(stem_of(word), word, surface.casefold(), match.start(), match.end(kind))


def spans_of(
    text: str, places: Iterable[int], seen: int = 0, start: int = 0
) -> list[tuple[int, int]]:
    """Where some words of a text begin and end, as ``Token`` has it: their places in it, ascending.

    The word ``seen`` is the first from the character ``start`` on. Quicker than to read all words.
    Raises ValueError where there are fewer.
    """
    found = []
    for place in places:
        before = place - seen
        for size in _AT_ONCE:
            while before >= size:
                start = _passed(_words_before(size).match(text, start)).end()
                before -= size
        match = _passed(_words_before(before, there=True).match(text, start))
        found.append(match.span("word" if match.lastgroup == "ending" else match.lastgroup or 0))
        seen, start = place + 1, match.end()
    return found


def words_in(text: str) -> tuple[list[str], list[int], list[int]]:
    """The words of many texts with white space between them, none of them shouted, as ``Token``
    has them; and the characters where each begins and ends."""
    found = list(_matches(text))
    words = [_word(kind, match[kind], shouted=False) for kind, match in found]
    starts = [match.start() for _, match in found]
    return words, starts, [match.end(kind) for kind, match in found]


def depends_on_all(text: str) -> bool:
    """Whether a text's tokens cannot be told from what stands between its white space alone.

    So it is where capitals are not told from abbreviations, and for digits and letters that only
    Unicode takes for those before a §.
    """
    return is_shouted(text) or (not text.isascii() and bool(_ODD_IN_SECTION.search(text)))


def terms(text: str) -> tuple[str, ...]:
    """The terms of a text, in order."""
    return tuple(token.term for token in tokens(text))


def is_abbreviation(word: str) -> bool:
    """Whether a word written in capitals reads as an abbreviation.

    >>> is_abbreviation("SSPF"), is_abbreviation("METODSTÖD"), is_abbreviation("I")
    (True, False, False)
    """
    # Most words fail at the first of these, and every word of a text is asked.
    short_and_shouted = word.isupper() and len(word) <= LONGEST_ABBREVIATION
    return short_and_shouted and sum(character.isalpha() for character in word) >= 2


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Snowball's Swedish stem of a folded word, cached per distinct word."""
    return str(_stemmer().stemWord(word))


def stems(words: Sequence[str]) -> list[str]:
    """The stems of many words, which are not remembered."""
    return list(_stemmer().stemWords(words))


def _stemmer() -> Any:
    stemmer = getattr(_STEMMERS, "swedish", None)
    if stemmer is None:
        # A Stemmer must not be shared between threads.
        stemmer = _STEMMERS.swedish = Stemmer.Stemmer("swedish", 0)
    return stemmer


def stem_of(word: str) -> str:
    """The term of a word as ``Token.word`` has it: numbers and abbreviations are their own."""
    return word if word.isupper() or not word.isalnum() else stem(word)


@cache
def _words_before(count: int, there: bool = False) -> re.Pattern[str]:
    """So many words, and one more that is looked for."""
    one = _NO_WORD + _ANY_WORD if there else ""
    return re.compile(f"(?: {_NEXT_WORD} ){{{count}}} {one}", re.VERBOSE)


def _passed(match: re.Match[str] | None) -> re.Match[str]:
    if match is None:
        raise ValueError("the text has fewer words")
    return match


def _matches(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Everything but addresses, and what kind each is."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup if match.lastgroup != "ending" else "word"
        if kind and kind != "address":
            yield kind, match


def _word(kind: str, surface: str, shouted: bool) -> str:
    if kind == "word" and not shouted and is_abbreviation(surface):
        return surface
    if kind == "section":
        return _NOT_IN_SECTION.sub("", surface.casefold()) + "§"
    if kind == "isbn":
        return re.sub(r"\D", "", surface)
    return surface.casefold()


def is_shouted(text: str) -> bool:
    """Whether a whole text is in capitals, so that capitals say nothing; two words at least."""
    return text.isupper() and sum(word.isupper() for word in text.split()) > 1
