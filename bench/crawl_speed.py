"""How fast a crawl is with pacing off, and what memory it takes: ``python -m bench.crawl_speed``.

The fixture site with thousands of generated articles is served by a process of its own, which
competes for the same cores; its memory does not count. What counts is the proportional share (PSS)
of the crawl's own processes: the one that watches, the spider and its parser. Aims are reported;
only what misses one by more than twice fails.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from indexer.context import Context
from indexer.crawl.runs import Totals
from indexer.crawling import crawl
from search.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = 20_000
#: Aims on two cores; failing is twice as slow, or twice as large.
AIM_PAGES_A_SECOND, AIM_MB = 60.0, 400.0
#: The last fifth of the samples over the second: what grows with the number of pages is a leak.
MOST_GROWTH = 1.15
_SAMPLE_SECONDS = 5.0
_SERVER = """
import json, sys
from tests.site.server import serve
with serve(day=1, more=int(sys.argv[1])) as site:
    print(json.dumps([site.https_address, str(site.ca_file), site.resolve()]), flush=True)
    sys.stdin.read()
"""


def main() -> int:
    """Crawl, sample, print; 1 when an aim is missed by more than twice."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=PAGES, help="articles to generate")
    asked = parser.parse_args()
    memory = list[float]()
    with _served(asked.pages) as (address, resolve), tempfile.TemporaryDirectory() as home:
        settings = Settings(
            home=Path(home),
            crawl_allow_addresses=(address,),
            crawl_resolve=tuple(f"{host}={at}" for host, at in resolve.items()),
            crawl_pace_percent=0,
        )
        with Context(settings) as context:
            started = time.perf_counter()
            made = crawl(context, context.source("gr"), watch=_sampler(memory)).crawl
            seconds = time.perf_counter() - started
    rate = (made.totals.new + made.totals.changed) / seconds
    fifth = max(len(memory) // 5, 1)
    early, late = (statistics.median(part) for part in (memory[fifth : 2 * fifth], memory[-fifth:]))
    print(f"{made.totals.new} documents of {made.totals.addresses} addresses in {seconds:.0f} s")
    print(f"{rate:.1f} pages a second parsed and stored (aim {AIM_PAGES_A_SECOND:.0f})")
    series = " ".join(f"{value:.0f}" for value in memory[:: max(len(memory) // 20, 1)])
    print(f"memory in MB as it went: {series}")
    print(f"{max(memory):.0f} MB at most (aim {AIM_MB:.0f}), {late / early:.2f} times as much late")
    is_bad = rate < AIM_PAGES_A_SECOND / 2 or max(memory) > AIM_MB * 2
    is_bad = is_bad or late > early * MOST_GROWTH
    print(f"bench-crawl-speed: {'short' if is_bad else 'within twice the aims, and flat'}")
    return int(is_bad)


def _sampler(into: list[float]) -> Any:
    last = time.monotonic()

    def watch(totals: Totals, remaining: int) -> bool:
        nonlocal last
        if time.monotonic() - last >= _SAMPLE_SECONDS:
            last = time.monotonic()
            into.append(sum(_pss(process) for process in _tree(os.getpid())) / 1e6)
        return False

    return watch


def _tree(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                if b"tests.site.server" not in Path(f"/proc/{child}/cmdline").read_bytes():
                    yield from _tree(int(child))


def _pss(process: int) -> float:
    """The proportional share of a process, in bytes; 0 for one that has just ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1]) * 1024
    return 0.0


@contextmanager
def _served(pages: int) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The site in a process of its own, until the block ends."""
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(pages)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin and server.stdout  # noqa: S101 - pipes were asked for
    try:
        address, authority, resolve = json.loads(server.stdout.readline())
        os.environ["SSL_CERT_FILE"] = authority
        yield address, resolve
    finally:
        server.stdin.close()
        server.stdout.close()
        server.wait(30)


if __name__ == "__main__":
    sys.exit(main())
