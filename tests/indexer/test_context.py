from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.context import Context
from search.errors import ParseError, SettingsError
from search.settings import Settings


@pytest.mark.parametrize(
    ("name", "url", "found"),
    [
        (None, "", "egna"),
        (None, "https://bra.se/publikationer/x.html", "bra"),
        (None, "http://www.skr.se/rapport.17.html", "skr"),
        (None, "https://goteborgsregionen.se/x", "gr"),
        (None, "https://example.org/bra.se", "egna"),
        (None, "https://bra.se.example.org/", "egna"),
        (None, "ingen adress", "egna"),
        ("gr", "https://bra.se/x", "gr"),
        ("gr", "", "gr"),
    ],
)
def test_a_source_is_found_by_name_else_by_host_else_it_is_own(
    context: Context, name: str | None, url: str, found: str
) -> None:
    assert context.source_for(name, url).name == found


def test_an_unknown_source_is_answered_with_those_there_are(context: Context) -> None:
    with pytest.raises(SettingsError, match=r"'mora' is not a source.*exempel, egna, bra"):
        context.source("mora")
    with pytest.raises(SettingsError, match="'mora'"):
        context.source_for("mora", "https://bra.se/")


def test_wrong_content_stops_at_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"sources\.toml"):
        Context(Settings(home=tmp_path / "home", corpus=tmp_path))


def test_broken_laws_stop_at_start(tmp_path: Path, root: Path) -> None:
    shutil.copytree(root / "corpus" / "vocabulary", tmp_path / "vocabulary")
    shutil.copy(root / "corpus" / "sources.toml", tmp_path)
    settings = Settings(home=tmp_path / "home", corpus=tmp_path)
    assert "2023:196" in Context(settings).laws
    (tmp_path / "vocabulary" / "laws.toml").write_text('[[law]]\nnumber = "196"\n')
    with pytest.raises(SettingsError, match=r"laws\.toml:2: \[law\] number: a number is expected"):
        Context(settings)


def test_nothing_is_made_before_it_is_asked_for(
    make_context: Callable[..., Context], tmp_path: Path
) -> None:
    with make_context("new") as context:
        assert context.settings.home == tmp_path / "new"
        assert not (tmp_path / "new").exists()
        assert context.library.is_empty()
        assert (tmp_path / "new" / "library.sqlite").is_file()


def test_the_parts_share_one_library(context: Context) -> None:
    assert context.intake.library is context.library
    assert context.library is context.library
    context.problems.record("egna", "/a", digest="", parsed_by="p", reason="x", message="X.")
    assert context.intake.library.revision() == 0
    assert len(context.problems.all()) == 1


def test_limits_are_the_settings(make_context: Callable[..., Context]) -> None:
    context = make_context(parse_seconds=7, parse_memory_mb=500, file_mb=3, pdf_pages=9)
    limits = context.limits
    assert (limits.seconds, limits.memory_mb, limits.file_mb, limits.pdf_pages) == (7, 500, 3, 9)


def test_a_parsed_file_is_not_stored(context: Context, files: Path) -> None:
    document = context.parse_file(files / "medling.txt", None, "")
    assert (document.key, document.title) == ("egna:rutiner/medling.txt", "Medling")
    assert context.library.is_empty()
    page = files / "a.html"
    page.write_text("<html><body><main><h1>A</h1><p>En text.</p></main></body></html>")
    document = context.parse_file(page, None, "https://skr.se/skr/rapport.17.html")
    assert (document.key, document.source) == ("skr:17", "skr")
    (files / "tom.txt").touch()
    with pytest.raises(ParseError, match="tom"):
        context.parse_file(files / "tom.txt", None, "")


def test_a_process_of_its_own_parses_and_ends_with_the_context(tmp_path: Path, files: Path) -> None:
    with Context(Settings(home=tmp_path / "home")) as context:
        receipts = list(context.folder_source.add([files], "egna"))
        assert [receipt.title for receipt in receipts] == ["Medling", "Samverkan"]
        child = context.parser._child
        assert child is not None
    assert child._process.poll() is not None
