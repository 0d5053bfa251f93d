"""Whether two engines did the same work: a ratio between other answers says nothing.

The exact counts must agree, on a page those of all facets too, and the first ten of a ranking
mostly: formulas differ a little, and equals come in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from bench.benchmark.engine import Page, Ranked
from bench.benchmark.questions import Question
from bench.benchmark.tasks import Answer

#: The share of questions on which counts may differ: letters that Unicode's versions disagree on.
MOST_DIFFERING = 0.01
#: The least mean share of the first ten that two rankings have in common.
LEAST_OVERLAP = 0.85

#: Questions that a complaint names.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our answers and a peer's in one task.

    ``differing`` are the questions with other counts. ``overlap`` is of the first ten, None in
    tasks that order by something else than points; it is held against nobody unless
    ``same_formula``.
    """

    task: str
    ours: str
    peer: str
    questions: int
    differing: tuple[str, ...]
    overlap: float | None = None
    same_formula: bool = True

    @property
    def complaints(self) -> tuple[str, ...]:
        """What makes the work unequal, a line each; none when it is equal."""
        found = []
        if len(self.differing) > MOST_DIFFERING * self.questions:
            named = ", ".join(f"'{text}'" for text in self.differing[:_NAMED])
            more = " …" if len(self.differing) > _NAMED else ""
            found.append(
                f"{self.task}: {self.ours} and {self.peer} count differently on"
                f" {len(self.differing)} of {self.questions} questions: {named}{more}"
            )
        if self.same_formula and self.overlap is not None and self.overlap < LEAST_OVERLAP:
            found.append(
                f"{self.task}: {self.ours} and {self.peer} share only {self.overlap:.2f}"
                f" of the first ten, and {LEAST_OVERLAP} is the least"
            )
        return tuple(found)


def compare(
    task: str,
    ours: str,
    peer: str,
    questions: Sequence[Question],
    answers: Mapping[str, Sequence[Answer]],
    same_formula: bool = True,
) -> Comparison:
    """Hold a peer's answers to a task against ours."""
    pairs = list(zip(answers[ours], answers[peer], strict=True))
    differing = tuple(
        question.text
        for question, (mine, theirs) in zip(questions, pairs, strict=True)
        if _counted(mine) != _counted(theirs)
    )
    overlaps = [
        _shared(mine, theirs)
        for mine, theirs in pairs
        if isinstance(mine, Ranked) and isinstance(theirs, Ranked) and (mine.count or theirs.count)
    ]
    overlap = fmean(overlaps) if task == "rank" and overlaps else None
    return Comparison(task, ours, peer, len(pairs), differing, overlap, same_formula)


def _counted(answer: Answer) -> object:
    return (answer.count, answer.facets) if isinstance(answer, Page) else answer.count


def _shared(mine: Ranked, theirs: Ranked) -> float:
    longest = max(len(mine.numbers), len(theirs.numbers), 1)
    return len(set(mine.numbers) & set(theirs.numbers)) / longest
