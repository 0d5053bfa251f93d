"""A listener where no crawler may come: it answers everyone and writes down that they came."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

_HOSTS = ("127.0.0.1", "127.0.0.2", "::1")
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nhemligt.."


@dataclass
class Listener:
    port: int = 0
    intrusions: list[str] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Listener]:
    """One port on every loopback address that this machine has."""
    listener = Listener()
    with ExitStack() as stack:
        for host in _HOSTS:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            try:
                sock = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
                sock.bind((host, listener.port))
            except OSError:  # no IPv6 here
                continue
            sock.listen(64)
            listener.port = sock.getsockname()[1]
            thread = threading.Thread(target=_accept, args=(sock, host, listener), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(sock.shutdown, socket.SHUT_RDWR)
        yield listener


def _accept(sock: socket.socket, host: str, listener: Listener) -> None:
    while True:
        try:
            line, _ = sock.accept()
        except OSError:  # the listener is closed
            return
        with line:
            line.settimeout(1)
            try:
                said = line.recv(2048).partition(b"\r\n")[0]
                listener.intrusions.append(f"{host} {said.decode('latin-1')}")
                line.sendall(_ANSWER)
            except OSError:
                listener.intrusions.append(f"{host} without a word")
