"""Manuscript to pages set by typst: real hyphenation, ligatures, page labels and tags.

Owns how a report is handed to the templates in ``sheets/``: as data, so that no text of a
manuscript is ever read as typst's markup. Only the fonts inside typst are used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Literal

from typst import Compiler, Fonts

from tools.corpus.manuscripts import NOTICE, WRITTEN, Manuscript
from tools.corpus.markup import Chapter, Part
from tools.corpus.printed import CONTENTS_HEADING, SUMMARY_HEADING, printed, with_soft_hyphens
from tools.corpus.sources import FACTS_HEADING

_SHEETS = Path(__file__).parent / "sheets"
_FONTS = Fonts(include_system_fonts=False)
#: Else typst writes the day on which the file was made.
_TIMESTAMP = datetime.combine(WRITTEN, time(), UTC)


def build_typst(manuscript: Manuscript) -> bytes:
    """The report as PDF, the same bytes each time with one version of typst."""
    (pdf,) = typeset("report.typ", manuscript, "pdf")
    return pdf


def typeset(
    sheet: str, manuscript: Manuscript, form: Literal["pdf", "png"], ppi: int = 72
) -> list[bytes]:
    """A report in the look of one template: one PDF, or one image a page."""
    compiler = Compiler(
        _SHEETS / sheet,
        root=_SHEETS,
        font_paths=_FONTS,
        sys_inputs={"report": json.dumps(_report(manuscript))},
    )
    made = compiler.compile(format=form, ppi=ppi, timestamp=_TIMESTAMP)
    if made is None:
        raise RuntimeError(f"typst made nothing of {manuscript.name}")
    return made if isinstance(made, list) else [made]


def _report(manuscript: Manuscript) -> dict[str, Any]:
    """All that a template shows, as plain data."""
    told = printed(manuscript)
    return {
        "title": manuscript.title,
        "kicker": manuscript.kicker,
        "subtitle": manuscript.subtitle,
        "lead": manuscript.lead,
        "notice": NOTICE,
        "written": {"year": WRITTEN.year, "month": WRITTEN.month, "day": WRITTEN.day},
        "contents_heading": CONTENTS_HEADING,
        "summary_heading": SUMMARY_HEADING,
        "sources_heading": FACTS_HEADING,
        "colophon": told.colophon,
        "summary": _parts(told.summary),
        "forewords": [_chapter(chapter, chapter.parts) for chapter in told.forewords],
        "chapters": [
            _chapter(chapter, with_soft_hyphens(chapter.parts)) for chapter in told.chapters
        ],
        "in_columns": told.in_columns,
        "turn": told.turn,
        "sources": _parts(told.sources),
    }


def _chapter(chapter: Chapter, parts: Iterable[Part]) -> dict[str, Any]:
    return {"title": chapter.title, "parts": _parts(parts)}


def _parts(parts: Iterable[Part]) -> list[dict[str, Any]]:
    return [{"kind": part.kind, **asdict(part)} for part in parts]
