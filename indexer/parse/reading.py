"""From what was read of a page to a document: the last steps, the same for every text format.

Owns the order of the passes that leave out clutter and repetition, and what a document needs to
be one. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from indexer.identity import node_of
from indexer.parse.blocks import Piece, sections, with_quotations
from indexer.parse.clean import clean_line
from indexer.parse.dates import period_year, slug_date
from indexer.parse.identifiers import find_identifiers
from indexer.parse.language import language_of
from indexer.parse.metadata import Dates
from indexer.parse.raw import RawFile
from indexer.parse.repeats import repeats_lead, without_repeats
from indexer.parse.tidy import (
    without_clutter,
    without_empty_labels,
    without_stamps,
    without_unfilled_facts,
    year_of_publication,
)
from indexer.sources import Source
from search.document import Block, BlockKind, DatedBy, DateGround, Document, Link
from search.errors import ParseError


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a file before it was tidied up.

    ``description`` is what the head of a page says of its text; ``language`` what it declares.
    ``site`` says that the rules of a site read it, so that contacts and link lists go.
    """

    title: str
    kicker: str = ""
    subtitle: str = ""
    lead: str = ""
    pieces: tuple[Piece, ...] = ()
    links: tuple[Link, ...] = ()
    dates: Dates = Dates()  # noqa: RUF009 - frozen
    language: str = ""
    description: str = ""
    site: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no text was found under the title."""
        return not (self.lead or any(isinstance(piece, Block) for piece in self.pieces))


def assemble(raw: RawFile, source: Source, reading: Reading, content_type: str) -> Document:
    """The document. Raises ParseError ``no_text`` when nothing but a title is left."""
    lead, pieces = _lead(reading)
    pieces = without_clutter(
        without_stamps(pieces, site=reading.site), source.clutter, site=reading.site
    )
    pieces = without_repeats(with_quotations(pieces), lead, site=reading.site)
    pieces = without_empty_labels(pieces, source.clutter)
    pieces = without_unfilled_facts(pieces) if reading.site else pieces
    blocks = [piece for piece in pieces if isinstance(piece, Block)]
    if not (lead or blocks):
        raise ParseError("no_text", "Filen innehåller ingen text som går att läsa.")
    title = reading.title or title_from_name(raw.name)
    head = [reading.kicker, title, reading.subtitle, lead]
    body = [piece.text for piece in pieces]
    published = reading.dates.published
    if not published.day and (day := slug_date(raw.url)):
        published = DatedBy(day, DateGround.SLUG)
    return Document(
        key=raw.key,
        source=raw.source,
        title=title,
        kicker=reading.kicker,
        subtitle=reading.subtitle,
        lead=lead,
        sections=sections(pieces),
        language=language_of(" ".join([*head, *body]), reading.language, raw.url),
        published=published,
        changed=reading.dates.changed,
        year_hint=_year_hint(reading, [*head, *(block.text for block in blocks[:1])]),
        identifiers=find_identifiers(
            "\n".join([*head, *(piece.text for piece in reading.pieces)]), node_of(source, raw.url)
        ),
        links=reading.links,
        url=raw.url,
        content_type=content_type,
    )


def title_from_name(name: str) -> str:
    """A title for a file that has none in its text.

    >>> title_from_name("rutin_vid-oro.html")
    'rutin vid oro'
    """
    stem = PurePath(name.replace("\\", "/")).stem
    return clean_line(stem.replace("_", " ").replace("-", " ")) or name or "Utan titel"


def _lead(reading: Reading) -> tuple[str, Sequence[Piece]]:
    """The lead, and the pieces without it; a first paragraph that the head repeats is one too."""
    pieces = reading.pieces
    if reading.lead or not reading.description or not pieces:
        return reading.lead, pieces
    first = pieces[0]
    is_paragraph = isinstance(first, Block) and first.kind is BlockKind.PARAGRAPH
    if is_paragraph and repeats_lead(first.text, reading.description):
        return first.text, pieces[1:]
    return "", pieces


def _year_hint(reading: Reading, beginning: Sequence[str]) -> int | None:
    """The year a publication states, else a season named where the text says what it is about."""
    stated = year_of_publication(reading.pieces)
    return stated or next((year for text in beginning if (year := period_year(text))), None)
