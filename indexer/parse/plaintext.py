"""Plain text and Markdown to a document: what a careful reader sees in lines and empty lines.

Owns the guesses for text without markup, and holds back: a note that says nothing of its form
keeps its lines as paragraphs. Headings that a text marks itself go before any guess.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.clutter import Clutter
from indexer.parse.blocks import Heading, Piece
from indexer.parse.charset import decode
from indexer.parse.dates import read_date
from indexer.parse.lines import pieces_of_text
from indexer.parse.metadata import labelled_dates
from indexer.parse.raw import RawFile
from indexer.parse.reading import Reading, assemble
from indexer.parse.repeats import repeats_lead
from indexer.parse.tidy import read_stamps, without_stamps
from indexer.sources import Source
from search.document import Block, BlockKind, DateGround, Document

TEXT, MARKDOWN = "text/plain", "text/markdown"

_MARKDOWN_NAMES = (".md", ".markdown")
#: The title of a plain text is a line, not a paragraph.
_LONGEST_TITLE, _MOST_TITLE_WORDS = 120, 20
#: A heading that nothing marks must be short to be one.
_LONGEST_HEADING, _MOST_HEADING_WORDS = 80, 12
#: A paragraph without a full stop is running text all the same when it is longer than a heading.
_RUNNING_WORDS = 13
#: A lead is a sentence or a few.
_MOST_LEAD_WORDS = 80
#: How far below a lead its repetition may stand.
_REPEATED_WITHIN = 5
#: The level of headings that are guessed: the title is above them, and nothing between.
_GUESSED_LEVEL = 2
_ENDS = (".", "!", "?", ":", ";", "…", "”", '"', ")")


def parse(raw: RawFile, source: Source) -> Document:
    """The document that a text is.

    Raises ParseError: ``empty``, ``not_text`` for binary files, ``no_text`` when nothing is left.
    """
    markdown = raw.name.lower().endswith(_MARKDOWN_NAMES) or MARKDOWN in raw.content_type
    pieces: Sequence[Piece] = pieces_of_text(decode(raw), markdown=markdown)
    site = bool(source.hosts)
    stamps = read_stamps(pieces)
    pieces = without_stamps(pieces, site=site)
    kicker, title, pieces = _head(pieces, source)
    lead = ""
    if not any(isinstance(piece, Heading) for piece in pieces):
        lead, pieces = _lead(pieces, announced=bool(kicker)) if title else ("", pieces)
        pieces = _with_headings(pieces, source.clutter if site else Clutter())
    reading = Reading(
        title=title,
        kicker=kicker,
        lead=lead,
        pieces=tuple(pieces),
        dates=labelled_dates(
            (stamp.found for stamp in stamps), DateGround.LABEL, source.published_means
        ),
        site=site,
    )
    return assemble(raw, source, reading, MARKDOWN if markdown else TEXT)


def _head(pieces: Sequence[Piece], source: Source) -> tuple[str, str, Sequence[Piece]]:
    """The kicker, the title and the pieces under them; the title is empty where there is none."""
    kicker = ""
    if len(pieces) > 1 and pieces[0].text.casefold() in source.kickers:
        kicker, pieces = pieces[0].text, pieces[1:]
    headings = [piece for piece in pieces if isinstance(piece, Heading)]
    if headings:
        marked = next((heading for heading in headings if heading.level == 1), headings[0])
        if marked.level == 1 or marked is pieces[0]:
            return kicker, marked.text, [piece for piece in pieces if piece is not marked]
        return kicker, "", pieces
    if len(pieces) > 1 and _is_title(pieces[0]):
        return kicker, pieces[0].text, pieces[1:]
    return kicker, "", pieces


def _is_title(piece: Piece) -> bool:
    text = piece.text
    return (
        _is_paragraph(piece)
        and len(text) <= _LONGEST_TITLE
        and len(text.split()) <= _MOST_TITLE_WORDS
        and not text.endswith((".", ":", ";", ",", "…"))
        and read_date(text) is None
    )


def _lead(pieces: Sequence[Piece], announced: bool) -> tuple[str, Sequence[Piece]]:
    """The first paragraph as the lead, when a kicker announces one or the text says it again."""
    first = pieces[0] if pieces else None
    if first is None or not _is_paragraph(first) or not _is_running(first):
        return "", pieces
    again = any(repeats_lead(p.text, first.text) for p in pieces[1:_REPEATED_WITHIN])
    short = len(first.text.split()) <= _MOST_LEAD_WORDS and len(pieces) > 1
    return (first.text, pieces[1:]) if short and (announced or again) else ("", pieces)


def _with_headings(pieces: Sequence[Piece], clutter: Clutter) -> list[Piece]:
    """Short lines between running texts made headings; short lines in a row stay as they are.

    What heads contacts or links according to ``clutter`` is a heading whatever stands around it.
    """
    made: list[Piece] = []
    for n, piece in enumerate(pieces):
        after_text = n == 0 or _is_running(pieces[n - 1])
        before_text = n + 1 < len(pieces) and _is_running(pieces[n + 1])
        known = clutter.is_dropped_section(piece.text) or clutter.is_link_list(piece.text)
        if known or (after_text and before_text and _is_headline(piece)):
            made.append(Heading(_GUESSED_LEVEL, piece.text))
        else:
            made.append(piece)
    return made


def _is_headline(piece: Piece) -> bool:
    text = piece.text
    return (
        _is_paragraph(piece)
        and len(text) <= _LONGEST_HEADING
        and len(text.split()) <= _MOST_HEADING_WORDS
        and (text[0].isupper() or text[0].isdigit())
        and any(character.isalpha() for character in text)
        and not text.endswith((".", ":", ";", ",", "!", "…"))
        and read_date(text) is None
    )


def _is_running(piece: Piece) -> bool:
    """Whether a piece is text to read, and no line of its own kind."""
    if not _is_paragraph(piece):
        return True
    return piece.text.endswith(_ENDS) or len(piece.text.split()) >= _RUNNING_WORDS


def _is_paragraph(piece: Piece) -> bool:
    return isinstance(piece, Block) and piece.kind is BlockKind.PARAGRAPH
