"""Several processes that do the same: forked from one, which waits for them and replaces the dead.

What was loaded before is shared by all. A process ends when the one that forked it does, however
that came about: it watches a pipe of which only that one has the other end.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from search.errors import MetodsokError

#: A process that ends so soon after its start did not work at all.
_SHORT_LIFE_SECONDS = 2.0
#: So many that did not work, one after the other, are no accident.
_MOST_SHORT_LIVES = 5
#: How long a process may take to end when asked to.
_STOP_SECONDS = 8.0
_POLL_SECONDS = 0.05
#: What asks a process to end.
SIGNALS = (signal.SIGINT, signal.SIGTERM)


class ProcessesError(MetodsokError):
    """Processes end as soon as they are started."""


def can_fork() -> bool:
    """Whether this system has processes that part."""
    return hasattr(os, "fork")


def in_processes(count: int, work: Callable[[], None]) -> None:
    """Do ``work`` in so many processes until SIGTERM or SIGINT, and again where it ends by itself.

    To be called from the main thread. The threads of this process do not go along. Raises
    ProcessesError when processes end as soon as they start.
    """
    _Keeper(work).keep(count)


class _Keeper:
    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._born: dict[int, float] = {}
        self._watched, self._held = os.pipe()

    def keep(self, count: int) -> None:
        # What is there now is never freed: to count it would only unshare its pages.
        gc.freeze()
        before = {number: signal.signal(number, leave) for number in SIGNALS}
        short_lives = 0
        try:
            while True:
                while len(self._born) < count:
                    self._start()
                number, _ = os.waitpid(-1, 0)
                born = self._born.pop(number, None)
                if born is None:
                    continue
                lived = time.monotonic() - born
                short_lives = short_lives + 1 if lived < _SHORT_LIFE_SECONDS else 0
                if short_lives >= _MOST_SHORT_LIVES:
                    raise ProcessesError("the processes of the site end as soon as they start")
        except SystemExit:
            pass
        finally:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            self._stop()
            os.close(self._held)
            os.close(self._watched)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _start(self) -> None:
        # A signal in between would leave a child that nobody knows, or know one that is no child.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        number = os.fork()
        if number:
            self._born[number] = time.monotonic()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            return
        status = 1
        try:
            os.close(self._held)
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            self._work()
        except SystemExit:
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def _end_with_parent(self) -> None:
        os.read(self._watched, 1)  # gives nothing, and that only when the other end is gone
        os.kill(os.getpid(), signal.SIGTERM)

    def _stop(self) -> None:
        for number in self._born:
            os.kill(number, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while self._born and time.monotonic() < deadline:
            for number in list(self._born):
                if os.waitpid(number, os.WNOHANG)[0]:
                    del self._born[number]
            time.sleep(_POLL_SECONDS)
        for number in self._born:
            os.kill(number, signal.SIGKILL)
            os.waitpid(number, 0)


def leave(_number: int, _frame: FrameType | None) -> None:
    """Ends a process cleanly: waitress ends its loop and its threads on this."""
    raise SystemExit(0)
