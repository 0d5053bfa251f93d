"""The tasks by their names, and what an engine is asked to do in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bench.benchmark.engine import Opened, Page, Ranked
from bench.benchmark.questions import Question
from search.errors import SettingsError

Answer = Ranked | Page

#: Asked question by question.
ASKED: Mapping[str, Callable[[Opened, Question], Answer]] = {
    "rank": lambda opened, question: opened.rank(question.words),
    "page": lambda opened, question: opened.page(question.words),
    "and": lambda opened, question: opened.both(question.words),
    "phrase": lambda opened, question: opened.phrase(question.phrase),
    "filtered": lambda opened, question: opened.filtered(
        question.words, question.kind, question.year
    ),
    "by_date": lambda opened, question: opened.by_date(question.words),
}
#: The product's whole search against the peers' pages.
SEARCH = "search"
#: Of the index as a whole. The first two build it, so that they come first in a run.
WHOLE: Mapping[str, str] = {
    "index": "seconds on one core",
    "index2": "seconds on two cores",
    "disk": "bytes",
    "open": "seconds",
    "start": "seconds from process start to first result",
    "memory": "anonymous bytes after 1,000 pages",
    "update": "seconds until a changed document is on disk and found",
    "merge": "seconds to one segment, after the updates",
}
#: Which the product takes part in; its own search is all that can be asked of it.
PRODUCTS = frozenset({SEARCH, "index", "disk", "start", "memory"})
#: All of them, in the order of the report.
TASKS = (*list(ASKED)[:2], SEARCH, *list(ASKED)[2:], *WHOLE)
#: Measured in bytes and not in seconds.
BYTES = frozenset({"disk", "memory"})


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The tasks that are named, in their order; all when none is. Raises SettingsError."""
    for name in names:
        if name not in TASKS:
            raise SettingsError(f"there is no task {name!r}; there are {', '.join(TASKS)}")
    return tuple(name for name in TASKS if not names or name in names)
