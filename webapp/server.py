"""Serving the site with waitress. Writes no access log, so no question is ever written down."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from flask import Flask
from waitress import create_server  # type: ignore[import-untyped]

from search.errors import SettingsError
from search.settings import Settings
from webapp.app import create_app

#: The site takes no uploads; a form of ours is a short address.
LARGEST_BODY_BYTES = 64_000
#: Browsers keep their connections and say nothing on them; who comes when all are taken waits until
#: one has been silent for so many seconds. Not over what select can watch, 1024 files.
MOST_CONNECTIONS = 800
SILENT_SECONDS = 30


def serve(settings: Settings, ready: Callable[[], None] | None = None) -> None:
    """Serve until SIGTERM or SIGINT. ``ready`` is called once the port is ours.

    Raises SettingsError when the port or the address cannot be used.
    """
    server = listen(create_app(settings), settings)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)
    if ready:
        ready()
    server.run()
    server.close()


def hold(settings: Settings) -> socket.socket:
    """The port of the settings. Raises SettingsError when it or the address cannot be used."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise SettingsError(_explained(error, settings)) from error


def listen(app: Flask, settings: Settings, held: socket.socket | None = None) -> Any:
    """A waitress server that holds its port, and answers when its ``run`` is called.

    Processes that share a port give the socket they ``held`` before they parted: a server has
    threads as soon as it is made, and a fork would have none of them. Raises SettingsError as
    ``hold`` does.
    """
    return create_server(
        app,
        sockets=[held or hold(settings)],
        threads=settings.web_threads,
        ident=None,
        max_request_body_size=LARGEST_BODY_BYTES,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=SILENT_SECONDS,
        cleanup_interval=SILENT_SECONDS // 3,
    )


def _explained(error: OSError, settings: Settings) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {settings.port} on {settings.host} is taken by another program; "
            "stop it, or choose another port with METODSOK_PORT"
        )
    if error.errno == errno.EACCES:
        return (
            f"port {settings.port} may not be used by this user; "
            "choose one above 1023 with METODSOK_PORT"
        )
    return f"METODSOK_HOST={settings.host} cannot be listened to: {error.strerror}"


def _leave(_number: int, _frame: FrameType | None) -> None:
    # Waitress ends its loop and its threads on this.
    raise SystemExit(0)
