from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from search.errors import SettingsError
from search.settings import Settings
from webapp.server import listen

SERVE = """
import sys
from pathlib import Path
from search.settings import Settings
from webapp import serve
settings = Settings(home=Path(sys.argv[1]), port=int(sys.argv[2]))
serve(settings, lambda: print("ready", flush=True))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(home: Path, root: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(home), str(port)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_site_ends_cleanly_on_a_signal_and_has_written_nothing_down(
    tmp_path: Path, root: Path, number: signal.Signals
) -> None:
    port = free_port()
    with served(tmp_path, root, port) as process:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sok?q=hemligt-namn", timeout=10)
        with refused.value as answer:
            assert answer.code == 503
            assert "Server" not in answer.headers
        process.send_signal(number)
        output, errors = process.communicate(timeout=15)
        assert (process.returncode, output, errors) == (0, "", "")


def test_the_site_answers_over_http(site: str) -> None:
    with urllib.request.urlopen(f"{site}/halsa", timeout=10) as answer:
        assert json.load(answer) == {"status": "ok", "generation": 7}


def test_a_taken_port_is_named_with_the_setting_that_changes_it(
    app: Flask, settings: Settings
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port} .* taken .* METODSOK_PORT"):
            listen(app, replace(settings, port=port))


def test_an_address_that_is_not_ours_is_named(app: Flask, settings: Settings) -> None:
    for host in ("192.0.2.1", "ingen-sadan.invalid"):
        with pytest.raises(SettingsError, match="METODSOK_HOST"):
            listen(app, replace(settings, host=host))


def test_readers_who_only_keep_their_connections_shut_nobody_out(
    app: Flask, live: Callable[[Flask], AbstractContextManager[str]]
) -> None:
    with live(app) as address, ExitStack() as kept:
        where = urllib.parse.urlsplit(address)
        assert where.hostname and where.port
        for _ in range(150):
            reader = kept.enter_context(socket.create_connection((where.hostname, where.port), 5))
            reader.sendall(b"GET /halsa HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert reader.recv(15) == b"HTTP/1.1 200 OK"
