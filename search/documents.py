"""The documents of a generation, each read when it is asked for; the last ones are kept.

A document is shown as its work has it: its variants have their titles, and what is known of the
main document holds for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import overload

from search.document import Document, Variant
from search.results import StoredDocument

#: Documents that are kept, a few kilobytes each: what a few hundred pages of results show.
KEPT = 2000


class Documents(Sequence[StoredDocument]):
    """Documents by number. Threads may share them."""

    def __init__(
        self, count: int, number_of: Mapping[str, int], read: Callable[[int], StoredDocument]
    ) -> None:
        """``read`` gives a document as its front row stores it."""
        self._count = count
        self._number_of = number_of
        self._read = lru_cache(KEPT)(read)
        self._shown = lru_cache(KEPT)(self._show)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> StoredDocument: ...
    @overload
    def __getitem__(self, number: slice) -> list[StoredDocument]: ...
    def __getitem__(self, number: int | slice) -> StoredDocument | list[StoredDocument]:
        """One document, or several."""
        places = range(self._count)[number]
        return self._shown(places) if isinstance(places, int) else [*map(self._shown, places)]

    def _show(self, number: int) -> StoredDocument:
        item = self._read(number)
        document = item.document
        if document.variants:
            document = replace(document, variants=tuple(map(self._looked_up, document.variants)))
        if self._main(number, document) != number:
            document = replace(document, facets=self._facets(number))
        return item if document is item.document else replace(item, document=document)

    def _looked_up(self, variant: Variant) -> Variant:
        """A variant with its title; one that is not published is known by its address only."""
        number = self._number_of.get(variant.key)
        if number is None:
            return replace(variant, key="")
        return replace(variant, title=self._read(number).document.title)

    def _facets(self, number: int) -> Mapping[str, tuple[str, ...]]:
        """A document's facets, those of its main document before its own."""
        document = self._read(number).document
        main = self._main(number, document)
        if main == number:
            return document.facets
        # Only what came before is known with what its own main document gave it, as in ``fronts``.
        known = self._facets(main) if main < number else self._read(main).document.facets
        return {**document.facets, **known}

    def _main(self, number: int, document: Document) -> int:
        return self._number_of.get(document.work, number)
