"""Docs that cannot lie: what they name is there, and what is there they name."""

from __future__ import annotations

import doctest
import importlib
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from metodsok import cli
from search.settings import LIMITS, PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent
TARGETS = {"install", "run", "test", "check", "lint", "format", "types", "bench", "corpus"}
TARGETS |= {"bench-start", "bench-check", "bench-crawl", "bench-http"}
TARGETS |= {"test-forks", "ranking", "lock", "clean"}
#: Where readers and editors are told what to type.
MANUALS: tuple[str, ...] = ("README.md", "CHANGELOG.md", "ARCHITECTURE.md")
MANUALS += ("docs/handbok.md", "docs/settings.md", "docs/ranking.md")
ROOMS = ("search", "indexer", "webapp", "tools", "bench")

_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_COMMAND = re.compile(r"\bmetodsok ([a-z]+(?:-[a-z]+)*)((?: [^\n`#]*)?)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def manual(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked() -> list[Path]:
    """The files of the checkout that travel with it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def commands_in(text: str) -> Iterator[tuple[str, str]]:
    for code in _CODE.findall(text):
        yield from _COMMAND.findall(code)


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_names_only_commands_and_options_that_exist(name: str) -> None:
    for command, rest in commands_in(manual(name)):
        assert command in cli.commands, f"{name}: metodsok {command}"
        known = {opt for p in cli.commands[command].params for opt in p.opts}
        for option in re.findall(r"(?<!\S)--[a-z-]+", rest):
            assert option in known, f"{name}: metodsok {command} {option}"


def test_the_readme_names_every_command() -> None:
    named = {command for command, _ in commands_in(manual("README.md"))}
    assert named == set(cli.commands)


def test_every_command_and_option_explains_itself() -> None:
    for name, command in cli.commands.items():
        assert command.help, name
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, (name, option.name)


def test_make_help_lists_exactly_the_promised_targets() -> None:
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    assert sorted(re.findall(r"^  make ([a-z-]+)", listed, re.M)) == sorted(TARGETS | {"help"})


@pytest.mark.parametrize("name", MANUALS)
def test_a_manual_names_only_targets_that_exist(name: str) -> None:
    makefile = manual("Makefile")
    for code in _CODE.findall(manual(name)):
        for target in re.findall(r"\bmake ([a-z][a-z-]*)", code):
            assert re.search(rf"^{target}:", makefile, re.M), f"{name}: make {target}"


def test_the_page_of_settings_says_what_the_code_says() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", manual("docs/settings.md"), re.M
    )
    said = {name: (default, allowed) for name, default, allowed, _ in rows}
    assert list(said) == [PREFIX + field.name.upper() for field in fields(Settings)]
    for field in fields(Settings):
        default, allowed = said[PREFIX + field.name.upper()]
        if field.name in LIMITS:
            least, greatest = LIMITS[field.name]
            assert allowed == f"{least}–{greatest}"
        if field.name != "corpus":
            assert default == (f"`{field.default}`" if field.default not in ("", ()) else "–")


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")))
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for target in _LINK.findall(path.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("#"):
            assert (path.parent / target.partition("#")[0]).exists(), f"{path.name}: {target}"


def test_no_file_names_a_package_registry_or_a_place_on_one_machine() -> None:
    registries = ["py" + "pi.org", "files.python" + "hosted.org", "registry.npm" + "js.org"]
    places = ["/" + "root/", "/" + "work/main", "file:///" + "opt"]
    for path in tracked():
        data = path.read_bytes()
        for word in (*registries, *places):
            assert word.encode() not in data, f"{path.relative_to(ROOT)}: {word}"


def modules_with_examples() -> list[str]:
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if ">>> " in path.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize("name", modules_with_examples())
def test_examples_in_docstrings_are_true(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(name))
    assert outcome.attempted
    assert not outcome.failed
