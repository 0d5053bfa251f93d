from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from webapp.processes import can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="needs processes that part")

KEEP = """
import os, sys, time
from webapp.processes import in_processes
def work():
    os.write(1, f"{os.getpid()}\\n".encode())
    while sys.argv[1] == "long":
        time.sleep(60)
    if sys.argv[1] == "broken":
        raise ValueError("no work here")
in_processes(2, work)
"""
SECONDS = 10.0


@contextmanager
def kept(root: Path, life: str) -> Iterator[subprocess.Popen[str]]:
    keeper = subprocess.Popen(
        [sys.executable, "-c", KEEP, life],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield keeper
    finally:
        if keeper.poll() is None:
            keeper.kill()
        keeper.communicate()


def told(keeper: subprocess.Popen[str]) -> int:
    """The next process that says it is there."""
    assert keeper.stdout is not None
    return int(keeper.stdout.readline())


def have_ended(numbers: list[int]) -> bool:
    deadline = time.monotonic() + SECONDS
    while numbers and time.monotonic() < deadline:
        for number in list(numbers):
            with suppress(ProcessLookupError):
                os.kill(number, 0)
                continue
            numbers.remove(number)
        time.sleep(0.02)
    return not numbers


def test_a_process_that_dies_is_replaced_and_all_end_with_a_signal(root: Path) -> None:
    with kept(root, "long") as keeper:
        first, second = told(keeper), told(keeper)
        os.kill(first, signal.SIGKILL)
        third = told(keeper)
        assert len({first, second, third, keeper.pid}) == 4
        keeper.send_signal(signal.SIGTERM)
        _, errors = keeper.communicate(timeout=SECONDS)
        assert (keeper.returncode, errors) == (0, "")
        assert have_ended([first, second, third])


def test_processes_end_when_the_one_that_keeps_them_is_killed(root: Path) -> None:
    with kept(root, "long") as keeper:
        numbers = [told(keeper), told(keeper)]
        keeper.kill()
        assert have_ended(numbers)


@pytest.mark.parametrize("life", ["short", "broken"])
def test_work_that_ends_at_once_is_not_tried_for_ever(root: Path, life: str) -> None:
    with kept(root, life) as keeper:
        output, errors = keeper.communicate(timeout=SECONDS)
        assert keeper.returncode == 1
        assert "end as soon as they start" in errors
        assert ("no work here" in errors) == (life == "broken")
        assert len(output.split()) <= 8
