"""The parent's side of what is measured in processes of their own; see ``child``."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.benchmark.engine import EngineError

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
