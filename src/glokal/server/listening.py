"""Where the server listens, and what it says when it does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from glokal.core.errors import UsageError

# How many connections may wait to be taken.
BACKLOG = 2048
_WORDS = "Serving {publication} at {address} (Ctrl-C stops it)"


@dataclass(frozen=True)
class Listening:
    """A host and a port, 0 for any, and the line that says what is served there.

    In `words` stand `{publication}`, its folder, and `{address}`.
    """

    host: str
    port: int
    words: str = _WORDS

    @contextmanager
    def listener(self) -> Iterator[socket.socket]:
        """Listen there; UsageError where that isn't possible."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        # With the protocol named, asyncio sends small answers at once (TCP_NODELAY).
        with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as result:
            result.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                result.bind((self.host, self.port))
                # Until one of them listens, two may be bound to the same port.
                result.listen(BACKLOG)
            except OSError as error:
                raise UsageError(
                    f"Port {self.port} on {self.host} can't be used: {error.strerror}.",
                    remedy="choose another with --port.",
                    name="serve.port",
                    values={"port": self.port, "host": self.host},
                ) from error
            yield result

    def line(self, publication: str, address: str) -> str:
        """Return what is said once it is listened there."""
        parts = self.words.split("{address}")
        return address.join(p.replace("{publication}", publication) for p in parts)
