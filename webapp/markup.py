"""Text as HTML, for what a page has by the hundred. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from search.results import Fragment

_MARKUP = re.compile("[&<>\"']")


def escaped(text: str) -> str:
    """The text as HTML, a plain string: most have nothing in them to escape."""
    return str(escape(text)) if _MARKUP.search(text) else text


def marked_up(parts: Iterable[Fragment]) -> Markup:
    """Fragments as HTML. A filter and no macro: a page has some dozens of them."""
    texts = ((escaped(part.text), part.marked) for part in parts)
    html = "".join([f"<mark>{text}</mark>" if marked else text for text, marked in texts])
    return Markup(html)  # noqa: S704 (each text is escaped)
