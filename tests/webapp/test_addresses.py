"""Addresses that a page has by the dozen are built by hand, and are those of the router."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from flask import Flask, url_for

from search.query import read_query

KEYS = ("skr:377", "file:18.ab", "a b/c", "å?&=#;%25", "https://x.se//a,b(c)'", "1998:808+é")


@pytest.mark.parametrize("root", ["", "/metod"])
@pytest.mark.parametrize("key", KEYS)
def test_a_hits_address_is_the_routers(app: Flask, key: str, root: str) -> None:
    address = cast(Callable[..., str], app.jinja_env.globals["document_address"])
    with app.test_request_context("/sok", environ_overrides={"SCRIPT_NAME": root}):
        assert address(key, read_query("")) == url_for("public.document", key=key)
        assert address(key, read_query("å")) == f"{url_for('public.document', key=key)}?q=%C3%A5"
        assert address(key, read_query("")).startswith(root)
