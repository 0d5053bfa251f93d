"""The commands for sources and their crawls."""

from __future__ import annotations

import click

import terminal
from metodsok.door import (
    as_json,
    cli,
    opened,
    run_here,
)


@cli.command()
@click.argument("action", type=click.Choice(["on", "off"]), required=False)
@click.argument("name", required=False)
@as_json
def sources(action: str | None, name: str | None, as_json: bool) -> None:
    """List the sources, or show (on) or hide (off) the documents of one."""
    from indexer.status import read_status

    with opened() as context:
        if action:
            context.library.switch(context.source(name or "").name, action == "on")
            run_here(context, "publish", {}, "Indexing")
        terminal.sources(read_status(context).sources, as_json)
