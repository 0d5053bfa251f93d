"""Whoosh's matcher over one posting list of ours: what its own queries run on."""

from __future__ import annotations

from typing import Any

import numpy as np
from whoosh.matching import LeafMatcher, ReadTooFar

from search.columnar.layout import LENGTH_OF_BYTE
from search.columnar.reading.segment import OpenedSegment


class PostingsMatcher(LeafMatcher):  # type: ignore[misc]
    """A term's postings, all at once in memory: one block as Whoosh sees it."""

    def __init__(
        self,
        segment: OpenedSegment,
        field: str,
        number: int,
        text: bytes,
        format_: Any,
        scorer: Any = None,
    ) -> None:
        self._segment, self._field, self._number = segment, field, number
        self._term = (field, text)
        self.format = format_
        self.scorer = scorer
        self._documents, self._frequencies, self._lengths = segment.postings_of(number)
        self._at = 0

    def is_active(self) -> bool:
        """Whether it stands on a posting."""
        return self._at < len(self._documents)

    def id(self) -> int:
        """The document here."""
        return int(self._documents[self._at])

    def weight(self) -> float:
        """The term's frequency here."""
        return float(self._frequencies[self._at])

    def value(self) -> bytes:
        """What the field's format would have written of this posting."""
        if not self.format.supports("positions"):
            return bytes(self.format.encode(int(self.weight())))
        return bytes(self.format.encode(self.positions()))

    def positions(self) -> list[int]:
        """The places of the term in its text here, from the forward index."""
        text = self._segment.text(self._field)
        if text is None:
            return list(range(int(self.weight())))
        return text.places(self.id(), self._number)

    def value_as(self, astype: str) -> Any:
        """The posting as Whoosh's formats name it."""
        if astype in ("positions", "position"):
            return self.positions()
        if astype in ("frequency", "weight"):
            return self.weight()
        return super().value_as(astype)

    def reset(self) -> None:
        """Back to the first posting."""
        self._at = 0

    def copy(self) -> PostingsMatcher:
        """One more on the same posting."""
        made = PostingsMatcher.__new__(PostingsMatcher)
        made.__dict__.update(self.__dict__)
        return made

    def next(self) -> bool:
        """To the next posting; says whether that is another block. Raises ReadTooFar."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return not self.is_active()

    def skip_to(self, id: int) -> bool:
        """To the first posting of this document or a later one. Raises ReadTooFar."""
        if not self.is_active():
            raise ReadTooFar
        if id > self.id():
            self._at = int(np.searchsorted(self._documents, id))
        return not self.is_active()

    def all_ids(self) -> list[int]:
        """The documents from here on."""
        found: list[int] = self._documents[self._at :].tolist()
        return found

    def skip_to_quality(self, minquality: float) -> int:
        """Past all that cannot be better than this."""
        if self.block_quality() > minquality:
            return 0
        self._at = len(self._documents)
        return 1

    def block_min_length(self) -> int:
        """The least field length there is."""
        return int(LENGTH_OF_BYTE[self._lengths.min()])

    def block_max_length(self) -> int:
        """The greatest field length there is."""
        return int(LENGTH_OF_BYTE[self._lengths.max()])

    def block_max_weight(self) -> float:
        """The greatest frequency there is."""
        return float(self._frequencies.max())

    def block_min_id(self) -> int:
        """The first document."""
        return int(self._documents[0])

    def block_max_id(self) -> int:
        """The last document."""
        return int(self._documents[-1])
