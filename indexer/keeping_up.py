"""Publishing while a crawl goes on, so that readers see what it found, in jobs of their own.

Owns when: every so many documents, or some time after the first. The jobs are rows like all
others; where a worker is there it takes them at once, between its other short jobs, and where
there is none the crawl's own process does.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from indexer.jobs import Job, Jobs, State, worker_name

#: Whichever comes first.
DOCUMENTS = 500
SECONDS = 60.0
#: How long a job may wait for a worker before the crawl's own process does it.
_PATIENCE_SECONDS = 1.5
_POLL_SECONDS = 0.25
_OPEN = (State.QUEUED, State.RUNNING)


@dataclass(slots=True)
class KeepingUp:
    """What a crawl has stored that has not been published. ``do`` does a claimed job."""

    jobs: Jobs
    do: Callable[[Job], object]
    clock: Callable[[], float] = time.monotonic
    _published: int = 0
    _first_at: float | None = None
    _asked: Job | None = field(default=None)
    _asked_at: float = 0.0

    def tick(self, stored: int) -> None:
        """A crawl has stored so many documents by now; called every moment while it runs."""
        now = self.clock()
        if self._asked:
            self._see_to(self._asked, now)
        if stored == self._published or self._asked:
            return
        self._first_at = now if self._first_at is None else self._first_at
        if now - self._first_at >= SECONDS or stored - self._published >= DOCUMENTS:
            self._published, self._first_at = stored, None
            self._ask(now)

    def finish(self) -> None:
        """Publish what is left; returns when it is done."""
        self._asked = None
        asked = self._ask(self.clock())
        while self._asked:
            self._see_to(asked, self.clock())
            time.sleep(_POLL_SECONDS)

    def _ask(self, now: float) -> Job:
        self._asked, self._asked_at = self.jobs.add("publish"), now
        return self._asked

    def _see_to(self, asked: Job, now: float) -> None:
        """Do the job if nobody else has begun it in time, or died of it; forget it at its end."""
        state = self.jobs.get(asked.id).state
        if state in _OPEN and now - self._asked_at >= _PATIENCE_SECONDS:
            if claimed := self.jobs.claim(worker_name(), asked.id):
                self.do(claimed)
            state = self.jobs.get(asked.id).state
        if state not in _OPEN:
            self._asked = None
