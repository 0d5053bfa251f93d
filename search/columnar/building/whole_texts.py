"""Analysers that only know Whoosh's interface: exact for every one of them, a text at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from search.columnar.building.vocabulary import Analysis, Word


class WholeTexts:
    """Any of Whoosh's analysers, as ``Analysis`` wants it.

    Terms at the same position are one word. A position that has none, as a stop word leaves it, is
    a word without terms, so that phrases are those that Whoosh finds.
    """

    joins = False

    def __init__(self, analyser: Any) -> None:
        self._analyser = analyser

    def find(self, text: str) -> tuple[list[str], list[int], list[int]]:
        """No text is read piece by piece."""
        return [], [], []

    def read(self, form: str) -> tuple[str, ...] | None:
        """No word is read without its text."""
        return None

    def needs_whole(self, text: str) -> bool:
        """Every text is."""
        return True

    def whole(self, text: str) -> Iterator[Word]:
        """The words of a text."""
        tokens = self._analyser(text, positions=True, chars=True, mode="index")
        found = [(token.pos, token.text, token.startchar, token.endchar) for token in tokens]
        place = 0
        for at, same in groupby(sorted(found, key=lambda token: token[0]), lambda t: t[0]):
            parts = list(same)
            start = parts[0][2]
            for _ in range(place, at):
                yield Word("", (), start, start)
            end = max(part[3] for part in parts)
            yield Word(text[start:end], tuple(part[1] for part in parts), start, end)
            place = at + 1


def analysis_of(field: Any) -> Analysis:
    """How a text field is read: by its analyser itself where it can, else whole texts by it."""
    analyser = field.analyzer
    if hasattr(analyser, "needs_whole"):
        made: Analysis = analyser
        return made
    return WholeTexts(analyser)
