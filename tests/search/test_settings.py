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
        ({"METODSOK_CRAWL_CONTACT": "a@b.se\nX: 1"}, ["METODSOK_CRAWL_CONTACT", "mail or web"]),
        ({"METODSOK_CRAWL_ALLOW_ADDRESSES": "127.0.0.2"}, ["ALLOW_ADDRESSES", "127.0.0.2:8099"]),
        ({"METODSOK_CRAWL_ALLOW_ADDRESSES": "10.0.0.0/8:80"}, ["10.0.0.0/8:80", "IP address"]),
        ({"METODSOK_CRAWL_ALLOW_ADDRESSES": "127.0.0.2:99999"}, ["127.0.0.2:99999"]),
        ({"METODSOK_CRAWL_ALLOW_ADDRESSES": "127.000.0.2:80"}, ["127.000.0.2:80"]),
        ({"METODSOK_CRAWL_ALLOW_ADDRESSES": "localhost:80"}, ["localhost:80"]),
        ({"METODSOK_CRAWL_RESOLVE": "bra.se"}, ["CRAWL_RESOLVE", "bra.se=127.0.0.2:8443"]),
        ({"METODSOK_CRAWL_RESOLVE": "bra se=127.0.0.2:1"}, ["bra se=127.0.0.2:1"]),
        ({"METODSOK_CRAWL_RESOLVE": "bra.se=127.0.0.2:1"}, ["crawl_allow_addresses has not"]),
        ({"METODSOK_CONFIG": "/nowhere/x.toml"}, ["METODSOK_CONFIG", "no such file"]),
    ],
)
def test_a_bad_setting_is_named_with_its_value_and_what_is_allowed(
    environment: dict[str, str], words: list[str], tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(environment, None if "METODSOK_CONFIG" in environment else tmp_path / "x")
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize(
    "text", ["port = ", "prot = 1", "port = true", "port = 1.5", "crawl_resolve = [1]"]
)
def test_a_bad_config_file_is_named(tmp_path: Path, text: str) -> None:
    config = tmp_path / "metodsok.toml"
    config.write_text(text)
    with pytest.raises(SettingsError, match=r"metodsok\.toml"):
        read_settings({}, config)


def test_a_list_is_written_with_commas_or_as_a_list(tmp_path: Path) -> None:
    config = tmp_path / "metodsok.toml"
    config.write_text('crawl_allow_addresses = ["127.0.0.2:8099", "[::1]:80"]\n')
    resolve = "bra.se=127.0.0.2:8099, skr.se:80=[::1]:80,"
    settings = read_settings({"METODSOK_CRAWL_RESOLVE": resolve}, config)
    assert settings.crawl_allow_addresses == ("127.0.0.2:8099", "[::1]:80")
    assert settings.crawl_resolve == ("bra.se=127.0.0.2:8099", "skr.se:80=[::1]:80")


def test_a_contact_may_be_a_mail_or_a_web_address(tmp_path: Path) -> None:
    for contact in ("info@kommun.se", "https://kommun.se/sok", ""):
        given = {"METODSOK_CRAWL_CONTACT": contact}
        assert read_settings(given, tmp_path / "x").crawl_contact == contact
