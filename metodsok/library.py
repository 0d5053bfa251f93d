"""The commands for library and index as wholes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import terminal
from metodsok.door import (
    as_json,
    cli,
    opened,
    run_here,
)


@cli.command()
@click.option("--full", is_flag=True, help="Build from nothing instead of adding what changed.")
@as_json
def index(full: bool, as_json: bool) -> None:
    """Bring the index up to what the library holds."""
    with opened() as context:
        done = run_here(context, "publish", {"full": full}, "Indexing")
    terminal.published(done, as_json)


@cli.command()
@as_json
def status(as_json: bool) -> None:
    """Say what the library and the index hold, and what could not be read."""
    from indexer.status import read_status

    with opened() as context:
        terminal.status(read_status(context), as_json)


@cli.command()
@as_json
def verify(as_json: bool) -> None:
    """Check that library and index agree; exit 1 and list where they do not."""
    from indexer.verify import verify as verify_all

    with opened() as context:
        verdict = verify_all(context.library, context.index)
    terminal.verdict(verdict, as_json)
    if not verdict.agrees:
        sys.exit(1)


@cli.command()
@as_json
def rollback(as_json: bool) -> None:
    """Serve the generation before this one again, until something changes."""
    with opened() as context:
        generation = context.publisher.rollback()
    terminal.rolled_back(generation, as_json)


@cli.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json
def export_(file: Path, as_json: bool) -> None:
    """Write the library with every decision to FILE."""
    from indexer.archive import export_library

    with opened() as context:
        terminal.archived("Exported", export_library(context.library, file), as_json)


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_(file: Path, as_json: bool) -> None:
    """Fill an empty library from FILE, trusting nothing in it, and build the index."""
    from indexer.archive import import_library

    with opened() as context:
        summary = import_library(context.library, file)
        run_here(context, "publish", {}, "Indexing")
        terminal.archived("Imported", summary, as_json)
