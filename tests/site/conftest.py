"""One site for all facts about it: each starts on day 1 with an empty log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.site.server import Served, serve


@pytest.fixture(scope="module")
def shared() -> Iterator[Served]:
    with serve() as site:
        yield site


@pytest.fixture
def site(shared: Served) -> Iterator[Served]:
    shared.set_day(1)
    shared.clear_log()
    yield shared
    assert shared.mistakes == []
