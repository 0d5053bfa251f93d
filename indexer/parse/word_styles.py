"""What a Word file's styles mean: which are headings, title, lead, quotation, or no text at all.

Pure. Styles are known by name in English and Swedish, by their outline level, or by the style they
are based on, since every municipality's template has styles of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from indexer.parse.word_package import attribute, value

_HEADING = re.compile(r"(?:heading|rubrik)\s*([1-9])(?:\D.*)?")
#: What a style of this name makes of its paragraphs, in mammoth's words; ``!`` leaves them out.
_NAMED = {
    "title": "h1.title:fresh",
    "rubrik": "h1.title:fresh",
    "titel": "h1.title:fresh",
    "huvudrubrik": "h1.title:fresh",
    "subtitle": "p.subtitle:fresh",
    "underrubrik": "p.subtitle:fresh",
    "ingress": "p.ingress:fresh",
    "lead": "p.ingress:fresh",
    "quote": "p.quote:fresh",
    "citat": "p.quote:fresh",
    "intense quote": "p.quote:fresh",
    "starkt citat": "p.quote:fresh",
    "toc heading": "!",
    "innehållsförteckningsrubrik": "!",
}
_CONTENTS = re.compile(r"(?:toc|innehåll|table of figures|figurförteckning)\s*\d?")
#: Beyond this level Word speaks of body text.
_DEEPEST_OUTLINE = 8
_DEEPEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    outline: int | None


def style_map(styles: Any) -> str:
    """Mammoth's style map for a ``word/styles.xml``, given by its outermost element."""
    known = {
        attribute(style, "styleId"): _style(style)
        for style in styles.iterchildren("{*}style")
        if attribute(style, "type") == "paragraph"
    }
    lines = []
    for identifier in known:
        role = _role(identifier, known)
        if role and identifier:
            lines.append(f"p.{_escaped(identifier)} => {role}")
    return "\n".join(lines)


def _style(style: Any) -> _Style:
    def first(name: str) -> str:
        return next((value(found) for found in style.iter("{*}" + name)), "")

    outline = first("outlineLvl")
    level = int(outline) if outline.isdigit() else None
    return _Style(first("name").strip().lower(), first("basedOn"), level)


def _role(identifier: str, known: dict[str, _Style]) -> str:
    """What a style, or the nearest style it is based on that says anything, makes of paragraphs."""
    seen: set[str] = set()
    while identifier in known and identifier not in seen:
        seen.add(identifier)
        style = known[identifier]
        if match := _HEADING.fullmatch(style.name):
            return f"h{min(int(match[1]), _DEEPEST_HEADING)}:fresh"
        if _CONTENTS.fullmatch(style.name):
            return "!"
        if style.name in _NAMED:
            return _NAMED[style.name]
        if style.outline is not None:
            below = style.outline <= _DEEPEST_OUTLINE
            return f"h{min(style.outline + 1, _DEEPEST_HEADING)}:fresh" if below else ""
        identifier = style.based_on
    return ""


def _escaped(identifier: str) -> str:
    """An identifier as a style map may hold it."""
    return "".join(c if c.isascii() and c.isalpha() else "\\" + c for c in identifier)
