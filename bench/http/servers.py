"""The production servers that are compared, each a class that knows its command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

from search.errors import SettingsError


class Server(Protocol):
    """A server of WSGI apps in processes and threads."""

    @property
    def name(self) -> str:
        """What it is called on the command line: ``gunicorn-2x4``."""

    def installed(self) -> bool:
        """Whether its package is here."""

    def command(self, port: int, app: str) -> Sequence[str]:
        """What serves the app of a factory, ``module:function``, on loopback."""


@dataclass(frozen=True, slots=True)
class Waitress:
    """Threads; more than one process by ``webapp.processes``, for waitress has none."""

    processes: int = 2
    threads: int = 2

    @property
    def name(self) -> str:
        """What it is called."""
        return f"waitress-{self.processes}x{self.threads}"

    def installed(self) -> bool:
        """It is what the product stands on."""
        return True

    def command(self, port: int, app: str) -> Sequence[str]:
        """The app is the one of ``site``, which this runs."""
        module = app.partition(":")[0]
        return (
            sys.executable, "-m", module, str(self.processes), str(self.threads), str(port),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gunicorn:
    """Processes of threads (gthread); with ``preload`` forked from one that has the app."""

    processes: int = 2
    threads: int = 4
    preload: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return f"gunicorn-{self.processes}x{self.threads}" + "-preload" * self.preload

    def installed(self) -> bool:
        """Whether gunicorn is here."""
        return find_spec("gunicorn") is not None

    def command(self, port: int, app: str) -> Sequence[str]:
        """No access log, and its temporary files in memory."""
        return (
            sys.executable, "-m", "gunicorn", "--worker-class", "gthread",
            "--workers", str(self.processes), "--threads", str(self.threads),
            "--bind", f"127.0.0.1:{port}", "--keep-alive", "60", "--timeout", "120",
            "--worker-tmp-dir", "/dev/shm", "--log-level", "error",  # noqa: S108
            *(("--preload",) if self.preload else ()),
            f"{app}()",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Granian:
    """HTTP in Rust, and the app in processes of threads that wait for the interpreter."""

    processes: int = 2
    threads: int = 4

    @property
    def name(self) -> str:
        """What it is called."""
        return f"granian-{self.processes}x{self.threads}"

    def installed(self) -> bool:
        """Whether granian is here."""
        return find_spec("granian") is not None

    def command(self, port: int, app: str) -> Sequence[str]:
        """Only HTTP/1.1, as the others have it; no access log."""
        return (
            sys.executable, "-m", "granian", "--interface", "wsgi", "--factory",
            "--workers", str(self.processes), "--blocking-threads", str(self.threads),
            "--http", "1", "--no-ws", "--host", "127.0.0.1", "--port", str(port),
            "--backpressure", "1024", "--log-level", "error", app,
        )  # fmt: skip


#: The first is what the product serves with.
SERVERS: Sequence[Server] = (
    Waitress(2, 2),
    Waitress(2, 4),
    Waitress(1, 4),
    Waitress(1, 2),
    Gunicorn(1, 4),
    Gunicorn(2, 1),
    Gunicorn(2, 2),
    Gunicorn(2, 2, preload=True),
    Gunicorn(2, 4, preload=True),
    Granian(1, 4),
    Granian(2, 1),
    Granian(2, 2),
)


def named(name: str) -> Server:
    """A server by its name. Raises SettingsError listing the names there are."""
    found = {server.name: server for server in SERVERS}
    if name not in found:
        raise SettingsError(f"there is no server {name!r}; there are {', '.join(found)}")
    return found[name]
