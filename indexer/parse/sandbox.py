"""Parsing in a process of its own, so that a file that hangs or kills a parser stops nothing.

Owns the child process and its limits on time and memory. The two sides exchange JSON and the
file's bytes over pipes; nothing of what the child says is ever executed, only checked.
``child`` is the other side.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from indexer.parse.child import LENGTH_BYTES
from indexer.parse.filetype import MEGABYTE, check_size
from indexer.parse.raw import Limits, RawFile
from indexer.parse.readings import Readings
from indexer.sources import Source
from search.document import Document
from search.errors import MetodsokError, ParseError

_log = logging.getLogger(__name__)

#: Python starts in a tenth of this on a slow and busy machine.
_START_SECONDS = 60
#: C libraries leak a little with each file; a new child costs less than looking for where.
_FILES_PER_CHILD = 250
#: How long a child that is idle may take to notice that it is no longer needed.
_END_SECONDS = 2
_CHUNK = 1 << 20
#: A document may be longer than its file, which may be packed, but never by more than this.
_LARGEST_ANSWER_MB = 200
#: The child inherits no settings; ``-I`` keeps the working directory and PYTHON* out of it.
_START = "import sys; sys.path[:] = sys.argv[2:]; from indexer.parse.child import main; main()"


class ParserProcess:
    """Parses files in a child process that starts with the first file and is then kept.

    Use it in a ``with`` block, which ends the child. One file at a time; threads wait in line.
    """

    def __init__(
        self, limits: Limits, sources_path: Path, *, parser: str = "indexer.parse:parse"
    ) -> None:
        """``parser`` names the function that the child calls; only tests name another."""
        self.limits = limits
        self._start_with = {
            "limits": asdict(limits),
            "sources": str(sources_path.resolve()),
            "parser": parser,
        }
        self._child: _Child | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> ParserProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child; the next file would start another."""
        with self._turn:
            self._end()

    def parse(self, raw: RawFile, source: Source, shape: str = "") -> Document:
        """The document that the file is, read by the rules of the source that ``shape`` names.

        Raises ParseError: ``too_large`` and ``empty`` before anything is sent; ``timeout``,
        ``memory`` or ``crashed`` when the child was stopped or died; else the parser's own
        reason. Raises MetodsokError when no child can be started.
        """
        answer = self._ask(raw, {"rules": source.name, "shape": shape})
        try:
            return Document.from_json(answer.get("document", {}))
        except ValueError as error:
            raise ParseError("crashed", "Läsningen av filen gav inget dokument.") from error

    def compare(self, raw: RawFile, source: Source) -> Readings:
        """A web page by its site's rules and by the general extraction. Raises as ``parse``."""
        answer = self._ask(raw, {"rules": source.name, "shape": "", "compare": True})
        try:
            return Readings.from_json(answer.get("readings", {}))
        except ValueError as error:
            raise ParseError("crashed", "Läsningen av filen gav inget dokument.") from error

    def _ask(self, raw: RawFile, how: dict[str, Any]) -> dict[str, Any]:
        """What the child makes of a file. Raises ParseError with the reason where it cannot."""
        check_size(raw, self.limits)
        head = {name: getattr(raw, name) for name in ("name", "source", "key", "url")}
        head |= {"content_type": raw.content_type, **how}
        with self._turn:
            answer = self._answer(head, raw.data)
        if "reason" in answer:
            if trouble := answer.get("trouble"):
                _log.error("a parser failed:\n%s", trouble)
            raise ParseError(str(answer["reason"]), str(answer.get("message", "")))
        return answer

    def _answer(self, head: dict[str, Any], data: bytes) -> dict[str, Any]:
        """What a child says of the file. Raises ParseError when it was stopped or died."""
        while True:
            child = self._child = self._child or self._started()
            try:
                answer = child.exchange(head, data, self.limits.seconds)
            except TimeoutError as error:
                self._kill()
                limit = self.limits.seconds
                message = f"Filen tog längre tid att läsa än gränsen på {limit} sekunder."
                raise ParseError("timeout", message) from error
            except (EOFError, BrokenPipeError, ValueError, RecursionError) as error:
                self._kill()
                # An earlier file may have left the child broken or full; then it is tried again.
                if child.answers == 1:
                    message = "Filen får programmet som läser den att krascha."
                    raise ParseError("crashed", message) from error
                continue
            except BaseException:
                # Whoever interrupts leaves half an answer in the pipe.
                self._kill()
                raise
            spent = child.answers > _FILES_PER_CHILD
            full = answer.get("reason") == "memory"
            if spent or full:
                self._end()
            if not full or child.answers == 2:
                return answer

    def _started(self) -> _Child:
        """A new child, ready. Raises MetodsokError: that it does not start is no file's fault."""
        child = None
        try:
            child = _Child()
            child.exchange(self._start_with, b"", _START_SECONDS)
        except (OSError, EOFError, ValueError) as error:
            if child:
                child.kill()
            raise MetodsokError("the process that parses files does not start") from error
        return child

    def _end(self) -> None:
        if self._child:
            self._child.end()
        self._child = None

    def _kill(self) -> None:
        if self._child:
            self._child.kill()
        self._child = None


class _Child:
    """The process and its two pipes."""

    def __init__(self) -> None:
        paths = [str(Path(path).resolve()) for path in sys.path]
        #: How many messages it has answered, the one that sets it up included.
        self.answers = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-I", "-c", _START, "metodsok-parser", *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        pipes = self._process.stdin, self._process.stdout
        self._to, self._from = (pipe.fileno() for pipe in pipes if pipe)
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)

    def exchange(self, head: dict[str, Any], data: bytes, seconds: float) -> dict[str, Any]:
        """Send a head and bytes, and return what comes back.

        Raises TimeoutError, EOFError when the child died, ValueError when it talks nonsense.
        """
        text = json.dumps({**head, "length": len(data)}).encode()
        sent = [memoryview(len(text).to_bytes(LENGTH_BYTES) + text), memoryview(data)]
        deadline = time.monotonic() + seconds
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._to, selectors.EVENT_WRITE)
            selector.register(self._from, selectors.EVENT_READ)
            while not _is_whole(received, 2 * len(data)):
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                for key, _ in selector.select(left):
                    if key.fd == self._from:
                        self._receive(received)
                    elif not self._send(sent):
                        selector.unregister(self._to)
        answer = json.loads(received[LENGTH_BYTES:])
        if not isinstance(answer, dict):
            raise ValueError("an object is expected")
        self.answers += 1
        return answer

    def _send(self, sent: list[memoryview]) -> bool:
        """Write what the pipe takes; False when all is written."""
        while sent and not sent[0]:
            sent.pop(0)
        if sent:
            sent[0] = sent[0][os.write(self._to, sent[0][:_CHUNK]) :]
        return bool(sent)

    def _receive(self, received: bytearray) -> None:
        chunk = os.read(self._from, _CHUNK)
        if not chunk:
            raise EOFError("the child is gone")
        received += chunk

    def end(self) -> None:
        """Close the pipes, which is how a child is told to end; kill it if it does not."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """Stop the child at once, whatever it does."""
        self._process.kill()
        self.end()


def _is_whole(received: bytearray, sent: int) -> bool:
    """Whether an answer has come in full. Raises ValueError for one of an absurd length."""
    if len(received) < LENGTH_BYTES:
        return False
    length = int.from_bytes(received[:LENGTH_BYTES])
    if length > _LARGEST_ANSWER_MB * MEGABYTE + sent:
        raise ValueError("the answer is too long")
    return len(received) - LENGTH_BYTES >= length
