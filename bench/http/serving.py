"""A server as a child process: started on a free port of loopback, waited for, measured, ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from bench.http.servers import Server
from bench.http.site import FACTORY

ROOT = Path(__file__).resolve().parents[2]
#: Seconds until a server answers, the opening of its index included, until it has
#: ended, and until its own children have after it.
LONGEST_START, LONGEST_END, LONGEST_ORPHAN = 60.0, 15.0, 2.0
_POLL = 0.05
#: What a server says last is kept up to so many characters, for the complaint about it.
_SAID = 2_000


class ServingError(Exception):
    """A server did not start."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers."""

    port: int
    pid: int

    @property
    def memory(self) -> int:
        """Bytes of it and its children, what they share counted once (proportional set size)."""
        return sum(map(_proportional, _family(self.pid)))


@contextmanager
def serving(server: Server, environment: Mapping[str, str]) -> Iterator[Served]:
    """Serve the measured app. Raises ServingError with what the server said."""
    port = free_port()
    with TemporaryFile() as said:
        child = _started(server.command(port, FACTORY), environment, said)
        try:
            if not _answers(child, port):
                how = "does not answer" if child.poll() is None else "has ended"
                said.seek(0)
                last = said.read()[-_SAID:].decode(errors="replace").strip()
                raise ServingError(f"{server.name} {how}: {last}")
            yield Served(port, child.pid)
        finally:
            end(child)


def free_port() -> int:
    """A port of loopback that nobody has: a server that is told 0 does not tell which it got."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def end(child: subprocess.Popen[bytes]) -> None:
    """End a process that we started, and those of its own that it leaves behind."""
    below = _family(child.pid)[1:]
    child.terminate()
    try:
        child.wait(LONGEST_END)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    deadline = time.monotonic() + LONGEST_ORPHAN
    while below and time.monotonic() < deadline:
        below = [pid for pid in below if Path(f"/proc/{pid}").exists()]
        time.sleep(_POLL * bool(below))
    for pid in below:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _started(
    command: Sequence[str], environment: Mapping[str, str], said: IO[bytes]
) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return subprocess.Popen(
        command,
        env={**os.environ, **environment, "PYTHONPATH": paths},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=said,
    )


def _answers(child: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + LONGEST_START
    while child.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/halsa", timeout=5):
                return True
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(_POLL)
    return False


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    parents = dict(_parents())
    family = [pid]
    for above in family:
        family += [each for each, parent in parents.items() if parent == above]
    return family


def _parents() -> Iterator[tuple[int, int]]:
    """Every process of the machine with its parent."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name, in brackets, may hold anything.
            after = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
            yield int(stat.parent.name), int(after.split()[1])


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
