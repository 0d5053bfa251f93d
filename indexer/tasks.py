"""What each kind of job does. Run by the worker, and by the front door in its own name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from indexer.context import Context
from indexer.crawl.runs import Asked, Crawl, Crawls, Totals
from indexer.crawling import crawl
from indexer.erasure import Purged, purge
from indexer.folder import EXAMPLES, summary
from indexer.grouping import group, group_around
from indexer.history import Outcome
from indexer.intake import Progress, Receipt
from indexer.jobs import SILENCE_SECONDS, Job, Jobs, State
from indexer.keeping_up import KeepingUp
from indexer.publish import Published
from indexer.reparsing import reparse
from search.errors import LibraryError

#: Often enough that a busy job is never taken for a dead one.
_HEARTBEAT_SECONDS = SILENCE_SECONDS / 6
#: A job writes its progress down once in so many steps, not at each.
_STEPS_BETWEEN_NOTES = 10
#: … or after so long, where steps take their time.
_NOTE_SECONDS = 1.0


class Cancelled(Exception):  # noqa: N818 - it is no error
    """Somebody asked for the job to stop."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a job led to: a receipt a file, the publication that followed if any, and crawls."""

    receipts: tuple[Receipt, ...] = ()
    published: Published | None = None
    crawled: tuple[Crawl, ...] = ()
    purged: Purged | None = None

    @property
    def took_nothing(self) -> bool:
        """Whether there were files and none of them could be read."""
        failed = [receipt.outcome is Outcome.FAILED for receipt in self.receipts]
        return bool(failed) and all(failed)

    @property
    def message(self) -> str:
        """One English line for the job's row."""
        counts = summary(self.receipts)
        parts = [f"{count} {outcome}" for outcome, count in counts.items() if count]
        if self.published:
            parts.append(f"generation {self.published.generation}")
        if self.purged and self.purged.documents:
            size = self.purged.bytes / 1_000_000
            parts.append(f"{self.purged.documents} purged ({size:.1f} MB)")
        parts += [f"crawl {run.id} of {run.source}: {run.state}" for run in self.crawled]
        return ", ".join(parts) or "nothing to do"


def run(context: Context, job: Job, progress: Progress = lambda done, total, what: None) -> Done:
    """Do a job that this process has claimed, and write down how it ended.

    An error is written down and raised again; what had been taken in by then stays.
    """
    jobs = context.jobs
    try:
        with _beating(jobs, job.id):
            done = _KINDS[job.kind](context, job.arguments, _noting(jobs, job.id, progress))
    except Cancelled:
        jobs.end(job.id, State.CANCELLED)
        return Done()
    except BaseException as error:
        jobs.end(job.id, State.FAILED, f"{type(error).__name__}: {error}"[:1000])
        raise
    jobs.end(job.id, State.DONE, done.message)
    return done


def _add(context: Context, arguments: Mapping[str, Any], progress: Progress) -> Done:
    receipts = context.folder_source.add(
        [Path(path) for path in arguments["paths"]],
        arguments["source"],
        url=arguments.get("url", ""),
        progress=progress,
    )
    return _publish_after(context, receipts, progress)


def _scan(context: Context, _arguments: Mapping[str, Any], progress: Progress) -> Done:
    return _publish_after(context, context.folder_source.scan(progress), progress)


def _reparse(context: Context, arguments: Mapping[str, Any], progress: Progress) -> Done:
    """Read the bytes that the library holds again, by today's parsers and rules."""
    anew = bool(arguments.get("all"))
    receipts = reparse(context, arguments.get("sources", ()), anew=anew, progress=progress)
    return _publish_after(context, receipts, progress)


def _purge(context: Context, _arguments: Mapping[str, Any], progress: Progress) -> Done:
    """Let go of the bytes of documents that have been gone for long.

    An index that still shows them is brought up to their removal.
    """
    purged = purge(context.library, datetime.now(UTC), context.settings.purge_days)
    return replace(_publish_after(context, iter(()), progress), purged=purged)


def _publish(context: Context, arguments: Mapping[str, Any], progress: Progress) -> Done:
    full = bool(arguments.get("full"))
    return Done(published=context.publisher.publish(full=full, progress=progress))


def _crawl(context: Context, arguments: Mapping[str, Any], progress: Progress) -> Done:
    """Crawl sources one after the other; what they find is published as it comes."""
    options = ("only_failed", "url", "limit")
    asked = Asked(**{name: arguments[name] for name in options if name in arguments})
    made = [_crawl_one(context, name, asked, progress) for name in arguments["sources"]]
    return Done(crawled=tuple(made))


def _crawl_one(context: Context, name: str, asked: Asked, progress: Progress) -> Crawl:
    """Crawl a source. Raises Cancelled when somebody asked for that, after all has been tidied."""
    _refuse_a_second(context.jobs, name, asked)
    Crawls(context.library.engine).give_up(name, asked)
    keeping_up = KeepingUp(context.jobs, lambda job: run(context, job))
    before, is_cancelled = context.library.revision(), False
    started = time.monotonic()

    def watch(totals: Totals, remaining: int) -> bool:
        nonlocal is_cancelled
        keeping_up.tick(totals.new + totals.changed)
        done = totals.addresses
        try:
            rate = done / max(time.monotonic() - started, 1.0)
            progress(done, done + remaining, _going(name, totals, rate))
        except Cancelled:
            is_cancelled = True
        return is_cancelled

    source = context.source(name)
    crawled = crawl(context, source, asked, watch=watch)
    group(context.library, source)
    if context.library.revision() != before:
        keeping_up.finish()
    if is_cancelled:
        raise Cancelled
    return crawled.crawl


def _refuse_a_second(jobs: Jobs, name: str, asked: Asked) -> None:
    """Raise LibraryError where somebody else crawls the source: one crawler is enough for a site.

    This job is one of those that run; a single page does not wait for a crawl of hours.
    """
    running = [
        job.id
        for job in jobs.unfinished("crawl")
        if job.state is State.RUNNING
        and name in job.arguments["sources"]
        and not (asked.url or job.arguments.get("url"))
    ]
    if len(running) > 1:
        raise LibraryError(f"{name} is being crawled already, by job {running[0]}")


def _going(name: str, totals: Totals, rate: float) -> str:
    """How a crawl is going, in a line for whoever waits for it; ``rate`` is addresses a second."""
    counts = ("new", "changed", "unchanged", "failed", "removed")
    said = ", ".join(f"{getattr(totals, count)} {count}" for count in counts)
    return f"{name}: {said}, {rate:.1f} a second"


def _publish_after(context: Context, receipts: Iterator[Receipt], progress: Progress) -> Done:
    """Take everything in, then publish what changed; a rollback holds until something does."""
    taken = tuple(receipts)
    publisher = context.publisher
    changed = [r.key for r in taken if r.outcome not in (Outcome.UNCHANGED, Outcome.FAILED)]
    group_around(context.library, context.sources, changed)
    waiting = not publisher.is_held() and (bool(publisher.waiting()) or publisher.is_stale())
    if changed or waiting:
        return Done(taken, publisher.publish(progress=progress))
    return Done(taken)


_KINDS: Mapping[str, Callable[[Context, Mapping[str, Any], Progress], Done]] = {
    "add": _add,
    "scan": _scan,
    "publish": _publish,
    "crawl": _crawl,
    "reparse": _reparse,
    "purge": _purge,
}


def examples(context: Context) -> Mapping[str, Any]:
    """The arguments of the job that takes the bundled collection in."""
    return {"paths": [str(context.settings.corpus / "documents")], "source": EXAMPLES}


def _noting(jobs: Jobs, number: int, progress: Progress) -> Progress:
    noted = time.monotonic()

    def note(done: int, total: int, what: str) -> None:
        nonlocal noted
        progress(done, total, what)
        now = time.monotonic()
        if done % _STEPS_BETWEEN_NOTES == 0 or done == total or now - noted >= _NOTE_SECONDS:
            noted = now
            if jobs.progress(number, done, total, what):
                raise Cancelled

    return note


@contextmanager
def _beating(jobs: Jobs, number: int) -> Iterator[None]:
    """Let others know that the job's worker lives, for as long as the block runs."""
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(_HEARTBEAT_SECONDS):
            jobs.alive(number)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
