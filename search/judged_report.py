"""What an evaluation says: as JSON for programs and as rows of a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from search.errors import SettingsError
from search.evaluation import COVERAGE, Evaluation, differences


@dataclass(frozen=True, slots=True)
class Report:
    """The product's evaluation, and beside it that of a named baseline on the same queries."""

    found: Evaluation
    baseline: Evaluation | None = None
    baseline_name: str = ""

    def check(self, by: Sequence[str]) -> None:
        """Raises SettingsError for a metadata key that no query has."""
        for key in by:
            if key not in self.found.keys:
                allowed = ", ".join(self.found.keys) or "none"
                raise SettingsError(f"--by {key!r}: no query has it; allowed are: {allowed}")

    def to_json(self) -> dict[str, Any]:
        """Means in total and by every metadata key, for both, and how far apart they are."""
        said = {"queries": len(self.found.answers), **_means(self.found)}
        if self.baseline:
            said["baseline"] = {"name": self.baseline_name, **_means(self.baseline)}
            said["difference"] = differences(self.found, self.baseline)
        return said

    def head(self) -> tuple[str, ...]:
        """What stands above the columns of ``rows``."""
        return ("", "queries", *self.found.total)

    def rows(self, by: Sequence[str] = ()) -> Iterator[tuple[str, ...]]:
        """The rows of a table, by the metadata keys asked for or by all there are."""
        yield from _rows(self.found, by, "all")
        if self.baseline:
            yield from _rows(self.baseline, by, self.baseline_name)
            apart = differences(self.found, self.baseline).values()
            yield ("difference", "", *(f"{item.mean:+.3f}" for item in apart))
            yield (f"  {COVERAGE:.0%} from", "", *(f"{item.low:+.3f}" for item in apart))
            yield (f"  {COVERAGE:.0%} to", "", *(f"{item.high:+.3f}" for item in apart))


def _means(found: Evaluation) -> dict[str, Any]:
    return {"measures": found.total, **{f"by_{key}": found.by(key) for key in found.keys}}


def _rows(found: Evaluation, by: Sequence[str], name: str) -> Iterator[tuple[str, ...]]:
    yield (name, str(len(found.answers)), *(f"{mean:.3f}" for mean in found.total.values()))
    for key in by or found.keys:
        for value, means in found.by(key).items():
            cells = (f"{mean:.3f}" for mean in means.values())
            yield (f"  {key} {value}", str(found.count(key, value)), *cells)
