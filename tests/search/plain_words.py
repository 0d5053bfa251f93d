"""Words, stems, spellings and letters for the oracle, made anew from nothing of the product's.

Slow and plain on purpose: what is told here is checked against the search, so it may share no
line with it. Only Snowball's Swedish stemmer and simplemma's dictionary are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import simplemma
import Stemmer

_RUN = re.compile(r"[^\W_]+|§")
#: The ending of a short form, after its colon: SSPF:s, SIP:en.
_COLON_ENDING = re.compile(r"(?<=[^\W\d_]):[a-zåäö]{1,4}(?!\w)")
_SNOWBALL = Stemmer.Stemmer("swedish")


@dataclass(frozen=True, slots=True)
class Written:
    """A run of letters and digits, or a §, on a line of a text."""

    text: str
    line: int

    @property
    def folded(self) -> str:
        return self.text.casefold()


def written(text: str) -> list[Written]:
    """The words of a text in its order. A table's cells are lines of their own."""
    plain = unicodedata.normalize("NFC", text).replace("\u00ad", "")
    lines = re.split(r"[\n\t]", plain)
    return [Written(run, number) for number, line in enumerate(lines) for run in _RUN.findall(line)]


@cache
def pieces(text: str) -> tuple[str, ...]:
    """The folded words of a short text."""
    return tuple(word.folded for word in written(text))


@cache
def stem(word: str) -> str:
    return str(_SNOWBALL.stemWord(word.casefold()))


@cache
def forms_of_one(one: str, other: str) -> bool:
    """Whether a dictionary has two words under one base form, or one of them as the other's."""
    words = one.casefold(), other.casefold()
    if not all(simplemma.is_known(word, lang="sv") for word in words):
        return False
    mine, theirs = (simplemma.lemmatize(word, lang="sv") for word in words)
    return bool({mine, words[0]} & {theirs, words[1]})


@cache
def stems(text: str) -> tuple[str, ...]:
    """The stems of a short text; the ending after a short form's colon is none of its own."""
    return tuple(stem(piece) for piece in pieces(_COLON_ENDING.sub("", text)))


def places(words: Sequence[Written], one: str) -> list[tuple[int, int]]:
    """Where a word stands, from its first run to after its last.

    What has digits may be set apart otherwise on the page ("18 a §"); what is in capitals must
    be so there too.
    """
    wanted = pieces(one)
    numbered = any(character.isdigit() for character in one)
    shouted = one.isupper() and not numbered
    found = []
    for start in range(len(words)):
        end = _end(words, start, "".join(wanted)) if numbered else start + len(wanted)
        run = words[start:end]
        same = numbered or tuple(word.folded for word in run) == wanted
        capitals = not shouted or all(word.text.isupper() for word in run)
        if run and same and capitals and run[0].line == run[-1].line:
            found.append((start, end))
    return found


def _end(words: Sequence[Written], start: int, letters: str) -> int:
    """After the runs that together spell some letters; ``start`` where they do not."""
    spelt = ""
    for end in range(start, len(words)):
        spelt += words[end].folded
        if spelt == letters:
            return end + 1
        if not letters.startswith(spelt):
            break
    return start


def has_word(said: str, word: str) -> bool:
    """Whether a word stands in a text by itself: a number not in a date, or before a §."""
    if not any(character.isdigit() for character in word):
        return word.casefold() in said.casefold() and bool(places(written(said), word))
    alone = rf"(?<![\w§])(?<!\d[-–:./]){re.escape(word)}(?![\w§])(?!\s§|[-–:./]\d)"
    return bool(re.search(alone, said, re.IGNORECASE))


def beginning(part: str) -> str:
    """What a part surely keeps inside a compound: all but two letters, or but one of a short word.

    Three letters at the least.
    """
    return part[: max(3, len(part) - (2 if len(part) > 5 else 1))]


def shared_beginning(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


_DOTS = str.maketrans("åäöéèüáà", "aaoeeuaa")


def distance(one: str, other: str) -> float:
    """Damerau's distance between words; a dot or ring left out or put in costs a third."""
    rows = [[float(n) for n in range(len(other) + 1)]]
    for i, a in enumerate(one, start=1):
        row = [float(i)]
        for j, b in enumerate(other, start=1):
            dots = a.translate(_DOTS) == b.translate(_DOTS)
            swap = 0.0 if a == b else 1 / 3 if dots else 1.0
            best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + swap)
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


#: Spellings of one sound, the long ones first.
_SOUNDS = (
    ("stj", "S"), ("skj", "S"), ("sch", "S"), ("sj", "S"), ("sh", "S"), ("tion", "Son"),
    ("sion", "Son"), ("tj", "T"), ("kj", "T"), ("ch", "k"), ("ck", "k"), ("ph", "f"), ("th", "t"),
    ("hj", "j"), ("dj", "j"), ("gj", "j"), ("lj", "j"), ("x", "ks"), ("z", "s"), ("q", "k"),
    ("w", "v"), ("c", "k"), ("ä", "e"), ("å", "o"), ("é", "e"),
)  # fmt: skip


def sound(word: str) -> str:
    """A word as it sounds, roughly: one sign a sound, and none doubled."""
    heard = word.casefold()
    for spelling, sign in _SOUNDS:
        heard = heard.replace(spelling, sign)
    return re.sub(r"(.)\1+", r"\1", heard)


#: A word nobody knows is a misspelling of one within as many errors, and as great a share of it.
MOST_ERRORS, MOST_WRONG = 3.0, 0.4
#: It may be so of another form: then the stems are nearly the same, and the forms not far off.
STEM_WRONG, FORM_WRONG = 0.25, 0.6


def misspelling(asked: str, meant: str) -> bool:
    """Whether one may have been typed for the other, or for a form of it."""
    if sound(asked) == sound(meant):
        return True
    errors, shortest = distance(asked, meant), min(len(asked), len(meant))
    if errors <= min(MOST_ERRORS, MOST_WRONG * shortest):
        return True
    one, other = stem(asked), stem(meant)
    near = distance(one, other) <= STEM_WRONG * min(len(one), len(other))
    return near and errors <= FORM_WRONG * shortest


def grams(word: str) -> frozenset[str]:
    """The letters of a word four by four, its edges marked."""
    marked = f"_{word.casefold()}_"
    return frozenset(marked[n : n + 4] for n in range(max(1, len(marked) - 3)))


#: Words that an abbreviation has no letter for.
FILLERS = frozenset({
    "och", "för", "av", "i", "om", "på", "till", "med", "mot", "the", "of", "and", "for", "in",
    "vid", "samt", "en", "ett", "den", "det", "eller", "inom",
})  # fmt: skip


def spells(letters: str, words: Iterable[str]) -> bool:
    """Whether letters are the initials of words in order, and of parts inside them.

    Every word but a filler has its initial there; inside a word a letter may begin a part, which
    has letters before and after it.
    """
    return _spells(letters.casefold(), tuple(words))


def _spells(letters: str, words: tuple[str, ...]) -> bool:
    if not words:
        return not letters
    word, rest = words[0], words[1:]
    if word in FILLERS and _spells(letters, rest):
        return True
    if not letters or not word.startswith(letters[0]):
        return False
    return any(_spells(left, rest) for left in _inside(letters[1:], word[2:]))


def _inside(letters: str, word: str) -> set[str]:
    """What may be left of the letters when some of them begin parts further into a word."""
    found = {letters}
    if letters:
        for place in range(len(word) - 2):
            if word[place] == letters[0]:
                found |= _inside(letters[1:], word[place + 2 :])
    return found
