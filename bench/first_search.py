"""How long it takes from a fresh clone to the first answer, and where the time goes.

Clones this checkout's last commit into a temporary folder and does there what a newcomer does, with
a new METODSOK_HOME. Times are wall-clock seconds on this machine, with its package cache as it is.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: Seconds that one step may take before it is given up.
LONGEST_STEP = 600


def main() -> None:
    """Time each step and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "metodsok")
        fresh = _environment(Path(folder, "home"))
        steps = {
            "git clone": _seconds(["git", "clone", "--quiet", str(ROOT), str(clone)], ROOT, fresh),
            "make install": _seconds(["make", "install"], clone, fresh),
            "make run, until the first answer": _seconds(["make", "run", "SMOKE=1"], clone, fresh),
        }
        again = _seconds(["make", "run", "SMOKE=1"], clone, fresh)
        parts = {
            "  of which reading and indexing the collection": _filling(clone, Path(folder, "two")),
        }
    for step, seconds in {**steps, **parts}.items():
        print(f"{seconds:7.1f} s  {step}")
    print(f"{sum(steps.values()):7.1f} s  in all, from nothing to the first answer")
    print(f"{again:7.1f} s  make run once more, until an answer")


def _filling(clone: Path, home: Path) -> float:
    metodsok = str(clone / ".venv" / "bin" / "metodsok")
    add = [metodsok, "add", str(clone / "corpus" / "documents"), "--source", "exempel"]
    return _seconds(add, clone, _environment(home))


def _environment(home: Path) -> Mapping[str, str]:
    """This process's environment with a home and a free port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return {**os.environ, "METODSOK_HOME": str(home), "METODSOK_PORT": str(port)}


def _seconds(command: list[str], folder: Path, environment: Mapping[str, str]) -> float:
    """Raises CalledProcessError when the command fails."""
    started = time.perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        env=dict(environment),
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=LONGEST_STEP,
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
