"""``create_app``: puts the site together. Nothing here answers a request."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import g, request, url_for
from jinja2 import StrictUndefined

from search.query import Query
from search.searcher import Searcher
from search.settings import Settings
from webapp import engine as engines
from webapp import failures, present, security
from webapp.engine import Engine
from webapp.failures import Site
from webapp.params import (
    PARAMETERS,
    exactly,
    filter_params,
    query_string,
    question_params,
    reworded,
    turned_to,
)
from webapp.public.views import pages

#: Of what the address of a page may hold without a percent sign, all that the router leaves there.
_SAFE_IN_KEYS = "!$&'()*+,/:;=@"

_ROOM = Path(__file__).resolve().parent
#: Characters of a hash that tell one version of an asset from the next.
_VERSION_CHARACTERS = 12


def create_app(settings: Settings, searcher: Engine | None = None) -> Site:
    """The site over the index that the settings name, or over another engine.

    Raises SettingsError when the vocabulary cannot be read. The index may come later.
    """
    app = Site("webapp", root_path=str(_ROOM))
    engines.install(app, searcher or Searcher(settings.index_path, settings.vocabulary))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # A key may hold an address; its slashes are its own.
    app.url_map.merge_slashes = False
    present.install(app)
    security.protect(app)
    failures.install(app)
    app.register_blueprint(pages)
    versions = _versions(_ROOM / "static")
    app.jinja_env.globals.update(
        asset=lambda name: _path("static", filename=name, v=versions[name]),
        path=_path,
        search_address=_search_address,
        document_address=_document_address,
        filter_params=filter_params,
        question_params=question_params,
        exactly=exactly,
        reworded=reworded,
        page_of=turned_to,
        parameters=PARAMETERS,
        laws=present.law_names(settings.vocabulary),
    )
    return app


def _versions(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:_VERSION_CHARACTERS]
        for path in folder.iterdir()
        if path.is_file()
    }


def _path(endpoint: str, **values: Any) -> str:
    """The address of a page that many pages name: it depends on where the site is mounted only."""
    return _path_under(request.script_root, endpoint, **values)


@lru_cache(maxsize=256)
def _path_under(_root: str, endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values)


def _search_address(query: Query) -> str:
    asked = query_string(query)
    return _path("public.search") + (f"?{asked}" if asked else "")


def _document_address(key: str, query: Query) -> str:
    """A document's page that remembers the search it was found by."""
    before, after = _around(query)
    return f"{before}{quote(key, safe=_SAFE_IN_KEYS)}{after}"


def _around(query: Query) -> tuple[str, str]:
    """What stands around the key in the address of each hit of the question being answered."""
    known: tuple[Query, tuple[str, str]] | None = g.get("around")
    if known is None or known[0] is not query:
        asked = query_string(query)
        before = _path("public.document", key="-").removesuffix("-")
        g.around = known = (query, (before, f"?{asked}" if asked else ""))
    return known[1]
