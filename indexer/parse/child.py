"""The other side of ``sandbox``: a process that parses one file after the other.

Owns its own limits, and what becomes of a parser's errors. Reads requests from standard input and
answers on standard output; what a library prints goes nowhere. Ends when the parent does.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from indexer.parse.raw import Limits, RawFile
from indexer.parse.readings import Readings
from indexer.sources import Source, load_sources, rules_for
from search.document import Document
from search.errors import ParseError

#: How long the length is that goes before every message, in bytes.
LENGTH_BYTES = 8
#: Seconds of processor time beyond the parent's limit, after which a child whose parent cannot
#: stop it ends by itself.
_CPU_GRACE = 10

Parse = Callable[[RawFile, Source, Limits], Document]


def main() -> None:
    """Answer requests until there are no more."""
    # Ctrl-C and a stop of the whole group are the parent's business: it ends us when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    requests, answers = _own_pipes()
    threading.Thread(target=_end_with_parent, args=(requests.fileno(),), daemon=True).start()
    with requests, answers:
        setup, _ = _receive(requests)
        limits = Limits(**setup["limits"])
        _limit_memory(limits)
        worker = _Worker(limits, Path(setup["sources"]), setup["parser"])
        _send(answers, {})
        with contextlib.suppress(EOFError, BrokenPipeError):
            while True:
                _limit_time(limits)
                _send(answers, worker.answer(*_receive(requests)))


class _Worker:
    """Parses, and makes an answer of whatever happens."""

    def __init__(self, limits: Limits, sources_path: Path, parser: str) -> None:
        self._limits = limits
        self._sources_path = sources_path
        self._parser = parser
        self._sources: Mapping[str, Source] | None = None
        self._parse: Parse | None = None

    def answer(self, head: Mapping[str, Any], data: bytes) -> dict[str, Any]:
        """The document, or the reason why there is none."""
        try:
            if head.get("compare"):
                return {"readings": self._readings(head, data).to_json()}
            return {"document": self._document(head, data).to_json()}
        except ParseError as error:
            return {"reason": error.reason, "message": str(error)}
        except MemoryError:
            limit = self._limits.memory_mb
            message = f"Filen behöver mer minne än gränsen på {limit} MB för att läsas."
            return {"reason": "memory", "message": message}
        except RecursionError:
            return {"reason": "too_deep", "message": "Filen är för djupt nästlad för att läsas."}
        except Exception as error:
            name = type(error).__name__
            message = f"Filen kunde inte läsas på grund av ett fel i programmet ({name})."
            return {"reason": "failed", "message": message, "trouble": traceback.format_exc()}

    def _document(self, head: Mapping[str, Any], data: bytes) -> Document:
        if self._parse is None:
            module, _, name = self._parser.partition(":")
            self._parse = getattr(import_module(module), name)
        return self._parse(_raw(head, data), self._rules(head), self._limits)

    def _readings(self, head: Mapping[str, Any], data: bytes) -> Readings:
        from indexer.parse.comparing import compare

        return compare(_raw(head, data), self._rules(head))

    def _rules(self, head: Mapping[str, Any]) -> Source:
        if self._sources is None:
            self._sources = load_sources(self._sources_path)
        return rules_for(self._sources[head["rules"]], head["shape"])


def _raw(head: Mapping[str, Any], data: bytes) -> RawFile:
    names = ("name", "source", "key", "url", "content_type")
    return RawFile(data=data, **{name: head[name] for name in names})


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent, moved to where no library reads or prints."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return requests, answers


def _end_with_parent(fd: int) -> None:
    """Wait until nobody holds the other end of the pipe, then stop, whatever is being done."""
    poll = select.poll()
    # No event is asked for: a broken pipe is told in any case, waiting bytes are not.
    poll.register(fd, 0)
    if any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll()):
        os._exit(0)


def _limit_memory(limits: Limits) -> None:
    import resource

    size = limits.memory_mb * 1_000_000
    # macOS knows the limit but does not let it be set; time is limited there all the same.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(limits: Limits) -> None:
    """Let the kernel end the process if it works on and the parent is not there to stop it."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + limits.seconds + _CPU_GRACE
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _receive(requests: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """The next head and its bytes. Raises EOFError when the parent has closed the pipe."""
    head = json.loads(_exactly(requests, int.from_bytes(_exactly(requests, LENGTH_BYTES))))
    return head, _exactly(requests, head["length"])


def _exactly(requests: BinaryIO, length: int) -> bytes:
    data = requests.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    # Broken text in a file may leave half characters, which no encoding takes.
    text = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    answers.write(len(text).to_bytes(LENGTH_BYTES) + text)
    answers.flush()


if __name__ == "__main__":
    sys.exit("started by indexer.parse.sandbox only")
