"""A listener on loopback that remembers who connected."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Listener:
    """Its address, and what each that connected said first."""

    address: str
    port: int
    heard: list[bytes] = field(default_factory=list)


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    """Listen, answer nothing, and hang up on whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        found = Listener(f"http://127.0.0.1:{port}/", port)
        over = threading.Event()

        def accept() -> None:
            server.settimeout(0.1)
            while not over.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = server.accept()
                    with connection:
                        connection.settimeout(1)
                        with contextlib.suppress(OSError):
                            found.heard.append(connection.recv(500))
                        if not found.heard:
                            found.heard.append(b"")

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield found
        finally:
            over.set()
            thread.join()
