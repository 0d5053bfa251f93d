"""Where a request's time goes, search and all else: ``python -m bench.http --inside``.

Pages are asked of the app in this process, without a server. A part is timed where the view calls
it, so that parts overlap: what the template calls is in the rendering too.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any
from wsgiref.util import setup_testing_defaults

import webapp.public.views
from bench.benchmark.measuring import no_collecting
from bench.http.asked import Collection, target
from bench.http.site import ANSWERS, CONSTANT, REMEMBERED, SEARCH, site_over
from webapp.engine import engine
from webapp.failures import Site

#: Questions, and how often each is asked of a page in memory.
QUESTIONS, TIMES = 100, 3


def inside(asked: Collection) -> Mapping[str, float]:
    """Median microseconds of a request and of its parts, by what they are called."""
    app = site_over(asked.index, asked.questions[-ANSWERS:])
    questions = list(asked.questions[:QUESTIONS])
    with no_collecting():
        found = {
            "results, searched for": median(_whole(app, questions, SEARCH)),
            "results from memory": median(_whole(app, questions * TIMES, REMEMBERED)),
        }
        spent: defaultdict[str, list[float]] = defaultdict(list)
        with _timed(app, spent) as next_request:
            for question in questions:
                next_request()
                _ask(app, target(question, REMEMBERED).path)
        found |= {f"  of which {part}": median(values) for part, values in spent.items()}
        found["constant page"] = median(_seconds(app, CONSTANT) for _ in range(len(questions)))
        with app.app_context():
            found["counting the documents"] = median(
                _spent(lambda: engine().counts) for _ in range(TIMES)
            )
    return {name: seconds * 1e6 for name, seconds in found.items()}


def _whole(app: Site, questions: Sequence[str], page: str) -> Iterator[float]:
    return (_seconds(app, target(question, page).path) for question in questions)


def _seconds(app: Site, path: str) -> float:
    return _spent(lambda: _ask(app, path))


def _spent(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _ask(app: Site, path: str) -> bytes:
    # As a server calls it: the test client would take its own time.
    where, _, query = path.partition("?")
    environment: dict[str, Any] = {"PATH_INFO": where, "QUERY_STRING": query}
    setup_testing_defaults(environment)
    answer = app.wsgi_app(environment, lambda *_: lambda _: None)
    return b"".join(answer)


@contextmanager
def _timed(app: Site, spent: defaultdict[str, list[float]]) -> Iterator[Callable[[], None]]:
    """Time parts of each request; call what is given before each."""
    view = vars(webapp.public.views)
    places: Sequence[tuple[MutableMapping[str, Any], str]] = (
        (view, "read_params"),
        (view, "filter_groups"),
        (view, "render_template"),
        (app.jinja_env.globals, "document_address"),
        (app.jinja_env.globals, "search_address"),
        (app.jinja_env.filters, "cells_apart"),
    )

    def wrapped(name: str, part: Callable[..., Any]) -> Callable[..., Any]:
        def timing(*args: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return part(*args, **named)
            finally:
                spent[name][-1] += time.perf_counter() - started

        return timing

    def next_request() -> None:
        for _, name in places:
            spent[name].append(0.0)

    before = [place[name] for place, name in places]
    for place, name in places:
        place[name] = wrapped(name, place[name])
    # Templates that are loaded keep the functions they were loaded with.
    _forget_templates(app)
    try:
        yield next_request
    finally:
        for (place, name), part in zip(places, before, strict=True):
            place[name] = part
        _forget_templates(app)


def _forget_templates(app: Site) -> None:
    if app.jinja_env.cache is not None:
        app.jinja_env.cache.clear()
