"""Plain requests to the fixture site, for its own tests: nothing is followed, nothing unpacked."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

from tests.site.server import Served


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return unescape(self.body.decode())


def ask(site: Served, url: str, method: str = "GET", **headers: str) -> Answer:
    """The answer to one request. Header names are written with underscores."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(site.address, timeout=10)
    try:
        target = quote(parts.path, safe="%/;=:@,") + (f"?{parts.query}" if parts.query else "")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, target, headers={"Host": parts.netloc, **sent})
        reply = line.getresponse()
        return Answer(reply.status, dict(reply.getheaders()), reply.read())
    finally:
        line.close()


def follow(site: Served, url: str) -> Answer:
    """The answer at the end of at most three redirects."""
    answer = ask(site, url)
    for _ in range(3):
        if answer.status not in (301, 302):
            break
        url = urljoin(url, answer.headers["Location"])
        answer = ask(site, url)
    return answer
