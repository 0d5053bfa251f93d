"""The drift alarm: a site that was rebuilt is noticed, and harms nothing that was there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.context import Context
from indexer.crawl.drift import FITS, drift_of, is_sampled
from indexer.crawl.receipt import read_receipt
from indexer.crawl.runs import RunState
from indexer.crawling import crawl, decide
from indexer.parse.readings import Readings
from search.document import Block, Document, Section
from search.settings import Settings
from tests.site.server import serve


def text(words: int) -> Document:
    block = Block(" ".join(["ord"] * words))
    return Document(key="k", source="gr", title="T", sections=(Section(blocks=(block,)),))


@pytest.mark.parametrize(
    ("site", "general", "has_title", "drift"),
    [
        (100, 100, True, FITS),
        (60, 100, True, FITS),
        (59, 100, True, "the site's rules find 59% of the words"),
        (100, 100, False, "the site's rules find no title"),
        (0, 100, True, "the site's rules find 0% of the words"),
        (300, 100, True, FITS),
        (0, 49, False, ""),
    ],
)
def test_drift_is_told_by_title_and_share_of_words(
    site: int, general: int, has_title: bool, drift: str
) -> None:
    assert drift_of(Readings(text(site), text(general), has_title)) == drift


def test_rules_that_find_nothing_at_all_do_not_fit() -> None:
    assert drift_of(Readings(None, text(100), has_title=False)) == "the site's rules find no title"


def test_the_first_pages_are_compared_and_then_one_in_ten() -> None:
    assert all(is_sampled(number) for number in range(20))
    assert sum(is_sampled(number) for number in range(20, 120)) == 10


@contextmanager
def opened(
    home: Path, variant: str, day: int, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Context]:
    with serve(day, variant=variant) as site:
        monkeypatch.setenv("SSL_CERT_FILE", str(site.ca_file))
        settings = Settings(
            home=home,
            crawl_allow_addresses=(site.https_address,),
            crawl_resolve=tuple(f"{host}={at}" for host, at in site.resolve().items()),
            crawl_pace_percent=0,
            crawl_timeout=5,
        )
        with Context(settings) as context:
            yield context


def test_a_rebuilt_site_is_held_takes_nothing_and_goes_on_when_an_editor_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, "sitevision", 1, monkeypatch) as context:
        assert crawl(context, context.source("gr")).crawl.state is RunState.DONE
        before = context.library.state_at(context.library.revision())
    with opened(tmp_path, "plain", 3, monkeypatch) as context:
        held = crawl(context, context.source("gr"), days_ahead=2).crawl
        assert held.state is RunState.HELD
        assert held.reason.startswith("the site's rules no longer fit")
        receipt = read_receipt(context.library.engine, held.id)
        assert receipt.drifting()
        assert any(visit.url in line for visit in receipt.drifting() for line in receipt.lines())
        assert context.library.state_at(context.library.revision()) == before
        decide(context, held.id, is_right=True)
        again = crawl(context, context.source("gr"), days_ahead=3).crawl
        assert again.state is RunState.DONE
        assert again.totals.changed >= len(receipt.drifting())
