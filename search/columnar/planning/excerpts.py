"""The passage of a stored text with the most asked words in it, found from the forward index.

Nothing is analysed anew: the pieces of a text are known, and which words in them have a term.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.columnar import kernel
from search.columnar.planning.snapshot import Snapshot
from search.columnar.reading.text import OpenedText
from search.columnar.storage.arrays import Array

#: The kernel tells so many asked terms apart; those beyond share the last place.
_MOST_SLOTS = 63


class Excerpter:
    """Cuts excerpts of one field for the same asked terms."""

    def __init__(
        self, snapshot: Snapshot, field: str, terms: Sequence[bytes], width: int, lead: int
    ) -> None:
        """``width`` is how many pieces between white space an excerpt has, ``lead`` how many of
        them come before the first that was asked for."""
        self._snapshot, self._field = snapshot, field
        self._leaves = [snapshot.leaf(field, term) for term in terms]
        self._width, self._lead = width, lead
        self._asked: dict[int, Array] = {}

    def cut(self, document: int) -> kernel.Cut:
        """The best excerpt of a document."""
        at, number = self._snapshot.part_of(document)
        text = self._snapshot.parts[at].segment.text(self._field)
        if text is None:
            return kernel.Cut(b"", [], True, True)
        asked = self._asked.get(at)
        if asked is None:
            asked = self._asked[at] = self._words(text, at)
        return kernel.excerpt(text.forward, number, asked, self._width, self._lead)

    def _words(self, text: OpenedText, at: int) -> Array:
        """The asked words of a part, as word << 8 | slot."""
        pairs = [
            text.words_with(leaf.numbers[at]).astype(np.uint64) << np.uint64(8)
            | np.uint64(min(slot, _MOST_SLOTS))
            for slot, leaf in enumerate(self._leaves)
            if leaf.documents and leaf.numbers[at] >= 0
        ]
        return np.concatenate(pairs) if pairs else np.empty(0, np.uint64)
