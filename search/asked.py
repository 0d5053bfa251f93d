"""What a question became in one collection: its words, and all that may answer for each.

``asking`` makes it, ``ranking`` counts with it, ``reasons`` says what came of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from search.results import How, Repair

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way in which the words ``first`` to ``last`` of a question may stand on a page.

    Either as one of ``words``, or as a ``run`` of stems: side by side in this order, or near each
    other in any order where ``how`` is SPLIT, or in compounds too where it is PART. ``through`` is
    as in ``Reason``, empty where it is the word that matched. All are numbers of the collection's
    columns.
    """

    how: How
    asked: str
    first: int
    last: int
    words: Sequence[int] = ()
    run: tuple[int, ...] = ()
    through: str = ""


@dataclass(slots=True)
class AskedWord:
    """A word of the question, and what answers for it with how much that counts.

    One word counts at most 1; what answers for a whole phrase may count more.

    ``stems`` are looked up among words, ``phrases`` (runs of stems) likewise, ``parts`` among the
    parts of compounds, ``grams`` in windows. ``telling`` words say what is looked for, others
    only how it is put. ``place`` counts the words of the question from 0; ``stem`` is what pairs
    with its neighbours, and ``holding`` documents have the word itself. All are numbers of the
    collection's columns. ``readings`` say the same in words of the page.
    """

    text: str
    word: str
    place: int
    telling: bool
    stem: int | None = None
    holding: int = 0
    stems: dict[int, float] = field(default_factory=dict)
    phrases: dict[tuple[int, ...], float] = field(default_factory=dict)
    parts: dict[int, float] = field(default_factory=dict)
    grams: dict[int, float] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)

    def reads(
        self, how: How, words: Sequence[int] = (), run: tuple[int, ...] = (), through: str = ""
    ) -> None:
        """Note a way in which this word alone may stand on a page."""
        self.readings.append(Reading(how, self.text, self.place, self.place, words, run, through))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one collection reads it, and what it repaired, or would have."""

    words: tuple[AskedWord, ...]
    repairs: tuple[Repair, ...] = ()


def raise_weight(weights: dict[Key, float], key: Key, weight: float) -> None:
    """Give a key a weight unless it has a greater one: readings never add up."""
    weights[key] = max(weight, weights.get(key, 0.0))
