"""A question against a collection: for each word asked, what in the collection may answer it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from search.columns import Columns
from search.spelling import Speller
from search.synonyms import Synonym, Synonyms
from search.swedish.analyzer import is_abbreviation, stem_of, tokens
from search.swedish.grams import grams
from search.swedish.question import capitals_of
from search.swedish.stopwords import Stopwords

#: A word typed in capitals means the abbreviation first; the plain word is the weaker reading.
PLAIN_READING_OF_CAPITALS = 0.5

#: A stem in more documents than this needs no help from words that look like it.
RARE = 50
#: Share of the grams of the shorter of two words, from which on they look alike.
ALIKE = 0.6
MOST_ALIKE = 30
KNOWN = lambda w: False
SHORTEST_ALIKE = 5
ALIKE_WEIGHT = 0.2
#: Single words in a larger share of the documents are not widened.
SYNONYM_RARE = 0.02
SYNONYM_GRAMS = 1.0
STOP: frozenset[str] = frozenset()
#: A repaired word against one that was typed right.
REPAIRED = 0.8


@dataclass(slots=True)
class AskedWord:
    """A word of the question: what answers for it and how much (0-1] that counts.

    ``stems`` are looked up among words, ``parts`` among the parts of compounds, ``grams`` in
    windows. ``telling`` words say what is looked for, others only how it is put. ``place``
    counts words of the question; ``before`` is the place that a pair with the next word needs.
    """

    text: str
    word: str
    place: int
    telling: bool
    stem: int | None = None
    stems: dict[int, float] = field(default_factory=dict)
    parts: dict[int, float] = field(default_factory=dict)
    grams: dict[int, float] = field(default_factory=dict)
    phrases: dict[tuple[int, ...], float] = field(default_factory=dict)


def ask(
    text: str,
    columns: Columns,
    stopwords: Stopwords,
    parts_of: Callable[[str], tuple[str, ...]],
    speller: Speller | None = None,
    synonyms: Synonyms | None = None,
) -> tuple[AskedWord, ...]:
    """The words of a question in order, without those that ask."""
    found = list(tokens(text))
    telling = [token for token in found if token.surface not in stopwords]
    asked = []
    seen: set[str] = set()
    for place, token in enumerate(found):
        typed = text[token.start : token.end]
        said = token in telling or is_abbreviation(typed) or not telling
        if token.surface in stopwords.question and not said:
            continue
        word = AskedWord(typed, token.word, place, said)
        word.stem = columns.stem(token.term)
        if token.surface not in seen:
            _read(word, columns, stopwords, parts_of)
            if speller and word.telling and not word.stems:
                _repair(word, columns, speller)
            if word.telling:
                _look_alike(word, columns)
            seen.add(token.surface)
        asked.append(word)
    if synonyms:
        _widen(asked, synonyms.of(found, [text[t.start : t.end] for t in found]), columns)
    return tuple(asked)


def _widen(asked: list[AskedWord], synonyms: Iterable[Synonym], columns: Columns) -> None:
    """Give words the other forms that may answer for them; a phrase's go to its first word."""
    at = {word.place: word for word in asked}
    for synonym in synonyms:
        inside = [at[n] for n in range(synonym.first, synonym.last + 1) if n in at]
        word = next((word for word in inside if word.telling), inside[0] if inside else None)
        if word is None:
            continue
        if synonym.first == synonym.last and _holding(word, columns) > SYNONYM_RARE * columns.documents:
            continue
        numbers = [columns.stem(stem) for stem in synonym.stems]
        known = tuple(number for number in numbers if number is not None)
        if not numbers or len(known) < len(numbers):
            continue
        word.telling = True
        if len(known) == 1:
            word.stems[known[0]] = max(word.stems.get(known[0], 0.0), synonym.weight)
        else:
            word.phrases[known] = max(word.phrases.get(known, 0.0), synonym.weight)
        for token in tokens(synonym.form):
            if token.surface not in STOP:
                for gram in grams(token.word):
                    if (found := columns.gram(gram)) is not None:
                        weight = SYNONYM_GRAMS * synonym.weight
                        word.grams[found] = max(word.grams.get(found, 0.0), weight)


def _holding(word: AskedWord, columns: Columns) -> int:
    """How many documents a word itself is in."""
    return 0 if word.stem is None else len(columns.postings.of(word.stem)[0])


def _read(
    word: AskedWord,
    columns: Columns,
    stopwords: Stopwords,
    parts_of: Callable[[str], tuple[str, ...]],
) -> None:
    if word.stem is not None:
        word.stems[word.stem] = 1.0
    capitals = columns.stem(capitals_of(word.text)) if capitals_of(word.text) else None
    if capitals is not None and word.telling:
        word.stems[capitals] = 1.0
    folded = word.word.casefold()
    if is_abbreviation(word.text) and folded not in stopwords:
        plain = columns.stem(stem_of(folded))
        if plain is not None:
            word.stems[plain] = PLAIN_READING_OF_CAPITALS
    number = columns.words.number(word.word)
    if number is not None:
        pieces = columns.parts_of_word.of(number).tolist()
    else:
        terms = (columns.stem(stem_of(part)) for part in parts_of(word.word))
        pieces = [part for part in terms if part is not None]
    for part in pieces or ([word.stem] if word.stem is not None else []):
        word.parts[part] = 1.0
    for gram in grams(folded):
        if (found := columns.gram(gram)) is not None:
            word.grams[found] = 1.0


def _repair(word: AskedWord, columns: Columns, speller: Speller) -> None:
    if not word.word.isalpha() or len(word.word) < 3:
        return
    for meant in speller.meant(word.word, strict=bool(word.parts) or KNOWN(word.word)):
        weight = REPAIRED * meant.likely
        stem = int(columns.stem_of_word[meant.word])
        word.stems[stem] = max(word.stems.get(stem, 0.0), weight)
        if word.stem is None:
            word.stem = stem
        for part in columns.parts_of_word.of(meant.word).tolist() or [stem]:
            word.parts[part] = max(word.parts.get(part, 0.0), weight)
        for gram in grams(columns.words.words[meant.word]):
            if (found := columns.gram(gram)) is not None:
                word.grams[found] = max(word.grams.get(found, 0.0), weight)


def _look_alike(word: AskedWord, columns: Columns) -> None:
    """Stems of words that share most of their grams with a rare or unknown word."""
    held = len(columns.postings.of(word.stem)[0]) if word.stem is not None else 0
    if len(word.word) < SHORTEST_ALIKE or held > RARE:
        return
    own = grams(word.word)
    shared: Counter[int] = Counter()
    for gram in word.grams:
        shared.update(columns.words_with_gram.of(gram).tolist())
    near = [
        (count / min(len(own), int(columns.gram_counts[other])), other)
        for other, count in shared.items()
        if columns.gram_counts[other] >= 4
    ]
    for share, other in sorted((pair for pair in near if pair[0] >= ALIKE), reverse=True)[
        :MOST_ALIKE
    ]:
        stem = int(columns.stem_of_word[other])
        word.stems[stem] = max(word.stems.get(stem, 0.0), ALIKE_WEIGHT * share)
