"""The commands for sources and their crawls."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import terminal
from metodsok.door import (
    as_json,
    cli,
    opened,
    run_here,
)

if TYPE_CHECKING:
    from indexer.context import Context


@cli.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--only-failed", is_flag=True, help="Only the addresses that failed before.")
@click.option("--url", default="", help="Only this address.")
@click.option("--limit", default=0, type=click.IntRange(0), help="At most so many addresses.")
@click.option("--show", "shown", type=int, metavar="RUN", help="Show the receipt of a crawl.")
@click.option(
    "--csv",
    "table",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --show: write the receipt to this file, a row an address.",
)
@click.option(
    "--release", type=int, metavar="RUN", help="A held crawl is right: remove what is gone."
)
@click.option("--refuse", type=int, metavar="RUN", help="A held crawl is wrong: keep.")
@as_json
def crawl(
    names: tuple[str, ...],
    only_failed: bool,
    url: str,
    limit: int,
    shown: int | None,
    table: Path | None,
    release: int | None,
    refuse: int | None,
    as_json: bool,
) -> None:
    """Crawl sources, those that are on unless named, and publish what is found as it comes."""
    from indexer.crawling import decide

    with opened() as context:
        if release is not None or refuse is not None:
            number = release if release is not None else refuse
            decided = decide(context, number or 0, is_right=release is not None)
            run_here(context, "publish", {}, "Indexing")
            terminal.decided(decided, as_json)
        elif shown is not None:
            _show(context, shown, table, as_json)
        else:
            chosen = {"only_failed": only_failed, "url": url, "limit": limit}
            _crawl(context, _sources(context, names, url), chosen, as_json)


@cli.command()
@click.argument("action", type=click.Choice(["on", "off", "check"]), required=False)
@click.argument("name", required=False)
@click.option("--limit", default=40, type=click.IntRange(1), help="Addresses that check asks for.")
@as_json
def sources(action: str | None, name: str | None, limit: int, as_json: bool) -> None:
    """List the sources, switch one on or off, or check its rules on its site (nothing stored)."""
    if action == "check":
        _check(name or "", limit, as_json)
        return
    from indexer.status import read_status

    with opened() as context:
        if action:
            context.library.switch(context.source(name or "").name, action == "on")
            run_here(context, "publish", {}, "Indexing")
        terminal.sources(read_status(context).sources, as_json)


def _check(name: str, limit: int, as_json: bool) -> None:
    from indexer.checking import check

    with opened() as context, terminal.progress("Checking") as progress:
        made = check(
            context,
            context.source(name),
            limit,
            lambda totals, remaining: bool(
                progress(totals.addresses, limit, f"{totals.new} would be kept")
            ),
        )
    terminal.checked(made, as_json)


def _sources(context: Context, names: tuple[str, ...], url: str) -> list[str]:
    """The sources that a crawl is of: those named, the one that publishes an address, or all."""
    from indexer.schedule import is_on

    if names:
        return [context.source(name).name for name in names]
    if url:
        return [context.publisher_of(url).name]
    return [s.name for s in context.sources.values() if s.crawl and is_on(context, s)]


def _crawl(context: Context, names: list[str], chosen: dict[str, Any], as_json: bool) -> None:
    from indexer.crawl.receipt import read_receipt
    from indexer.crawl.runs import RunState

    done = run_here(context, "crawl", {"sources": names, **chosen}, "Crawling")
    receipts = [read_receipt(context.library.engine, run.id) for run in done.crawled]
    terminal.crawled(receipts, as_json)
    if any(run.state is RunState.HELD for run in done.crawled):
        sys.exit(1)


def _show(context: Context, number: int, table: Path | None, as_json: bool) -> None:
    from indexer.crawl.receipt import read_receipt

    receipt = read_receipt(context.library.engine, number)
    if table:
        table.write_text(receipt.to_csv(), encoding="utf-8-sig")
    terminal.receipt(receipt, as_json)
