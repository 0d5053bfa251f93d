from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from indexer.supervisor import SupervisorError, supervise

#: Longer than anything here takes; what hangs is ended and fails.
PATIENCE = 20

#: A child that watches its parent, and says that it has begun.
CHILD = """
import time
from indexer.supervisor import end_with_parent
end_with_parent()
print("begun", flush=True)
time.sleep(60)
"""

#: A stand-in for the command: one answers, one waits, one ends; each notes its number and end.
COMMAND = """
import os, pathlib, signal, sys, time
from indexer.supervisor import end_with_parent

name, option = sys.argv[1:]
here = pathlib.Path(__file__).parent
if name == "fails":
    sys.exit(3)

def end(*_):
    (here / f"{name}.ended").touch()
    sys.exit(0)

signal.signal(signal.SIGTERM, end)
end_with_parent()
(here / f"{name}.pid").write_text(f"{os.getpid()} {option}")
while True:
    time.sleep(0.02)
"""


@pytest.fixture
def commands(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose module ``metodsok`` does what the tests ask."""
    folder = tmp_path / "commands"
    folder.mkdir()
    (folder / "metodsok.py").write_text(COMMAND, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(root)]))
    return folder


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def health() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/halsa"
        server.shutdown()
        thread.join()


def until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z (zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False


def pid_of(folder: Path, name: str) -> int:
    return int((folder / f"{name}.pid").read_text().split()[0])


def begun(folder: Path, *names: str) -> Callable[[], bool]:
    return lambda: all(
        (folder / f"{name}.pid").is_file() and (folder / f"{name}.pid").read_text()
        for name in names
    )


def test_a_child_ends_when_its_parent_closes_the_pipe(root: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
    ) as child:
        try:
            assert child.stdin
            assert child.stdout
            assert child.stdout.readline() == b"begun\n"
            child.stdin.write(b"words change nothing")
            child.stdin.flush()
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(0.1)
            child.stdin.close()
            assert child.wait(PATIENCE) == -signal.SIGTERM
        finally:
            child.kill()


def test_a_child_ends_when_its_parent_is_killed(root: Path) -> None:
    parent_code = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {CHILD!r}], stdin=subprocess.PIPE,"
        " stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent_code], stdout=subprocess.PIPE, cwd=root
    ) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
        parent.wait(PATIENCE)
    assert until(lambda: not is_running(pid))


def test_all_is_stopped_cleanly_when_the_caller_has_seen_enough(
    commands: Path, health: str
) -> None:
    def ready() -> bool:
        return until(begun(commands, "serve", "work"))

    supervise(("serve", "work"), health, ready)
    for name in ("serve", "work"):
        assert (commands / f"{name}.pid").read_text().endswith(" --child")
        assert not is_running(pid_of(commands, name))
        assert (commands / f"{name}.ended").is_file()


def test_a_child_that_ends_by_itself_is_named_and_takes_the_other_along(
    commands: Path, health: str
) -> None:
    def ready() -> None:
        assert until(begun(commands, "serve"))

    with pytest.raises(SupervisorError, match="'metodsok fails' ended with exit code 3"):
        supervise(("serve", "fails"), health, ready)
    if begun(commands, "serve")():
        assert not is_running(pid_of(commands, "serve"))


def test_a_site_that_never_answers_is_given_up(
    commands: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.supervisor.START_SECONDS", 0.5)
    with HTTPServer(("127.0.0.1", 0), Healthy) as closed:
        port = closed.server_port
    with pytest.raises(SupervisorError, match="did not answer"):
        supervise(("serve",), f"http://127.0.0.1:{port}/halsa", lambda: True)


def test_a_signal_stops_both_and_leaves_the_handlers_as_they_were(
    commands: Path, health: str
) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def ready() -> None:
        assert until(begun(commands, "serve", "work"))
        os.kill(os.getpid(), signal.SIGTERM)

    supervise(("serve", "work"), health, ready)
    assert not is_running(pid_of(commands, "serve"))
    assert not is_running(pid_of(commands, "work"))
    assert {number: signal.getsignal(number) for number in before} == before
