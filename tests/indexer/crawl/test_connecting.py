"""The guard at real connections: servers on loopback, Scrapy in a process of its own."""

from __future__ import annotations

import json
import os
import re
import runpy
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, unquote, urlsplit

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from scrapy import Request
from scrapy.settings.default_settings import DOWNLOAD_HANDLERS_BASE
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock
from zope.interface import implementer

from indexer.crawl.connecting import GUARD, GuardedEndpoint, safe_settings
from indexer.crawl.guard import Guard
from search.errors import ForbiddenAddressError

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PUBLIC, PUBLIC_V6 = "93.184.215.14", "2606:2800:21f:cb07::1"


@dataclass
class Server:
    """A web server on a loopback address; ``asked`` is its log, ``calls`` its connections."""

    address: str
    port: int = 0
    asked: list[str] = field(default_factory=list)
    calls: int = 0

    @property
    def place(self) -> str:
        return f"{self.address}:{self.port}"


class _Answers(BaseHTTPRequestHandler):
    timeout = 5
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        state: Server = self.server.state  # type: ignore[attr-defined]
        state.asked.append(f"{self.headers['Host']}{self.path}")
        path, _, target = self.path.partition("?")
        body = b"User-agent: *\nDisallow: /no\n" if path == "/robots.txt" else b"<p>hello</p>"
        if path == "/refresh":
            body = f'<meta http-equiv="refresh" content="0; url={unquote(target)}">'.encode()
        self.send_response(302 if path == "/to" else 200)
        if path == "/to":
            self.send_header("Location", unquote(target, "latin-1"))
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Counting(ThreadingHTTPServer):
    state: Server

    def verify_request(self, request: Any, client_address: Any) -> bool:
        self.state.calls += 1
        return True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that hangs up on a bad certificate


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Start servers; they end with the test."""
    running: list[_Counting] = []

    def start(
        address: str = "127.0.0.2", certificate: Callable[[ssl.SSLContext], None] | None = None
    ) -> Server:
        server = _Counting((address, 0), _Answers)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate(context)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        server.state = Server(address, server.server_address[1])
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        running.append(server)
        return server.state

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Fetched:
    outcomes: list[str]
    lookups: dict[str, int]


@pytest.fixture
def fetch(tmp_path: Path, authority: trustme.CA) -> Callable[..., Fetched]:
    """Fetch URLs through the guard, in turn, trusting the tests' authority alone."""
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))

    def run(*urls: str, environment: dict[str, str] | None = None, **given: Any) -> Fetched:
        job = {
            "urls": urls,
            "hosts": ["bra.se"],
            "allow": [],
            "resolve": {},
            "answers": {},
            "settings": {},
            "proxy": "",
            "past_the_pool": False,
            **given,
        }
        variables = {k: v for k, v in os.environ.items() if not k.startswith("SSL_CERT")}
        variables |= {"SSL_CERT_FILE": str(trusted), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, str(HERE / "fetch_guarded.py")],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=variables | (environment or {}),
        )
        assert done.returncode == 0, done.stderr
        return Fetched(**json.loads(done.stdout))

    return run


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def refused(outcome: str, *words: str) -> bool:
    return outcome.startswith("ForbiddenAddressError") and all(word in outcome for word in words)


# Where a name leads.


def test_an_exact_exception_passes_and_robots_txt_goes_the_same_way(
    serve: Callable[..., Server], fetch: Callable[..., Fetched]
) -> None:
    site = serve()
    fetched = fetch(
        "http://bra.se/a",
        "http://www.bra.se/b",
        "http://bra.se/no",
        allow=[site.place],
        resolve={"bra.se": site.place},
    )
    assert fetched.outcomes[0].startswith("200 http://bra.se/a ")
    assert fetched.outcomes[1].startswith("200 http://www.bra.se/b ")
    assert fetched.outcomes[2].startswith("IgnoreRequest Forbidden by robots.txt")
    assert site.asked == [
        "bra.se/robots.txt", "bra.se/a", "www.bra.se/robots.txt", "www.bra.se/b",
    ]  # fmt: skip


def test_an_exception_is_for_its_port_and_address_alone(
    serve: Callable[..., Server], fetch: Callable[..., Fetched]
) -> None:
    site, other, beside = serve(), serve(), serve("127.0.0.3")
    for place in (other, beside):
        where = f"{place.address} {place.port}"
        fetched = fetch("http://bra.se/", allow=[site.place], answers={"bra.se": [[where]]})
        assert refused(fetched.outcomes[0], place.place, "the address is loopback")
        assert place.calls == 0


def test_a_name_that_lies_on_loopback_is_refused(
    serve: Callable[..., Server], fetch: Callable[..., Fetched]
) -> None:
    site = serve("127.0.0.1")
    for answers in (
        [["127.0.0.1"]],
        [[f"127.0.0.1 {site.port}"]],
        [["::1"]],
        [["169.254.169.254"]],
    ):
        fetched = fetch("http://bra.se/", "https://bra.se/", answers={"bra.se": answers})
        assert all(refused(outcome, "the address is") for outcome in fetched.outcomes)
    assert site.calls == 0


def test_a_refusal_is_not_tried_again(fetch: Callable[..., Fetched]) -> None:
    fetched = fetch(
        "http://bra.se/", answers={"bra.se": [["127.0.0.1"]]}, settings={"RETRY_ENABLED": True}
    )
    assert refused(fetched.outcomes[0], "loopback")
    assert fetched.lookups == {"bra.se": 2}  # robots.txt and the page


def test_a_name_that_moves_inside_after_its_first_answer_is_refused(
    serve: Callable[..., Server], fetch: Callable[..., Fetched]
) -> None:
    outside, inside = serve(), serve("127.0.0.1")
    good, bad = f"127.0.0.2 {outside.port}", f"127.0.0.1 {inside.port}"
    fetched = fetch(
        *["http://bra.se/"] * 3, allow=[outside.place], answers={"bra.se": [[good], [good], [bad]]}
    )
    assert fetched.outcomes[0].startswith("200 ")
    assert all(refused(outcome, "127.0.0.1") for outcome in fetched.outcomes[1:])
    # robots.txt and the first page; one lookup a connection, so that none can differ from its use.
    assert (outside.calls, inside.calls) == (2, 0)
    assert fetched.lookups == {"bra.se": 4}


def test_addresses_in_urls_are_refused_whoever_listens(
    serve: Callable[..., Server], fetch: Callable[..., Fetched]
) -> None:
    site = serve("127.0.0.1")
    urls = [
        f"http://{host}:{site.port}/" for host in ("127.0.0.1", "2130706433", "0x7f.1", "0177.1")
    ]
    fetched = fetch(*urls, "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://localhost/")
    assert all(refused(outcome) for outcome in fetched.outcomes)
    assert site.calls == 0


def test_redirects_lead_nowhere_else(
    serve: Callable[..., Server], fetch: Callable[..., Fetched]
) -> None:
    site, other = serve(), serve("127.0.0.1")
    targets = [
        "http://169.254.169.254/latest/meta-data/",
        f"http://127.0.0.1:{other.port}/",
        f"http://bra.se:{other.port}/",
        f"http://bra.se:{site.port}/",
        "http://other.se/",
        f"//127.0.0.1:{other.port}/",
        f"http://bra.se@127.0.0.1:{other.port}/",
        "ftp://bra.se/",
        "file:///etc/passwd",
    ]
    urls = [f"http://bra.se/{how}?{target}" for target in targets for how in ("to", "refresh")]
    fetched = fetch(*urls, allow=[site.place], resolve={"bra.se": site.place})
    for url, outcome in zip(urls, fetched.outcomes, strict=True):
        # Scrapy follows refreshes and some schemes not at all: then the page itself is the answer.
        stayed = outcome.startswith(("200 http://bra.se/refresh", "302 http://bra.se/to"))
        assert refused(outcome) or (stayed and not url.startswith("http://bra.se/to?http")), url
    assert other.calls == 0
    assert {line.partition("/")[0] for line in site.asked} == {"bra.se"}


def test_no_attempt_reaches_another_server_as_link_or_as_redirect(
    serve: Callable[..., Server], fetch: Callable[..., Fetched]
) -> None:
    attempts: list[str] = runpy.run_path(str(HERE / "test_guard.py"))["ATTEMPTS"]
    site, trap = serve(), serve("127.0.0.1")
    hosts = {urlsplit(made.url).hostname or "" for made in map(asked, attempts) if made}
    lies = {host: [[f"127.0.0.1 {trap.port}"]] for host in hosts}
    links = [made.url for made in map(asked, attempts) if made]
    redirects = [f"http://bra.se/to?{quote(attempt)}" for attempt in attempts]
    assert len(links) >= 200
    fetched = fetch(
        *links, *redirects, allow=[site.place], resolve={"bra.se": site.place}, answers=lies
    )
    # Some become the site's own, some lead back to themselves, over some Scrapy stumbles.
    harmless = re.compile(
        r"ForbiddenAddressError |(200|302) http://bra\.se(:80)?[/ ?]|ValueError "
        r"|IgnoreRequest max redirections"
    )
    assert [outcome for outcome in fetched.outcomes if not harmless.match(outcome)] == []
    assert trap.calls == 0
    assert fetched.lookups == {}
    assert {line.partition("/")[0] for line in site.asked} == {"bra.se"}


def asked(url: str) -> Request | None:
    """What Scrapy would ask for."""
    try:
        return Request(url)
    except ValueError:
        return None


def test_a_redirect_within_the_site_is_followed(
    serve: Callable[..., Server], fetch: Callable[..., Fetched]
) -> None:
    site = serve()
    fetched = fetch(
        "http://bra.se/to?http://www.bra.se/there",
        allow=[site.place],
        resolve={"bra.se": site.place},
    )
    assert fetched.outcomes[0].startswith("200 http://www.bra.se/there ")


def test_proxies_are_not_used_whoever_names_them(
    serve: Callable[..., Server], fetch: Callable[..., Fetched], authority: trustme.CA
) -> None:
    site, proxy = serve(), serve("127.0.0.1")
    secure = serve(certificate=authority.issue_cert("bra.se").configure_cert)
    through = f"http://{proxy.place}"
    for given in ({"proxy": ""}, {"proxy": through}, {"settings": {"HTTPPROXY_ENABLED": True}}):
        fetched = fetch(
            "http://bra.se/",
            "https://bra.se/",
            environment={"http_proxy": through, "https_proxy": through, "all_proxy": through},
            allow=[site.place, secure.place],
            resolve={"bra.se:80": site.place, "bra.se:443": secure.place},
            **given,
        )
        assert [outcome[:3] for outcome in fetched.outcomes] == ["200", "200"]
    assert proxy.calls == 0


def test_a_connection_past_the_guard_gives_nothing(
    serve: Callable[..., Server], fetch: Callable[..., Fetched]
) -> None:
    site = serve()
    fetched = fetch(
        "http://bra.se/",
        answers={"bra.se": [[f"127.0.0.2 {site.port}"]]},
        past_the_pool=True,
    )
    assert refused(fetched.outcomes[0], "past the guard")


def test_without_a_guard_nothing_is_fetched(
    serve: Callable[..., Server], fetch: Callable[..., Fetched]
) -> None:
    site = serve()
    fetched = fetch(
        "http://bra.se/",
        allow=[site.place],
        resolve={"bra.se": site.place},
        settings={GUARD: None},
    )
    assert fetched.outcomes == ["nothing"]
    assert site.calls == 0


def test_nothing_but_the_web_is_fetched_and_robots_are_obeyed() -> None:
    settings = safe_settings(Guard(["bra.se"]))
    handlers = settings["DOWNLOAD_HANDLERS"]
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    assert DOWNLOAD_HANDLERS_BASE.keys() <= handlers.keys()
    assert settings["ROBOTSTXT_OBEY"] is True
    assert settings["HTTPPROXY_ENABLED"] is settings["COOKIES_ENABLED"] is False
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True


# Certificates.


def signed(authority: trustme.CA | None, *names: str) -> Callable[[ssl.SSLContext], None]:
    """A certificate for names; by itself where there is no authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bra.se")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    if names:
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    signer: Any = key
    if authority is None:
        builder = builder.issuer_name(subject)
    else:
        issuer = x509.load_pem_x509_certificate(authority.cert_pem.bytes())
        signer = serialization.load_pem_private_key(authority.private_key_pem.bytes(), None)
        builder = builder.issuer_name(issuer.subject)
    certificate = builder.sign(signer, hashes.SHA256())
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return trustme.LeafCert(secret, pem, []).configure_cert


def test_a_certificate_must_be_of_a_trusted_authority_in_date_and_for_the_host(
    serve: Callable[..., Server], fetch: Callable[..., Fetched], authority: trustme.CA
) -> None:
    past = datetime.now(UTC) - timedelta(days=3)
    future = datetime.now(UTC) + timedelta(days=3)
    certificates = {
        "good": authority.issue_cert("bra.se").configure_cert,
        "wildcard": authority.issue_cert("*.se").configure_cert,
        "self-signed": signed(None, "bra.se"),
        "another authority": trustme.CA().issue_cert("bra.se").configure_cert,
        "expired": authority.issue_cert("bra.se", not_after=past).configure_cert,
        "not yet": authority.issue_cert("bra.se", not_before=future).configure_cert,
        "wrong host": authority.issue_cert("skr.se").configure_cert,
        "host as an address": authority.issue_cert("127.0.0.2").configure_cert,
        "no names": signed(authority),
        "name in the subject only": signed(authority, "skr.se"),
    }
    passed, asked = set(), set()
    for name, certificate in certificates.items():
        site = serve(certificate=certificate)
        fetched = fetch("https://bra.se/", allow=[site.place], resolve={"bra.se": site.place})
        if fetched.outcomes[0].startswith("200 https://bra.se/"):
            passed.add(name)
        else:
            assert "certificate verify failed" in fetched.outcomes[0], fetched.outcomes[0]
        asked |= {name} if site.asked else set()
    assert passed == asked == {"good"}


def test_authorities_come_from_the_environment(
    serve: Callable[..., Server],
    fetch: Callable[..., Fetched],
    authority: trustme.CA,
    tmp_path: Path,
) -> None:
    site = serve(certificate=authority.issue_cert("bra.se").configure_cert)
    empty = tmp_path / "none.pem"
    empty.write_text("")
    fetched = fetch(
        "https://bra.se/",
        allow=[site.place],
        resolve={"bra.se": site.place},
        environment={"SSL_CERT_FILE": str(empty), "SSL_CERT_DIR": str(tmp_path / "none")},
    )
    assert "certificate verify failed" in fetched.outcomes[0]
    assert site.asked == []


# One lookup, and which answers are connected to: on a reactor that only notes what it is told.


@implementer(IHostnameResolver)
class Resolver:
    """Gives its answers in turn."""

    name = "lookup"

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: object) -> Any:  # noqa: N802
        self.asked += 1
        receiver.resolutionBegan(self)
        for address in self.answers.pop(0):
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return self

    def cancel(self) -> None:
        pass


def connect(resolver: Resolver, guard: Guard, port: int = 443) -> tuple[list[Any], list[Any]]:
    """Where an endpoint for bra.se tried to connect to, and its failures."""
    reactor: Any = MemoryReactorClock()  # type: ignore[no-untyped-call]
    reactor.nameResolver = resolver
    failures: list[Any] = []
    endpoint = GuardedEndpoint(reactor, guard, "bra.se", port, set())
    connecting: Any = endpoint.connect(cast("Any", Factory()))
    connecting.addErrback(lambda failure: failures.append(failure.value))
    reactor.advance(1)
    return [client[:2] for client in reactor.tcpClients], failures


def test_the_answer_that_was_checked_is_the_one_connected_to() -> None:
    resolver = Resolver([PUBLIC], ["127.0.0.1"])
    tried, failures = connect(resolver, Guard(["bra.se"]))
    assert (tried, failures, resolver.asked) == ([(PUBLIC, 443)], [], 1)
    tried, failures = connect(resolver, Guard(["bra.se"]))
    assert tried == []
    assert isinstance(failures[0], ForbiddenAddressError)


def test_of_mixed_answers_only_public_ones_are_connected_to() -> None:
    resolver = Resolver(["127.0.0.1", "::1", PUBLIC_V6, "10.0.0.1", "64:ff9b::7f00:1", PUBLIC])
    tried, _ = connect(resolver, Guard(["bra.se"]))
    assert tried == [(PUBLIC_V6, 443), (PUBLIC, 443)]


def test_a_peer_that_is_not_where_it_was_sought_is_refused() -> None:
    reactor: Any = MemoryReactorClock()  # type: ignore[no-untyped-call]
    reactor.nameResolver = Resolver([PUBLIC])
    failures: list[Any] = []
    connected: set[tuple[str, int]] = set()
    endpoint = GuardedEndpoint(reactor, Guard(["bra.se"]), "bra.se", 443, connected)
    wanted: Any = endpoint.connect(cast("Any", Factory.forProtocol(Protocol)))
    wanted.addErrback(lambda failure: failures.append(failure.value))
    factory = reactor.tcpClients[0][2]
    assert factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 443)) is None
    reactor.advance(1)
    assert isinstance(failures[0], ForbiddenAddressError)
    assert connected == set()
