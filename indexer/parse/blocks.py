"""Running text as pieces: headings and blocks in reading order, arranged into sections.

Pure values. Also knows what a quotation looks like in Swedish print.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from search.document import Block, BlockKind, Section


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the flow of text; levels as in HTML, 1–6."""

    level: int
    text: str


Piece = Heading | Block

#: Verbs that tie a quotation to its speaker.
_SAYS = (
    "säger|sade|sa|berättar|berättade|menar|menade|konstaterar|förklarar|förklarade|tillägger"
    "|svarar|uppger|understryker|betonar|fortsätter|tror|anser"
)
_DASH = re.compile(r"^[–—-]\s+")
#: "– What was said, säger somebody, title på place. More that was said."
_SAID = re.compile(
    r"(?:[–—-]\s+|[”\"“»])(?P<said>.{2,}?)[”\"“»«]?(?:,|(?<=[?!…”\"»«]))\s+"
    rf"(?:{_SAYS})\s+(?P<speaker>.{{2,200}}?)\.(?P<more>\s+[A-ZÅÄÖÉ–—-].*)?"
)
#: A dash and one word is a gap in a table or a list item, not speech.
_LEAST_SPOKEN_WORDS = 4


def sections(pieces: Iterable[Piece]) -> tuple[Section, ...]:
    """The pieces under their headings; text before the first heading comes first, if there is any.

    A heading's path holds the nearest heading of each lower level above it.
    """
    made: list[Section] = []
    path: list[Heading] = []
    blocks: list[Block] = []

    def close() -> None:
        if path or blocks:
            level = path[-1].level if path else 0
            made.append(Section(tuple(h.text for h in path), level, tuple(blocks)))
        blocks.clear()

    for piece in pieces:
        if isinstance(piece, Heading):
            close()
            while path and path[-1].level >= piece.level:
                path.pop()
            path.append(piece)
        else:
            blocks.append(piece)
    close()
    return tuple(made)


def with_quotations(pieces: Sequence[Piece]) -> list[Piece]:
    """Paragraphs that quote somebody, made quotations with their speaker."""
    made: list[Piece] = []
    for n, piece in enumerate(pieces):
        if not isinstance(piece, Block) or piece.kind is not BlockKind.PARAGRAPH:
            made.append(piece)
            continue
        quoted = quotation(piece.text)
        if quoted:
            made.append(replace(quoted, page=piece.page, page_label=piece.page_label))
        elif _is_bare_speech(piece) and not any(map(_is_bare_speech, _around(pieces, n))):
            text = _DASH.sub("", piece.text)
            made.append(replace(piece, text=text, kind=BlockKind.QUOTATION))
        else:
            made.append(piece)
    return made


def quotation(text: str) -> Block | None:
    """The quotation that a paragraph is, with its speaker, or None.

    >>> quotation("– Det går, säger en rektor på en skola. Men det tar tid.").speaker
    'en rektor på en skola'
    """
    match = _SAID.fullmatch(text)
    if match is None:
        return None
    said, more = match["said"].strip(), (match["more"] or "").strip()
    if more:
        said = f"{said if said.endswith(('.', '!', '?')) else said + '.'} {more.strip('–—- ')}"
    return Block(said, BlockKind.QUOTATION, match["speaker"].strip())


def _is_bare_speech(piece: Piece) -> bool:
    """A dash and a sentence with nobody named; several in a row are a list and no speech."""
    return (
        isinstance(piece, Block)
        and piece.kind is BlockKind.PARAGRAPH
        and piece.text.startswith(("– ", "— "))
        and piece.text.endswith((".", "!", "?", "…"))
        and len(piece.text.split()) > _LEAST_SPOKEN_WORDS
        and quotation(piece.text) is None
    )


def _around(pieces: Sequence[Piece], n: int) -> tuple[Piece, ...]:
    return (*pieces[max(0, n - 1) : n], *pieces[n + 1 : n + 2])
