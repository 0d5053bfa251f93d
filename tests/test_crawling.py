"""Crawling from the front door and by the worker, on the fixture site, as people do it."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from indexer.context import Context
from indexer.jobs import State
from indexer.worker import work
from metodsok import cli
from search.errors import MetodsokError
from search.settings import Settings, read_settings
from tests.site.server import Served, serve

NEWS = "https://goteborgsregionen.se/nyheterochpress"


@dataclass(frozen=True)
class Said:
    code: int
    out: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with serve() as served:
        yield served
        assert served.mistakes == []
        assert served.intrusions == []


@pytest.fixture
def environment(site: Served, tmp_path: Path) -> Mapping[str, str]:
    return {
        "METODSOK_HOME": str(tmp_path / "home"),
        "METODSOK_CRAWL_ALLOW_ADDRESSES": site.https_address,
        "METODSOK_CRAWL_RESOLVE": ",".join(f"{h}={a}" for h, a in site.resolve().items()),
        "METODSOK_CRAWL_PACE_PERCENT": "0",
        "METODSOK_CRAWL_TIMEOUT": "5",
        "SSL_CERT_FILE": str(site.ca_file),
    }


@pytest.fixture
def metodsok(
    environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Said:
        done = CliRunner().invoke(cli, arguments, catch_exceptions=True)
        if isinstance(done.exception, MetodsokError):
            return Said(1, str(done.exception))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(done.exit_code, done.stdout)

    return run


def test_a_source_is_crawled_searched_and_accounted_for(
    metodsok: Callable[..., Said], tmp_path: Path
) -> None:
    (receipt,) = metodsok("crawl", "gr", "--json").json
    assert receipt["crawl"]["state"] == "done"
    assert receipt["totals"]["new"] > 60
    hits = metodsok("search", "hatbrott på dagordningen", "--json").json["hits"]
    assert hits[0]["title"] == "Hatbrott på dagordningen"
    table = tmp_path / "kvitto.csv"
    number = str(receipt["crawl"]["id"])
    assert "Crawl 1 of gr: done" in metodsok("crawl", "--show", number, "--csv", str(table)).out
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == len(receipt["visits"]) + 1
    (gr,) = [s for s in metodsok("sources", "--json").json if s["name"] == "gr"]
    assert (gr["documents"], gr["state"], bool(gr["crawled"])) == (
        receipt["totals"]["new"], "done", True,
    )  # fmt: skip
    assert "does not wait for an editor" in metodsok("crawl", "--release", number).out


def test_one_page_is_added_by_its_address(metodsok: Callable[..., Said], site: Served) -> None:
    (listed,) = metodsok("crawl", "gr", "--limit", "6", "--json").json
    page = next(v["url"] for v in listed["visits"] if v["outcome"] in ("new", "unchanged"))
    said = metodsok("add", page, "--json")
    assert said.code == 0
    assert said.json["totals"]["new"] + said.json["totals"]["unchanged"] == 1
    skipped = metodsok("add", "https://goteborgsregionen.se/kalender", "--json")
    assert skipped.code == 1
    assert skipped.json["visits"][0]["reason"].startswith("calendar")


@pytest.mark.parametrize(
    "address",
    ["http://169.254.169.254/latest/meta-data/", "https://127.0.0.1/", "https://annan.example/a"],
)
def test_an_address_of_no_source_is_not_even_asked(
    metodsok: Callable[..., Said], address: str
) -> None:
    said = metodsok("add", address)
    assert (said.code, "is on no host of a source" in said.out) == (1, True)


def test_a_trial_shows_both_readings_and_stores_nothing(metodsok: Callable[..., Said]) -> None:
    made = metodsok("sources", "check", "gr", "--limit", "10", "--json").json
    assert made["robots"] == ["https://goteborgsregionen.se/robots.txt: read"]
    assert made["pages"]
    assert {page["drift"] for page in made["pages"]} <= {"fits", ""}
    assert all(page["readings"]["site"] for page in made["pages"] if page["readings"])
    assert metodsok("status", "--json").json["documents"] == 0


def test_a_run_ends_at_its_limit_and_goes_on_in_the_next(
    metodsok: Callable[..., Said], tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(root / "corpus" / "vocabulary", tmp_path / "corpus" / "vocabulary")
    rules = (root / "corpus" / "sources.toml").read_text(encoding="utf-8")
    limited = rules.replace("[source.gr.crawl]\n", "[source.gr.crawl]\nmost_pages = 5\n")
    (tmp_path / "corpus" / "sources.toml").write_text(limited, encoding="utf-8")
    monkeypatch.setenv("METODSOK_CORPUS", str(tmp_path / "corpus"))
    seen = set[str]()
    for _ in range(2):
        (receipt,) = metodsok("crawl", "gr", "--json").json
        assert receipt["crawl"]["state"] == "stopped"
        assert receipt["crawl"]["reason"] == "the limit of 5 pages a run"
        fetched = {v["url"] for v in receipt["visits"] if v["http_status"]}
        assert len(fetched) == 5
        assert not fetched & seen
        seen |= fetched


def test_nobody_is_crawled_without_saying_who_asks(
    metodsok: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("RESOLVE", "ALLOW_ADDRESSES", "PACE_PERCENT"):
        monkeypatch.delenv(f"METODSOK_CRAWL_{name}")
    said = metodsok("crawl", "gr")
    assert (said.code, "METODSOK_CRAWL_CONTACT" in said.out) == (1, True)


def test_the_worker_adds_a_file_while_a_crawl_goes_on(
    metodsok: Callable[..., Said], tmp_path: Path
) -> None:
    (tmp_path / "rutin.txt").write_text("Rutin\n\nSå gör vi vid klotter.\n", encoding="utf-8")
    settings: Settings = read_settings()
    with Context(settings) as context:
        crawl = context.jobs.add("crawl", {"sources": ["gr"]}).id
        arguments = {"paths": [str(tmp_path / "rutin.txt")], "source": "egna"}
        added = context.jobs.add("add", arguments).id
        work(context, threading.Event(), until_idle=True)
        first, last = context.jobs.get(added), context.jobs.get(crawl)
        assert (first.state, last.state) == (State.DONE, State.DONE)
        assert first.ended < last.ended
        assert last.message.startswith("crawl 1 of gr: done")
        published = context.index.current()
        assert published is not None
        assert set(published.documents) == set(context.library.state_at(context.library.revision()))
