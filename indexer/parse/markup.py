"""Markup to pieces: walks elements in reading order and makes headings and blocks of them.

Owns what an element means (a list, a table, a quotation); which elements to walk is decided by
others. Knows nothing of any site.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from bs4 import BeautifulSoup, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PreformattedString, Tag

from indexer.parse.blocks import Heading, Piece
from indexer.parse.clean import clean_line
from search.document import Block, BlockKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = ("ul", "ol", "menu")
#: Never text, or text for somebody who is filling in a form.
_NO_TEXT = "script style noscript template svg canvas iframe object embed audio video map math head"
_FORMS = "button input select textarea form nav dialog title"
_SKIPPED = frozenset(f"{_NO_TEXT} {_FORMS}".split())
#: Elements that end the paragraph before them.
_AREAS = "html body div section article aside main header footer figure fieldset details center"
_LINES = "p h1 h2 h3 h4 h5 h6 hgroup summary figcaption address legend label hr pre blockquote"
_PARTS = "ul ol menu li dl dt dd table caption thead tbody tfoot tr td th"
_BREAKING = frozenset(f"{_AREAS} {_LINES} {_PARTS}".split())
#: A list or a quotation with these inside is there for the layout.
_STRUCTURE = ["h1", "h2", "h3", "h4", "h5", "h6", "table"]
#: The level of a folded text's headline when no heading stands above it.
_SUMMARY_LEVEL = 2
#: Who said it, inside the quotation.
_CITED = ("cite", "footer")
_QUOTE_MARKS = '”“"»« '


def make_soup(text: str) -> BeautifulSoup:
    """The page as a tree that may be cut in."""
    with warnings.catch_warnings():
        # XHTML is read as HTML on purpose: browsers do so too.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(text, "lxml")


def pieces_of(root: Tag) -> list[Piece]:
    """The headings and blocks under an element, in reading order."""
    walker = _Walker()
    walker.walk(root)
    walker.flush()
    return walker.pieces


def text_of(element: Tag) -> str:
    """All text of an element on one line, without what is not for reading."""
    return clean_line("".join(_strings(element)))


class _Walker:
    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._line: list[str] = []
        self._level = _SUMMARY_LEVEL - 1

    def flush(self) -> None:
        """End the paragraph that has been gathered."""
        if text := clean_line("".join(self._line)):
            self.pieces.append(Block(text))
        self._line.clear()

    def walk(self, parent: Tag) -> None:
        """Take in what an element holds."""
        for child in parent.children:
            if isinstance(child, Tag):
                if not _is_skipped(child):
                    self._element(child)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._line.append(child)

    def _element(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self._line_break(tag)
            return
        if name not in _BREAKING:
            self.walk(tag)
            return
        self.flush()
        if name in _HEADINGS:
            self._heading(tag, _HEADINGS[name])
        elif name == "summary" and not tag.find(_STRUCTURE):
            self._heading(tag, min(self._level + 1, 6), keep_level=True)
        elif name in _LISTS and not tag.find(_STRUCTURE):
            self._block("\n".join(_items(tag)), BlockKind.LIST)
        elif name == "dl" and not tag.find(_STRUCTURE):
            self._block("\n".join(_terms(tag)), BlockKind.LIST)
        elif name == "table" and (rows := _rows(tag)):
            self._table(tag, rows)
        elif name == "blockquote" and not tag.find([*_STRUCTURE, *_LISTS]):
            self._quotation(tag)
        else:
            self.walk(tag)
        self.flush()

    def _line_break(self, tag: Tag) -> None:
        """One break is a new line of the same paragraph, two are a new paragraph."""
        following = tag.next_sibling
        while isinstance(following, NavigableString) and not following.strip():
            following = following.next_sibling
        if isinstance(following, Tag) and following.name == "br":
            self.flush()
        else:
            self._line.append(" ")

    def _heading(self, tag: Tag, level: int, keep_level: bool = False) -> None:
        if text := text_of(tag):
            self.pieces.append(Heading(level, text))
            self._level = self._level if keep_level else level

    def _block(self, text: str, kind: BlockKind, speaker: str = "") -> None:
        if text:
            self.pieces.append(Block(text, kind, speaker))

    def _table(self, tag: Tag, rows: list[str]) -> None:
        caption = tag.find("caption")
        if isinstance(caption, Tag):
            self._block(text_of(caption), BlockKind.PARAGRAPH)
        self._block("\n".join(rows), BlockKind.TABLE)

    def _quotation(self, tag: Tag) -> None:
        cite = tag.find(_CITED)
        speaker = text_of(cite).lstrip("–—- ") if isinstance(cite, Tag) else ""
        text = clean_line("".join(_strings(tag, without=_CITED)))
        self._block(text.strip(_QUOTE_MARKS), BlockKind.QUOTATION, speaker)


def _is_skipped(tag: Tag) -> bool:
    return tag.name in _SKIPPED or (tag.has_attr("hidden") and tag["hidden"] != "until-found")


def _strings(element: Tag, without: tuple[str, ...] = ()) -> Iterator[str]:
    """The readable strings of an element, parted where lines are."""
    for child in element.children:
        if isinstance(child, Tag):
            # A button in a heading unfolds the text under it, and holds the heading's words.
            if child.name in without or (_is_skipped(child) and child.name != "button"):
                continue
            if child.name == "br" or child.name in _BREAKING:
                yield " "
                yield from _strings(child, without)
                yield " "
            else:
                yield from _strings(child, without)
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield child


def _items(listing: Tag) -> Iterator[str]:
    """A line an item; items of inner lists follow the item that holds them."""
    start = str(listing.get("start", "1"))
    number = int(start) if start.isdigit() and len(start) < 5 else 1
    for item in listing.find_all("li", recursive=False):
        if _is_skipped(item):
            continue
        if text := clean_line("".join(_strings(item, without=_LISTS))):
            yield f"{number}. {text}" if listing.name == "ol" else f"– {text}"
            number += 1
        for inner in item.find_all(_LISTS):
            if inner.find_parent("li") is item:
                yield from _items(inner)


def _terms(listing: Tag) -> Iterator[str]:
    """A line a term, with its definitions after a colon."""
    term = ""
    for tag in listing.find_all(["dt", "dd"]):
        text = text_of(tag)
        if tag.name == "dt":
            term = text.rstrip(":")
        elif text:
            yield f"– {term}: {text}" if term else f"– {text}"


def _rows(table: Tag) -> list[str]:
    """A line a row, cells parted by tabs; none where the table is there for the layout.

    What is to be filled in is kept, empty cells and whole rows of them: a form is nothing else.
    """
    if table.find("table") or table.get("role") in ("presentation", "none"):
        return []
    rows = [[text_of(cell) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    widest = max((len(row) for row in rows), default=0)
    if widest < 2 or not any(map(any, rows)):
        return []
    return ["\t".join(row) for row in rows if any(row) or len(row) == widest]
