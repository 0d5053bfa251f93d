"""As much of HTTP/1.1 as asking for pages takes: one request at a time on a kept connection."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Target:
    """An address, and what stands in its page and in no other's."""

    path: str
    holds: str


class WireError(Exception):
    """The connection ended early, or what came is no answer that is understood."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``is_last`` when the server will not take another request here."""

    status: int
    body: bytes
    is_last: bool


class Connection:
    """A connection to the site on loopback, opened when it is first asked something."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """Ask for a page. Raises WireError or OSError, and is closed then."""
        try:
            if self._streams is None:
                # The limit is what a head may be; a body is read by its length.
                self._streams = await asyncio.open_connection("127.0.0.1", self._port)
            reader, writer = self._streams
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode("ascii"))
            answer = await _read(reader)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            self.close()
            raise WireError("the answer ended early") from error
        except BaseException:
            self.close()
            raise
        if answer.is_last:
            self.close()
        return answer

    def close(self) -> None:
        """End it at once; the next question opens another."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None


async def _read(reader: asyncio.StreamReader) -> Answer:
    first, *lines = (await reader.readuntil(_END)).decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    pairs = (line.partition(":") for line in lines if line)
    head = {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
    if not version.startswith("HTTP/1.") or not rest[:3].isdigit():
        raise WireError(f"no answer of HTTP/1.1: {first[:40]!r}")
    if head.get("transfer-encoding") == "chunked":
        body = await _chunks(reader)
    elif head.get("content-length", "").isdigit():
        body = await reader.readexactly(int(head["content-length"]))
    else:
        raise WireError("the answer has no length")
    is_last = head.get("connection") == "close" or version == "HTTP/1.0"
    return Answer(int(rest[:3]), body, is_last)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return body
