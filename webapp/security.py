"""Response headers: what a browser may do with our pages, and what it may keep.

Owns every security and cache header; views and templates set none. No cookie is ever set.
"""

from __future__ import annotations

from flask import Flask, Response, request

#: No script runs, nothing comes from elsewhere, nobody frames us.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

#: Chromium shows a PDF in a document of its own, with a plugin and inline styles; scripts in
#: the file are the viewer's business, and the file reaches nothing of ours.
PDF_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # A question must not reach the source that the reader goes on to.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

#: Pages change with every generation, and what somebody searched for is theirs alone.
CACHE_PAGE = "private, no-cache"
#: An asset's address carries its hash, so it never changes.
CACHE_ASSET = "public, max-age=31536000, immutable"
CACHE_NEVER = "no-store"


#: Pages that show what others publish: search engines should find it there.
_COPIES = frozenset({"public.document", "public.original"})


def protect(app: Flask) -> None:
    """Set the headers on every response, error pages and static files too."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers[name] = value
        is_pdf = response.mimetype == "application/pdf"
        response.headers["Content-Security-Policy"] = PDF_POLICY if is_pdf else PAGE_POLICY
        response.headers["Cache-Control"] = _cache_rule(response)
        if (request.endpoint or "") in _COPIES:
            response.headers["X-Robots-Tag"] = "noindex"
        return response


def _cache_rule(response: Response) -> str:
    if response.status_code >= 500 or response.mimetype == "application/json":
        return CACHE_NEVER
    if request.endpoint == "static" and "v" in request.args and response.status_code in (200, 304):
        return CACHE_ASSET
    return CACHE_PAGE
