"""How much of a document its source lets us show. Pure.

Texts of agencies are theirs to publish: of those a page shows a few passages and the way to the
source. What may be shown stands in ``corpus/sources.toml`` and comes with the generation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.results import StoredDocument

SNIPPET, PASSAGES, FULL = "snippet", "passages", "full"
#: So many passages are shown at a time where not all may be.
MOST_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as far as it is shown: so many of its passages.

    ``chosen`` says that they answer a question and are not just the first ones.
    """

    stored: StoredDocument
    passages: int
    of: int
    chosen: bool = False

    @property
    def is_part(self) -> bool:
        """Whether something was left out."""
        return self.passages < self.of


def as_far_as_shown(stored: StoredDocument, right: str, best: Sequence[int]) -> Shown:
    """The document by a right; ``best`` are the numbers of the passages that answer, best first.

    Whatever is no right of ours shows the least.
    """
    total = len(stored.passages)
    if right == FULL:
        return Shown(stored, total, total)
    if right != PASSAGES:
        return Shown(replace(stored, passages=()), 0, total)
    wanted = list(dict.fromkeys([*best, *(passage.number for passage in stored.passages)]))
    numbers = set(wanted[:MOST_PASSAGES])
    kept = tuple(passage for passage in stored.passages if passage.number in numbers)
    return Shown(replace(stored, passages=kept), len(kept), total, chosen=bool(best))
