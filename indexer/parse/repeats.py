"""Repetition: a lead said again, a paragraph printed twice, a sentence lifted out of the text.

Pure passes over the pieces of a page. Only what is near or lifted out counts as repeated: a rule
that stands in two chapters of a document stands there twice on purpose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from indexer.parse.blocks import Piece
from search.document import Block, BlockKind

#: Shorter texts are alike by chance.
_LEAST_WORDS_ALIKE = 6
#: Share of a lead's words that must come back, with a run of this many, for a repetition of it…
_SHARE_OF_LEAD, _RUN_OF_LEAD = 0.85, 5
#: …in a paragraph at most so many times as long, among the first few of the text.
_LONGER_THAN_LEAD, _BLOCKS_AFTER_LEAD = 2.0, 6
#: Neighbours that share so much of their words, both ways, are one paragraph printed twice.
_SHARE_OF_NEIGHBOUR = 0.95
#: A pull quote is a sentence, seldom more.
_PULL_QUOTE_WORDS = range(4, 61)
_SENTENCE = re.compile(r"[^.!?]+[.!?]")
_BY_NAME = re.compile(r"[–—-]\s?(?P<name>\S.{1,80}[^.!?:;,\s])")
_MOST_NAME_WORDS = 10


def without_repeats(pieces: Sequence[Piece], lead: str, *, site: bool) -> list[Piece]:
    """The pieces without a repeated lead, neighbours printed twice, and pull quotes.

    On a ``site``'s pages neighbours that are nearly alike count as printed twice, and a sentence of
    the text that also stands alone as lifted out; in a note they may be two rules that differ in
    one word, and a rule said again on purpose.
    """
    kept: list[Piece] = []
    blocks = 0
    for piece in pieces:
        before = kept[-1] if kept else None
        if isinstance(piece, Block):
            blocks += 1
            near = blocks <= _BLOCKS_AFTER_LEAD
            if lead and (_same(piece.text, lead) or (near and repeats_lead(piece.text, lead))):
                continue
            if isinstance(before, Block) and _repeats_neighbour(piece, before, site):
                continue
        kept.append(piece)
    kept = _without_pull_quotes(kept)
    return _without_lifted_sentences(kept) if site else kept


def repeats_lead(text: str, lead: str) -> bool:
    """Whether a paragraph says the lead again, with few words more or fewer."""
    if not lead:
        return False
    words, leading = _words(text), _words(lead)
    shorter, longer = sorted((words, leading), key=len)
    if len(shorter) < _LEAST_WORDS_ALIKE or len(longer) > _LONGER_THAN_LEAD * len(shorter):
        return False
    if _share(shorter, longer) < _SHARE_OF_LEAD:
        return False
    run = SequenceMatcher(None, shorter, longer, autojunk=False).find_longest_match()
    return run.size >= _RUN_OF_LEAD


def _without_pull_quotes(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without sentences that are lifted out of the text and printed again.

    A quotation that is no repetition keeps the name on the line after it as its speaker.
    """
    spoken = [_plain(p.text) for p in pieces if _is_spoken(p)]
    everything = [_plain(p.text) for p in pieces]
    kept: list[Piece] = []
    skip = False
    for n, piece in enumerate(pieces):
        if skip:
            skip = False
            continue
        name = _name_line(pieces[n + 1] if n + 1 < len(pieces) else None)
        if not isinstance(piece, Block) or piece.kind in (BlockKind.LIST, BlockKind.TABLE):
            kept.append(piece)
            continue
        lifted = name or _is_spoken(piece)
        among = [*everything[:n], *everything[n + 1 :]] if lifted else spoken
        if _is_lifted(piece, among):
            skip = bool(name)
        elif name and _is_spoken(piece) and not piece.speaker:
            kept.append(replace(piece, speaker=name))
            skip = True
        else:
            kept.append(piece)
    return kept


def _without_lifted_sentences(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces without paragraphs of one sentence that a longer paragraph says word for word.

    What is all that stands under a heading is that section's text, unless it is printed alone in
    other places too.
    """
    paragraphs = [_plain(piece.text) for piece in pieces if _is_paragraph(piece)]
    return [
        piece
        for n, piece in enumerate(pieces)
        if not (
            isinstance(piece, Block)
            and _SENTENCE.fullmatch(piece.text)
            and _is_paragraph(piece)
            and _is_lifted(piece, paragraphs)
            and (paragraphs.count(_plain(piece.text)) > 1 or not _is_all_of_a_section(pieces, n))
        )
    ]


def _is_all_of_a_section(pieces: Sequence[Piece], n: int) -> bool:
    around = (*pieces[max(0, n - 1) : n], *pieces[n + 1 : n + 2])
    return not any(isinstance(piece, Block) for piece in around)


def _is_lifted(piece: Block, among: Sequence[str]) -> bool:
    plain = _plain(piece.text)
    if len(plain.split()) not in _PULL_QUOTE_WORDS:
        return False
    padded = f" {plain} "
    return any(len(text) > len(plain) and padded in f" {text} " for text in among)


def _is_paragraph(piece: Piece) -> bool:
    return isinstance(piece, Block) and piece.kind is BlockKind.PARAGRAPH


def _is_spoken(piece: Piece) -> bool:
    return isinstance(piece, Block) and piece.kind is BlockKind.QUOTATION


def _name_line(piece: Piece | None) -> str:
    if not isinstance(piece, Block) or piece.kind is not BlockKind.PARAGRAPH:
        return ""
    match = _BY_NAME.fullmatch(piece.text)
    return match["name"] if match and len(piece.text.split()) <= _MOST_NAME_WORDS else ""


def _repeats_neighbour(block: Block, before: Block, nearly: bool) -> bool:
    if block.kind is not before.kind or block.kind is BlockKind.TABLE:
        return False
    if _same(block.text, before.text) or not nearly:
        return _same(block.text, before.text)
    words, others = _words(block.text), _words(before.text)
    enough = min(len(words), len(others)) >= _LEAST_WORDS_ALIKE
    shared = min(_share(words, others), _share(others, words)) if enough else 0.0
    return shared >= _SHARE_OF_NEIGHBOUR and _numbers(words) == _numbers(others)


def _numbers(words: Sequence[str]) -> list[str]:
    return [word for word in words if word.isdigit()]


def _share(words: Sequence[str], of: Sequence[str]) -> float:
    """How great a share of the words come back among the others, each as often as it stands."""
    common = Counter(words) & Counter(of)
    return common.total() / len(words) if words else 0.0


def _same(text: str, other: str) -> bool:
    return _plain(text) == _plain(other) != ""


def _plain(text: str) -> str:
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
