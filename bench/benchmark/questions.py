"""The questions of a run: people's own, and pairs of words drawn from passages.

Each is asked once a pass, so that no engine lives on what it remembers of the last one; a 99th
percentile wants about a thousand of them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

from bench.benchmark.analysis import stop_words, terms, words_of
from bench.benchmark.engine import BenchDocument
from search.errors import SettingsError

#: How many distinct questions there are unless something else is asked for.
QUESTIONS = 1_000
SEED = 11

#: Shorter words are mostly numbers and abbreviations, which few questions are made of.
_SHORTEST = 3
#: So many passages may have nothing new before drawing ends: a small collection has few pairs.
_PATIENCE = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: raw words, two that stand side by side somewhere, and a filter.

    ``real`` is whether a person asked it.
    """

    text: str
    words: tuple[str, ...]
    phrase: tuple[str, str]
    kind: str
    year: int
    real: bool = False


def read_questions(path: Path) -> Sequence[str]:
    """The texts of a ``queries.jsonl``. Raises SettingsError naming file and line."""
    texts = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            texts.append(str(json.loads(line)["text"]))
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(f"{path}:{number}: an object with a text is expected") from error
    return texts


def questions(
    real: Sequence[str], collection: Sequence[BenchDocument], count: int, seed: int = SEED
) -> tuple[Question, ...]:
    """At most ``count`` distinct questions, people's own first; fewer where no more can be drawn.

    Raises SettingsError when nothing can be asked.
    """
    rolled = random.Random(seed)
    phrases = _phrases(collection, rolled)
    asked: dict[frozenset[str], Question] = {}
    drawn = ((" ".join(pair), False) for pair in _pairs(collection, rolled, count))
    for text, is_real in chain(((text, True) for text in real), drawn):
        words = tuple(words_of(text))
        wanted = frozenset(terms(words))
        if len(asked) == count:
            break
        if not wanted or wanted in asked:
            continue
        phrase, near = next(phrases, (None, None))
        if phrase is None or near is None:
            break
        asked[wanted] = Question(text, words, phrase, near.kind, near.year, is_real)
    if not asked:
        raise SettingsError("the collection has no words to ask for")
    return tuple(asked.values())


def _pairs(
    collection: Sequence[BenchDocument], rolled: random.Random, count: int
) -> Iterator[tuple[str, str]]:
    """Pairs of different telling words that stand in the same passage, more than are needed."""
    for _ in range(2 * count + _PATIENCE):
        document = rolled.choice(collection)
        words = sorted(set(filter(_tells, words_of(document.text.lower()))))
        if len(words) >= 2:
            first, second = rolled.sample(words, 2)
            yield first, second


def _phrases(
    collection: Sequence[BenchDocument], rolled: random.Random
) -> Iterator[tuple[tuple[str, str], BenchDocument]]:
    """Two telling words side by side, and the document where they stand."""
    missed = 0
    while missed < _PATIENCE:
        document = rolled.choice(collection)
        words = words_of(document.text.lower())
        pairs = [(a, b) for a, b in pairwise(words) if _tells(a) and _tells(b)]
        missed = 0 if pairs else missed + 1
        if pairs:
            yield rolled.choice(pairs), document


def _tells(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and word not in stop_words()
