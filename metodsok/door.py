"""What the commands share: the group they belong to, options, and opening the house.

Rooms are imported when a command needs them, so that ``--help`` is instant.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.context import Context
    from search.settings import Settings

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
existing = click.Path(exists=True, path_type=Path)
existing_folder = click.Path(exists=True, file_okay=False, path_type=Path)
child = click.option("--child", is_flag=True, hidden=True, help="Started by 'metodsok run'.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Search for crime-prevention knowledge in Swedish municipalities.

    All data lives under METODSOK_HOME (./var unless set).
    """


def current_settings() -> Settings:
    """The settings as they are now. Raises SettingsError."""
    from search.settings import read_settings

    return read_settings()


@contextmanager
def opened(chosen: Settings | None = None) -> Iterator[Context]:
    """The indexer's parts, until the block ends."""
    from indexer.context import Context

    with Context(chosen or current_settings()) as context:
        yield context


def run_here(context: Context, kind: str, arguments: Mapping[str, Any], label: str) -> Any:
    """Do a job in this process, with a progress bar, as a row like any other job."""
    from indexer.jobs import worker_name
    from indexer.tasks import run as run_job

    job = context.jobs.add(kind, arguments, worker=worker_name())
    with terminal.progress(label) as progress:
        return run_job(context, job, progress)
