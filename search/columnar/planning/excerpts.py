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
_EMPTY = kernel.Cut(b"", [], True, True)


class Excerpter:
    """Cuts excerpts of one field for the same asked terms."""

    def __init__(
        self, snapshot: Snapshot, field: str, terms: Sequence[bytes], width: int, lead: int
    ) -> None:
        """``width`` is how many pieces between white space an excerpt has, ``lead`` how many of
        them come before the first that was asked for. A text that was read as a whole is one."""
        self._snapshot, self._field = snapshot, field
        self._leaves = [snapshot.leaf(field, term) for term in terms]
        self._width, self._lead = width, lead

    def cut(self, documents: Sequence[int]) -> list[kernel.Cut]:
        """The best excerpt of each document."""
        cuts: list[kernel.Cut | None] = [None] * len(documents)
        by_part: dict[int, list[int]] = {}
        places = [self._snapshot.part_of(document) for document in documents]
        for n, (at, _) in enumerate(places):
            by_part.setdefault(at, []).append(n)
        for at, those in by_part.items():
            text = self._snapshot.parts[at].segment.text(self._field)
            if text is not None:
                numbers = [places[n][1] for n in those]
                words = self._words(text, at)
                made = kernel.excerpt(text.forward, numbers, words, self._width, self._lead)
                for n, cut in zip(those, made, strict=True):
                    cuts[n] = cut
        return [cut or _EMPTY for cut in cuts]

    def _words(self, text: OpenedText, at: int) -> Array:
        """The asked words of a part, as word << 8 | slot."""
        pairs = [
            text.words_with(leaf.numbers[at]).astype(np.uint64) << np.uint64(8)
            | np.uint64(min(slot, _MOST_SLOTS))
            for slot, leaf in enumerate(self._leaves)
            if leaf.documents and leaf.numbers[at] >= 0
        ]
        return np.concatenate(pairs) if pairs else np.empty(0, np.uint64)
