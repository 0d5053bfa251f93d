"""Every stated reason of the bundled documents is true: the oracle reads after, hit by hit.

Questions are the judged ones, and others made of them by rule: dots left out, compounds set
apart, neighbours joined, words in another form, a letter wrong, and the thesaurus's words put in.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from search.query import read_query
from search.results import Hit, How
from search.searcher import Searcher
from search.settings import Settings
from tests.search.oracle import Entry, Oracle, Text, load_entries, text_of
from tests.search.plain_words import has_word, pieces, places, stem, written

ROOT = Path(__file__).resolve().parent.parent.parent
MANIFEST = ROOT / "corpus" / "documents" / "manifest.toml"
JUDGED = ROOT / "corpus" / "judged" / "queries.jsonl"

#: Shorter words are not worth spoiling, since they become other words.
LONG = 6
#: A half of a compound that is set apart has as many letters.
HALF = 4


@dataclass(frozen=True)
class Collection:
    """What all documents say, how often each word of it does, and the forms of each stem."""

    texts: Mapping[str, Text]
    counts: Counter[str]
    forms: Mapping[str, Sequence[str]]
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Pair:
    """A question and a document that was found for it."""

    question: str
    hit: Hit


@pytest.fixture(scope="module")
def searcher(bundled: Settings) -> Searcher:
    return Searcher(bundled.index_path, bundled.vocabulary)


@pytest.fixture(scope="module")
def collection(searcher: Searcher, bundled: Settings) -> Collection:
    texts = {}
    for entry in tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["document"]:
        stored = searcher.document(f"exempel:{entry['n']}")
        assert stored is not None
        label = searcher.labels["source"][stored.document.source]
        texts[stored.document.key] = text_of(stored, label)
    counts = Counter(
        word.folded for text in texts.values() for said in text.values() for word in written(said)
    )
    forms: dict[str, list[str]] = defaultdict(list)
    for word, _ in counts.most_common():
        forms[stem(word)].append(word)
    return Collection(texts, counts, forms, load_entries(bundled.vocabulary / "thesaurus"))


@pytest.fixture(scope="module")
def oracle(bundled: Settings, collection: Collection) -> Oracle:
    return Oracle(bundled.vocabulary / "thesaurus", collection.texts.values())


# The questions. A rule gives a question spoilt or changed, or the question itself.


def judged() -> list[str]:
    lines = JUDGED.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def without_dots(question: str, collection: Collection) -> str:
    return question.translate(str.maketrans("åäöÅÄÖ", "aaoAAO"))


def set_apart(question: str, collection: Collection) -> str:
    """The first word that two words of the collection make, with a space between them."""
    for word in question.split():
        for place in range(HALF, len(word) - HALF + 1):
            halves = word[:place].casefold(), word[place:].casefold()
            if all(collection.counts[half] > 1 for half in halves):
                return question.replace(word, f"{word[:place]} {word[place:]}")
    return question


def joined(question: str, collection: Collection) -> str:
    """The last two neighbours of some length, as one word."""
    words = question.split()
    long = [n for n, pair in enumerate(pairwise(words)) if min(map(len, pair)) >= HALF]
    if not long or '"' in question:
        return question
    at = long[-1]
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def in_another_form(question: str, collection: Collection) -> str:
    """Every word in the form that is most common of those with its stem, or the next to it."""
    return " ".join(
        next((f for f in collection.forms.get(stem(w), ()) if f != w.casefold()), w)
        for w in question.split()
    )


def misspelt(question: str, collection: Collection) -> str:
    """A letter left out inside the longest word, where nobody writes it so."""
    longest = max(question.split(), key=len)
    wrong = longest[: len(longest) // 2] + longest[len(longest) // 2 + 1 :]
    if len(longest) < LONG or not longest.isalpha() or collection.counts[wrong.casefold()]:
        return question
    return question.replace(longest, wrong)


def swapped(question: str, collection: Collection) -> str:
    """The first form of a head that stands in it, by the head's last other form."""
    words = written(question)
    for entry in collection.entries:
        forms = entry.forms("term", "equivalent", "older", "misspelt")
        for form in forms:
            others = [other for other in forms if pieces(other) != pieces(form)]
            if others and len(pieces(form)) == 1 and places(words, form):
                return question.casefold().replace(form.casefold(), others[-1])
    return question


RULES: tuple[Callable[[str, Collection], str], ...] = (
    without_dots,
    set_apart,
    joined,
    in_another_form,
    misspelt,
    swapped,
)


@pytest.fixture(scope="module")
def questions(collection: Collection) -> list[str]:
    """The judged questions, and what each rule makes of every other one."""
    asked = judged()
    made = [rule(question, collection) for question in asked[::2] for rule in RULES]
    return list(dict.fromkeys(asked + made))


@pytest.fixture(scope="module")
def pairs(searcher: Searcher, questions: list[str]) -> list[Pair]:
    """Every question with each hit of its first page."""
    return [
        Pair(question, hit)
        for question in questions
        for hit in searcher.search(read_query(question, explain=True)).hits
    ]


def test_every_rule_makes_questions(collection: Collection) -> None:
    changed = {
        rule.__name__: sum(rule(question, collection) != question for question in judged())
        for rule in RULES
    }
    assert min(changed.values()) >= 10, changed


def test_no_reason_is_untrue(pairs: list[Pair], oracle: Oracle, collection: Collection) -> None:
    untrue = [
        f"{pair.question}: {pair.hit.document.key}: {reason}: {why}"
        for pair in pairs
        for reason in pair.hit.reasons
        if (why := oracle.untrue(reason, pair.question, collection.texts[pair.hit.document.key]))
    ]
    assert len(pairs) >= 500
    assert untrue == []


def test_all_ways_occur(pairs: list[Pair]) -> None:
    assert {reason.how for pair in pairs for reason in pair.hit.reasons} == set(How)


def test_what_is_found_first_has_a_reason(pairs: list[Pair]) -> None:
    first = {pair.question: pair.hit for pair in reversed(pairs)}
    assert [question for question, hit in first.items() if not hit.reasons] == []


def test_every_word_of_a_question_has_a_reason_or_is_missing_or_says_nothing(
    pairs: list[Pair], vocabulary: Path
) -> None:
    lists = tomllib.loads((vocabulary / "stopwords.toml").read_text(encoding="utf-8"))
    silent = {word for words in lists.values() for word in words["words"]}
    for pair in pairs:
        told = [*pair.hit.missing, *(reason.asked for reason in pair.hit.reasons)]
        untold = set(pieces(pair.question)) - {piece for words in told for piece in pieces(words)}
        assert untold <= silent, pair.question


def test_a_word_that_is_missing_stands_nowhere_in_the_document(
    pairs: list[Pair], collection: Collection
) -> None:
    there = [
        (pair.question, pair.hit.document.key, word, place)
        for pair in pairs
        for word in pair.hit.missing
        for place, said in collection.texts[pair.hit.document.key].items()
        if has_word(said, word)
    ]
    assert there == []


def test_what_is_missing_was_asked_and_has_no_reason(pairs: list[Pair]) -> None:
    for pair in pairs:
        asked = written(pair.question)
        for word in pair.hit.missing:
            assert places(asked, word.casefold()), (pair.question, word)
            assert word not in {reason.asked for reason in pair.hit.reasons}, pair.question
