"""What the ranking is worth, held against what it was worth when it was last pinned.

``relevance.json`` has a row for each judged set: its folder, its documents, its split and the
figures. A figure that has fallen by more than ``MAY_FALL`` fails; one that has risen is for
whoever changed the ranking to pin (``--pin``). Sets whose data is not on this machine are skipped
and say so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from indexer.judging import judge
from search.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PINNED = Path(__file__).with_suffix(".json")

#: How much a figure may fall before somebody must look: less than one query in a hundred.
MAY_FALL = 0.01


@dataclass(frozen=True, slots=True)
class Pinned:
    """A judged set and its pinned figures.

    ``folder`` and ``corpus`` are relative to the project's folder; without a corpus the folder's
    own documents are asked, or the bundled ones.
    """

    folder: str
    split: str = ""
    corpus: str = ""
    measures: Mapping[str, float] | None = None

    @property
    def name(self) -> str:
        """What the set is called in the table."""
        return f"{self.folder} {self.split}".strip()

    @property
    def is_here(self) -> bool:
        """Whether this machine has the set."""
        return all((ROOT / path).is_dir() for path in (self.folder, self.corpus) if path)


def fallen(pinned: Mapping[str, float], now: Mapping[str, float]) -> dict[str, float]:
    """The measures that fell by more than they may, and by how much.

    >>> fallen({"RR@10": 0.9, "P@1": 0.8}, {"RR@10": 0.88, "P@1": 0.795})
    {'RR@10': 0.02}
    """
    falls = {name: round(value - now[name], 6) for name, value in pinned.items()}
    return {name: fall for name, fall in falls.items() if fall > MAY_FALL}


def measured(pinned: Pinned) -> Mapping[str, float]:
    """What the ranking is worth on a set today, to three decimals."""
    corpus = ROOT / pinned.corpus if pinned.corpus else None
    report = judge(Settings(), ROOT / pinned.folder, split=pinned.split, corpus=corpus)
    return {name: round(value, 3) for name, value in report.found.total.items()}


def read_pinned(path: Path = PINNED) -> tuple[Pinned, ...]:
    """The pinned sets in the order of the file."""
    return tuple(Pinned(**row) for row in json.loads(path.read_text(encoding="utf-8")))


def main() -> int:
    """Measure every set that is here and print a line each; 1 when one has fallen."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pin", action="store_true", help="write today's figures")
    parser.add_argument("--bundled", action="store_true", help="only the bundled documents")
    asked = parser.parse_args()
    rows, failed = [], False
    for pinned in read_pinned():
        if not pinned.is_here or (asked.bundled and not pinned.folder.startswith("corpus/")):
            print(f"{pinned.name}: skipped")
            rows.append(pinned)
            continue
        now = measured(pinned)
        falls = {} if asked.pin else fallen(pinned.measures or {}, now)
        failed = failed or bool(falls)
        figures = "  ".join(f"{name} {value:.3f}" for name, value in now.items())
        said = "".join(f"  {name} fell by {fall:.3f}" for name, fall in falls.items())
        print(f"{pinned.name}: {figures}{said}", flush=True)
        rows.append(replace(pinned, measures=now))
    if asked.pin:
        text = json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False)
        PINNED.write_text(text + "\n", encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
