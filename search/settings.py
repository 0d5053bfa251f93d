"""Settings: read once, checked at start, then passed down as one frozen value.

A setting comes from the environment (``METODSOK_PORT``), else from ``metodsok.toml`` in the
working directory or at ``METODSOK_CONFIG`` (``port = 8000``), else from its default here.
``docs/settings.md`` lists them all; a test compares it with this file.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

from search.errors import SettingsError

PREFIX = "METODSOK_"
CONFIG_NAME = "metodsok.toml"

#: Where the project's own content lies: beside this room.
CORPUS = Path(__file__).resolve().parent.parent / "corpus"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set. Sizes in MB are of 1,000,000 bytes, times in seconds."""

    home: Path = Path("var")
    corpus: Path = CORPUS
    host: str = "127.0.0.1"
    port: int = 8000
    web_threads: int = 2
    web_processes: int = 2
    #: A parser that has not answered by then is stopped and the file recorded as hanging.
    parse_seconds: int = 60
    #: Address space of the parser process; PDF and XML bombs end there.
    parse_memory_mb: int = 1500
    #: The largest file of any kind that is read at all.
    file_mb: int = 100
    #: HTML beyond this is no page: the longest agency reports on one page are under 5 MB.
    html_mb: int = 20
    #: What a zip container (docx) may unpack to.
    unpacked_mb: int = 300
    pdf_pages: int = 3000
    #: Published generations kept for rollback, the serving one included.
    generations: int = 3
    #: How often the worker looks through folders for new, changed and vanished files.
    scan_minutes: int = 10
    #: How many days the bytes of a document are kept after it is gone at its source.
    purge_days: int = 90
    #: How long a command waits for another that is publishing.
    wait_seconds: int = 60
    #: Who answers for the crawls: a mail or web address, told to the sites in the user agent.
    crawl_contact: str = ""
    #: Addresses inside that a crawl may connect to all the same, each "ip:port" and no other.
    crawl_allow_addresses: tuple[str, ...] = ()
    #: Hosts that lie elsewhere than name servers say, "bra.se=127.0.0.2:8443", for tests.
    crawl_resolve: tuple[str, ...] = ()
    #: The pause between two requests, in percent of the source's own. Less than 100 only where
    #: crawl_resolve says that the host is nobody's but ours.
    crawl_pace_percent: int = 100
    #: How long an answer of a site may take.
    crawl_timeout: int = 60

    @property
    def library_path(self) -> Path:
        """The SQLite file that is the truth."""
        return self.home / "library.sqlite"

    @property
    def index_path(self) -> Path:
        """The folder of published generations; disposable."""
        return self.home / "index"

    @property
    def dictionary_path(self) -> Path:
        """The file that keeps the dictionary compiled; disposable."""
        return self.home / "dictionary"

    @property
    def vocabulary(self) -> Path:
        """The folder of word lists and taxonomies."""
        return self.corpus / "vocabulary"


#: The least and the greatest a number may be.
LIMITS: Mapping[str, tuple[int, int]] = {
    "port": (1, 65535),
    "web_threads": (1, 64),
    "web_processes": (1, 64),
    "parse_seconds": (1, 3600),
    "parse_memory_mb": (300, 64_000),
    "file_mb": (1, 4000),
    "html_mb": (1, 1000),
    "unpacked_mb": (1, 4000),
    "pdf_pages": (1, 100_000),
    "generations": (2, 50),
    "scan_minutes": (1, 10_080),
    "purge_days": (1, 3650),
    "wait_seconds": (1, 3600),
    "crawl_pace_percent": (0, 10_000),
    "crawl_timeout": (1, 600),
}


_SOCKET = re.compile(r"(?:(?P<v4>[0-9.]+)|\[(?P<v6>[0-9a-f:.]+)\]):(?P<port>[1-9][0-9]{0,4})", re.I)
_NAMED = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?", re.IGNORECASE)


def socket_address(text: str) -> tuple[IPv4Address | IPv6Address, int]:
    """The address and port of ``"127.0.0.2:8099"`` or ``"[::1]:8099"``; else ValueError.

    >>> socket_address("127.0.0.2:8099")
    (IPv4Address('127.0.0.2'), 8099)
    """
    match = _SOCKET.fullmatch(text)
    if match is None or int(match["port"]) > LIMITS["port"][1]:
        raise ValueError(f"{text!r} is no address with a port")
    return ip_address(match["v4"] or match["v6"]), int(match["port"])


def read_settings(
    environment: Mapping[str, str] | None = None, config: Path | None = None
) -> Settings:
    """Read and check every setting.

    Raises SettingsError naming the setting, its value and what is allowed.
    """
    environment = os.environ if environment is None else environment
    named = environment.get(PREFIX + "CONFIG")
    path = config or Path(named or CONFIG_NAME)
    if named and not path.is_file():
        raise SettingsError(f"{PREFIX}CONFIG={named}: no such file; name an existing TOML file")
    given = _from_file(path) if path.is_file() else {}
    given |= _from_environment(environment)
    readers = {f.name: _reader(f.name) for f in fields(Settings)}
    values = {name: readers[name](value, origin) for name, (value, origin) in given.items()}
    settings = Settings(**values)
    for text in settings.crawl_resolve:
        if text.partition("=")[2] not in settings.crawl_allow_addresses:
            raise SettingsError(
                f"crawl_resolve: {text!r} leads to an address that crawl_allow_addresses has not"
            )
    if settings.crawl_pace_percent < 100 and not settings.crawl_resolve:
        raise SettingsError(
            f"crawl_pace_percent = {settings.crawl_pace_percent}: below 100 only with"
            " crawl_resolve, so that nobody else's site is hurried"
        )
    return settings


def _from_file(path: Path) -> dict[str, tuple[Any, str]]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
    return {
        _known(name, f"{path}: {name}"): (value, f"{path}: {name}") for name, value in table.items()
    }


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    return {
        _known(name.removeprefix(PREFIX).lower(), name): (value, name)
        for name, value in environment.items()
        if name.startswith(PREFIX) and name != PREFIX + "CONFIG"
    }


def _known(name: str, origin: str) -> str:
    names = [f.name for f in fields(Settings)]
    if name not in names:
        allowed = ", ".join(names)
        raise SettingsError(f"{origin} is not a setting; allowed are: {allowed}")
    return name


def _reader(name: str) -> Callable[[Any, str], Any]:
    if name in LIMITS:
        return lambda value, origin: _whole_number(name, value, origin)
    return _READERS.get(name, _address)


def _whole_number(name: str, value: Any, origin: str) -> int:
    least, greatest = LIMITS[name]
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if isinstance(value, bool) or not least <= number <= greatest:
        raise SettingsError(
            f"{origin} = {value!r}: a whole number from {least} to {greatest} is allowed"
        )
    return number


def _folder(value: Any, origin: str) -> Path:
    if not isinstance(value, str) or not value.strip():
        raise SettingsError(f"{origin} = {value!r}: the path of a folder is allowed")
    path = Path(value).expanduser()
    if path.exists() and not path.is_dir():
        raise SettingsError(f"{origin} = {value!r}: is a file; the path of a folder is allowed")
    return path


def _address(value: Any, origin: str) -> str:
    if (
        not isinstance(value, str)
        or not value.strip()
        or any(c.isspace() or c == "/" for c in value)
    ):
        raise SettingsError(f"{origin} = {value!r}: a host name or an IP address is allowed")
    return value


def _contact(value: Any, origin: str) -> str:
    # It becomes part of a header, so that a line break in it must not get there.
    if not isinstance(value, str) or not re.fullmatch(r"[!-~]*", value.strip()):
        raise SettingsError(f"{origin} = {value!r}: a mail or web address is allowed")
    return value.strip()


def _sockets(value: Any, origin: str) -> tuple[str, ...]:
    texts = _texts(value, origin)
    for text in texts:
        try:
            socket_address(text)
        except ValueError as error:
            raise SettingsError(
                f"{origin} = {text!r}: an IP address with its port is allowed, as 127.0.0.2:8099"
            ) from error
    return texts


def _stand_ins(value: Any, origin: str) -> tuple[str, ...]:
    texts = _texts(value, origin)
    for text in texts:
        name, _, target = text.partition("=")
        try:
            socket_address(target if _NAMED.fullmatch(name) else "")
        except ValueError as error:
            raise SettingsError(
                f"{origin} = {text!r}: a host and where it lies is allowed,"
                " as bra.se=127.0.0.2:8443 or bra.se:80=127.0.0.2:8080"
            ) from error
    return texts


def _texts(value: Any, origin: str) -> tuple[str, ...]:
    """Several values: a list in the file, commas in the environment."""
    pieces = value.split(",") if isinstance(value, str) else value
    if not isinstance(pieces, list) or not all(isinstance(piece, str) for piece in pieces):
        raise SettingsError(f"{origin} = {value!r}: a list of texts is allowed")
    return tuple(piece.strip() for piece in pieces if piece.strip())


_READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "home": _folder,
    "corpus": _folder,
    "crawl_contact": _contact,
    "crawl_allow_addresses": _sockets,
    "crawl_resolve": _stand_ins,
}
