"""Lines, errors, JSON and progress bars: what every kind of answer is written with."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

#: Of what is in hand: a title, or how a crawl is going.
_MOST_SAID = 90
out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def be_readable() -> None:
    """Have a letter that the terminal lacks be written as its escape, and not be an error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a line."""
    out.print(escape(text))


def whisper(text: str) -> None:
    """Say what is going on, once and without moving, to who watches a terminal."""
    if _err.is_terminal:
        _err.print(escape(text), style="dim")


def complain(error: Exception | str) -> None:
    """Print an error on standard error."""
    _err.print(f"[bold red]Error:[/] {escape(str(error))}")


def print_json(value: Any) -> None:
    """Print a value as JSON, readable and in UTF-8 whatever the terminal's own encoding is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=2) + "\n")


def plain(value: Any) -> Any:
    """Dataclasses, paths and dates as plain JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, date | PurePath):
        return str(value)
    return value


@contextmanager
def progress(label: str) -> Iterator[Any]:
    """A progress bar on a terminal's standard error; yields a callback of (done, total, what)."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[what]}"),
    )
    quiet = not _err.is_terminal
    with Progress(*columns, console=_err, transient=True, disable=quiet) as bars:
        bar = bars.add_task(label, total=None, what="")

        def show(done: int, total: int, what: str) -> None:
            bars.update(bar, completed=done, total=total or None, what=escape(what[:_MOST_SAID]))

        yield show
