"""The receipt of a run (skördekvitto): each address with what it became, and what all came to.

Reads only; the same receipt as lines for a terminal, CSV for a spreadsheet and JSON for programs.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, select

from indexer.crawl.drift import FITS
from indexer.crawl.runs import Became, Crawl, RunState, Totals, count_visits, run_of
from indexer.tables import visits

#: What makes a spreadsheet take a cell for a formula, also after blanks.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
#: Pages named in the lines; all of them stand in CSV and JSON.
_MOST_NAMED = 20
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Visit:
    """What became of an address in a run. ``reason`` is English, where there is one to give.

    ``drift`` is how the site's rules fit the page, ``""`` where it was not compared.
    """

    url: str
    at: str
    http_status: int
    outcome: Became
    key: str
    digest: str
    words: int
    pages_without_text: int
    bytes: int
    milliseconds: int
    reason: str
    drift: str


@dataclass(frozen=True, slots=True)
class CrawlReceipt:
    """A run, what it came to so far, and its visits in the order they were made."""

    crawl: Crawl
    totals: Totals
    visits: tuple[Visit, ...]

    @property
    def has_document(self) -> bool:
        """Whether an address was a document, new or known."""
        kept = (Became.NEW, Became.CHANGED, Became.UNCHANGED)
        return any(visit.outcome in kept for visit in self.visits)

    def drifting(self) -> tuple[Visit, ...]:
        """The visits to pages that the site's rules do not fit."""
        return tuple(visit for visit in self.visits if visit.drift not in ("", FITS))

    def skipped(self) -> Mapping[str, int]:
        """How many addresses were skipped for each reason, the commonest first."""
        return self._reasons(Became.SKIPPED)

    def failed(self) -> Mapping[str, int]:
        """How many addresses failed for each reason, the commonest first."""
        return self._reasons(Became.FAILED)

    def lines(self) -> Iterator[str]:
        """The receipt for a terminal, without the single addresses."""
        run, totals = self.crawl, self.totals
        yield f"Crawl {run.id} of {run.source}: {run.state}, {_asked(run)}"
        yield f"{run.started} – {run.ended or 'has not ended'}"
        if run.reason:
            yield f"{'Held' if run.state is RunState.HELD else 'Note'}: {run.reason}"
        for name, reasons in (("skipped", self.skipped()), ("failed", self.failed())):
            yield f"{getattr(totals, name):>7} {name}"
            yield from (f"        {count:>7} {reason}" for reason, count in reasons.items())
        for name in ("new", "changed", "unchanged", "followed", "gone", "removed"):
            yield f"{getattr(totals, name):>7} {name}"
        yield f"{totals.pages_without_text:>7} pages without text layer"
        drifting = self.drifting()
        if drifting:
            yield f"{len(drifting):>7} pages that the site's rules do not fit"
            yield from (f"          {visit.url}: {visit.drift}" for visit in drifting[:_MOST_NAMED])
        yield f"{totals.bytes:,} bytes in {totals.seconds:.1f} s of fetching and reading"

    def to_csv(self) -> str:
        """A row an address under a header; no cell is a formula, whatever a site wrote in it."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(Visit.__slots__)
        for visit in self.visits:
            writer.writerow([_cell(getattr(visit, name)) for name in Visit.__slots__])
        return out.getvalue()

    def to_json(self) -> str:
        """Everything, for programs."""
        values = {
            "crawl": asdict(self.crawl),
            "totals": asdict(self.totals),
            "skipped": dict(self.skipped()),
            "failed": dict(self.failed()),
            "visits": [asdict(visit) for visit in self.visits],
        }
        return json.dumps(values, ensure_ascii=False, indent=1)

    def _reasons(self, outcome: Became) -> Mapping[str, int]:
        """Reasons that differ only in an address are one."""
        reasons = (visit.reason for visit in self.visits if visit.outcome is outcome)
        counted = Counter(_ADDRESS.sub("…", reason) or "no reason given" for reason in reasons)
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def read_receipt(engine: Engine, number: int) -> CrawlReceipt:
    """The receipt of a stored run, also of one that goes on. Raises LibraryError without one."""
    columns = [visits.c[name] for name in Visit.__slots__]
    query = select(*columns).where(visits.c.crawl == number).order_by(visits.c.at, visits.c.url)
    with engine.connect() as connection:
        crawl = run_of(connection, number)
        totals = count_visits(connection, number)
        rows = connection.execute(query).all()
    made = (Visit(**{**row._mapping, "outcome": Became(row.outcome)}) for row in rows)
    return CrawlReceipt(crawl, totals, tuple(made))


def _asked(run: Crawl) -> str:
    asked = run.asked
    what = asked.url or ("what had failed" if asked.only_failed else "the whole source")
    return f"{what}, at most {asked.limit} addresses" if asked.limit else what


def _cell(value: object) -> object:
    """A value that a spreadsheet shows as it is; numbers are ours."""
    if not isinstance(value, str):
        return value
    # A quote is what spreadsheets themselves put before text that looks like a formula.
    return f"'{value}" if _FORMULA.match(value) else str(value)
