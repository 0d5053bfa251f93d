"""The worker: claims jobs one at a time and does them, and now and then looks through folders.

Knows nothing of what a job does. Stops between jobs when asked to; a job that is interrupted is
taken up again by the next worker.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime

from indexer.context import Context
from indexer.folders import Folders
from indexer.jobs import LANES, LONG, Job, State, worker_name
from indexer.schedule import due_crawls
from indexer.tasks import run
from search.errors import MetodsokError

#: How long an idle worker sleeps: short enough that an editor's document is searchable at once.
IDLE_SECONDS = 0.5

#: How often the worker looks for what is due.
_LOOK_SECONDS = 60.0
#: The library's note of the day on which bytes were last let go.
_PURGED = "purged_on"
_SHORT = frozenset(LANES) - LONG

_log = logging.getLogger(__name__)


def work(context: Context, stopping: threading.Event, *, until_idle: bool = False) -> int:
    """Do jobs until ``stopping`` is set, or until none waits; returns how many were done.

    Long jobs are done beside the others, in a thread with parts of its own.
    """
    beside = _Beside(context, stopping)
    done = 0
    next_scan = time.monotonic() + context.settings.scan_minutes * 60
    next_look = time.monotonic()
    while not stopping.is_set():
        long = context.jobs.unfinished(*LONG)
        if not beside.is_busy and any(job.state is State.QUEUED for job in long):
            beside.start()
        job = context.jobs.claim(worker_name(), kinds=_SHORT)
        if job is None:
            if until_idle and not beside.is_busy:
                break
            if time.monotonic() >= next_scan:
                _queue_scan(context)
                next_scan = time.monotonic() + context.settings.scan_minutes * 60
            if time.monotonic() >= next_look:
                _queue_what_is_due(context)
                next_look = time.monotonic() + _LOOK_SECONDS
            stopping.wait(IDLE_SECONDS)
            continue
        _do(context, job)
        done += 1
    return done + beside.done


class _Beside:
    """A thread that does the long jobs that wait, and ends when there are none.

    It does not outlive its process: a crawl's child notices, and the next worker goes on.
    """

    def __init__(self, context: Context, stopping: threading.Event) -> None:
        self._settings = context.settings
        self._stopping = stopping
        self._thread: threading.Thread | None = None
        self.done = 0

    @property
    def is_busy(self) -> bool:
        """Whether a long job is being done."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Look for long jobs to do."""
        self._thread = threading.Thread(target=self._work, name="long jobs", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        with Context(self._settings) as context:
            while not self._stopping.is_set():
                job = context.jobs.claim(worker_name(), kinds=LONG)
                if job is None:
                    return
                _do(context, job)
                self.done += 1


def _do(context: Context, job: Job) -> None:
    try:
        run(context, job)
    # The job's row says so too; one bad job must not end the worker, nor a full disk the site.
    except MetodsokError as error:
        _log.error("job %d (%s) failed: %s", job.id, job.kind, error)
    except Exception:
        _log.exception("job %d (%s) failed", job.id, job.kind)


def _queue_what_is_due(context: Context) -> None:
    """Ask for the crawls that are due, and once a day for bytes to be let go."""
    now = datetime.now(UTC)
    for name in due_crawls(context, now):
        context.jobs.add("crawl", {"sources": [name]})
    today = now.date().isoformat()
    if context.library.fact(_PURGED) != today:
        context.library.set_fact(_PURGED, today)
        context.jobs.add("purge")


def _queue_scan(context: Context) -> None:
    """Ask for a look through the folders, unless there are none or one is asked for already."""
    waiting = {State.QUEUED, State.RUNNING}
    asked = any(j.kind == "scan" and j.state in waiting for j in context.jobs.latest(50))
    if not asked and any(folder.whole for folder in Folders(context.library.engine).all()):
        context.jobs.add("scan")
