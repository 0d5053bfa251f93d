"""Sources are data, checked at start: every complaint names file, line and key."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from indexer.identity import key_for
from indexer.sources import SURE, load_sources, rules_for
from search.errors import SettingsError

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "corpus" / "sources.toml"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the content that a test may spoil."""
    (tmp_path / "vocabulary").mkdir()
    for name in ("sources.toml", "vocabulary/clutter.toml"):
        (tmp_path / name).write_bytes((ROOT / "corpus" / name).read_bytes())
    return tmp_path / "sources.toml"


def complaint(path: Path) -> str:
    with pytest.raises(SettingsError) as error:
        load_sources(path)
    return str(error.value)


def test_the_sources_of_the_project_load() -> None:
    sources = load_sources(SOURCES)
    assert list(sources) == [
        "exempel", "egna", "bra", "skr", "gr", "lansstyrelserna", "polisen", "socialstyrelsen",
        "kunskapsguiden", "skolverket", "cve", "sbu", "lagtext",
    ]  # fmt: skip
    assert sources["bra"].label == "Brå"
    assert sources["egna"].label == "Egna dokument"
    whole = {name for name, source in sources.items() if source.show == "full"}
    assert whole == {"exempel", "egna", "lagtext"}
    assert {source.show for source in sources.values()} == {"full", "passages"}


def test_three_sites_are_ready_and_the_rest_waits_for_an_editor() -> None:
    sources = load_sources(SOURCES)
    crawled = {name: source.on for name, source in sources.items() if source.crawl}
    assert [name for name, on in crawled.items() if on] == ["bra", "skr", "gr"]
    assert set(sources) - crawled.keys() == {"exempel", "egna"}


def test_every_rule_says_why_and_how_sure_it_is() -> None:
    for source in load_sources(SOURCES).values():
        rules = [(r.why, r.sure) for r in (*source.rules, *source.general)]
        rules += [(r.why, r.sure) for r in source.pages]
        rules += [(r.why, r.sure) for r in source.identity]
        rules += [(r.why, r.sure) for r in (source.crawl.all_rules() if source.crawl else ())]
        assert rules
        assert [(why, sure) for why, sure in rules if not why or sure not in SURE] == []


def test_an_imitated_site_lends_its_rules_and_nothing_else() -> None:
    sources = load_sources(SOURCES)
    read_as = rules_for(sources["exempel"], "skr")
    assert (read_as.name, read_as.hosts, read_as.show) == ("exempel", (), "full")
    assert read_as.published_means == "changed"
    assert read_as.pages == sources["skr"].pages
    assert rules_for(sources["exempel"], "") is sources["exempel"]


def test_sources_travel_to_another_process() -> None:
    sources = load_sources(SOURCES)
    assert pickle.loads(pickle.dumps(sources)) == sources  # noqa: S301


def test_a_new_sitevision_site_takes_ten_lines(changed: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = readme.partition("```toml\n")[2].partition("```")[0]
    assert 5 < len([line for line in example.splitlines() if line]) <= 10
    with changed.open("a", encoding="utf-8") as file:
        file.write(example)
    mora = load_sources(changed)["mora"]
    assert key_for(mora, "https://www.mora.se/omsorg/a.5.1f2e3d4c.html") == "mora:1f2e3d4c"
    assert mora.selectors("title")
    assert mora.crawl is not None
    assert mora.crawl.start == ("https://mora.se/",)
    assert mora.crawl.deny


@pytest.mark.parametrize(
    ("right", "wrong", "key"),
    [
        ('label = "Brå"', "label = 7", "label"),
        ('label = "Brå"', 'lable = "Brå"', "label"),
        ('label = "GR"', 'label = "GR"\ncolour = "red"', "colour"),
        ('hosts = ["bra.se"]', 'hosts = ["www.bra.se"]', "hosts"),
        ('hosts = ["bra.se"]', 'hosts = "bra.se"', "hosts"),
        ('published_means = "changed"', 'published_means = "nothing"', "published_means"),
        ('select = "h1 + p"', 'select = "h1 +"', "select"),
        ('pages = ["report", "evaluation"]', 'pages = ["raport"]', "pages"),
        ("url = '/erfarenhetsbank/'", "url = '/erfarenhetsbank/('", "url"),
        ("url = '/erfarenhetsbank/'\n", "", "url"),
        ('part = "subtitle"\nselect = "h1 + p"', 'part = "subtitel"\nselect = "h1 + p"', "part"),
        ('key = "bra:{id}"', 'key = "bra:{ide}"', "key"),
        ("(?P<id>\\d+)", "(\\d+)", "path"),
        ('shapes = ["bra", "skr", "gr"]', 'shapes = ["bra", "scr"]', "shapes"),
        ('in = "query"\nkey = "skolverket:', 'in = "fragment"\nkey = "skolverket:', "in"),
        ('start = ["https://bra.se/"]', 'start = ["https://skr.se/"]', "start"),
        ('why = "Serves files of skr.se"\nsure = "code"', 'why = "x"\nsure = "maybe"', "sure"),
        ("why = \"Evaluations that others wrote and Brå paid for\"\n", "", "why"),
    ],
)  # fmt: skip
def test_a_complaint_names_file_line_and_key(
    changed: Path, right: str, wrong: str, key: str
) -> None:
    text = changed.read_text(encoding="utf-8")
    assert right in text
    spoilt = text.replace(right, wrong, 1)
    changed.write_text(spoilt, encoding="utf-8")
    said = complaint(changed)
    place, _, rest = said.partition(" ")
    path, line = place.rstrip(":").rsplit(":", 1)
    assert Path(path) == changed
    assert f" {key}: " in f" {rest}"
    around = text[: text.index(right)].count("\n") + 1
    assert abs(int(line) - around) <= 7, said


def test_a_file_that_is_no_toml_is_named(changed: Path) -> None:
    changed.write_text("[source\n", encoding="utf-8")
    assert str(changed) in complaint(changed)
    assert "line 1" in complaint(changed)


def test_a_missing_clutter_list_is_named(changed: Path) -> None:
    (changed.parent / "vocabulary" / "clutter.toml").unlink()
    assert "clutter.toml" in complaint(changed)


def test_a_pattern_that_is_none_is_named_in_the_clutter_list(changed: Path) -> None:
    clutter = changed.parent / "vocabulary" / "clutter.toml"
    text = clutter.read_text(encoding="utf-8")
    clutter.write_text(text.replace("'^Proxy error: \\d+'", "'^Proxy (error'"), encoding="utf-8")
    said = complaint(changed)
    line = text[: text.index("'^Proxy")].count("\n") + 1
    assert f"clutter.toml:{line}:" in said
    assert "pattern" in said
