"""A manuscript as a printed report has it: the order of its parts, and what no author writes.

Owns cover to sources as one sequence, the words that frame it, and which chapter stands in two
columns. Knows nothing of how a page looks: every producer of PDFs prints this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.corpus.dates import swedish_date
from tools.corpus.hyphens import soften_runs
from tools.corpus.manuscripts import NOTICE, WRITTEN, Manuscript
from tools.corpus.markup import (
    Chapter,
    Heading,
    Listing,
    Paragraph,
    Part,
    Run,
    Table,
    chapters,
    plain,
)
from tools.corpus.sources import NO_FACTS

CONTENTS_HEADING = "Innehåll"
SUMMARY_HEADING = "Sammanfattning"

#: About what one column holds.
_COLUMN_LETTERS = 2200
#: Every other paragraph may break its long words: a real report has both, and so must a parser.
_SOFTENED_EACH = 2


@dataclass(frozen=True, slots=True)
class Printed:
    """Every stretch of a report after its cover, in the order of printing.

    ``summary`` follows the lead. ``in_columns`` is the index of the chapter in two columns, and
    ``turn`` the part that begins its second column when the first is not filled; each may be -1.
    """

    colophon: tuple[str, ...]
    summary: tuple[Part, ...]
    forewords: tuple[Chapter, ...]
    chapters: tuple[Chapter, ...]
    in_columns: int
    turn: int
    sources: tuple[Paragraph, ...]


def printed(manuscript: Manuscript) -> Printed:
    """The report that a manuscript becomes."""
    first, *forewords = _before_chapters(manuscript)
    told = tuple(chapter for chapter in chapters(manuscript.parts) if chapter.title)
    in_columns = _chapter_in_columns(told)
    law_check = (Paragraph(manuscript.law_check),) if manuscript.law_check else ()
    return Printed(
        colophon=(
            NOTICE,
            f"Skriven {swedish_date(WRITTEN)}.",
            "ISBN och ISSN saknas, för skriften är bara ett exempel.",
            "Tryck: ingen. Skriften går inte att beställa.",
        ),
        summary=(Paragraph((Run(NOTICE),)), *law_check, *first.parts),
        forewords=tuple(forewords),
        chapters=told,
        in_columns=in_columns,
        turn=_column_turn(told[in_columns]) if in_columns >= 0 else -1,
        sources=tuple(Paragraph(source.runs) for source in manuscript.sources)
        or (Paragraph((Run(NO_FACTS),)),),
    )


def with_soft_hyphens(parts: tuple[Part, ...]) -> Iterator[Part]:
    """The parts of a chapter, with soft hyphens in the long words of every other one."""
    for number, part in enumerate(parts):
        if isinstance(part, Paragraph) and number % _SOFTENED_EACH == 0:
            yield Paragraph(soften_runs(part.runs))
        else:
            yield part


def _before_chapters(manuscript: Manuscript) -> list[Chapter]:
    """What stands above the first chapter: the rest of the summary, then forewords by heading.

    It has no place of its own after the contents, and a foreword belongs to no chapter.
    """
    first = chapters(manuscript.parts)[0]
    groups: list[tuple[str, list[Part]]] = [("", [])]
    for part in () if first.title else first.parts:
        if isinstance(part, Heading):
            groups.append((part.text, []))
        else:
            groups[-1][1].append(part)
    return [Chapter(title, tuple(parts)) for title, parts in groups]


def _chapter_in_columns(told: tuple[Chapter, ...]) -> int:
    """The last chapter without a table: a table would not fit half a page."""
    without = [
        i
        for i, chapter in enumerate(told)
        if not any(isinstance(part, Table) for part in chapter.parts)
    ]
    return without[-1] if without else -1


def _column_turn(chapter: Chapter) -> int:
    """The part that begins the second column of a chapter too short to fill the first, or -1."""
    lengths = [len(_plain(part)) for part in chapter.parts]
    if sum(lengths) > _COLUMN_LETTERS:
        return -1
    turns = [i for i in range(1, len(lengths)) if sum(lengths[:i]) * 2 >= sum(lengths)]
    return turns[0] if turns else -1


def _plain(part: Part) -> str:
    match part:
        case Heading():
            return part.text
        case Paragraph():
            return plain(part.runs)
        case Listing():
            return "".join(plain(item) for item in part.items)
        case Table():
            return "".join(plain(cell) for row in part.rows for cell in row)
