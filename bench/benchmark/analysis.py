r"""The one analysis that all engines have: words, small letters, no stop words, Snowball's stems.

Words are ``[^\W_]+``. Much plainer than the product's own, so that every engine can do it; tantivy
has it in Rust, and gives the same stem for each of the 87,054 words of the Swedish statutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import Stemmer

from search.settings import CORPUS
from search.swedish.stopwords import load_stopwords

WORD = re.compile(r"[^\W_]+")


@cache
def stop_words() -> frozenset[str]:
    """The product's own stop words."""
    words = load_stopwords(CORPUS / "vocabulary")
    return words.question | words.function


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("swedish", 0)


def stem(word: str) -> str:
    """The stem of a word in small letters."""
    return str(_stemmer().stemWord(word))


def words_of(text: str) -> list[str]:
    """The words of a text as they stand.

    >>> words_of("Vad säger 2 kap. 3 § om o_o?")
    ['Vad', 'säger', '2', 'kap', '3', 'om', 'o', 'o']
    """
    return WORD.findall(text)


def terms(words: Iterable[str]) -> Sequence[str]:
    """What is asked for by raw words: each stem once, in order.

    >>> terms(["Vad", "säger", "lagarna", "och", "lagen"])
    ['säg', 'lag']
    """
    lowered = (word.lower() for word in words)
    return list(dict.fromkeys(stem(word) for word in lowered if word not in stop_words()))


def snippet(text: str, wanted: Iterable[str], characters: int) -> str:
    """The text around the first word with a wanted stem, for engines that have none of their own.

    >>> snippet("Kommunen skall se till att barn får hjälp", ["barn"], 16)
    'att <b>barn</b> får'
    """
    stems = frozenset(wanted)
    found = next((m for m in WORD.finditer(text) if stem(m[0].lower()) in stems), None)
    if found is None:
        return text[:characters]
    first = max(0, (found.start() + found.end() - characters) // 2)
    cut = list(_marked(text, first, first + characters, stems))
    return "".join(cut).strip()


def _marked(text: str, start: int, end: int, stems: frozenset[str]) -> Iterator[str]:
    """Whole words between two places, and what parts them; the wanted ones marked."""
    at = None
    for match in WORD.finditer(text, start):
        if match.end() > end:
            return
        if match.start() == start and start and text[start - 1].isalnum():
            continue  # a word cut in two by the window's start
        if at is not None:
            yield text[at : match.start()]
        at = match.end()
        yield f"<b>{match[0]}</b>" if stem(match[0].lower()) in stems else match[0]
