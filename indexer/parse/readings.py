"""A web page read in two ways: what one process tells another of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from search.document import Document


@dataclass(frozen=True, slots=True)
class Readings:
    """A page by its site's rules and by the general extraction, None where one finds no text.

    ``has_title`` says whether the site's rules find a title.
    """

    site: Document | None
    general: Document | None
    has_title: bool

    @property
    def site_words(self) -> int:
        """The words that the site's rules find."""
        return words_of(self.site)

    @property
    def general_words(self) -> int:
        """The words that the general extraction finds."""
        return words_of(self.general)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values; ``from_json`` is its inverse."""
        site, other = (d.to_json() if d else None for d in (self.site, self.general))
        return {"site": site, "general": other, "has_title": self.has_title}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Readings:
        """Rebuild from ``to_json``. Raises ValueError where a document is none."""
        site, other = (
            Document.from_json(d) if (d := data.get(name)) else None for name in ("site", "general")
        )
        return cls(site, other, bool(data.get("has_title")))


def words_of(document: Document | None) -> int:
    """The words of a text under its title."""
    if document is None:
        return 0
    return sum(len(block.text.split()) for block in document.blocks) + len(document.lead.split())
