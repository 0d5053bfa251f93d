"""The indexes of a run: built in processes of their own, kept from one run to the next.

An index lies beside the documents it is of, under its engine's name and version. A folder with that
name is whole: it is built beside and renamed.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.benchmark import children
from bench.benchmark.corpus import Spool
from bench.benchmark.engine import Engine

#: Seconds; who takes longer to build its index does so once and not once a run.
LONGEST_REPEATED = 60.0


class Indexes:
    """Where each engine's index of a spool is."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._slow: set[str] = set()

    def folder(self, engine: Engine) -> Path:
        """The folder of an engine's index, there or not."""
        version = "".join(c if c.isalnum() else "-" for c in engine.version)
        return self._spool.path.parent / f"{engine.name}-{version}"

    def is_there(self, engine: Engine) -> bool:
        """Whether the index was built before."""
        return self.folder(engine).is_dir()

    def build(self, engine: Engine, cores: int) -> float:
        """Build an index anew; returns seconds. The one that is kept is built on one core."""
        target = self.folder(engine)
        draft = target.with_name(f"{target.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        seconds = children.built(engine.name, draft, self._spool.path, self._spool.size, cores)
        if cores == 1:
            shutil.rmtree(target, ignore_errors=True)
            draft.rename(target)
        shutil.rmtree(draft, ignore_errors=True)
        return seconds

    def timed(self, engines: Sequence[Engine], cores: int) -> Mapping[str, Sequence[float]]:
        """Build each engine's index once, in the order given; slow ones only the first time."""
        found: dict[str, Sequence[float]] = {}
        for engine in engines:
            turn = f"{engine.name} {cores}"
            if turn not in self._slow:
                found[engine.name] = [self.build(engine, cores)]
                if found[engine.name][0] > LONGEST_REPEATED:
                    self._slow.add(turn)
        return found

    def bytes(self, engine: Engine) -> int:
        """What an index takes on disk."""
        files = self.folder(engine).rglob("*")
        return sum(path.stat().st_size for path in files if path.is_file())
