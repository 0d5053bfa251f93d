"""A manuscript's body: Markdown in, the few parts that every kind of file can show out.

Owns which Markdown is allowed. What is not (images, raw HTML, nested lists, quotations, code)
is refused rather than silently lost in one of the three kinds of file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

#: The page owns h1, and no shape has a look for more than two levels under it.
HEADING_LEVELS = (2, 3)


class MarkupError(ValueError):
    """Markdown that a manuscript may not use; the message names the line of the body."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text with one look: plain, bold or a link."""

    text: str
    bold: bool = False
    url: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 2 or 3."""

    level: int
    text: str
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    runs: Runs
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True, slots=True)
class Listing:
    """A flat list."""

    items: tuple[Runs, ...]
    ordered: bool = False
    kind: ClassVar[str] = "listing"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first row is the head."""

    rows: tuple[tuple[Runs, ...], ...]
    kind: ClassVar[str] = "table"


Part = Heading | Paragraph | Listing | Table


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of level 2 with all that stands under it; ``title`` is empty before the first."""

    title: str
    parts: tuple[Part, ...]


def read_body(text: str) -> tuple[Part, ...]:
    """The parts of a body in reading order.

    Raises MarkupError for Markdown that is not allowed, naming the line within ``text``.
    """
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text))
    return tuple(_part(node) for node in tree.children)


def chapters(parts: tuple[Part, ...]) -> tuple[Chapter, ...]:
    """The parts grouped under their headings of level 2.

    Text before the first heading becomes a chapter without a title, left out when empty.
    """
    groups: list[tuple[str, list[Part]]] = [("", [])]
    for part in parts:
        if isinstance(part, Heading) and part.level == HEADING_LEVELS[0]:
            groups.append((part.text, []))
        else:
            groups[-1][1].append(part)
    return tuple(Chapter(title, tuple(inner)) for title, inner in groups if title or inner)


def plain(runs: Runs) -> str:
    """The text of runs without their look."""
    return "".join(run.text for run in runs)


def _part(node: SyntaxTreeNode) -> Part:
    match node.type:
        case "heading":
            return _heading(node)
        case "paragraph":
            return Paragraph(_runs(node.children[0]))
        case "bullet_list" | "ordered_list":
            items = tuple(_item(item) for item in node.children)
            return Listing(items, ordered=node.type == "ordered_list")
        case "table":
            return Table(_rows(node))
        case _:
            raise _refusal(node)


def _heading(node: SyntaxTreeNode) -> Heading:
    level = int(node.tag.removeprefix("h"))
    if level not in HEADING_LEVELS:
        raise MarkupError(f"line {_line(node)}: only ## and ### are allowed as headings")
    return Heading(level, plain(_runs(node.children[0])))


def _item(item: SyntaxTreeNode) -> Runs:
    inner = item.children
    if len(inner) != 1 or inner[0].type != "paragraph":
        raise MarkupError(f"line {_line(item)}: a list item is one paragraph, without inner lists")
    return _runs(inner[0].children[0])


def _rows(table: SyntaxTreeNode) -> tuple[tuple[Runs, ...], ...]:
    return tuple(
        tuple(_runs(cell.children[0]) if cell.children else () for cell in row.children)
        for part in table.children
        for row in part.children
    )


def _runs(inline: SyntaxTreeNode, *, bold: bool = False, url: str = "") -> Runs:
    runs: list[Run] = []
    for node in inline.children:
        match node.type:
            case "text":
                runs.append(Run(node.content, bold, url))
            case "softbreak":
                runs.append(Run(" ", bold, url))
            case "strong":
                runs.extend(_runs(node, bold=True, url=url))
            case "link":
                runs.extend(_runs(node, bold=bold, url=_address(node)))
            case _:
                raise _refusal(node)
    return tuple(_joined(runs))


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours of one look made one, so that a line break in the source leaves no trace."""
    joined: list[Run] = []
    for run in runs:
        if joined and (joined[-1].bold, joined[-1].url) == (run.bold, run.url):
            joined[-1] = Run(joined[-1].text + run.text, run.bold, run.url)
        elif run.text:
            joined.append(run)
    return joined


def _address(node: SyntaxTreeNode) -> str:
    href = str(node.attrs.get("href", ""))
    if not href.startswith(("https://", "http://")):
        raise MarkupError(f"line {_line(node)}: a link needs a complete address, not {href!r}")
    return href


def _refusal(node: SyntaxTreeNode) -> MarkupError:
    return MarkupError(f"line {_line(node)}: {node.type.replace('_', ' ')} is not allowed")


def _line(node: SyntaxTreeNode) -> int:
    """The line where the node, or the nearest one around it that knows, begins."""
    around: SyntaxTreeNode | None = node
    while around is not None:
        if around.map:
            return around.map[0] + 1
        around = None if around.is_root else around.parent
    return 1
