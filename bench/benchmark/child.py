"""What is measured in a process of its own: ``python -m bench.benchmark.child JOB …``.

``build`` indexes a spool and prints the seconds that took; ``start`` answers one question and
prints the count; ``memory`` answers pages and prints the bytes that no file backs. The parent's
side of each is here too. Little is imported at the top: it would be a part of every start.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.benchmark.engine import EngineError
from bench.benchmark.registry import load

ROOT = Path(__file__).resolve().parent.parent.parent


def built(engine: str, folder: Path, spool: Path, size: int, cores: int) -> float:
    """Have an index built in an empty folder; returns the seconds from documents to disk."""
    return float(_said("build", engine, folder, str(spool), str(size), str(cores)))


def first_result(engine: str, folder: Path, words: Sequence[str]) -> float:
    """Seconds from the start of a process to its first result."""
    started = time.perf_counter()
    with _started("start", engine, folder, *words) as child:
        line = child.stdout.readline() if child.stdout else ""
        seconds = time.perf_counter() - started
        _check(child, f"start {engine}", child.communicate()[1])
    if not line.strip():
        raise EngineError(f"{engine} gave no first result")
    return seconds


def memory(engine: str, folder: Path, pages: int, questions: Sequence[Sequence[str]]) -> int:
    """Anonymous bytes of a process that has answered so many pages."""
    return int(_said("memory", engine, folder, str(pages), *map(" ".join, questions)))


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


def _said(*arguments: str | Path) -> str:
    with _started(*arguments) as child:
        said, complaint = child.communicate()
        _check(child, " ".join(map(str, arguments[:2])), complaint)
    return said.splitlines()[-1]


def _started(*arguments: str | Path) -> subprocess.Popen[str]:
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        [sys.executable, "-m", "bench.benchmark.child", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )


def _check(child: subprocess.Popen[str], what: str, complaint: str) -> None:
    if child.returncode:
        last = (complaint.strip().splitlines() or ["it said nothing"])[-1]
        raise EngineError(f"{what}: {last}")


if __name__ == "__main__":
    main(sys.argv[1:])
