"""Figures of an index as a whole: its size, how it opens and starts, its memory, its changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.benchmark import children
from bench.benchmark.corpus import Spool
from bench.benchmark.engine import BenchDocument, Engine, EngineError, Opened
from bench.benchmark.indexes import Indexes
from bench.benchmark.measuring import by_turns
from bench.benchmark.questions import Question

#: So many times an index is opened, a process started and a document changed in each run.
OPENINGS, STARTS, UPDATES = 20, 5, 20
#: Pages that a process has answered when its memory is read.
PAGES = 1_000
#: A word of changed documents that no other has; with a number behind.
_MARK = "bänkprovsord"

Samples = Mapping[str, Sequence[float]]


def disk(engines: Sequence[Engine], indexes: Indexes) -> Samples:
    """Bytes on disk."""
    return {engine.name: [indexes.bytes(engine)] for engine in engines}


def openings(engines: Sequence[Engine], indexes: Indexes) -> Samples:
    """Seconds to open an index in a process that has opened others, and to close it."""

    def contestant(engine: Engine) -> Callable[[int], None]:
        return lambda _: engine.open(indexes.folder(engine)).close()

    contestants = {engine.name: contestant(engine) for engine in engines}
    by_turns(contestants, range(2))  # modules that are imported at the first opening
    return by_turns(contestants, range(OPENINGS)).seconds


def starts(engines: Sequence[Engine], indexes: Indexes, questions: Sequence[Question]) -> Samples:
    """Seconds from the start of a process to its first result, engines by turns."""
    found: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for question in questions[:STARTS]:
        for engine in engines:
            seconds = children.first_result(engine.name, indexes.folder(engine), question.words)
            found[engine.name].append(seconds)
    return found


def memories(engines: Sequence[Engine], indexes: Indexes, questions: Sequence[Question]) -> Samples:
    """Anonymous bytes of a process that has answered a thousand pages."""
    words = [question.words for question in questions[:PAGES]]
    return {
        engine.name: [children.memory(engine.name, indexes.folder(engine), PAGES, words)]
        for engine in engines
    }


def changes(
    engines: Sequence[Engine], indexes: Indexes, spool: Spool, merges: bool
) -> tuple[Samples, Samples]:
    """Seconds of each update, and of the merge that follows where an engine has one.

    Copies are changed, not the kept indexes. Raises EngineError when a change is not found.
    """
    with TemporaryDirectory(dir=spool.path.parent) as passing:
        opened = {}
        for engine in engines:
            shutil.copytree(indexes.folder(engine), Path(passing, engine.name))
            opened[engine.name] = engine.open(Path(passing, engine.name))
        try:
            merging = {e.name: opened[e.name] for e in engines if merges and "merge" not in e.lacks}
            return _updates(opened, spool), _merges(merging)
        finally:
            for each in opened.values():
                each.close()


def _updates(opened: Mapping[str, Opened], spool: Spool) -> Samples:
    changed = [
        replace(document, text=f"{document.text} {_MARK}{document.number}")
        for document in spool.some(min(UPDATES, spool.size))
    ]
    found = by_turns({name: each.update for name, each in opened.items()}, changed).seconds
    for name, each in opened.items():
        for document in changed:
            _check(name, each, document)
    return found


def _check(name: str, opened: Opened, document: BenchDocument) -> None:
    ranked = opened.rank([f"{_MARK}{document.number}"])
    if (ranked.count, *ranked.numbers) != (1, document.number):
        raise EngineError(f"{name} does not find document {document.id} after changing it")


def _merges(opened: Mapping[str, Opened]) -> Samples:
    contestants = {name: _merging(each) for name, each in opened.items()}
    return by_turns(contestants, [0]).seconds


def _merging(opened: Opened) -> Callable[[int], None]:
    return lambda _: opened.merge()
