"""A crawl from the parent's side: a run is begun, its child started and watched, removals made.

Publishing is not its business. The child has no say in what leaves the library: what was gone is
counted here, when all of the run is known.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from indexer.context import Context
from indexer.crawl.drift import ALARM, Drift
from indexer.crawl.frontier import Frontier, ask_again
from indexer.crawl.guard import guard_for
from indexer.crawl.receipt import read_receipt
from indexer.crawl.removal import Removal, refuse, release
from indexer.crawl.runs import Asked, Became, Crawl, Crawls, Totals
from indexer.crawl_process import TOLD, order
from indexer.sources import Source
from search.errors import LibraryError, SettingsError

#: How often the run's rows are looked at.
_POLL_SECONDS = 0.5
#: How long a child may take to finish what it has in hand.
_END_SECONDS = 100.0
_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from indexer.crawl_process import main; main()"

#: Is told how a run goes: what it has come to, and how many addresses it still wants. True stops.
Watch = Callable[[Totals, int], bool]


@dataclass(frozen=True, slots=True)
class Crawled:
    """A run that has ended, or waits for an editor, and the documents it removed.

    ``robots`` has a line of English for each robots.txt that was read.
    """

    crawl: Crawl
    removed: tuple[str, ...]
    robots: tuple[str, ...] = ()


def crawl(
    context: Context,
    source: Source,
    asked: Asked | None = None,
    *,
    watch: Watch = lambda totals, remaining: False,
    days_ahead: int = 0,
) -> Crawled:
    """Crawl a source, or go on with the run that was killed.

    ``days_ahead`` lets tests and benches pretend that it is later. Raises SettingsError when the
    source is not crawled or nobody answers for the crawl, LibraryError when another run of the
    source goes on or the child dies: then the same again goes on from there.
    """
    frontier = _begun(context, source, asked, timedelta(days=days_ahead))
    number, alarm = frontier.crawl.id, _alarm(context, source, frontier.crawl.id)
    said = _watched(context, frontier, days_ahead, watch, alarm)
    stopped = str(said["stopped"])
    if why := alarm():
        _take_back(context, number)
        Crawls(frontier.engine).hold(number, why)
    at_once = bool(source.crawl and source.crawl.gone_at_once)
    settled = Removal(frontier, gone_at_once=at_once).finish(stopped=bool(stopped), reason=stopped)
    for key in settled.remove:
        context.library.remove(key, "gone at its source")
    run = Crawls(frontier.engine).get(number)
    return Crawled(run, settled.remove, tuple(said["robots"]))


def _begun(context: Context, source: Source, asked: Asked | None, ahead: timedelta) -> Frontier:
    """The frontier of the run that begins or goes on."""
    if source.crawl is None:
        raise SettingsError(f"{source.name} is not crawled: corpus/sources.toml does not say how")
    _refuse_without_contact(context, source)
    return Frontier.begin(
        context.library.engine,
        source.name,
        asked,
        every_hours=source.crawl.every_hours,
        clock=lambda: datetime.now(UTC) + ahead,
    )


def _alarm(context: Context, source: Source, number: int) -> Callable[[], str]:
    """Says why the run is to be held, ``""`` while all is well or an editor has said it is."""
    accepted = context.library.fact(_accepted(source)) == context.intake.parsed_by
    drift = Drift(context.library.engine, number)
    return lambda: "" if accepted else drift.alarm()


@dataclass(frozen=True, slots=True)
class Decided:
    """What an editor said of a held run, and the documents that left with it."""

    crawl: int
    is_right: bool
    removed: tuple[str, ...]


def accept(context: Context, source: Source) -> None:
    """An editor says that a source is read well; until its rules or the parsers change."""
    context.library.set_fact(_accepted(source), context.intake.parsed_by)


def _accepted(source: Source) -> str:
    """The library's note by which parsers and rules a source is said to be read well."""
    return f"drift_accepted:{source.name}"


def _take_back(context: Context, number: int) -> None:
    """Undo what a run stored: its rules read the pages wrongly, and what was there is better."""
    library, taken_back = context.library, f"read wrongly by crawl {number}"
    kept = {Became.NEW, Became.CHANGED}
    for visit in read_receipt(library.engine, number).visits:
        version = library.version(visit.key) if visit.outcome in kept and visit.key else None
        if version is None:
            continue
        before = library.version(visit.key, version.revision - 1)
        known = library.known_by_key(visit.key)
        if before and before.digest and known:
            library.store(
                before.document,
                library.blob(before.digest),
                origin=before.document.url or known.origin,
                parsed_by=known.parsed_by,
            )
        else:
            library.remove(visit.key, taken_back)
    ask_again(library.engine, number)


def decide(context: Context, number: int, *, is_right: bool) -> Decided:
    """An editor's word about a held run. Raises LibraryError when it does not wait for one."""
    if not is_right:
        refuse(context.library.engine, number)
        return Decided(number, False, ())
    run = Crawls(context.library.engine).get(number)
    if run.reason.startswith(ALARM):
        accept(context, context.source(run.source))
    removed = release(context.library.engine, number)
    for key in removed:
        context.library.remove(key, f"gone at its source; crawl {number} released by an editor")
    return Decided(number, True, removed)


def _refuse_without_contact(context: Context, source: Source) -> None:
    """Raise SettingsError where a site would be asked by nobody in particular."""
    place = guard_for(source, context.settings).stand_in(source.hosts[0], 443)
    is_ours = place is not None and place[0].is_loopback
    if not (context.settings.crawl_contact or is_ours):
        raise SettingsError(
            "crawl_contact is not set: the sites must be able to see who asks; set"
            " METODSOK_CRAWL_CONTACT to a mail or web address"
        )


def _watched(
    context: Context,
    frontier: Frontier,
    days_ahead: int,
    watch: Watch,
    alarm: Callable[[], str],
) -> Mapping[str, Any]:
    """Run the child to its end; its last word."""
    number, source = frontier.crawl.id, frontier.source
    crawls = Crawls(frontier.engine)
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", _CHILD, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # A key pressed in the terminal is for the parent, which lets the child finish.
        start_new_session=True,
    )
    try:
        assert child.stdin is not None  # noqa: S101 - a pipe was asked for
        child.stdin.write(order(context.settings, number, source, days_ahead) + "\n")
        child.stdin.flush()
        is_told = False
        while child.poll() is None:
            if not is_told and (alarm() or watch(crawls.totals(number), frontier.remaining())):
                child.stdin.close()
                is_told = True
            time.sleep(_POLL_SECONDS)
        return _last_word(child, number, is_told)
    finally:
        _end(child)


def _last_word(child: subprocess.Popen[str], number: int, is_told: bool) -> Mapping[str, Any]:
    """What the child says at its end: why that came early, or ``""``, and of robots.txt."""
    said = child.stdout.read() if child.stdout else ""
    if child.returncode != 0 or not said.strip():
        raise LibraryError(
            f"the process of crawl {number} ended with exit code {child.returncode};"
            " the same command goes on from there"
        )
    word: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    if word["stopped"] == TOLD and not is_told:
        word["stopped"] = "its parent went away"
    return word


def _end(child: subprocess.Popen[str]) -> None:
    if child.stdin and not child.stdin.closed:
        child.stdin.close()
    try:
        child.wait(_END_SECONDS if child.poll() is None else 0)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout:
        child.stdout.close()
