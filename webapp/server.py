"""Serving the site with waitress. Writes no access log, so no question is ever written down."""

from __future__ import annotations

import errno
import logging
import signal
import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress import create_server  # type: ignore[import-untyped]

from search.errors import SettingsError
from search.settings import Settings
from webapp.app import create_app
from webapp.processes import SIGNALS, can_fork, in_processes, leave

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
    app, held = create_app(settings), hold(settings)
    if ready:
        ready()
    serve_app(app, settings, held)


def serve_app(app: Flask, settings: Settings, held: socket.socket) -> None:
    """Serve an app on a port that is held, until SIGTERM or SIGINT."""
    with held:
        if settings.web_processes > 1 and can_fork():
            in_processes(settings.web_processes, lambda: listen(app, settings, held).run())
            return
        for number in SIGNALS:
            signal.signal(number, leave)
        server = listen(app, settings, held)
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
    # A request that waits for a thread is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
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
