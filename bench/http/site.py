"""The app that is measured: the product's own, over the index that the environment names.

It has two pages more. ``CONSTANT`` is always the same bytes: what the server takes by itself.
``REMEMBERED`` is the page of results, rendered as ever but from answers in memory: the site without
its search, as fast as a faster search can make it.

``python -m bench.http.site PROCESSES THREADS PORT`` serves it with waitress.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from search.query import Query, read_query
from search.results import Results
from search.searcher import Searcher
from search.settings import Settings
from webapp.app import create_app
from webapp.failures import Site
from webapp.public.views import search
from webapp.server import hold, serve_app

INDEX = "METODSOK_BENCH_INDEX"
#: Lines, each a question to remember the answer of.
QUESTIONS = "METODSOK_BENCH_QUESTIONS"
SEARCH, REMEMBERED, CONSTANT = "/sok", "/minnet", "/alltid-lika"
#: Answers that are remembered, so that no page's length is the only one.
ANSWERS = 20
#: How a server that calls a factory finds the app.
FACTORY = "bench.http.site:site"


class Remembering(Searcher):
    """The product's searcher, but in a thread that is ``remembering`` it does not search."""

    def __init__(self, index: Path, vocabulary: Path, questions: Sequence[str]) -> None:
        super().__init__(index, vocabulary)
        self._answers = [super(Remembering, self).search(read_query(each)) for each in questions]
        self.here = threading.local()

    def search(self, query: Query) -> Results:
        """Answer, or give what some other question was answered."""
        if not getattr(self.here, "remembering", False):
            return super().search(query)
        return replace(self._answers[len(query.text) % len(self._answers)], query=query)


def site() -> Site:
    """The app over the index and the questions of the environment, for servers."""
    return site_over(Path(os.environ[INDEX]), os.environ[QUESTIONS].splitlines())


def site_over(index: Path, questions: Sequence[str]) -> Site:
    """The app over an index, opened and asked a few questions to remember their answers."""
    settings, pages = Settings(), list[bytes]()
    searcher = Remembering(index, settings.vocabulary, questions)
    app = create_app(settings, searcher)

    def remembered() -> tuple[str, int]:
        searcher.here.remembering = True
        try:
            return search()
        finally:
            searcher.here.remembering = False

    app.add_url_rule(REMEMBERED, view_func=remembered)
    app.add_url_rule(CONSTANT, "constant", view_func=lambda: pages[0])
    pages.append(app.test_client().get(SEARCH, query_string={"q": questions[0]}).data)
    return app


def main(processes: int, threads: int, port: int) -> None:
    """Serve with waitress until asked to end, in processes that were forked with the index open."""
    settings = Settings(port=port, web_threads=threads, web_processes=processes)
    serve_app(site(), settings, hold(settings))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
