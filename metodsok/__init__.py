"""The front door: the ``metodsok`` command.

Each command reads settings, calls one thing in a room and hands the answer to ``terminal``. The
modules here are the chapters of ``metodsok --help``; ``door`` is what they share.
"""

from __future__ import annotations

import sys

import terminal
from metodsok import benchmarking, crawling, documents, judging, library, searching, serving
from metodsok.door import cli

__all__ = [
    "benchmarking",
    "cli",
    "crawling",
    "documents",
    "judging",
    "library",
    "main",
    "searching",
    "serving",
]


def main() -> None:
    """Run the command; an error of ours is one line and exit code 1."""
    from search.errors import MetodsokError

    terminal.be_readable()
    try:
        cli(prog_name="metodsok")
    except MetodsokError as error:
        terminal.complain(error)
        sys.exit(1)
