"""The worker: claims jobs one at a time and does them, and now and then looks through folders.

Knows nothing of what a job does. Stops between jobs when asked to; a job that is interrupted is
taken up again by the next worker.
"""

from __future__ import annotations

import logging
import threading
import time

from indexer.context import Context
from indexer.folders import Folders
from indexer.jobs import State, worker_name
from indexer.tasks import run
from search.errors import MetodsokError

#: How long an idle worker sleeps: short enough that an editor's document is searchable at once.
IDLE_SECONDS = 0.5

_log = logging.getLogger(__name__)


def work(context: Context, stopping: threading.Event, *, until_idle: bool = False) -> int:
    """Do jobs until ``stopping`` is set, or until none waits; returns how many were done."""
    name = worker_name()
    done = 0
    next_scan = time.monotonic() + context.settings.scan_minutes * 60
    while not stopping.is_set():
        job = context.jobs.claim(name)
        if job is None:
            if until_idle:
                break
            if time.monotonic() >= next_scan:
                _queue_scan(context)
                next_scan = time.monotonic() + context.settings.scan_minutes * 60
            stopping.wait(IDLE_SECONDS)
            continue
        try:
            run(context, job)
        # The job's row says so too; one bad job must not end the worker, nor a full disk the site.
        except MetodsokError as error:
            _log.error("job %d (%s) failed: %s", job.id, job.kind, error)
        except Exception:
            _log.exception("job %d (%s) failed", job.id, job.kind)
        done += 1
    return done


def _queue_scan(context: Context) -> None:
    """Ask for a look through the folders, unless there are none or one is asked for already."""
    waiting = {State.QUEUED, State.RUNNING}
    asked = any(j.kind == "scan" and j.state in waiting for j in context.jobs.latest(50))
    if not asked and any(folder.whole for folder in Folders(context.library.engine).all()):
        context.jobs.add("scan")
