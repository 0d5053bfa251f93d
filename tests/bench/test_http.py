"""The HTTP bench counts from when a request was due, sees every error, and leaves no server."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

import bench.http.serving
from bench.benchmark.corpus import with_facets
from bench.http.asked import Collection, distinct, target
from bench.http.load import Outcome, Plan, due_times, from_json, run, to_json
from bench.http.phases import Measured, loaded
from bench.http.report import AIM_P95, AIM_RATE, Report
from bench.http.servers import SERVERS, named
from bench.http.serving import ServingError, free_port, serving
from bench.http.site import CONSTANT, SEARCH
from bench.http.wire import Target
from search.errors import SettingsError

PAGE = '<body class="results"><input value="medling"></body>'
GOOD = Target("/sok?q=medling", 'value="medling"')

Answer = Callable[[BaseHTTPRequestHandler], None]


def page(handler: BaseHTTPRequestHandler, body: str = PAGE, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body.encode())))
    handler.end_headers()
    handler.wfile.write(body.encode())


@contextmanager
def answering(answer: Answer) -> Iterator[int]:
    """A site of one answer on loopback; yields its port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            """Nothing is written."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def one_after_the_other(seconds: float) -> Answer:
    """So slow that requests queue: one at a time, each for so long."""
    turn = threading.Lock()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        with turn:
            time.sleep(seconds)
        page(handler)

    return answer


def test_latency_counts_from_the_due_time_so_that_a_queue_is_seen() -> None:
    with answering(one_after_the_other(0.03)) as port:
        outcome = run(Plan(port, 0.3, [GOOD], rate=80))
    due = due_times(80, 0.3)
    assert not outcome.errors
    assert len(outcome.latencies) == len(due) > 15
    # No request took the server longer than 0.03 s; the last waited for all before it.
    assert max(outcome.latencies) >= 0.03 * len(due) - due[-1]


def test_a_request_is_sent_when_it_is_due_though_none_before_it_is_answered() -> None:
    due = due_times(40, 0.3)
    everybody = threading.Barrier(len(due), timeout=3)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        everybody.wait()  # nobody is answered before the last has asked
        page(handler)

    with answering(answer) as port:
        outcome = run(Plan(port, 0.3, [GOOD], rate=40))
    assert not outcome.errors
    assert len(outcome.latencies) == len(due) > 5


def test_requests_are_due_at_random_as_often_as_asked_and_always_the_same() -> None:
    times = due_times(100, 20)
    assert times == due_times(100, 20) == sorted(times)
    assert 1_850 < len(times) < 2_150
    gaps = [after - before for before, after in pairwise(times)]
    assert max(gaps) > 3 * 0.01 > min(gaps) * 20


def test_clients_ask_again_on_the_connection_they_have() -> None:
    connections: set[object] = set()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        connections.add(handler.client_address)
        page(handler)

    with answering(answer) as port:
        outcome = run(Plan(port, 0.2, [GOOD], clients=3))
    assert not outcome.errors
    assert len(connections) == 3 < len(outcome.latencies)
    assert outcome.throughput > 10


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (lambda handler: page(handler, status=503), "status 503"),
        (lambda handler: page(handler, body="<body>Något gick fel</body>"), "another page"),
        (lambda handler: page(handler, body=PAGE.replace("medling", "annat")), "another page"),
        (lambda handler: handler.connection.shutdown(socket.SHUT_RDWR), "WireError"),
        (lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n"), "WireError"),
        (lambda handler: time.sleep(0.3), "no answer in 0.1 s"),
    ],
)
def test_whatever_is_not_the_page_of_the_question_is_an_error(answer: Answer, wrong: str) -> None:
    with answering(answer) as port:
        outcome = run(Plan(port, 0.1, [GOOD], rate=50, longest=0.1))
    assert outcome.errors == {wrong: len(outcome.latencies)}
    assert outcome.throughput == 0


def test_a_site_that_is_not_there_is_an_error() -> None:
    outcome = run(Plan(free_port(), 0.1, [GOOD], rate=50))
    assert set(outcome.errors) == {"ConnectionRefusedError"}


def test_an_answer_in_chunks_is_read_whole() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for piece in (PAGE[:30], PAGE[30:], ""):
            handler.wfile.write(f"{len(piece):x}\r\n{piece}\r\n".encode())

    with answering(answer) as port:
        outcome = run(Plan(port, 0.1, [GOOD], rate=50))
    assert not outcome.errors
    assert outcome.bytes == len(PAGE) * len(outcome.latencies)


def test_the_load_is_another_process_and_tells_all_it_saw() -> None:
    wrong = Target("/sok?q=annat", 'value="annat"')
    with answering(page) as port:
        outcome = loaded(Plan(port, 0.2, [GOOD, wrong], rate=50))
    count = len(due_times(50, 0.2))
    assert len(outcome.latencies) == count
    assert outcome.errors == {"another page": count // 2}
    assert from_json(to_json(outcome)) == outcome


@dataclass(frozen=True)
class Script:
    """A server that is a few lines of Python."""

    lines: str
    name: str = "script"

    def installed(self) -> bool:
        return True

    def command(self, port: int, app: str) -> Sequence[str]:
        return (sys.executable, "-c", self.lines, str(port))


def processes_below() -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
        except OSError:
            continue
        if int(after.split()[1]) == os.getpid():
            found.add(int(stat.parent.name))
    return found


FORKING = """
import http.server, os, signal, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
if not os.fork():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
server.serve_forever()
"""


def test_a_server_is_ended_with_all_that_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.http.serving, "LONGEST_ORPHAN", 0.2)
    before = processes_below()
    with serving(Script(FORKING), {}) as served:
        assert served.memory > 1_000_000
        port = served.port
    assert processes_below() == before
    with socket.create_server(("127.0.0.1", port)):
        pass  # nobody has it any more


def test_a_server_that_does_not_start_says_why() -> None:
    before = processes_below()
    broken = Script("raise SystemExit('there is no index')")
    with pytest.raises(ServingError, match="there is no index"), serving(broken, {}):
        pass
    assert processes_below() == before


def test_a_server_is_ended_when_what_is_measured_fails() -> None:
    before = processes_below()
    plain = Script(FORKING.replace("if not os.fork():", "if not os:"))
    with pytest.raises(ZeroDivisionError), serving(plain, {}):
        raise ZeroDivisionError
    assert processes_below() == before


def test_every_server_is_told_its_port_and_the_app() -> None:
    for server in SERVERS:
        command = " ".join(server.command(4711, "bench.http.site:site"))
        assert "4711" in command
        assert "bench.http.site" in command
        assert named(server.name) is server
    with pytest.raises(SettingsError, match="waitress-1x4"):
        named("apache")


def test_questions_are_distinct_and_people_s_own_are_all_there() -> None:
    texts = ["medling vid brott sker ofta i kommunen", "skolan och polisen talar om trygghet"]
    documents = [with_facets(n, str(n), "T", text) for n, text in enumerate(texts)]
    asked = distinct(["Vad är medling?", "Vad  är medling?"], documents, 20)
    assert len(asked) == len(set(asked)) == 20
    assert "Vad är medling?" in asked
    assert target("a&b", SEARCH) == Target("/sok?q=a%26b", 'value="a&amp;b"')


def report(p95: float, **errors: int) -> Report:
    outcome = Outcome([p95] * 10, seconds=1.0)
    outcome.errors.update(errors)
    found = Measured("waitress-1x4", SEARCH, rates={AIM_RATE: outcome, 10.0: outcome})
    found.turns = {page: [outcome] for page in (SEARCH, CONSTANT)}
    asked = Collection("sfs", 2, Path(), ["medling"], 1)
    return Report(asked, [found], noise=0.5)


def test_only_twice_the_aim_or_an_error_fails() -> None:
    assert not report(AIM_P95 * 1.9).failures
    (failure,) = report(AIM_P95 * 2.1).failures
    assert "over 2 times the aim" in failure
    assert all("late, 1 of 10 times" in line for line in report(AIM_P95, late=1).failures)


def test_the_table_has_every_load_and_json_every_figure() -> None:
    found = report(0.04)
    rows = list(found.rows())
    assert [row[1] for row in rows] == ["100/s", "10/s", "results", "constant"]
    assert {len(row) for row in rows} == {len(found.head())}
    told = found.to_json()["servers"]["waitress-1x4"]
    assert told["rates"]["100"]["p95"] == 0.04
    assert told["saturation"]["results"]["to_constant"] == 1.0
