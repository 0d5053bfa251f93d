"""The public pages: params → search → render. Nothing is worked out here."""

from __future__ import annotations

import re

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    render_template,
    request,
    send_file,
)

from search.document import Document
from search.results import PASSAGES, right_to
from webapp.engine import engine
from webapp.params import read_params
from webapp.present import PDF, Labels
from webapp.public.listing import chosen_filters, filter_groups, paging, ways_out
from webapp.public.reading import chapters, contents, links_of, sources_of
from webapp.public.rights import as_far_as_shown

pages = Blueprint("public", __name__)

#: What may be downloaded as what it is, and the ending of its name. HTML never leaves us, and
#: any other type goes out as bytes without a name for what they are.
ATTACHMENTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
BYTES = "application/octet-stream"
_MARKUP = re.compile(r"html|xml", re.IGNORECASE)
_UNSAFE_IN_NAMES = re.compile(r"[^\w -]+")
_LONGEST_NAME = 80


@pages.get("/")
def start() -> str:
    """What Metodsök is for, and where to begin."""
    return render_template("start.html", counts=engine().counts, labels=_labels())


@pages.get("/sok")
def search() -> tuple[str, int]:
    """Results, with filters and paging."""
    asked = read_params(request.args)
    labels = _labels()
    results = engine().search(asked.query)
    place = paging(results)
    html = render_template(
        "sok.html",
        query=asked.query,
        was_cut=asked.was_cut,
        results=results,
        labels=labels,
        groups=filter_groups(results, labels),
        chosen=chosen_filters(asked.query, labels),
        ways_out=ways_out(asked.query),
        place=place,
        # Said where nothing is found, and only then worth counting.
        searched=0 if results.hits else sum(engine().counts.values()),
    )
    return html, 404 if place.is_beyond else 200


@pages.get("/dokument/<path:key>")
def document(key: str) -> str:
    """A document with its passages, as many as its source lets us show."""
    stored = engine().document(key) or abort(404)
    query = read_params(request.args).query
    right = right_to(engine().labels, stored.document.source)
    best = engine().passages_for(key, query) if right == PASSAGES else ()
    shown = as_far_as_shown(stored, right, best)
    stored = shown.stored
    made = chapters(stored)
    listed = any(part.sources for chapter in made for part in chapter.parts)
    return render_template(
        "dokument.html",
        query=query,
        document=stored.document,
        file=stored.file,
        shown=shown,
        labels=_labels(),
        chapters=made,
        contents=contents(made),
        links=links_of(stored.document),
        sources=() if listed else sources_of(stored.document),
    )


@pages.get("/dokument/<path:key>/original")
def original(key: str) -> Response:
    """The published original: a PDF to read, anything else to download, HTML never."""
    stored = engine().document(key) or abort(404)
    path = engine().file(stored.file) if stored.file else None
    kind = stored.document.content_type
    if path is None or _MARKUP.search(kind.replace("openxmlformats", "")):
        abort(404)
    return send_file(
        path.resolve(),
        mimetype=kind if kind == PDF or kind in ATTACHMENTS else BYTES,
        as_attachment=kind != PDF,
        download_name=_file_name(stored.document),
        etag=stored.file,
        conditional=True,
    )


@pages.get("/halsa")
def health() -> Response:
    """For programs: whether there is something to search."""
    return jsonify(status="ok", generation=engine().generation)


@pages.get("/robots.txt")
def robots() -> Response:
    """Search engines should find the sources, not our copies of them.

    They may fetch the copies: only so do they see that those are not to be indexed.
    """
    rules = "User-agent: *\nDisallow: /sok\n"
    return Response(rules, mimetype="text/plain")


@pages.get("/favicon.ico")
def favicon() -> Response:
    """Where browsers look for it beside a PDF, which cannot name its own."""
    return current_app.send_static_file("favicon.svg")


def _labels() -> Labels:
    return Labels(engine().labels)


def _file_name(document: Document) -> str:
    name = " ".join(_UNSAFE_IN_NAMES.sub(" ", document.title).split())[:_LONGEST_NAME].strip()
    ending = ".pdf" if document.content_type == PDF else ATTACHMENTS.get(document.content_type, "")
    return (name or "dokument") + ending
