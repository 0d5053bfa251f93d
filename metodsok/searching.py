"""The command that searches."""

from __future__ import annotations

from typing import Any

import click

import terminal
from metodsok.door import (
    as_json,
    cli,
    current_settings,
)


@cli.command()
@click.argument("question")
@click.option("--source", multiple=True, help="Only this source (may be repeated).")
@click.option("--type", "type_", multiple=True, help="Only this type of document.")
@click.option("--topic", multiple=True, help="Only this topic.")
@click.option("--audience", multiple=True, help="Only for this audience.")
@click.option("--arena", multiple=True, help="Only this arena.")
@click.option("--level", multiple=True, help="Only this level of prevention.")
@click.option("--actor", multiple=True, help="Only this actor.")
@click.option("--year", multiple=True, help="Only this year.")
@click.option("--limit", default=10, type=click.IntRange(1, 100), help="How many hits to show.")
@click.option("--exact", is_flag=True, help="Take the words as typed: repair and widen nothing.")
@click.option("--explain", is_flag=True, help="Show why each hit is one, and its points.")
@as_json
def search(
    question: str, limit: int, exact: bool, explain: bool, as_json: bool, **filters: Any
) -> None:
    """Answer QUESTION from the index."""
    from search.query import read_query
    from search.searcher import Searcher

    here = current_settings()
    searcher = Searcher(here.index_path, here.vocabulary)
    chosen = {facet.rstrip("_"): tuple(values) for facet, values in filters.items() if values}
    terminal.check_filters(chosen, searcher.labels)
    query = read_query(question, filters=chosen, page_size=limit, exact=exact, explain=explain)
    terminal.results(searcher.search(query), searcher.labels, as_json)
