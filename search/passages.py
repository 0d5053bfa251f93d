"""A document cut into passages: what is scored, and what is shown under a hit.

A passage holds about 200 words and never runs across a heading or a page break, so that its
heading path and its page are true of every word in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from search.document import Block, BlockKind, Document, Section
from search.results import FULL, MOST_PASSAGES, PASSAGES, Passage

#: Words a passage aims for: a screenful, and the length at which one answer is one passage.
PASSAGE_WORDS = 200
#: A block longer than this is cut at sentence ends; shorter ones are kept whole.
LONGEST_BLOCK_WORDS = 300

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[\"”»A-ZÅÄÖ0-9–])")


def passages_of(document: Document) -> tuple[Passage, ...]:
    """The document's passages in reading order, numbered from 1.

    A heading with nothing under it still makes a passage, since its words can answer.
    """
    return tuple(
        Passage(number, text, path, page, label)
        for number, (text, path, page, label) in enumerate(_passages(document), start=1)
    )


def as_far_as_shown(document: Document, right: str) -> Document:
    """The document by a source's right to it: whole, its first passages, or none of its text."""
    if right == FULL:
        return document
    if right != PASSAGES:
        return replace(document, lead="", sections=(), links=())
    groups = [list(_grouped(_pieces(section.blocks))) for section in document.sections]
    if sum(map(len, groups)) <= MOST_PASSAGES:
        return document
    sections: list[Section] = []
    left = MOST_PASSAGES
    for section, passages in zip(document.sections, groups, strict=True):
        if not left:
            break
        blocks = tuple(chain(*passages[:left]))
        sections.append(replace(section, blocks=blocks))
        left -= min(left, len(passages))
    return replace(document, sections=tuple(sections))


def _passages(document: Document) -> Iterator[tuple[str, tuple[str, ...], int | None, str]]:
    for section in document.sections:
        if not section.blocks:
            if section.heading:
                yield "", section.heading_path, section.page, section.page_label
            continue
        for group in _grouped(_pieces(section.blocks)):
            text = "\n\n".join(_as_text(block) for block in group)
            yield text, section.heading_path, group[0].page, group[0].page_label


def _as_text(block: Block) -> str:
    if block.kind is BlockKind.QUOTATION and block.speaker:
        return f"– {block.text} ({block.speaker})"
    return block.text


def _pieces(blocks: Iterable[Block]) -> Iterator[tuple[Block, int]]:
    """Blocks with their lengths in words, long ones cut at sentence ends into about a passage."""
    for block in blocks:
        words = len(block.text.split())
        if words <= LONGEST_BLOCK_WORDS:
            yield block, words
            continue
        whole = block.kind in (BlockKind.LIST, BlockKind.TABLE)
        parts = block.text.split("\n") if whole else _SENTENCE_END.split(block.text)
        gathered: list[str] = []
        words = 0
        for part in parts:
            length = len(part.split())
            if gathered and words + length > PASSAGE_WORDS:
                yield _with_text(block, gathered, whole), words
                gathered, words = [], 0
            gathered.append(part)
            words += length
        yield _with_text(block, gathered, whole), words


def _with_text(block: Block, parts: list[str], whole_lines: bool) -> Block:
    text = ("\n" if whole_lines else " ").join(parts)
    return Block(text, block.kind, block.speaker, block.page, block.page_label)


def _grouped(blocks: Iterable[tuple[Block, int]]) -> Iterator[list[Block]]:
    """Neighbouring blocks on one page, gathered until they are about a passage long."""
    group: list[Block] = []
    words = 0
    for block, length in blocks:
        new_page = bool(group) and block.page != group[-1].page
        if group and (new_page or words + length > PASSAGE_WORDS):
            yield group
            group, words = [], 0
        group.append(block)
        words += length
    if group:
        yield group
