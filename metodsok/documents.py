"""The commands for single documents: taken in, shown, parsed on trial, forgotten."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import terminal
from metodsok.door import (
    as_json,
    cli,
    existing,
    opened,
    run_here,
)

if TYPE_CHECKING:
    from indexer.context import Context


@cli.command()
@click.argument("paths", metavar="PATH_OR_ADDRESS...", nargs=-1, required=True)
@click.option("--source", "name", help="Where the files come from; 'egna' unless --url tells.")
@click.option("--url", default="", help="The address at which one file is published.")
@as_json
def add(paths: tuple[str, ...], name: str | None, url: str, as_json: bool) -> None:
    """Take files, folders and pages of the sources into the library and the index."""
    addresses = [path for path in paths if path.startswith(("https://", "http://"))]
    with opened() as context:
        for address in addresses:
            _add_page(context, address, as_json)
        files = [existing.convert(path, None, None) for path in paths if path not in addresses]
        if not files:
            return
        arguments = {
            "paths": [str(path.resolve()) for path in files],
            "source": context.source_for(name, url).name,
            "url": url,
        }
        done = run_here(context, "add", arguments, "Reading")
    terminal.receipts(done, as_json)
    if done.took_nothing:
        sys.exit(1)


def _add_page(context: Context, address: str, as_json: bool) -> None:
    """Fetch one page as a crawl does; exit 1 when it did not become a document."""
    from indexer.crawl.receipt import read_receipt
    from indexer.identity import canonical_url

    source = context.publisher_of(address)
    asked = {"sources": [source.name], "url": canonical_url(address, source)}
    done = run_here(context, "crawl", asked, "Fetching")
    receipt = read_receipt(context.library.engine, done.crawled[0].id)
    terminal.receipt(receipt, as_json)
    if not receipt.has_document:
        sys.exit(1)


@cli.command()
@click.argument("names", metavar="[SOURCE]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Also what was read by these very parsers.")
@as_json
def reparse(names: tuple[str, ...], every: bool, as_json: bool) -> None:
    """Read the bytes of documents again, by today's parsers and rules; nothing is fetched."""
    with opened() as context:
        chosen = [context.source(name).name for name in names]
        done = run_here(context, "reparse", {"sources": chosen, "all": every}, "Reading")
    terminal.receipts(done, as_json)
    if done.took_nothing:
        sys.exit(1)


@cli.command()
@click.argument("key")
@click.option("--all", "every", is_flag=True, help="All of the text: for you, and not to pass on.")
@as_json
def show(key: str, every: bool, as_json: bool) -> None:
    """Show the document KEY of the library, as much of it as its source lets us pass on."""
    from search.errors import LibraryError
    from search.passages import as_far_as_shown
    from search.results import PASSAGES

    with opened() as context:
        version = context.library.version(key)
        if version is None:
            raise LibraryError(f"there is no document {key!r}; 'metodsok search' shows keys")
        document = version.document
        source = context.sources.get(document.source)
        right = source.show if source else PASSAGES
        shown = document if every else as_far_as_shown(document, right)
    terminal.document(shown, as_json, left_out=shown != document)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", "name", help="Read it as a page of this source.")
@click.option("--url", default="", help="The address at which it is published.")
@as_json
def parse(file: Path, name: str | None, url: str, as_json: bool) -> None:
    """Show what the parsers make of FILE; nothing is stored."""
    with opened() as context:
        terminal.document(context.parse_file(file, name, url), as_json)


@cli.command()
@click.argument("key")
@click.option("--why", required=True, help="Shown, in Swedish, to whoever tries to add it again.")
@as_json
def forget(key: str, why: str, as_json: bool) -> None:
    """Erase the document KEY, so that no byte of it is left and it does not come back."""
    from indexer.forgetting import forget as forget_all

    with opened() as context, terminal.progress("Forgetting") as progress:
        forgotten = forget_all(context, key, why, progress)
    terminal.forgotten(key, forgotten, as_json)
