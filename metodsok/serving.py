"""The commands that keep running: the site, the worker, and both together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import terminal
from metodsok.door import (
    child,
    cli,
    current_settings,
    opened,
    run_here,
)

if TYPE_CHECKING:
    from indexer.context import Context


@cli.command()
@click.option("--smoke", is_flag=True, help="Search once over HTTP when the site is up, then stop.")
def run(smoke: bool) -> None:
    """Fill the library if it is empty, then serve site and worker."""
    from indexer.supervisor import first_answer, supervise

    settings = current_settings()
    with opened(settings) as context:
        _fill(context)
    site = f"http://{settings.host}:{settings.port}"

    def ready() -> bool:
        terminal.say(f"Metodsök answers at {site}")
        if smoke:
            terminal.say(first_answer(site))
        return smoke

    supervise(("serve", "work"), f"{site}/halsa", ready)


@cli.command()
@child
def serve(child: bool) -> None:
    """Serve the site."""
    from indexer.supervisor import end_with_parent
    from webapp.server import serve as serve_site

    if child:
        end_with_parent()
    serve_site(current_settings())


@cli.command()
@click.option("--until-idle", is_flag=True, help="End when no job waits.")
@child
def work(until_idle: bool, child: bool) -> None:
    """Do queued jobs, and look through added folders now and then."""
    import signal
    import threading

    from indexer.supervisor import end_with_parent
    from indexer.worker import work as work_on

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    if child:
        end_with_parent()
    with opened() as context:
        work_on(context, stopping, until_idle=until_idle)


def _fill(context: Context) -> None:
    """Take the bundled collection in unless it is switched off, and publish what waits."""
    from indexer.folder import EXAMPLES
    from indexer.tasks import examples

    if EXAMPLES in context.library.hidden_sources():
        done = run_here(context, "scan", {}, "Reading")
    else:
        done = run_here(context, "add", examples(context), "Reading")
    if done.published:
        terminal.published(done, as_json=False)
