"""The pinned ratios to tantivy, and whether they still hold.

``bench/baseline.json`` has the medians of five runs on the bundled collection, grown to ``SCALE``
documents. A ratio that is worse by a quarter is measured again; worse twice in a row, it fails.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.benchmark.run import Asked, benchmark
from search.settings import Settings

BASELINE = Path(__file__).resolve().parent.parent / "baseline.json"
#: Documents: what the benchmark's standard has too.
SCALE = 30_802
TASKS = (
    "rank", "page", "search", "and", "phrase", "filtered", "by_date",
    "update", "index", "index2", "memory", "disk",
)  # fmt: skip
#: Times what is pinned: more is worse than the noise of a shared machine.
MOST = 1.25
PEER = "tantivy"

Ratios = Mapping[str, Mapping[str, float]]


def main(arguments: list[str] | None = None) -> int:
    """Pin or check; 1 when a ratio is worse twice in a row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pin", action="store_true", help="write what five runs come to")
    if parser.parse_args(arguments).pin:
        pinned = {"peer": PEER, "documents": SCALE, "ratios": measured(runs=5)}
        BASELINE.write_text(json.dumps(pinned, indent=2) + "\n", encoding="utf-8")
        return 0
    pinned = json.loads(BASELINE.read_text(encoding="utf-8"))["ratios"]
    found = dict(worse(measured(runs=3), pinned))
    if found:
        _say("worse, and measured again:", found)
        again = dict(worse(measured(runs=3), pinned))
        found = {name: again[name] for name in found.keys() & again.keys()}
    _say("worse twice in a row:" if found else "every pinned ratio holds", found)
    return int(bool(found))


def measured(runs: int) -> Ratios:
    """Ratios of ours to the peer by task and percentile."""
    asked = Asked(home=Settings().home, scale=SCALE, tasks=TASKS, runs=runs)
    report: Mapping[str, Any] = benchmark(asked, lambda what: _say(f"{what} ...")).tasks
    return {
        task: {share: round(ratio, 3) for share, ratio in found["ratio"][PEER].items()}
        for task, found in report.items()
    }


def worse(found: Ratios, pinned: Ratios) -> Iterator[tuple[str, str]]:
    """What is over ``MOST`` times what is pinned, or is not measured any more: name → figures."""
    for task, shares in pinned.items():
        for share, before in shares.items():
            now = found.get(task, {}).get(share)
            if now is None:
                yield f"{task} {share}", f"pinned at {before:.2f} and not measured"
            elif now > MOST * before:
                yield f"{task} {share}", f"{now:.2f}, pinned at {before:.2f}"


def _say(what: str, found: Mapping[str, str] | None = None) -> None:
    lines = (f"  {name}: {figures}" for name, figures in (found or {}).items())
    sys.stderr.write("\n".join((what, *lines)) + "\n")


if __name__ == "__main__":
    sys.exit(main())
