"""The app that is measured: the product's own, over the index that the environment names.

It has two pages more. ``CONSTANT`` is always the same bytes: what the server takes by itself.
``REMEMBERED`` is the page of results, rendered as ever but from answers in memory: the site without
its search, as fast as a faster search can make it.

``python -m bench.http.site PROCESSES THREADS PORT`` serves it with waitress.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType

from flask import Flask, Response, request
from waitress import create_server  # type: ignore[import-untyped]

from search.query import Query, read_query
from search.results import Results
from search.searcher import Searcher
from search.settings import Settings
from webapp.app import create_app
from webapp.public.views import search
from webapp.server import listen

INDEX = "METODSOK_BENCH_INDEX"
#: Lines, each a question to remember the answer of.
QUESTIONS = "METODSOK_BENCH_QUESTIONS"
SEARCH, REMEMBERED, CONSTANT = "/sok", "/minnet", "/alltid-lika"
#: Answers that are remembered, so that no page's length is the only one.
ANSWERS = 20
#: How a server that calls a factory finds the app.
FACTORY = "bench.http.site:site"


class Remembering(Searcher):
    """The product's searcher, but on one page it only remembers."""

    def __init__(self, index: Path, vocabulary: Path, questions: Sequence[str]) -> None:
        super().__init__(index, vocabulary)
        self._answers = [super(Remembering, self).search(read_query(each)) for each in questions]

    def search(self, query: Query) -> Results:
        """Answer, on ``REMEMBERED`` with what some other question was answered."""
        if request.path != REMEMBERED:
            return super().search(query)
        return replace(self._answers[len(query.text) % len(self._answers)], query=query)


def site() -> Flask:
    """The app over the index and the questions of the environment, for servers."""
    return site_over(Path(os.environ[INDEX]), os.environ[QUESTIONS].splitlines())


def site_over(index: Path, questions: Sequence[str]) -> Flask:
    """The app over an index, opened and asked a few questions to remember their answers."""
    settings = Settings()
    app = create_app(settings, Remembering(index, settings.vocabulary, questions))
    pages: list[bytes] = []
    app.add_url_rule(REMEMBERED, view_func=search)

    @app.get(CONSTANT)
    def always() -> Response:
        return Response(pages[0], mimetype="text/html")

    pages.append(app.test_client().get(SEARCH, query_string={"q": questions[0]}).data)
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
