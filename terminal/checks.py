"""A trial of a source, said to an operator: both readings of each page, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from terminal.console import out, print_json, say

if TYPE_CHECKING:
    from indexer.checking import Checked, CheckedPage
    from search.document import Document

#: Of each reading, so many characters: enough to see where it begins and what it takes along.
_MOST_CHARACTERS = 700


def checked(made: Checked, as_json: bool) -> None:
    """What a crawl would do, and what it would read."""
    if as_json:
        print_json(made)
        return
    for line in made.robots or ("robots.txt was not read",):
        say(line)
    if made.stopped:
        say(f"Ended early: {made.stopped}")
    table = Table("", box=None, pad_edge=False)
    table.add_column("address", overflow="fold")
    table.add_column("why", overflow="fold")
    for visit in made.visits:
        table.add_row(str(visit.outcome), escape(visit.url), escape(visit.reason or visit.key))
    out.print(table)
    for page in made.pages:
        _page(page)
    fitting = [page.drift for page in made.pages if page.drift]
    unfit = sum(drift != "fits" for drift in fitting)
    say(
        f"{len(made.pages)} documents would be kept; of {len(fitting)} pages compared, the site's"
        f" rules do not fit {unfit}. Nothing was stored."
    )


def _page(page: CheckedPage) -> None:
    document = page.document
    day = document.published.day or document.changed.day
    out.print(f"\n[bold]{escape(document.title)}[/]")
    say(f"{document.key} · {document.url}")
    say(f"{day or 'no date'} · {document.language} · {page.drift or 'not compared'}")
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
    text = "\n".join(filter(None, (document.title, document.lead, document.body)))
    return escape(text[:_MOST_CHARACTERS] + (" …" if len(text) > _MOST_CHARACTERS else ""))
