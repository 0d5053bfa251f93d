"""What goes over the line: a visit to the site and the reply to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Visit:
    """One request. ``times`` says how often this address was asked for on this day, from 1."""

    host: str
    site: str
    path: str
    query: str
    headers: Mapping[str, str]
    day: int
    times: int = 1
    serial: int = 0

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class Reply:
    """A response, and how badly it is delivered.

    ``wait`` seconds pass before the first byte; ``drip`` is how long the body takes. After ``cut``
    bytes of the body the line is closed. ``chunks`` is a body without a length, sent in pieces and
    left without its last one where ``cut`` is set.
    """

    status: int = 200
    body: bytes = b""
    kind: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    wait: float = 0.0
    drip: float = 0.0
    cut: int = 0
    chunks: Iterable[bytes] | None = None


def moved(target: str, status: int = 301) -> Reply:
    return Reply(status, b"", headers=(("Location", target),))


def page(html: str, status: int = 200) -> Reply:
    return Reply(status, html.encode())
