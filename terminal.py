"""How the front door speaks: tables and progress bars for people, JSON for programs.

Presentation only. English, as operators expect; documents and what is wrong with them keep
their Swedish.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from search.errors import SettingsError

if TYPE_CHECKING:
    from indexer.archive import ArchiveSummary
    from indexer.status import SourceStatus, Status
    from indexer.tasks import Done
    from indexer.verify import Verdict
    from search.document import Document
    from search.index import Generation
    from search.judged_compounds import CompoundScore
    from search.judged_report import Report
    from search.results import Fragment, Hit, Results

    Labels = Mapping[str, Mapping[str, str]]

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def be_readable() -> None:
    """Have a letter that the terminal lacks be written as its escape, and not be an error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a line."""
    _out.print(escape(text))


def complain(error: Exception) -> None:
    """Print an error on standard error."""
    _err.print(f"[bold red]Error:[/] {escape(str(error))}")


def print_json(value: Any) -> None:
    """Print a value as JSON, readable and in UTF-8 whatever the terminal's own encoding is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def plain(value: Any) -> Any:
    """Dataclasses, paths and dates as plain JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, date | PurePath):
        return str(value)
    return value


@contextmanager
def progress(label: str) -> Iterator[Any]:
    """A progress bar on a terminal's standard error; yields a callback of (done, total, what)."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[what]}"),
    )
    quiet = not _err.is_terminal
    with Progress(*columns, console=_err, transient=True, disable=quiet) as bars:
        bar = bars.add_task(label, total=None, what="")

        def show(done: int, total: int, what: str) -> None:
            bars.update(bar, completed=done, total=total or None, what=escape(what[:60]))

        yield show


def check_filters(filters: Mapping[str, Sequence[str]], labels: Labels) -> None:
    """Raises SettingsError when a filter has a value that no document can have."""
    for facet, values in filters.items():
        if facet == "year":
            wrong = [value for value in values if not value.isdigit()]
            allowed = "a year such as 2024"
        else:
            wrong = [value for value in values if value not in labels.get(facet, {})]
            allowed = ", ".join(labels.get(facet, {}))
        if wrong:
            raise SettingsError(f"--{facet} {wrong[0]!r} is not known; allowed are: {allowed}")


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
    _out.print(table)
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


def results(found: Results, labels: Labels, as_json: bool) -> None:
    """A page of hits."""
    if as_json:
        print_json(_results_json(found))
        return
    noun = "document" if found.total == 1 else "documents"
    say(f"{found.total} {noun} in {found.seconds * 1000:.0f} ms (generation {found.generation})")
    for number, hit in enumerate(found.hits, start=1):
        _print_hit(number, hit, labels)


def _print_hit(number: int, hit: Hit, labels: Labels) -> None:
    document = hit.document
    source = labels.get("source", {}).get(document.source, document.source)
    when = str(document.year or "utan datum")
    _out.print(f"\n[bold]{number}. {_marked(hit.title)}[/]  [dim]{hit.score:.2f}[/]")
    _out.print(f"   [cyan]{escape(document.key)}[/] · {escape(source)} · {when}")
    for item in hit.passages:
        passage = item.passage
        place = " › ".join(passage.heading_path)
        if passage.page:
            label = passage.page_label or str(passage.page)
            place += f" (s. {label}, pdf-sida {passage.page})"
        _out.print(f"   [dim]{escape(place)}[/]" if place else "", end="\n" if place else "")
        _out.print(f"   {_marked(item.excerpt)}")
    for part in hit.parts:
        _out.print(f"     [dim]{part.points:6.2f}  {part.field:9} {escape(part.word)}[/]")


def _marked(fragments: Sequence[Fragment]) -> str:
    return "".join(
        f"[bold yellow]{escape(f.text)}[/]" if f.marked else escape(f.text) for f in fragments
    )


def _results_json(found: Results) -> dict[str, Any]:
    return {
        "query": found.query,
        "total": found.total,
        "seconds": found.seconds,
        "generation": found.generation,
        "facets": found.facets,
        "hits": [
            {
                "key": hit.document.key,
                "title": hit.document.title,
                "score": hit.score,
                "source": hit.document.source,
                "url": hit.document.url,
                "year": hit.document.year,
                "lead": hit.document.lead,
                "passages": [
                    {
                        "number": item.passage.number,
                        "heading_path": item.passage.heading_path,
                        "page": item.passage.page,
                        "page_label": item.passage.page_label,
                        "excerpt": "".join(fragment.text for fragment in item.excerpt),
                        "score": item.score,
                    }
                    for item in hit.passages
                ],
                **({"explain": hit.parts} if hit.parts else {}),
            }
            for hit in found.hits
        ],
    }


def document(shown: Document, as_json: bool) -> None:
    """A document whole: JSON has its fields and what follows from them."""
    if as_json:
        derived = {
            "date": shown.published.day or shown.changed.day,
            "year": shown.year,
            "headings": shown.headings,
            "quotations": [{"text": b.text, "speaker": b.speaker} for b in shown.quotations],
            "body": shown.body,
        }
        print_json({**shown.to_json(), **derived})
        return
    _out.print(
        f"[dim]{escape(shown.kicker)}[/]" if shown.kicker else "", end="\n" if shown.kicker else ""
    )
    _out.print(f"[bold]{escape(shown.title)}[/]")
    facts = [shown.key, shown.source, shown.language, str(shown.year or "utan datum")]
    facts += [f"{identifier.kind} {identifier.value}" for identifier in shown.identifiers]
    facts += [f"{facet}: {', '.join(values)}" for facet, values in shown.facets.items()]
    _out.print(f"[dim]{escape(' · '.join(facts))}[/]")
    if shown.lead:
        _out.print(f"\n[italic]{escape(shown.lead)}[/]")
    for section in shown.sections:
        if section.heading:
            page = f"  [dim]s. {section.page_label or section.page}[/]" if section.page else ""
            _out.print(f"\n[bold]{'#' * section.level} {escape(section.heading)}[/]{page}")
        for block in section.blocks:
            speaker = f" [dim]({escape(block.speaker)})[/]" if block.speaker else ""
            _out.print(f"\n{escape(block.text)}{speaker}")


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
    _out.print()
    sources([item for item in state.sources if item.documents], as_json=False)
    if state.problems:
        _out.print(f"\n[red]{len(state.problems)} could not be read[/]")
        for problem in state.problems:
            say(f"  {problem.origin}: {problem.message} ({problem.reason})")
    for hint in state.hints:
        _out.print(f"\n[yellow]Hint:[/] {escape(hint)}")


def sources(items: Sequence[SourceStatus], as_json: bool) -> None:
    """The sources with their counts."""
    if as_json:
        print_json(list(items))
        return
    table = Table("source", "", "documents", "shown", box=None, pad_edge=False)
    for item in items:
        shown = "yes" if item.shown else "[red]no[/]"
        table.add_row(item.name, escape(item.label), str(item.documents), shown)
    _out.print(table)


def verdict(found: Verdict, as_json: bool) -> None:
    """Whether library and index agree."""
    if as_json:
        print_json({**plain(found), "agrees": found.agrees})
        return
    for item in found.disagreements:
        _out.print(f"[red]{escape(item.key or 'index')}[/]: {escape(item.what)}")
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
    _out.print(table)


def compounds(found: CompoundScore, as_json: bool) -> None:
    """How well compounds are split."""
    if as_json:
        print_json(found)
        return
    say(f"Precision {found.precision:.3f}, recall {found.recall:.3f}, F1 {found.f1:.3f}")
    say(f"Wrongly split {found.wrongly_split:.1%}")
