"""How much of a document its source lets us show. Pure.

Texts of agencies are theirs to publish: of those a page shows a few passages and the way to the
source. What may be shown stands in ``corpus/sources.toml`` and comes with the generation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.results import FULL, MOST_PASSAGES, PASSAGES, StoredDocument


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as far as it is shown: so many of its passages that say anything.

    ``chosen`` says that some of them answer a question, and that they are not just the first ones.
    ``by_passages`` says that the source lets us show text of the document at all.
    """

    stored: StoredDocument
    passages: int
    of: int
    chosen: bool = False
    by_passages: bool = True

    @property
    def is_part(self) -> bool:
        """Whether something was left out."""
        return self.passages < self.of or not self.by_passages


def as_far_as_shown(stored: StoredDocument, right: str, best: Sequence[int]) -> Shown:
    """The document by a right; ``best`` are the numbers of the passages that answer, best first.

    Whatever is no right of ours shows the least: neither passages nor what else is of the text.
    """
    # A heading with nothing under it is a passage too, and none that a reader would count.
    saying = {passage.number: passage for passage in stored.passages if passage.text}
    total = len(saying)
    if right not in (PASSAGES, FULL):
        bare = replace(stored.document, lead="", sections=(), links=())
        return Shown(StoredDocument(bare, (), stored.file), 0, total, by_passages=False)
    if right == FULL or total <= MOST_PASSAGES:
        return Shown(stored, total, total)
    answering = [number for number in best if number in saying]
    numbers = set(list(dict.fromkeys([*answering, *saying]))[:MOST_PASSAGES])
    kept = tuple(passage for number, passage in saying.items() if number in numbers)
    return Shown(replace(stored, passages=kept), len(kept), total, chosen=bool(answering))
