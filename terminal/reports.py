"""What was done, and how things stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Protocol

from rich.markup import escape
from rich.table import Table

from terminal.console import complain, out, plain, print_json, say

if TYPE_CHECKING:
    from indexer.archive import ArchiveSummary
    from indexer.forgetting import Forgotten
    from indexer.status import SourceStatus, Status
    from indexer.tasks import Done
    from indexer.verify import Verdict
    from search.index import Generation
    from search.judged_compounds import CompoundScore
    from search.judged_report import Report


class Measured(Protocol):
    """What the benchmark hands over; the bench is no room of the product, so only its shape."""

    @property
    def complaints(self) -> Sequence[str]:
        """What makes the work of two engines unequal."""

    @property
    def about(self) -> str:
        """What its table is of, in a line."""

    @property
    def notes(self) -> Sequence[str]:
        """What was left out, and why."""

    def head(self) -> Sequence[str]:
        """The columns of its table."""

    def rows(self) -> Iterable[Sequence[str]]:
        """The rows of its table."""

    def to_json(self) -> Mapping[str, Any]:
        """The whole."""


def receipts(done: Done, as_json: bool) -> None:
    """What became of each file, and the publication that followed."""
    if as_json:
        print_json({"receipts": done.receipts, "published": done.published})
        return
    table = Table("", "key", "title", box=None, pad_edge=False)
    for item in done.receipts:
        colour = {"failed": "red", "added": "green", "changed": "green"}.get(item.outcome, "dim")
        what = item.detail or item.title
        name = item.key or PurePath(item.origin).name
        table.add_row(f"[{colour}]{item.outcome}[/]", escape(name), escape(what))
    out.print(table)
    say(done.message)


def published(done: Done, as_json: bool) -> None:
    """What a publication did."""
    if as_json:
        print_json(done.published)
    elif done.published:
        p = done.published
        say(
            f"Generation {p.generation} serves {p.documents} documents "
            f"({p.put} written, {p.removed} removed, {p.seconds:.1f} s)."
        )


def status(state: Status, as_json: bool) -> None:
    """The state of the whole."""
    if as_json:
        print_json(state)
        return
    say(f"Home      {state.home}")
    say(f"Library   {state.documents} documents, revision {state.revision}")
    if state.generation:
        shown = f"generation {state.generation}, {state.published} documents"
        say(f"Index     {shown}, revision {state.generation_revision}, made {state.created}")
    else:
        say("Index     nothing is published yet")
    out.print()
    sources([item for item in state.sources if item.documents], as_json=False)
    if state.problems:
        out.print(f"\n[red]{len(state.problems)} could not be read[/]")
        for problem in state.problems:
            say(f"  {problem.origin}: {problem.message} ({problem.reason})")
    for hint in state.hints:
        out.print(f"\n[yellow]Hint:[/] {escape(hint)}")


def sources(items: Sequence[SourceStatus], as_json: bool) -> None:
    """The sources with their counts."""
    if as_json:
        print_json(list(items))
        return
    columns = ("source", "", "documents", "shown", "last crawl", "next due")
    table = Table(*columns, box=None, pad_edge=False)
    for item in items:
        shown = "yes" if item.shown else "[red]no[/]"
        crawled = f"{_minute(item.crawled)} {item.state}" if item.crawled else "–"
        due = _minute(item.due) if item.due else "–"
        table.add_row(
            item.name, escape(item.label), str(item.documents), shown, crawled.strip(), due
        )
    out.print(table)


def _minute(moment: str) -> str:
    """A time of the library's as clocks here show it."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def verdict(found: Verdict, as_json: bool) -> None:
    """Whether library and index agree."""
    if as_json:
        print_json({**plain(found), "agrees": found.agrees})
        return
    for item in found.disagreements:
        out.print(f"[red]{escape(item.key or 'index')}[/]: {escape(item.what)}")
    if not found.agrees:
        say(f"Library and index disagree in {len(found.disagreements)} places.")
    elif found.generation:
        say(
            f"Library and index agree: generation {found.generation} shows {found.documents} "
            f"documents in {found.passages} passages, as of revision {found.generation_revision}."
        )
    else:
        say("Nothing is published yet.")
    if found.waiting:
        say(f"{found.waiting} newer changes wait to be published: metodsok index")


def rolled_back(generation: Generation, as_json: bool) -> None:
    """Which generation serves after a rollback."""
    if as_json:
        print_json(
            {
                "generation": generation.number,
                "revision": generation.revision,
                "documents": len(generation.documents),
            }
        )
    else:
        say(
            f"Generation {generation.number} serves again, with {len(generation.documents)} "
            "documents, until something changes or 'metodsok index' is run."
        )


def forgotten(key: str, found: Forgotten, as_json: bool) -> None:
    """What forgetting a document did."""
    if as_json:
        print_json(found)
        return
    if found.erased.versions:
        versions = (
            "1 version" if found.erased.versions == 1 else f"{found.erased.versions} versions"
        )
        say(f"{key} is erased in {versions}, and is kept out from now on.")
    else:
        say(f"There was no document {key}; it is kept out from now on.")
    if not found.is_clean:
        say("The library was in use: do the same again, so that its file is written anew.")


def archived(verb: str, summary: ArchiveSummary, as_json: bool) -> None:
    """What was exported or imported."""
    if as_json:
        print_json(summary)
    else:
        say(
            f"{verb} {summary.documents} documents in {summary.versions} versions, "
            f"{summary.blobs} files of {summary.bytes / 1_000_000:.1f} MB."
        )


def evaluation(found: Report, by: Sequence[str], as_json: bool) -> None:
    """What a ranking is worth, in total and by what the queries say of themselves.

    Raises SettingsError for a metadata key that no query has.
    """
    found.check(by)
    if as_json:
        print_json(found.to_json())
        return
    table = Table(*found.head(), box=None, pad_edge=False)
    for row in found.rows(by):
        table.add_row(*map(escape, row))
    out.print(table)


def compounds(found: CompoundScore, as_json: bool) -> None:
    """How well compounds are split."""
    if as_json:
        print_json(found)
        return
    say(f"Precision {found.precision:.3f}, recall {found.recall:.3f}, F1 {found.f1:.3f}")
    say(f"Wrongly split {found.wrongly_split:.1%}")


def benchmark(found: Measured, as_json: bool) -> None:
    """How fast engines are, and on standard error whether they did the same work."""
    for complaint in found.complaints:
        complain(f"the work was not equal: {complaint}")
    if as_json:
        print_json(found.to_json())
        return
    say(found.about)
    first, second, *rest = found.head()
    table = Table(first, second, box=None, pad_edge=False)
    for name in rest:
        table.add_column(name, justify="right")
    for row in found.rows():
        table.add_row(*map(escape, row))
    out.print(table)
    for note in found.notes:
        say(note)
