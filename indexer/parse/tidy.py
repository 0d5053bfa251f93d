"""What is left when clutter is gone: passes over the pieces of a page.

Pure. Each pass takes pieces and gives pieces; words and patterns come from ``clutter.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from indexer.clutter import Clutter
from indexer.parse.blocks import Heading, Piece
from indexer.parse.dates import LabelledDate, is_vague_label, read_date, read_label
from search.document import Block, BlockKind

#: A line longer than this says more than when a page was published.
_LONGEST_LABEL = 120
#: Before the title stand captions and kickers; a paragraph of so many words is text after all.
_LEAST_WORDS_BEFORE_TITLE = 25
#: Text under a heading for links is a link list while its paragraphs are no longer than this.
_LONGEST_LINK_WORDS = 15
_MARKER = re.compile(r"^(?:– |\d+\. )")
_YEAR = re.compile(r"Publikationsår:?\s*((?:19|20)\d\d)\b")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A label line found in the text, by its place among the pieces."""

    found: LabelledDate
    places: tuple[int, ...]


def read_stamps(pieces: Sequence[Piece]) -> list[Stamp]:
    """Every label of a date; its value may be on the same line, on the next one, or missing."""
    stamps: list[Stamp] = []
    for n, piece in enumerate(pieces):
        if not _is_paragraph(piece) or len(piece.text) > _LONGEST_LABEL:
            continue
        labels = read_label(piece.text)
        following = pieces[n + 1] if n + 1 < len(pieces) else None
        if len(labels) == 1 and labels[0].day is None and _is_paragraph(following):
            day = read_date(following.text) if following else None
            if day:
                stamps.append(Stamp(LabelledDate(labels[0].kind, day), (n, n + 1)))
                continue
        stamps += [Stamp(label, (n,)) for label in labels]
    return stamps


def without_stamps(pieces: Sequence[Piece], *, site: bool) -> list[Piece]:
    """The pieces without lines that say a date, on a ``site``'s pages also those that lack it."""
    stamps = [stamp for stamp in read_stamps(pieces) if site or stamp.found.day]
    gone = {place for stamp in stamps for place in stamp.places}
    return [
        piece
        for n, piece in enumerate(pieces)
        if not (n in gone or (site and _is_paragraph(piece) and is_vague_label(piece.text)))
    ]


def after_title(pieces: Sequence[Piece], title: str, *, keep: bool) -> list[Piece]:
    """The pieces without the title; unless they are to be kept, without captions before it too."""
    place = next((n for n, p in enumerate(pieces) if _is_title(p, title)), None)
    if place is None:
        return list(pieces)
    before = [
        piece
        for piece in pieces[:place]
        if keep
        or (isinstance(piece, Block) and len(piece.text.split()) >= _LEAST_WORDS_BEFORE_TITLE)
    ]
    return [*before, *pieces[place + 1 :]]


def without_clutter(pieces: Sequence[Piece], clutter: Clutter, *, site: bool) -> list[Piece]:
    """The pieces without clutter lines; on a ``site``'s pages without contacts and link lists."""
    kept: list[Piece] = []
    dropped: Heading | None = None
    links: Heading | None = None
    for piece in pieces:
        if isinstance(piece, Heading):
            if dropped is None or piece.level <= dropped.level:
                dropped = piece if site and clutter.is_dropped_section(piece.text) else None
            links = piece if site and clutter.is_link_list(piece.text) else None
            if not (dropped or clutter.is_line(piece.text)):
                kept.append(piece)
        elif dropped is None and not (links and _is_links(piece, clutter)):
            kept += _cleared(piece, clutter)
    return _without_bare(kept, lambda heading: site and clutter.is_link_list(heading.text))


def without_empty_labels(pieces: Sequence[Piece], clutter: Clutter) -> list[Piece]:
    """The pieces without labels that no value follows: ``Kontakt`` at the end of a page."""
    kept: list[Piece] = []
    for piece in reversed(pieces):
        following = kept[-1] if kept else None
        if not (clutter.is_label(piece.text) and _says_nothing(piece, following, clutter)):
            kept.append(piece)
    return kept[::-1]


def without_unfilled_facts(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without forms of facts in which only the year was ever filled in.

    The year itself is the document's ``year_hint``.
    """
    kept: list[Piece] = []
    for n, piece in enumerate(pieces):
        if _is_year(piece) and n and _stands_alone(pieces, n):
            kept.pop()
        else:
            kept.append(piece)
    return kept


def year_of_publication(pieces: Iterable[Piece]) -> int | None:
    """The year on a line such as ``Publikationsår: 2021``."""
    found = (_YEAR.match(_MARKER.sub("", piece.text)) for piece in pieces)
    return next((int(match[1]) for match in found if match), None)


def _is_year(piece: Piece) -> bool:
    return _is_paragraph(piece) and _YEAR.fullmatch(piece.text) is not None


def _stands_alone(pieces: Sequence[Piece], n: int) -> bool:
    """Whether a block is all there is between two headings."""
    following = pieces[n + 1] if n + 1 < len(pieces) else None
    return isinstance(pieces[n - 1], Heading) and not isinstance(following, Block)


def _is_paragraph(piece: Piece | None) -> bool:
    return isinstance(piece, Block) and piece.kind is BlockKind.PARAGRAPH


def _is_title(piece: Piece, title: str) -> bool:
    return isinstance(piece, Heading) and piece.text == title


def _is_links(block: Block, clutter: Clutter) -> bool:
    """Whether a block names other pages; a sentence about them is text, and ends as one."""
    if block.kind is BlockKind.LIST:
        return True
    words = clutter.link_text(block.text)
    return len(words.split()) <= _LONGEST_LINK_WORDS and not words.endswith((".", "!"))


def _cleared(block: Block, clutter: Clutter) -> list[Piece]:
    """The block without clutter lines; items of a list that are labels only go too."""
    if block.kind is not BlockKind.LIST:
        return [] if clutter.is_line(block.text) else [block]
    items = []
    for line in block.text.split("\n"):
        text = _MARKER.sub("", line)
        empty = text.endswith(":") and clutter.is_label(text)
        if not (empty or clutter.is_line(text)):
            items.append(line)
    return [replace(block, text="\n".join(items))] if items else []


def _without_bare(pieces: Sequence[Piece], drop: Callable[[Heading], bool]) -> list[Piece]:
    """The pieces without headings of a sort that nothing stands under any more."""
    kept: list[Piece] = []
    for piece in reversed(pieces):
        bare = isinstance(piece, Heading) and not (kept and _is_under(kept[-1], piece))
        if not (bare and isinstance(piece, Heading) and drop(piece)):
            kept.append(piece)
    return kept[::-1]


def _is_under(piece: Piece, heading: Heading) -> bool:
    return isinstance(piece, Block) or piece.level > heading.level


def _says_nothing(label: Piece, following: Piece | None, clutter: Clutter) -> bool:
    if following is None:
        return True
    if isinstance(label, Heading):
        return not _is_under(following, label)
    if label.kind is not BlockKind.PARAGRAPH:
        return False
    next_label = following.text.partition(":")
    return isinstance(following, Heading) or bool(next_label[1] and clutter.is_label(next_label[0]))
