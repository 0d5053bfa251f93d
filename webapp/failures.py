"""Error pages, and what is written down about an error: never what somebody searched for."""

from __future__ import annotations

import traceback
from types import TracebackType

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from search.errors import IndexUnavailableError

#: Seconds until a browser or a probe should ask again: a first index takes about that long.
RETRY_SECONDS = 30

#: Status → heading, and what the reader can do.
_WORDS = {
    400: ("Adressen går inte att läsa", "Något i adressen är fel. Gör om sökningen härifrån."),
    404: (
        "Sidan finns inte",
        "Dokumentet kan ha tagits bort eller fått en ny adress. Sök efter det du letar efter.",
    ),
    405: ("Så kan sidan inte användas", "Börja om med en ny sökning."),
    416: ("Den delen av filen finns inte", "Hämta hela filen i stället."),
    500: (
        "Något gick fel",
        "Felet ligger hos oss, inte hos dig. Försök igen om en stund.",
    ),
    503: (
        "Sökningen är inte redo ännu",
        "Dokumenten håller på att läsas in, eller så har ingen läst in några än. "
        "Försök igen om en liten stund.",
    ),
}
_OTHER = ("Det gick inte", "Försök igen, eller börja om med en ny sökning.")

_ExcInfo = tuple[type, BaseException, TracebackType] | tuple[None, None, None]


class Site(Flask):
    """Flask, but an error is logged without its message: that may quote the question."""

    def log_exception(self, exc_info: _ExcInfo) -> None:
        """Log where it happened and the kind of error, and nothing a reader typed."""
        kind, _, trace = exc_info
        places = "".join(traceback.format_tb(trace))
        name = kind.__name__ if kind else "Error"
        self.logger.error("%s in %s\n%s", name, request.endpoint or "no view", places)


def install(app: Flask) -> None:
    """Answer errors with pages of our own."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        response = _page(error.code or 500)
        for name, value in error.get_headers():
            if name.lower() in ("allow", "content-range"):
                response.headers[name] = value
        return response

    @app.errorhandler(IndexUnavailableError)
    def unavailable(_error: IndexUnavailableError) -> Response:
        if request.endpoint == "public.health":
            response = make_response(jsonify(status="unavailable", generation=0), 503)
        else:
            response = _page(503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response


def _page(status: int) -> Response:
    heading, advice = _WORDS.get(status, _OTHER)
    html = render_template("fel.html", status=status, heading=heading, advice=advice)
    return make_response(html, status)
