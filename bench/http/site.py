"""The app that is measured: the product's own, over the index that the environment names.

It has one page more, which is always the same: what the site takes beside searching and rendering.
``python -m bench.http.site PROCESSES THREADS PORT`` serves it with waitress.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

from flask import Flask, Response
from waitress import create_server  # type: ignore[import-untyped]

from search.searcher import Searcher
from search.settings import Settings
from webapp.app import create_app
from webapp.server import listen

INDEX = "METODSOK_BENCH_INDEX"
QUESTION = "METODSOK_BENCH_QUESTION"
CONSTANT = "/alltid-lika"
#: How a server that calls a factory finds the app.
FACTORY = "bench.http.site:site"


def site() -> Flask:
    """The app over the index of the environment, opened and asked once."""
    settings = Settings()
    app = create_app(settings, Searcher(Path(os.environ[INDEX]), settings.vocabulary))
    pages: list[bytes] = []

    @app.get(CONSTANT)
    def always() -> Response:
        return Response(pages[0], mimetype="text/html")

    pages.append(app.test_client().get("/sok", query_string={"q": os.environ[QUESTION]}).data)
    return app


def main(processes: int, threads: int, port: int) -> None:
    """Serve with waitress until asked to end, in processes that were forked with the index open."""
    app = site()
    if processes == 1:
        signal.signal(signal.SIGTERM, _leave)
        listen(app, Settings(port=port, web_threads=threads)).run()
        return
    # Waitress has threads as soon as it is made, and a fork has none of them.
    held = socket.create_server(("127.0.0.1", port), backlog=1024)
    children = [child for _ in range(processes - 1) if (child := _forked(app, held, threads))]

    def leave(number: int, frame: FrameType | None) -> None:
        for child in children:
            os.kill(child, signal.SIGTERM)
        _leave(number, frame)

    signal.signal(signal.SIGTERM, leave)
    create_server(app, sockets=[held], threads=threads, ident=None).run()


def _forked(app: Flask, held: socket.socket, threads: int) -> int:
    child = os.fork()
    if not child:
        signal.signal(signal.SIGTERM, _leave)
        create_server(app, sockets=[held], threads=threads, ident=None).run()
        os._exit(0)
    return child


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
