"""A trial of a source, said to an operator: both readings of each page, side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from terminal.console import out, print_json, say

if TYPE_CHECKING:
    from indexer.checking import Checked, CheckedPage
    from indexer.crawl.receipt import Visit
    from search.document import Document

#: Of each reading, so many characters: enough to see where it begins and what it takes along.
_MOST_CHARACTERS = 700
#: Pages shown whole; those that the rules do not fit come first.
_MOST_PAGES = 10
#: A sitemap may name thousands of addresses that are left out, for a handful of reasons.
_MOST_ALIKE = 5
_ADDRESS = re.compile(r"https?://\S+")
_FITS = "fits"


def checked(made: Checked, as_json: bool) -> None:
    """What a crawl would do, and what it would read."""
    if as_json:
        print_json(made)
        return
    for line in made.robots or ("robots.txt was not read",):
        say(line)
    say("Found: " + ", ".join(f"{count} by {way}" for way, count in made.found.items()))
    for address in made.unasked:
        say(f"Not asked within the limit: {address}")
    if made.stopped:
        say(f"Ended early: {made.stopped}")
    _addresses(made.visits)
    pages = sorted(made.pages, key=lambda page: page.drift in ("", _FITS))
    for page in pages[:_MOST_PAGES]:
        _page(page)
    if len(pages) > _MOST_PAGES:
        say(f"\n… and {len(pages) - _MOST_PAGES} documents more: use --json")
    compared = [page.drift for page in pages if page.drift]
    unfit = sum(drift != _FITS for drift in compared)
    say(
        f"{len(pages)} documents would be kept; of {len(compared)} pages compared, the site's"
        f" rules do not fit {unfit}. Nothing was stored."
    )


def _addresses(visits: Sequence[Visit]) -> None:
    """A line an address, of those left out for the same reason only the first ones."""
    table = Table("", "status", box=None, pad_edge=False)
    table.add_column("address", overflow="fold")
    table.add_column("why", overflow="fold")
    skipped: Counter[str] = Counter()
    for visit in visits:
        if visit.outcome == "skipped":
            why = _ADDRESS.sub("…", visit.reason)
            skipped[why] += 1
            if skipped[why] > _MOST_ALIKE:
                continue
        status, said = str(visit.http_status or "–"), visit.reason or visit.key
        table.add_row(str(visit.outcome), status, escape(visit.url), escape(said))
    for why, count in skipped.items():
        if count > _MOST_ALIKE:
            table.add_row("skipped", "", f"… and {count - _MOST_ALIKE} more", escape(why))
    out.print(table)


def _page(page: CheckedPage) -> None:
    document = page.document
    out.print(f"\n[bold]{escape(document.title)}[/]")
    say(f"{document.key} · {document.url}")
    say(f"{_day(document)} · {document.language} · {page.drift or 'not compared'}")
    if page.readings is None:
        return
    both = page.readings
    table = Table(show_edge=False, expand=True)
    table.add_column(f"by the site's rules: {both.site_words} words", ratio=1, overflow="fold")
    table.add_column(f"by anyone: {both.general_words} words", ratio=1, overflow="fold")
    table.add_row(_beginning(both.site), _beginning(both.general))
    out.print(table)


def _beginning(document: Document | None) -> str:
    if document is None:
        return "[red]nothing[/]"
    text = "\n".join(_lines(document))
    return escape(text[:_MOST_CHARACTERS] + (" …" if len(text) > _MOST_CHARACTERS else ""))


def _lines(document: Document) -> Iterator[str]:
    yield document.title
    yield _day(document)
    yield from filter(None, (document.lead, document.body))


def _day(document: Document) -> str:
    return str(document.published.day or document.changed.day or "no date")
