"""Manuscript to report as PDF, with the difficulties of printed reports.

Owns the order of things and the look of the text: cover, colophon, contents and summary, then
the chapters with a table, words broken at the ends of lines, and one chapter in two columns.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from reportlab.lib import colors
from reportlab.lib.styles import ListStyle, ParagraphStyle, PropertySet
from reportlab.platypus import (
    Flowable,
    FrameBreak,
    ListFlowable,
    NextPageTemplate,
    PageBreak,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from tools.corpus import markup
from tools.corpus.dates import swedish_date
from tools.corpus.manuscripts import NOTICE, WRITTEN, Manuscript
from tools.corpus.pdf_pages import (
    BOLD,
    CHAPTER_STYLE,
    COLUMNS,
    FONT,
    FRONT,
    FRONT_STYLE,
    SECTION_STYLE,
    TEXT,
    Report,
    missing_glyphs,
    register_fonts,
)
from tools.corpus.sources import FACTS_HEADING, NO_FACTS

SUMMARY_HEADING = "Sammanfattning"

#: About what one column holds.
_COLUMN_LETTERS = 2200

#: Every other paragraph may break its long words: a real report has both, and so must a parser.
_SOFTENED_EACH = 2
#: Shorter words seldom stand at the end of a line with room for half of them.
_LEAST_BROKEN = 9
_LETTERS_KEPT = 3
_VOWELS = "aeiouyåäöé"
#: Pairs that are one sound, or begin a syllable together.
_KEPT_PAIRS = re.compile("[bfgkp][lr]|[dt]r|c[hk]|[pt]h|ng|tj|s[jkpt]")
#: An s before a vowel is too often the one that joins a compound: arbets-insats.
_NEVER_FIRST = _VOWELS + "s"

_BODY = ParagraphStyle("Body", fontName=FONT, fontSize=9.5, leading=14, spaceAfter=7)
_LEAD = ParagraphStyle("Lead", parent=_BODY, fontSize=11, leading=16)
_SOURCE = ParagraphStyle("Source", parent=_BODY, fontSize=7.5, leading=11)
_CELL = ParagraphStyle("Cell", parent=_BODY, fontSize=8.5, leading=12, spaceAfter=0)
_TITLE = ParagraphStyle("FrontTitle", parent=_BODY, fontName=BOLD, fontSize=18, leading=24)
_PRINT = ParagraphStyle("Colophon", parent=_BODY, fontSize=8, leading=12, spaceAfter=2)
_CONTENTS = ParagraphStyle("Contents", parent=_BODY, fontName=BOLD, fontSize=15, leading=26)
_FRONT = ParagraphStyle(FRONT_STYLE, parent=_CONTENTS)
_CHAPTER = ParagraphStyle(CHAPTER_STYLE, parent=_CONTENTS, leading=21, spaceAfter=9)
_SECTION = ParagraphStyle(
    SECTION_STYLE,
    parent=_BODY,
    fontName=BOLD,
    fontSize=11,
    leading=15,
    spaceBefore=8,
    keepWithNext=1,
)
_CONTENTS_LINES: list[PropertySet] = [
    ParagraphStyle("Contents0", parent=_BODY, fontName=BOLD, spaceAfter=0, spaceBefore=5),
    ParagraphStyle("Contents1", parent=_BODY, leftIndent=14, fontSize=9, leading=13, spaceAfter=0),
]
_GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
)
_BULLETS = ListStyle(
    "Bullets",
    bulletType="bullet",
    start="•",
    bulletFontName=FONT,
    bulletFontSize=9,
    leftIndent=16,
)
_NUMBERS = ListStyle(
    "Numbers",
    bulletType="1",
    bulletFontName=FONT,
    bulletFontSize=9,
    leftIndent=16,
)


class GlyphError(ValueError):
    """The text has characters that the bundled font cannot show."""


def build_pdf(manuscript: Manuscript) -> bytes:
    """The report as PDF, the same bytes each time.

    Raises GlyphError for characters that the bundled font lacks.
    """
    register_fonts()
    _check_glyphs(manuscript)
    file = io.BytesIO()
    report = Report(file, manuscript)
    report.multiBuild([*_front_matter(manuscript, report), *_text(manuscript)])
    return file.getvalue()


def soften(text: str) -> str:
    """Soft hyphens where a long Swedish word may be broken: between two consonants.

    A rule of thumb that serves a printed example; it knows nothing of compounds.

    >>> soften("brottsförebyggande arbete").replace("\\u00ad", "-")
    'brotts-förebyg-gande arbete'
    """
    return re.sub(rf"[^\W\d_]{{{_LEAST_BROKEN},}}", lambda match: _soften_word(match[0]), text)


def _soften_word(word: str) -> str:
    lower = word.lower()
    softened = word[:_LETTERS_KEPT]
    for i in range(_LETTERS_KEPT, len(word)):
        breaks = (
            i <= len(word) - _LETTERS_KEPT
            and lower[i] not in _NEVER_FIRST
            and lower[i - 1] not in _VOWELS
            and lower[i + 1] in _VOWELS
            and not _KEPT_PAIRS.match(lower, i - 1)
        )
        softened += ("\u00ad" if breaks else "") + word[i]
    return softened


def _front_matter(manuscript: Manuscript, report: Report) -> Iterator[Flowable]:
    yield NextPageTemplate(FRONT)
    # The cover is drawn by its page; an empty frame would be skipped.
    yield Spacer(1, 1)
    yield PageBreak()
    yield Paragraph(escape(manuscript.title), _TITLE)
    yield Paragraph(escape(manuscript.subtitle), _BODY)
    yield Spacer(1, 330)
    for line in (
        NOTICE,
        f"Skriven {swedish_date(WRITTEN)}.",
        "ISBN och ISSN saknas, för skriften är bara ett exempel.",
        "Tryck: ingen. Skriften går inte att beställa.",
    ):
        yield Paragraph(escape(line), _PRINT)
    yield PageBreak()
    yield Paragraph("Innehåll", _CONTENTS)
    yield TableOfContents(levelStyles=_CONTENTS_LINES, dotsMinLevel=0, formatter=report.label)
    yield PageBreak()
    yield Paragraph(SUMMARY_HEADING, _FRONT)
    yield Paragraph(escape(manuscript.lead), _LEAD)
    yield Paragraph(escape(NOTICE), _BODY)
    if manuscript.law_check:
        yield Paragraph(_words(manuscript.law_check), _BODY)
    for part in _before_chapters(manuscript):
        if isinstance(part, markup.Heading):
            # A foreword belongs to no chapter, and not to the summary either.
            yield PageBreak()
            yield Paragraph(escape(part.text), _FRONT)
        else:
            yield from _show(part, soft=False)


def _text(manuscript: Manuscript) -> Iterator[Flowable]:
    found = tuple(c for c in markup.chapters(manuscript.parts) if c.title)
    in_columns = _chapter_in_columns(found)
    for i, chapter in enumerate(found):
        yield NextPageTemplate(COLUMNS if i == in_columns else TEXT)
        yield PageBreak()
        yield Paragraph(escape(chapter.title), _CHAPTER)
        turn = _column_turn(chapter) if i == in_columns else -1
        for number, part in enumerate(chapter.parts):
            if number == turn:
                yield FrameBreak()
            yield from _show(part, soft=number % _SOFTENED_EACH == 0)
    yield NextPageTemplate(TEXT)
    yield PageBreak()
    yield Paragraph(FACTS_HEADING, _CHAPTER)
    for source in manuscript.sources:
        yield Paragraph(_words(source.runs), _SOURCE)
    if not manuscript.sources:
        yield Paragraph(NO_FACTS, _BODY)


def _chapter_in_columns(found: tuple[markup.Chapter, ...]) -> int:
    """The last chapter without a table: a table would not fit half a page."""
    without = [
        i
        for i, chapter in enumerate(found)
        if not any(isinstance(part, markup.Table) for part in chapter.parts)
    ]
    return without[-1] if without else -1


def _column_turn(chapter: markup.Chapter) -> int:
    """The part that begins the second column of a chapter too short to fill the first, or -1."""
    lengths = [len(_plain(part)) for part in chapter.parts]
    if sum(lengths) > _COLUMN_LETTERS:
        return -1
    turns = [i for i in range(1, len(lengths)) if sum(lengths[:i]) * 2 >= sum(lengths)]
    return turns[0] if turns else -1


def _plain(part: markup.Part) -> str:
    match part:
        case markup.Heading():
            return part.text
        case markup.Paragraph():
            return markup.plain(part.runs)
        case markup.Listing():
            return "".join(markup.plain(item) for item in part.items)
        case markup.Table():
            return "".join(markup.plain(cell) for row in part.rows for cell in row)


def _show(part: markup.Part, *, soft: bool) -> Iterator[Flowable]:
    match part:
        case markup.Heading():
            yield Paragraph(escape(part.text), _SECTION)
        case markup.Paragraph():
            yield Paragraph(_words(part.runs, soft=soft), _BODY)
        case markup.Listing():
            items = [Paragraph(_words(item), _BODY) for item in part.items]
            yield ListFlowable(items, style=_NUMBERS if part.ordered else _BULLETS)
        case markup.Table():
            rows = [[Paragraph(_words(cell), _CELL) for cell in row] for row in part.rows]
            yield Table(rows, style=_GRID, repeatRows=1, spaceBefore=4, spaceAfter=10)


def _words(runs: markup.Runs, *, soft: bool = False) -> str:
    """Runs in reportlab's own small markup."""
    marked = ""
    for run in runs:
        text = escape(soften(run.text) if soft else run.text)
        text = f"<b>{text}</b>" if run.bold else text
        marked += f"<a href={quoteattr(run.url)}>{text}</a>" if run.url else text
    return marked


def _before_chapters(manuscript: Manuscript) -> tuple[markup.Part, ...]:
    """What stands above the first chapter; it has no place of its own after the contents."""
    first = markup.chapters(manuscript.parts)[0]
    return () if first.title else first.parts


def _check_glyphs(manuscript: Manuscript) -> None:
    shown = manuscript.text + "".join(source.text for source in manuscript.sources)
    if missing := missing_glyphs(shown):
        raise GlyphError(f"the font of the PDF lacks {' '.join(missing)}")
