"""Running site and worker together: starts both, waits until the site answers, stops both.

Knows them as commands only. A child ends by itself when its parent is gone, however that came
about: it watches the pipe that is its standard input (``end_with_parent``).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from types import FrameType

from search.errors import MetodsokError

#: How long the site may take until it answers, and a child to end when asked to.
START_SECONDS = 30
STOP_SECONDS = 10
_POLL_SECONDS = 0.1

#: What the smoke mode asks: something the bundled collection must answer.
FIRST_QUESTION = "medling vid brott"

#: Options that tell a child whose child it is.
CHILD_OPTION = "--child"


class SupervisorError(MetodsokError):
    """Site or worker did not start, or ended by itself."""


def supervise(commands: Sequence[str], health_url: str, ready: Callable[[], bool | None]) -> None:
    """Run ``metodsok COMMAND`` for each command until one ends or a signal arrives.

    ``ready`` is called when ``health_url`` answers; when it returns True all is stopped at once.
    Raises SupervisorError when a child ends by itself, or the site does not answer in time.
    """
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    children = [(command, _start(command)) for command in commands]
    try:
        if _wait_for(health_url, children, stopping) and ready():
            return
        while not stopping.wait(_POLL_SECONDS):
            _complain_of_ended(children)
    finally:
        for _, child in children:
            _stop(child)
        for number, handler in before.items():
            signal.signal(number, handler)


def first_answer(site: str) -> str:
    """Search a site once over HTTP and say so. Raises SupervisorError unless a hit comes back."""
    url = f"{site}/sok?{urllib.parse.urlencode({'q': FIRST_QUESTION})}"
    with urllib.request.urlopen(url, timeout=START_SECONDS) as answer:  # noqa: S310 - own site
        page = answer.read().decode("utf-8")
    if "/dokument/" not in page:
        raise SupervisorError(f"{url} answered without a hit")
    return f"Searched {url} and found an answer."


def end_with_parent() -> None:
    """Have this process end cleanly when its standard input closes: its parent is gone."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _start(command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "metodsok", command, CHILD_OPTION], stdin=subprocess.PIPE
    )


def _wait_for(
    url: str, children: Sequence[tuple[str, subprocess.Popen[bytes]]], stopping: threading.Event
) -> bool:
    """Whether the site answered before somebody asked to stop."""
    deadline = time.monotonic() + START_SECONDS
    while not stopping.wait(_POLL_SECONDS):
        _complain_of_ended(children)
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own address
                return True
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            if time.monotonic() > deadline:
                raise SupervisorError(
                    f"the site did not answer at {url} within {START_SECONDS} seconds"
                ) from None
    return False


def _complain_of_ended(children: Sequence[tuple[str, subprocess.Popen[bytes]]]) -> None:
    for command, child in children:
        if child.poll() is not None:
            raise SupervisorError(f"'metodsok {command}' ended with exit code {child.returncode}")


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.stdin:
        child.stdin.close()
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    child.wait()
