"""How a source is crawled is data: defaults are few, and every complaint names its place."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.crawl_rules import CrawlRules, read_crawl, read_shared
from indexer.sources import load_sources
from search.errors import SettingsError
from search.tomlfile import read_toml

CORPUS = Path(__file__).resolve().parents[2] / "corpus"

WHOLE = """\
start = ["https://www.mora.se/"]
sitemaps = ["https://mora.se/sitemap.xml"]
feeds = ["https://mora.se/rss"]
every_hours = 24
pace_seconds = 0.5
most_pages = 100
most_depth = 3
languages = ["sv", "en"]
gone_at_once = true

[[listing]]
path = '^/nyheter/?$'
why = "a list"
sure = "seen"

[[allow]]
path = '^/nyheter/'
why = "news"
sure = "code"

[[deny]]
path = '^/nyheter/kalender'
why = "calendar"
sure = "guess"

[[language]]
code = "en"
path = '^/english/'
why = "twins"
sure = "guess"
"""

Read = Callable[[str], CrawlRules]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def from_text(text: str) -> CrawlRules:
        path = tmp_path / "crawl.toml"
        path.write_text(text, encoding="utf-8")
        return read_crawl(read_toml(path), ("mora.se",))

    return from_text


def test_every_key_is_read(read: Read) -> None:
    rules = read(WHOLE)
    assert rules.start == ("https://www.mora.se/",)
    assert rules.sitemaps == ("https://mora.se/sitemap.xml",)
    assert rules.feeds == ("https://mora.se/rss",)
    assert (rules.every_hours, rules.pace_seconds) == (24, 0.5)
    assert (rules.most_pages, rules.most_depth) == (100, 3)
    assert (rules.languages, rules.gone_at_once) == (("sv", "en"), True)
    assert [rule.why for rule in rules.all_rules()] == ["a list", "news", "calendar", "twins"]


def test_a_place_to_begin_is_enough(read: Read) -> None:
    rules = read('start = ["https://mora.se/"]')
    assert rules == CrawlRules(start=("https://mora.se/",))
    assert rules.pace_seconds >= 1
    assert rules.languages == ("sv",)


def test_shared_rules_come_after_a_sources_own(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "shared.toml").write_text(
        'why = "x"\n[[deny]]\npath = "a"\nwhy = "shared"\nsure = "guess"\n'
        '[[allow]]\npath = "^/download/"\nwhy = "files"\nsure = "guess"\n',
        encoding="utf-8",
    )
    shared = read_shared(read_toml(tmp_path / "shared.toml"))
    rules = read_crawl(read_toml(tmp_path / "own.toml"), ("mora.se",), (shared,))
    assert [rule.why for rule in rules.deny] == ["calendar", "shared"]
    assert [rule.why for rule in rules.allow] == ["news"]
    assert [rule.why for rule in rules.template_allow] == ["files"]


@pytest.mark.parametrize(
    ("right", "wrong", "key", "problem"),
    [
        ("https://www.mora.se/", "ftp://mora.se/", "start", "https://"),
        ("https://www.mora.se/", "/nyheter", "start", "https://"),
        ("https://www.mora.se/", "https://[mora", "start", "https://"),
        ("https://www.mora.se/", "https://rattvik.se/", "start", "no host of this source"),
        ("https://mora.se/rss", "https://mora.se.example/rss", "feeds", "no host of this source"),
        ("every_hours = 24", "every_hours = 0", "every_hours", "from 1"),
        ("pace_seconds = 0.5", 'pace_seconds = "fast"', "pace_seconds", "seconds"),
        ("most_pages = 100", "most_pages = 1.5", "most_pages", "whole number"),
        ('languages = ["sv", "en"]', 'languages = ["svenska"]', "languages", "code"),
        ('languages = ["sv", "en"]', "languages = []", "languages", "empty"),
        ("gone_at_once = true", 'gone_at_once = "yes"', "gone_at_once", "true or false"),
        ("gone_at_once = true", "gone_at_one = true", "gone_at_one", "not known"),
        ("'^/nyheter/kalender'", "'^/nyheter/('", "path", "regular expression"),
        ('why = "calendar"\n', "", "why", "missing"),
        ('sure = "code"', 'sure = "hardly"', "sure", "not allowed"),
        ('code = "en"', 'code = "English"', "code", "code"),
        ('why = "twins"', 'why = "twins"\nsays = "x"', "says", "not known"),
    ],
)
def test_a_complaint_names_line_and_key(
    read: Read, right: str, wrong: str, key: str, problem: str
) -> None:
    assert right in WHOLE
    with pytest.raises(SettingsError) as error:
        read(WHOLE.replace(right, wrong, 1))
    said = str(error.value)
    line = int(said.partition("crawl.toml:")[2].partition(":")[0])
    around = WHOLE[: WHOLE.index(right)].count("\n") + 1
    assert f"{key}: " in said
    assert problem in said
    assert abs(line - around) <= 4, said


def test_a_crawl_without_a_beginning_is_none(read: Read) -> None:
    with pytest.raises(SettingsError, match="start: is missing, and so are sitemaps and feeds"):
        read("every_hours = 24")


def test_a_source_without_a_host_cannot_be_crawled(tmp_path: Path) -> None:
    (tmp_path / "vocabulary").mkdir()
    for name in ("sources.toml", "vocabulary/clutter.toml"):
        (tmp_path / name).write_bytes((CORPUS / name).read_bytes())
    with (tmp_path / "sources.toml").open("a", encoding="utf-8") as file:
        file.write('[source.egna.crawl]\nstart = ["https://mora.se/"]\n')
    with pytest.raises(SettingsError, match="hosts: is missing: a source that is crawled"):
        load_sources(tmp_path / "sources.toml")


def test_the_laws_in_force_are_where_law_text_begins() -> None:
    crawl = load_sources(CORPUS / "sources.toml")["lagtext"].crawl
    assert crawl is not None
    laws = tomllib.loads((CORPUS / "vocabulary" / "laws.toml").read_text(encoding="utf-8"))["law"]
    wanted = {
        f"https://data.riksdagen.se/dokument/sfs-{law['number'].replace(':', '-')}.html"
        for law in laws
        if "replaced_by" not in law
    }
    assert {address for address in crawl.start if "/dokument/" in address} == wanted


def test_three_sites_keep_a_pace_that_disturbs_nobody() -> None:
    for source in load_sources(CORPUS / "sources.toml").values():
        if source.crawl:
            assert source.crawl.pace_seconds >= 2
            assert source.crawl.every_hours >= 24
