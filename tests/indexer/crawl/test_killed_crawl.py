"""A crawl that is killed at any moment goes on, and ends as if nobody had disturbed it."""

from __future__ import annotations

from pathlib import Path

from bench.crawl_kills import disturbed, undisturbed
from tests.site.server import serve

#: The thirty of the issue are in ``make bench-crawl``; each costs two seconds.
KILLS, SEED = 3, 20261125


def test_a_crawl_that_is_killed_again_and_again_ends_in_the_same_library(tmp_path: Path) -> None:
    with serve() as served:
        clean = undisturbed(served, tmp_path / "clean", "gr")
        killed = disturbed(served, tmp_path / "killed", "gr", KILLS, SEED)
    assert killed.kills == KILLS
    assert len(clean.documents) > 60
    assert killed.kept
    for kept in killed.kept:
        assert kept.documents == clean.documents
        assert kept.addresses == clean.addresses
    assert killed.orphans == 0
