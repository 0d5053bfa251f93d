"""What a document is: the one shape that parsers make, the library keeps and the index reads.

Pure values, no disk and no network. Text is NFC, without soft hyphens, with single spaces;
paragraphs are separate blocks. Pages are physical and count from 1; a page label is what is
printed on the page ("iv", "12").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import Any


class DateGround(StrEnum):
    """Where a date was read, from most to least trusted."""

    TIME = "time"  # metadata or a <time datetime> element
    LABEL = "label"  # a line such as "Publicerad 5 juli 2022"
    SLUG = "slug"  # the address
    NONE = "none"


class BlockKind(StrEnum):
    """What a block of running text is."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class DatedBy:
    """A date and the ground for believing it. No date has ground ``NONE``, and only then."""

    day: date | None = None
    ground: DateGround = DateGround.NONE

    def __post_init__(self) -> None:
        if (self.day is None) != (self.ground is DateGround.NONE):
            raise ValueError(f"a date needs a ground, and a ground a date: {self}")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list (an item a line), a table (a row a line, cells by tabs), a quotation.

    ``text`` of a quotation is what was said, without the dash; ``speaker`` is who said it.
    ``page`` and ``page_label`` are where the block begins, for documents that have pages.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    speaker: str = ""
    page: int | None = None
    page_label: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks under one heading.

    ``heading_path`` runs from the outermost heading to this one and is empty before the first;
    ``level`` is the heading's own (1–6), 0 before the first. A heading with nothing under it
    keeps its section, with no blocks.
    """

    heading_path: tuple[str, ...] = ()
    level: int = 0
    blocks: tuple[Block, ...] = ()
    page: int | None = None
    page_label: str = ""

    @property
    def heading(self) -> str:
        """The section's own heading, or ``""`` before the first."""
        return self.heading_path[-1] if self.heading_path else ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that names the document: kind is isbn, urn, report, sfs, node, issn or bill."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link the document offers its reader: further reading, or a file."""

    text: str
    url: str


class VariantKind(StrEnum):
    """What a variant of a work is."""

    PAGE = "page"  # the page that presents it
    FULL = "full"  # all of its text
    SUMMARY = "summary"
    COPY = "copy"  # the same text at another address
    OTHER = "other"  # tables, appendices and whatever else its title says


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the forms in which a work is published: its page, its file, a summary, a translation.

    ``key`` is the document's where it is one of ours, else ``""``. ``title`` is the document's, or
    the text of the link that leads there; ``content_type`` is ``""`` where only the address is
    known and does not say.
    """

    kind: VariantKind
    key: str
    title: str
    url: str = ""
    language: str = "sv"
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a source publishes at one address: a work, or one of the variants of a work.

    ``key`` is its identity, never an address alone (``skr:377``, ``exempel:4``). ``facets``
    maps a facet's id (``type``, ``topic``, ``audience``, …) to value ids of the taxonomy.
    ``notices`` are ids of what a reader must know (``example``, ``no_text_layer``,
    ``unsupported_type``). ``shape`` and ``facts`` belong to bundled examples: the site whose
    form the page imitates, and its facts' sources, a line each:
    ``text <address>``, or only text. ``work`` is the key of the work's main document, ``""`` for
    what is a work of its own; ``variants`` are all of the work's, this document among them.
    """

    key: str
    source: str
    title: str
    kicker: str = ""
    subtitle: str = ""
    lead: str = ""
    sections: tuple[Section, ...] = ()
    language: str = "sv"
    published: DatedBy = DatedBy()
    changed: DatedBy = DatedBy()
    year_hint: int | None = None
    identifiers: tuple[Identifier, ...] = ()
    links: tuple[Link, ...] = ()
    url: str = ""
    content_type: str = "text/html"
    page_count: int | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    shape: str = ""
    facts: tuple[str, ...] = ()
    work: str = ""
    variants: tuple[Variant, ...] = ()

    @property
    def other_variants(self) -> tuple[Variant, ...]:
        """The other forms of the same work."""
        return tuple(variant for variant in self.variants if variant.key != self.key)

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading in reading order."""
        return tuple(section.heading for section in self.sections if section.heading)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Every block in reading order."""
        return tuple(block for section in self.sections for block in section.blocks)

    @property
    def quotations(self) -> tuple[Block, ...]:
        """The blocks that quote somebody."""
        return tuple(block for block in self.blocks if block.kind is BlockKind.QUOTATION)

    @property
    def body(self) -> str:
        """The running text under the lead, headings left out, blocks parted by empty lines."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def year(self) -> int | None:
        """The year a reader would file it under: published, else changed, else the hint."""
        day = self.published.day or self.changed.day
        return day.year if day else self.year_hint

    def to_json(self) -> dict[str, Any]:
        """The document as plain JSON values; ``from_json`` is its inverse.

        A work of its own says nothing of works, as before there were any: fingerprints stay.
        """
        values: dict[str, Any] = dict(zip(_FIELDS, _values_of(self), strict=True))
        for name, made_plain in _JSON_OF.items():
            values[name] = made_plain(values[name])
        for name in ("work", "variants"):
            if not values[name]:
                del values[name]
        return values

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Document:
        """Rebuild a document from ``to_json``, checking every field's type.

        Raises ValueError where a field is unknown, missing or of the wrong type, so that an
        archive from elsewhere can be trusted no further than its shape.
        """
        unknown = set(data) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
        try:
            return cls(
                key=_text(data["key"]),
                source=_text(data["source"]),
                title=_text(data["title"]),
                kicker=_text(data.get("kicker", "")),
                subtitle=_text(data.get("subtitle", "")),
                lead=_text(data.get("lead", "")),
                sections=tuple(_section(item) for item in data.get("sections", ())),
                language=_text(data.get("language", "sv")),
                published=_dated(data.get("published")),
                changed=_dated(data.get("changed")),
                year_hint=_number(data.get("year_hint")),
                identifiers=tuple(
                    Identifier(_text(item["kind"]), _text(item["value"]))
                    for item in data.get("identifiers", ())
                ),
                links=tuple(
                    Link(_text(item["text"]), _text(item["url"])) for item in data.get("links", ())
                ),
                url=_text(data.get("url", "")),
                content_type=_text(data.get("content_type", "text/html")),
                page_count=_number(data.get("page_count")),
                facets={
                    _text(name): tuple(_text(value) for value in values)
                    for name, values in dict(data.get("facets", {})).items()
                },
                notices=tuple(_text(item) for item in data.get("notices", ())),
                shape=_text(data.get("shape", "")),
                facts=tuple(_text(item) for item in data.get("facts", ())),
                work=_text(data.get("work", "")),
                variants=tuple(variant_from_json(item) for item in data.get("variants", ())),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a document: {error}") from error


def variant_from_json(data: Mapping[str, Any]) -> Variant:
    """A variant from its JSON values. Raises ValueError, KeyError or TypeError where it is none."""
    if unknown := set(data) - {f.name for f in fields(Variant)}:
        raise ValueError(f"unknown fields of a variant: {', '.join(sorted(unknown))}")
    return Variant(
        kind=VariantKind(data["kind"]),
        key=_text(data["key"]),
        title=_text(data["title"]),
        url=_text(data.get("url", "")),
        language=_text(data.get("language", "sv")),
        content_type=_text(data.get("content_type", "")),
    )


def _json_of_date(dated: DatedBy) -> dict[str, Any]:
    return {"day": dated.day and dated.day.isoformat(), "ground": str(dated.ground)}


def _json_of_block(block: Block) -> dict[str, Any]:
    return {
        "text": block.text,
        "kind": str(block.kind),
        "speaker": block.speaker,
        "page": block.page,
        "page_label": block.page_label,
    }


def _json_of_variant(variant: Variant) -> dict[str, Any]:
    names = ("key", "title", "url", "language", "content_type")
    return {"kind": str(variant.kind), **{name: getattr(variant, name) for name in names}}


def _json_of_section(section: Section) -> dict[str, Any]:
    return {
        "heading_path": list(section.heading_path),
        "level": section.level,
        "blocks": [_json_of_block(block) for block in section.blocks],
        "page": section.page,
        "page_label": section.page_label,
    }


_FIELDS = tuple(each.name for each in fields(Document))
_values_of = attrgetter(*_FIELDS)
#: Of fields that are no plain values, field by field: ``dataclasses.asdict`` asks each value what
#: it is, which took a seventh of the time that an index takes.
_JSON_OF: Mapping[str, Callable[[Any], Any]] = {
    "sections": lambda sections: [_json_of_section(section) for section in sections],
    "published": _json_of_date,
    "changed": _json_of_date,
    "identifiers": lambda found: [{"kind": each.kind, "value": each.value} for each in found],
    "links": lambda links: [{"text": link.text, "url": link.url} for link in links],
    "facets": lambda facets: {name: list(values) for name, values in facets.items()},
    "notices": list,
    "facts": list,
    "variants": lambda variants: [_json_of_variant(variant) for variant in variants],
}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {value!r}")
    return value


def _number(value: object) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError(f"a whole number expected, not {value!r}")
    return value


def _dated(data: Mapping[str, Any] | None) -> DatedBy:
    if not data or data["day"] is None:
        return DatedBy()
    return DatedBy(date.fromisoformat(_text(data["day"])), DateGround(data["ground"]))


def _section(data: Mapping[str, Any]) -> Section:
    return Section(
        heading_path=tuple(_text(item) for item in data["heading_path"]),
        level=_number(data["level"]) or 0,
        blocks=tuple(
            Block(
                text=_text(item["text"]),
                kind=BlockKind(item["kind"]),
                speaker=_text(item.get("speaker", "")),
                page=_number(item.get("page")),
                page_label=_text(item.get("page_label", "")),
            )
            for item in data["blocks"]
        ),
        page=_number(data.get("page")),
        page_label=_text(data.get("page_label", "")),
    )
