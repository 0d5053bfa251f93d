"""A crawl that is killed again and again, and what is left of it: ``make bench-crawl`` does it too.

Kills the child, the parent or both at moments drawn from a seed, runs the same again each time, and
in the end compares the library with that of a crawl that nobody disturbed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from indexer.context import Context
from indexer.crawling import crawl
from search.settings import read_settings
from tests.site.server import Served

#: A crawl of the smallest source takes less; one that hangs is ended and fails.
PATIENCE_SECONDS = 120.0
#: How long a child may take to notice that its parent is gone and to finish what it has in hand.
_ORPHAN_SECONDS = 30.0
_PROGRAM = "from bench.crawl_kills import crawl_here; crawl_here()"
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Kept:
    """What a library came to: what must be the same however often a crawl was killed.

    Documents by key with their origin, text and number of versions; addresses with the document
    they lead to and their state. Times, counts of visits and bytes (clocks on pages) may differ.
    """

    documents: Mapping[str, tuple[str, bool, str, int]]
    addresses: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Killed:
    """How often crawls were killed, how many runs that took, what each of those that came to an
    end left in its library, and how many children outlived their parents."""

    kills: int
    runs: int
    kept: tuple[Kept, ...]
    orphans: int


def crawl_here() -> None:
    """Crawl the source that the environment names; the program that is killed."""
    with Context(read_settings()) as context:
        crawl(context, context.source(os.environ["CRAWLED"]))


def undisturbed(served: Served, home: Path, source: str) -> Kept:
    """A crawl that nobody kills."""
    _run(_environment(served, home, source)).wait(PATIENCE_SECONDS)
    return kept_in(home)


def disturbed(served: Served, home: Path, source: str, kills: int, seed: int) -> Killed:
    """Crawls that are killed so many times in all: each until it ends, then a new one."""
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    environment = _environment(served, home, source)
    done, runs, children, kept = 0, 0, set[int](), list[Kept]()
    is_cut = False
    while done < kills or is_cut:
        parent = _run(environment)
        runs += 1
        if done < kills and _is_alive_after(parent, chance.uniform(0.4, 3.0)):
            child = next(_children_of(parent.pid), 0)
            children.add(child)
            _kill(chance.choice(("child", "parent", "both")), parent, child)
            done += 1
        is_cut = parent.wait(PATIENCE_SECONDS) != 0
        if not is_cut:
            kept.append(kept_in(home))
            for file in home.glob("library.sqlite*"):
                file.unlink()
    return Killed(done, runs, tuple(kept), _orphans(children))


def kept_in(home: Path) -> Kept:
    """What a library in a folder holds."""
    with closing(sqlite3.connect(home / "library.sqlite")) as library:
        documents = {
            key: (origin, bool(removed), _text(document), number)
            for key, origin, removed, document, number in library.execute(
                "SELECT d.key, d.origin, d.removed, v.document,"
                " (SELECT count(*) FROM versions WHERE key = d.key)"
                " FROM documents d JOIN versions v ON v.revision = d.revision"
            )
        }
        rows = library.execute("SELECT url, key, state FROM pages")
        return Kept(documents, {url: (key, state) for url, key, state in rows})


def _text(document: str | None) -> str:
    return json.dumps(json.loads(document or "null"), sort_keys=True)


def _environment(served: Served, home: Path, source: str) -> Mapping[str, str]:
    places = ",".join(f"{host}={at}" for host, at in served.resolve().items())
    return {
        **os.environ,
        "SSL_CERT_FILE": str(served.ca_file),
        "METODSOK_HOME": str(home),
        "METODSOK_CRAWL_ALLOW_ADDRESSES": served.https_address,
        "METODSOK_CRAWL_RESOLVE": places,
        "METODSOK_CRAWL_PACE_PERCENT": "0",
        "METODSOK_CRAWL_TIMEOUT": "5",
        "METODSOK_PARSE_SECONDS": "5",
        "CRAWLED": source,
    }


def _run(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _is_alive_after(process: subprocess.Popen[bytes], seconds: float) -> bool:
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
        return False
    return True


def _kill(whom: str, parent: subprocess.Popen[bytes], child: int) -> None:
    """Kill without a warning; a parent whose child is gone ends by itself."""
    if whom != "parent" and child:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    if whom != "child" or not child:
        parent.kill()


def _children_of(process: int) -> Iterator[int]:
    with suppress(OSError):
        listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        yield from (int(number) for number in listed.split())


def _orphans(children: set[int]) -> int:
    """How many children outlived their parents for too long."""
    until = time.monotonic() + _ORPHAN_SECONDS
    left = {child for child in children if child}
    while left and time.monotonic() < until:
        left = {child for child in left if _is_running(child)}
        time.sleep(0.1)
    return len(left)


def _is_running(process: int) -> bool:
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return b"crawl_process" in command
