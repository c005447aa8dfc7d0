"""A listener on loopback that remembers who connected."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Listener:
    """Its address, and what each that connected said first."""

    address: str
    port: int
    heard: list[bytes] = field(default_factory=list)

    def heard_so_far(self) -> list[bytes]:
        """What was said by all who had connected when this was called.

        They are accepted in the order in which they came, so when a
        connection of our own has been heard, all before it have been; to
        look at :attr:`heard` alone would find nothing while the thread that
        listens is behind.
        """
        mark = f"mark {len(self.heard)} {time.monotonic_ns()}".encode()
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(mark)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(60)
            # Whoever listens hangs up after it has noted what was said.
            with contextlib.suppress(ConnectionError):
                connection.recv(1)
        before = self.heard[: self.heard.index(mark)]
        self.heard.remove(mark)
        return before


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
                        said = b""
                        with contextlib.suppress(OSError):
                            said = connection.recv(500)
                        found.heard.append(said)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield found
        finally:
            over.set()
            thread.join()
