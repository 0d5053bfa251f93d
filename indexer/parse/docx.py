"""Word to a document: through mammoth to markup, and from there down the HTML road.

Owns where title, subtitle and lead stand in a Word file, and that note marks, pictures and tables
of contents are no text. What markup means is decided by ``html``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from io import BytesIO
from typing import Any
from xml.parsers.expat import ExpatError

from lxml import etree
from lxml import html as markup

from indexer.parse import html
from indexer.parse.clean import clean_line
from indexer.parse.raw import Limits, RawFile
from indexer.parse.reading import title_from_name
from indexer.parse.titles import real_title
from indexer.parse.word_package import open_package, root_of, without_hidden
from indexer.parse.word_styles import style_map
from indexer.sources import Source
from search.document import Document
from search.errors import ParseError

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
#: A heading that is only bold type is short; so is a title that no style marks.
_MOST_HEADING_WORDS = 14
_MOST_SUBTITLE_WORDS = 20
#: What a reader sees of a box to tick, empty and ticked.
_BOXES = ("☐", "☒")
_DAMAGED = "Word-filen är skadad och kan inte läsas."


def parse(raw: RawFile, source: Source, limits: Limits = Limits()) -> Document:  # noqa: B008 - frozen
    """The document that a Word file is.

    Raises ParseError: ``damaged``, ``encrypted``, ``zip_bomb``, ``too_deep``, ``no_text``.
    """
    parts = open_package(raw.data, limits)
    body = _body(parts)
    _drop_marks(body)
    _list_boxes(body)
    _mark_bold_headings(body)
    kicker, title = _head(body, source)
    title = title or _title_without_style(body, real_title(_core_title(parts)))
    subtitle = _subtitle(body)
    _mark_lead(body)
    _lower_headings(body)
    page = (
        f'<p class="kicker">{escape(kicker)}</p>'
        f"<h1>{escape(title or title_from_name(raw.name))}</h1>{_inside(body)}"
    )
    document = html.parse(
        replace(raw, data=page.encode(), content_type="text/html; charset=utf-8"), source
    )
    return replace(document, subtitle=subtitle or document.subtitle, content_type=CONTENT_TYPE)


def _body(parts: Mapping[str, bytes]) -> Any:
    """What mammoth makes of the text, in one element."""
    import mammoth

    styles = style_map(root_of(parts["word/styles.xml"])) if "word/styles.xml" in parts else ""
    try:
        made = mammoth.convert_to_html(
            BytesIO(without_hidden(parts)),
            style_map=styles,
            include_embedded_style_map=False,
            convert_image=lambda _image: [],
        )
    except RecursionError as error:
        raise ParseError("too_deep", "Word-filen är för djupt nästlad för att läsas.") from error
    except (ExpatError, OSError, KeyError, ValueError, AttributeError, TypeError) as error:
        # Whatever is missing in the parts, mammoth finds out by stumbling over it.
        raise ParseError("damaged", _DAMAGED) from error
    return markup.fragment_fromstring(f"<div>{made.value}</div>")


def _core_title(parts: Mapping[str, bytes]) -> str:
    if "docProps/core.xml" not in parts:
        return ""
    try:
        found = root_of(parts["docProps/core.xml"]).find("{*}title")
    except ParseError:
        return ""
    return clean_line(found.text or "") if found is not None else ""


def _drop_marks(body: Any) -> None:
    """Take out the marks of notes, and what else is no text; the notes stay at the end."""
    note = "starts-with(@href, '#footnote-') or starts-with(@href, '#endnote-')"
    for mark in body.xpath(f".//sup[a[{note}]]"):
        mark.drop_tree()
    for back in body.xpath(".//a[contains(@href, 'note-ref-')]"):
        back.drop_tree()
    for line_break in body.xpath(".//br"):
        line_break.tail = " " + (line_break.tail or "")


def _list_boxes(body: Any) -> None:
    """Boxes to tick made signs, and paragraphs that begin with one made items of a list."""
    for box in body.xpath(".//input[@type='checkbox']"):
        box.tail = f"{_BOXES[box.get('checked') is not None]} {box.tail or ''}"
        box.drop_tree()
    listing = None
    for child in list(body):
        if child.tag != "p" or not _text(child).startswith(_BOXES):
            listing = None
            continue
        if listing is None:
            listing = etree.Element("ul")
            child.addprevious(listing)
        child.tag = "li"
        listing.append(child)


def _mark_bold_headings(body: Any) -> None:
    """Short bold paragraphs made headings, in a text where no style makes any."""
    if body.xpath("./h1[not(@class)] | ./h2 | ./h3 | ./h4"):
        return
    # The first paragraph is left alone: it may be the title.
    for paragraph in body.xpath("./p[not(@class)][count(*)=1][strong][preceding-sibling::*]"):
        text = _text(paragraph)
        bold = _text(paragraph[0])
        if text == bold and _is_line(text):
            paragraph.tag = "h2"


def _head(body: Any, source: Source) -> tuple[str, str]:
    """Kicker and title by their styles, or the one main heading if it begins; taken out."""
    filled = [child for child in body if _text(child)]
    lines = [child for child in filled if child.get("class") == "title"]
    if lines:
        first = filled.index(lines[0])
        together = [a for a, b in zip(lines, filled[first:], strict=False) if a is b]
        for other in lines[len(together) :]:
            del other.attrib["class"]
        lines = together
    else:
        lines = body.xpath("./h1")
        first = filled.index(lines[0]) if lines and _text(lines[0]) else -1
        if len(lines) != 1 or first not in (0, 1):
            return "", ""
    before = filled[:first]
    is_kicker = len(before) == 1 and _text(before[0]).casefold() in source.kickers
    if before and not is_kicker and lines[0].get("class") != "title":
        return "", ""
    return _taken(before) if is_kicker else "", _taken(lines)


def _title_without_style(body: Any, given: str) -> str:
    """The given title, else a first line that can only be one; taken out where it stands."""
    filled = [child for child in body if _text(child)]
    if len(filled) < 2 or filled[0].tag not in ("p", *_HEADINGS):
        return given
    text = _text(filled[0])
    is_title = filled[0].tag == "p" and not given and _is_line(text)
    if is_title or text.casefold() == given.casefold():
        return _taken(filled[:1])
    return given


def _subtitle(body: Any) -> str:
    """The first paragraph with the style of subtitles, taken out when it is short."""
    for paragraph in body.xpath("./p[@class='subtitle']")[:1]:
        text = _text(paragraph)
        if text and len(text.split()) <= _MOST_SUBTITLE_WORDS:
            return _taken([paragraph])
    return ""


def _mark_lead(body: Any) -> None:
    """Quotations before the first heading made the lead, the others quotations."""
    before = True
    has_lead = bool(body.xpath("./p[@class='ingress']"))
    for child in body:
        before = before and child.tag not in _HEADINGS
        if child.get("class") == "quote":
            if before and not has_lead:
                child.set("class", "ingress")
                has_lead = True
            else:
                child.tag = "blockquote"


def _lower_headings(body: Any) -> None:
    """Headings a level down where some are as high as the title."""
    if not body.xpath(".//h1"):
        return
    for heading in body.xpath(".//h1 | .//h2 | .//h3 | .//h4 | .//h5"):
        heading.tag = f"h{int(heading.tag[1]) + 1}"


def _taken(elements: list[Any]) -> str:
    text = " ".join(_text(element) for element in elements)
    for element in elements:
        element.drop_tree()
    return text


def _is_line(text: str) -> bool:
    return (
        0 < len(text.split()) <= _MOST_HEADING_WORDS
        and not text.endswith((".", ":", ";", ",", "!", "…"))
        and any(character.isalpha() for character in text)
    )


def _text(element: Any) -> str:
    return clean_line("".join(element.itertext()))


def _inside(body: Any) -> str:
    return "".join(etree.tostring(child, encoding="unicode", method="html") for child in body)
