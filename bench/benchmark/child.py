"""What is measured in a process of its own: ``python -m bench.benchmark.child JOB …``.

``build`` indexes a spool and prints the seconds that took; ``start`` answers one question and
prints the count; ``memory`` answers pages and prints the bytes that no file backs. ``children``
starts them. Little is imported at the top: it would be a part of every start.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.benchmark.registry import load


def main(arguments: Sequence[str]) -> None:
    """Do one job."""
    job, name, folder, *rest = arguments
    print(_JOBS[job](name, Path(folder), *rest), flush=True)


def _build(name: str, folder: Path, spool: str, size: str, cores: str) -> float:
    from bench.benchmark.corpus import Spool

    engine = load(name)
    documents = Spool(Path(spool), int(size), "").documents()
    # Threads of an engine's own must not borrow the core that is not theirs.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(cores)])
    started = time.perf_counter()
    engine.build(folder, documents, int(cores))
    return time.perf_counter() - started


def _start(name: str, folder: Path, *words: str) -> int:
    engine = load(name)
    opened = engine.open(folder)
    if "rank" in engine.lacks:
        return opened.page(words).count
    return opened.rank(words).count


def _memory(name: str, folder: Path, pages: str, *questions: str) -> int:
    opened = load(name).open(folder)
    for number in range(int(pages)):
        opened.page(questions[number % len(questions)].split())
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("RssAnon:"))
    return int(kilobytes) * 1024


_JOBS: Mapping[str, Callable[..., object]] = {"build": _build, "start": _start, "memory": _memory}


if __name__ == "__main__":
    main(sys.argv[1:])
