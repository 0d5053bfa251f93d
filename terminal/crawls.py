"""Crawls, said to an operator: what became of each address, and what waits for an editor."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from terminal.console import out, print_json, say

if TYPE_CHECKING:
    from indexer.crawl.receipt import CrawlReceipt
    from indexer.crawling import Decided

#: Outcomes of which the addresses are worth a line each; the others are counted.
_NAMED = frozenset({"new", "changed", "failed", "gone", "removed"})
_COLOURS = {"new": "green", "changed": "green", "failed": "red"}
_MOST_LINES = 200


def crawled(receipts: Sequence[CrawlReceipt], as_json: bool) -> None:
    """What crawls came to, one after the other."""
    if as_json:
        print_json([json.loads(receipt.to_json()) for receipt in receipts])
        return
    for receipt in receipts:
        _summary(receipt)
        say(f"Every address: metodsok crawl --show {receipt.crawl.id}")


def receipt(made: CrawlReceipt, as_json: bool) -> None:
    """The receipt of one crawl: its addresses, then what they came to."""
    if as_json:
        print_json(json.loads(made.to_json()))
        return
    table = Table("", box=None, pad_edge=False)
    table.add_column("address", overflow="fold")
    table.add_column("key or reason", overflow="fold")
    named = [visit for visit in made.visits if visit.outcome in _NAMED]
    for visit in named[:_MOST_LINES]:
        colour = _COLOURS.get(visit.outcome, "yellow")
        said = visit.reason or visit.key
        table.add_row(f"[{colour}]{visit.outcome}[/]", escape(visit.url), escape(said))
    out.print(table)
    if len(named) > _MOST_LINES:
        say(f"… and {len(named) - _MOST_LINES} more: use --csv FILE or --json")
    _summary(made)


def decided(decision: Decided, as_json: bool) -> None:
    """What came of an editor's word about a held crawl."""
    if as_json:
        print_json(decision)
    elif decision.is_right:
        say(f"Crawl {decision.crawl} was released; {len(decision.removed)} documents removed.")
    else:
        say(f"Crawl {decision.crawl} was refused; nothing was removed.")


def _summary(made: CrawlReceipt) -> None:
    for line in made.lines():
        say(line)
    if made.crawl.state == "held":
        number = made.crawl.id
        say(f"An editor decides: metodsok crawl --release {number}, or --refuse {number}")
