"""The server's end of the connection to a worker: frames go out, and frames come in.

What most answers are, small and in one piece, is handed on as it comes, without a task
or a wait of its own; the body of a large one can be read as a stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from glokal.server.spool import SMALL
from glokal.server.workers.messages import LENGTHS, ResponseHead, decode_head

# Bytes of a large answer that are taken before the worker has to wait (twice as many).
_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that came: its head, the size of its body, and the body.

    A body of more than `SMALL` bytes is a stream, and has to be read to its end.
    """

    head: ResponseHead
    size: int
    body: bytes | asyncio.StreamReader


class FrameConnection(asyncio.Protocol):
    """Sends a frame at a time, and hands on the frame that answers it."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._taken: Callable[[Frame | None], None] | None = None
        self._body: asyncio.StreamReader | None = None
        self._lost = False

    @property
    def is_closing(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._lost or self._transport is None or self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        # That of uvloop isn't a subclass.
        self._transport = cast(asyncio.Transport, transport)

    def send(self, frame: bytes, taken: Callable[[Frame | None], None]) -> None:
        """Send a frame, and call back as `expect` does with the one that answers it."""
        assert self._transport is not None
        self._taken = taken
        self._transport.write(frame)

    def expect(self, taken: Callable[[Frame | None], None]) -> None:
        """Call back with the next frame, or with None when the connection ends before.

        What is no frame of an answer counts as an end, too.
        """
        self._taken = taken
        if self._lost:
            self._hand_on(None)
        else:
            self._look(b"")

    def close(self) -> None:
        """Give up the connection; whoever reads from it sees its end."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what comes: a part of a frame, or the rest of a large body."""
        if self._body is not None and not self._body.at_eof():
            self._body.feed_data(data)
        else:
            self._look(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits."""
        del exc
        self._lost = True
        if self._body is not None:
            self._body.feed_eof()
        self._hand_on(None)

    def body_read(self) -> None:
        """Take note that a large body was read to its end; next comes a frame."""
        self._body = None

    def _hand_on(self, frame: Frame | None) -> None:
        taken, self._taken = self._taken, None
        if taken is not None:
            taken(frame)

    def _look(self, data: bytes) -> None:
        """Hand on the frame that is whole with these bytes, if it is."""
        received = self._received + data if self._received else data
        self._received = received
        if self._taken is None or len(received) < LENGTHS.size:
            return
        head_size, size = LENGTHS.unpack_from(received)
        begin = LENGTHS.size + head_size
        small = size <= SMALL
        if len(received) < (begin + size if small else begin):
            return
        self._received = b""
        try:
            head = decode_head(received[LENGTHS.size : begin])
        except (ValueError, TypeError, KeyError):
            self._hand_on(None)
            return
        rest = received[begin:]
        if small:
            self._hand_on(Frame(head, size, rest[:size]))
            return
        self._body = asyncio.StreamReader(_LIMIT)
        assert self._transport is not None
        self._body.set_transport(self._transport)
        self._body.feed_data(rest)
        self._hand_on(Frame(head, size, self._body))
