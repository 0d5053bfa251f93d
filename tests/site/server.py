"""The fixture site over the line: threads, vhosts, TLS, and a log of every request.

with serve(day=1) as site:
    site.https_address        # "127.0.0.2:41234"
    site.set_day(2)
    [entry.path for entry in site.log]
"""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

from tests.site.front import Front, site_of
from tests.site.listener import listening
from tests.site.plan import HOSTS
from tests.site.reply import Reply, Visit
from tests.site.tls import server_context

#: An address of the machine itself that nothing else uses.
LOOPBACK = "127.0.0.2"
#: Has a certificate that no one else signed.
SELF_SIGNED = frozenset({"webbutik.skl.se"})
_PIECE = 65536
_IDLE_SECONDS = 30
_PATIENCE_SECONDS = 2


@dataclass(frozen=True)
class Entry:
    """One request as the server saw it. ``host`` is what the Host header said, without a port.

    ``bytes`` counts the body as sent. ``foreign``: a host that is none of ours. ``forbidden``:
    that day's robots.txt forbids the address. ``whole``: the reply was sent to its end.
    """

    at: float
    day: int
    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    secure: bool
    status: int
    bytes: int
    seconds: float
    foreign: bool
    forbidden: bool
    whole: bool

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}" + (f"?{self.query}" if self.query else "")


class Served:
    """A site that is up: where it is, what day it is there, and what was asked of it."""

    def __init__(self, front: Front, day: int, intrusions: list[str]) -> None:
        self.front = front
        self.address = self.https_address = ""
        self.ca_file = Path()
        #: Who came to the listener that no crawler may find: one line a connection.
        self.intrusions = intrusions
        self.trap_port = 0
        #: Where the site itself went wrong; empty unless it has a bug.
        self.mistakes: list[str] = []
        self.most_at_once: Counter[str] = Counter()
        self._day = day
        self._log: list[Entry] = []
        self._now: Counter[str] = Counter()
        self._times: Counter[tuple[int, str, str]] = Counter()
        self._serial = 0
        self._lock = threading.Condition()

    @property
    def day(self) -> int:
        return self._day

    def set_day(self, day: int) -> None:
        with self._lock:
            self._day = day

    @property
    def log(self) -> list[Entry]:
        """Every request so far, in the order in which they ended.

        Whoever has an answer may be a moment ahead of its entry; so this waits for what is being
        answered, but not for long.
        """
        with self._lock:
            self._settle()
            return list(self._log)

    def _settle(self) -> None:
        self._lock.wait_for(lambda: not any(self._now.values()), _PATIENCE_SECONDS)

    def clear_log(self) -> None:
        with self._lock:
            self._settle()
            self._log.clear()
            self.most_at_once.clear()

    def resolve(self) -> dict[str, str]:
        """Every host of the sources and where it really is, by HTTPS."""
        return dict.fromkeys(HOSTS, self.https_address)

    def arrived(self, method: str, host: str, target: str, headers: Mapping[str, str]) -> Visit:
        path, _, query = target.partition("?")
        with self._lock:
            self._serial += 1
            self._now[host] += 1
            self.most_at_once[host] = max(self.most_at_once[host], self._now[host])
            self._times[self._day, host, target] += 1
            times = self._times[self._day, host, target]
            site = HOSTS.get(host, "")
            return Visit(host, site, path, query, headers, self._day, times, self._serial)

    def left(self, entry: Entry) -> None:
        with self._lock:
            self._now[entry.host] -= 1
            self._log.append(entry)
            self._lock.notify_all()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    # Head and body leave together, or each answer waits for the visitor's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    served: ClassVar[Served]
    server: _Server

    def setup(self) -> None:
        if isinstance(self.request, ssl.SSLSocket):
            self.request.settimeout(_IDLE_SECONDS)
            self.request.do_handshake()
        super().setup()

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").rsplit(":", 1)[0].lower()
        started = time.time()
        visit = self.served.arrived(self.command, host, self.path, dict(self.headers.items()))
        foreign = not visit.site
        reply, sent, whole = Reply(421, b""), 0, False
        try:
            if not foreign:
                reply = self._answer(visit)
            sent, whole = self._send(reply)
        except (OSError, ssl.SSLError):
            self.close_connection = True
        finally:
            self.served.left(
                Entry(
                    started, visit.day, self.command, host, visit.path, visit.query, visit.headers,
                    isinstance(self.request, ssl.SSLSocket), reply.status, sent,
                    time.time() - started, foreign,
                    not foreign and self.served.front.forbidden(visit), whole,
                )
            )  # fmt: skip

    def _answer(self, visit: Visit) -> Reply:
        """The site's reply; a mistake of the site's own must not look like one of its traps."""
        try:
            return self.served.front.answer(visit)
        except Exception:
            self.served.mistakes.append(f"{visit.address}\n{traceback.format_exc()}")
            return Reply(500, b"mistake")

    do_HEAD = do_GET  # noqa: N815 - the library's name
    do_POST = do_GET  # noqa: N815

    def version_string(self) -> str:
        return "Sitevision"

    def _send(self, reply: Reply) -> tuple[int, bool]:
        """How many bytes of the body went out, and whether those were all."""
        time.sleep(reply.wait)
        self.send_response(reply.status)
        if reply.status != 304:
            self.send_header("Content-Type", reply.kind)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.chunks is not None:
            self.send_header("Transfer-Encoding", "chunked")
        elif reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command == "HEAD" or reply.status == 304:
            self.wfile.flush()
            return 0, True
        return self._chunks(reply) if reply.chunks is not None else self._body(reply)

    def _body(self, reply: Reply) -> tuple[int, bool]:
        body = reply.body[: reply.cut] if reply.cut else reply.body
        size = max(1, len(body) // 8) if reply.drip else _PIECE
        for start in range(0, len(body), size):
            self.wfile.write(body[start : start + size])
            self.wfile.flush()
            time.sleep(reply.drip / 8)
        self.wfile.flush()
        self.close_connection = self.close_connection or bool(reply.cut)
        return len(body), not reply.cut

    def _chunks(self, reply: Reply) -> tuple[int, bool]:
        sent = 0
        for piece in reply.chunks or ():
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            sent += len(piece)
        if reply.cut:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()
        return sent, not reply.cut

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal: the log is for tests."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, handler: type[_Handler], context: ssl.SSLContext | None) -> None:
        super().__init__((LOOPBACK, 0), handler)
        self._context = context
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        sock, peer = super().get_request()
        if self._context:  # the handshake is the thread's, so that no one waits for a slow one
            sock = self._context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        with self._guard:
            self._open.add(sock)
        return sock, peer

    def shutdown_request(self, request: object) -> None:
        assert isinstance(request, socket.socket)
        super().shutdown_request(request)
        with self._guard:
            self._open.discard(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up or dislikes a certificate is no error of ours."""

    def hang_up(self) -> None:
        """Close every line that is still open, and wait for the threads that hold them."""
        with self._guard:
            waiting = list(self._open)
        for sock in waiting:
            with suppress(OSError):  # the plain call: TLS would take its lock away from the thread
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
        until = time.monotonic() + 3
        while self._open and time.monotonic() < until:
            time.sleep(0.01)


@contextmanager
def _running(handler: type[_Handler], context: ssl.SSLContext | None) -> Iterator[_Server]:
    server = _Server(handler, context)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        server.hang_up()
        thread.join()


@contextmanager
def serve(
    day: int = 1,
    *,
    variant: str = "sitevision",
    more: int = 0,
    self_signed: Collection[str] = SELF_SIGNED,
) -> Iterator[Served]:
    """The three sites up on loopback, by HTTP and HTTPS, until the block ends.

    ``variant`` "plain" has markup without a sign of Sitevision; ``more`` adds harmless articles to
    GR, listed in a sitemap, for measuring; ``self_signed`` names hosts whose certificate is bad.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        listener = stack.enter_context(listening())
        front = Front(site_of(more), variant=variant, trap_port=listener.port)
        served = Served(front, day, listener.intrusions)
        handler = type("Handler", (_Handler,), {"served": served})
        context, served.ca_file = server_context(list(HOSTS), self_signed, folder)
        served.trap_port = listener.port
        served.address = _name(stack.enter_context(_running(handler, None)))
        served.https_address = _name(stack.enter_context(_running(handler, context)))
        yield served


def _name(server: _Server) -> str:
    return f"{LOOPBACK}:{server.server_address[1]}"
