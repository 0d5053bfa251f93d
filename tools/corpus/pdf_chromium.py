"""Manuscript to PDF as Chromium prints a page: tags and an outline, but no page labels.

Owns the page that is printed, and what is taken out of what Chromium made of it. Another Chromium
gives other bytes: ``source_of`` says whether a page is still the one that a file was printed from.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from playwright.sync_api import sync_playwright

from tools.corpus.manuscripts import NOTICE, WRITTEN, Manuscript
from tools.corpus.markup import Heading, Part
from tools.corpus.pdf_pages import roman
from tools.corpus.printed import CONTENTS_HEADING, SUMMARY_HEADING, printed, with_soft_hyphens
from tools.corpus.sources import FACTS_HEADING
from tools.corpus.vera import BOLD, FONT, FONT_FILES, check_glyphs

_FRONT = "front"
_FLAGS = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
#: Chromium writes the time of printing, to the second.
_DATE = re.compile(rb"\(D:\d{14}([+-]\d\d'\d\d'|Z)?\)")


class ChromiumMissingError(RuntimeError):
    """A page must be printed and there is no Chromium to do it."""


@dataclass(frozen=True, slots=True)
class Print:
    """A printed report: its bytes, which Chromium made them, and the ``source_of`` it."""

    data: bytes
    producer: str
    source: str


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch under a heading of its own.

    ``name`` is that of its pages, ``turn`` the part that begins a second column, or -1.
    """

    name: str
    id: str
    title: str
    parts: tuple[Part, ...]
    lead: str = ""
    look: str = ""
    turn: int = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents; ``page`` is the number printed on it."""

    look: str
    id: str
    title: str
    page: str


def source_of(manuscript: Manuscript) -> str:
    """The SHA-256 of all that a reader is shown and how: the page, its fonts and its look."""
    return hashlib.sha256(_page(manuscript, {}).encode()).hexdigest()


def print_chromium(manuscript: Manuscript) -> Print:
    """The report as PDF, printed twice, the second time with page numbers in its contents.

    Raises ChromiumMissingError, and GlyphError for characters that the bundled font lacks.
    """
    check_glyphs(manuscript)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        raise ChromiumMissingError("Chromium prints it, and is missing: apt install chromium")
    # Chromium refuses its sandbox to root, as in a container.
    flags = [*_FLAGS, "--no-sandbox"] if os.geteuid() == 0 else _FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        tab = browser.new_page(java_script_enabled=False)
        data, pages = b"", dict[str, str]()
        for _ in range(2):
            tab.set_content(_page(manuscript, pages))
            data = tab.pdf(
                prefer_css_page_size=True, print_background=True, outline=True, tagged=True
            )
            pages = _printed_numbers(manuscript, data)
        version = browser.version
        browser.close()
    day = f"{WRITTEN:%Y%m%d}000000".encode()
    data = _DATE.sub(rb"(D:" + day + rb"\1)", data)
    return Print(data, f"chromium {version}", source_of(manuscript))


def _page(manuscript: Manuscript, pages: Mapping[str, str]) -> str:
    """The report as one HTML page that needs nothing beside it."""
    sections = tuple(_sections(manuscript))
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "sheets"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    environment.filters["css"] = _css
    return environment.get_template("report.html").render(
        title=manuscript.title,
        kicker=manuscript.kicker,
        subtitle=manuscript.subtitle,
        notice=NOTICE,
        colophon=printed(manuscript).colophon,
        contents_heading=CONTENTS_HEADING,
        contents=tuple(_contents(sections, pages)),
        sections=sections,
        fonts=[(weight, _encoded(name)) for weight, name in ((400, FONT), (700, BOLD))],
    )


def _sections(manuscript: Manuscript) -> Iterator[Section]:
    told = printed(manuscript)
    yield Section(_FRONT, "s0", SUMMARY_HEADING, told.summary, lead=manuscript.lead)
    for i, foreword in enumerate(told.forewords):
        yield Section(_FRONT, f"f{i}", foreword.title, foreword.parts, look="foreword")
    for i, chapter in enumerate(told.chapters):
        columns = i == told.in_columns
        yield Section(
            name=f"c{i}",
            id=f"c{i}",
            title=chapter.title,
            parts=tuple(with_soft_hyphens(chapter.parts)),
            look="in-columns" if columns else "",
            turn=told.turn if columns else -1,
        )
    yield Section("sources", "sources", FACTS_HEADING, told.sources, look="sources")


def _contents(sections: tuple[Section, ...], pages: Mapping[str, str]) -> Iterator[Entry]:
    for section in sections:
        yield Entry("chapter", section.id, section.title, pages.get(section.id, ""))
        for number, part in enumerate(section.parts):
            if isinstance(part, Heading):
                at = f"{section.id}-{number}"
                yield Entry("section", at, part.text, pages.get(at, ""))


def _printed_numbers(manuscript: Manuscript, data: bytes) -> dict[str, str]:
    """What is printed on the page of each heading, by the outline that Chromium wrote."""
    sections = tuple(_sections(manuscript))
    pdf = pypdfium2.PdfDocument(data)
    try:
        # The first entry is the title, above the colophon.
        places = [entry.get_dest().get_index() for entry in pdf.get_toc()][1:]
    finally:
        pdf.close()
    at = dict(zip((entry.id for entry in _contents(sections, {})), places, strict=True))
    first = next(at[section.id] for section in sections if section.name != _FRONT)
    return {
        heading: str(page - first + 1) if page >= first else roman(page + 1)
        for heading, page in at.items()
    }


def _css(text: str) -> Markup:
    """A string of a style sheet; what could end it, or the sheet, is written by its number."""
    return Markup('"' + re.sub(r'["\\<>&\n]', lambda c: f"\\{ord(c[0]):x} ", text) + '"')  # noqa: S704 - escaped here


def _encoded(font: str) -> str:
    return base64.b64encode(FONT_FILES[font].read_bytes()).decode()
