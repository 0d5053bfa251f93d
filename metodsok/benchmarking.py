"""The command that measures us beside other engines."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import terminal
from metodsok.door import (
    as_json,
    cli,
    current_settings,
    existing_folder,
)

_count = click.IntRange(1)


@cli.command()
@click.argument("folder", metavar="[DIR]", required=False, type=existing_folder)
@click.option(
    "--queries",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ask the questions of this queries.jsonl; else those of DIR, and drawn ones.",
)
@click.option("--peer", "peers", multiple=True, help="tantivy (if none is named), whoosh or fts5.")
@click.option("--scale", type=_count, help="Grow or cut the collection to so many documents.")
@click.option("--tasks", default="", help="Only these, by commas: rank,page,search,index,…")
@click.option("--runs", type=_count, default=3, help="Figures are medians of so many runs.")
@click.option("--questions", type=_count, default=1000, help="At most so many distinct ones.")
@click.option("--ours", default="", hidden=True, help="The engine that ratios are of.")
@as_json
def benchmark(
    folder: Path | None,
    queries: Path | None,
    peers: tuple[str, ...],
    scale: int | None,
    tasks: str,
    runs: int,
    questions: int,
    ours: str,
    as_json: bool,
) -> None:
    """Measure our index and its peers by turns, on the same documents and questions.

    DIR has a corpus.jsonl in BEIR layout; without it the bundled collection is used. Exits with 1
    when the engines did not do the same work.
    """
    from bench.benchmark.registry import PEERS
    from bench.benchmark.run import Asked, benchmark
    from search.errors import SettingsError

    asked = Asked(
        home=current_settings().home,
        folder=folder,
        queries=queries,
        peers=peers or PEERS,
        scale=scale or 0,
        tasks=tuple(filter(None, (name.strip() for name in tasks.split(",")))),
        runs=runs,
        questions=questions,
        ours=ours,
    )
    try:
        found = benchmark(asked, terminal.whisper)
    except SettingsError as error:
        raise click.UsageError(str(error)) from error
    terminal.benchmark(found, as_json)
    if found.complaints:
        sys.exit(1)
