from __future__ import annotations

from pathlib import Path

import pytest

from search.errors import SettingsError
from search.settings import Settings, read_settings


def test_the_defaults_need_nothing(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path / "none.toml") == Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    config = tmp_path / "metodsok.toml"
    config.write_text('port = 9000\nhome = "data"\n')
    settings = read_settings({"METODSOK_PORT": "9001"}, config)
    assert (settings.port, settings.home) == (9001, Path("data"))


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"METODSOK_PORT": "80000"}, ["METODSOK_PORT", "80000", "1 to 65535"]),
        ({"METODSOK_PORT": "http"}, ["METODSOK_PORT", "http", "whole number"]),
        ({"METODSOK_POTR": "8000"}, ["METODSOK_POTR", "allowed are", "port"]),
        ({"METODSOK_HOME": " "}, ["METODSOK_HOME", "folder"]),
        ({"METODSOK_HOST": "a b"}, ["METODSOK_HOST", "a b", "host name"]),
        ({"METODSOK_CONFIG": "/nowhere/x.toml"}, ["METODSOK_CONFIG", "no such file"]),
    ],
)
def test_a_bad_setting_is_named_with_its_value_and_what_is_allowed(
    environment: dict[str, str], words: list[str], tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(environment, None if "METODSOK_CONFIG" in environment else tmp_path / "x")
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize("text", ["port = ", "prot = 1", "port = true", "port = 1.5"])
def test_a_bad_config_file_is_named(tmp_path: Path, text: str) -> None:
    config = tmp_path / "metodsok.toml"
    config.write_text(text)
    with pytest.raises(SettingsError, match=r"metodsok\.toml"):
        read_settings({}, config)
