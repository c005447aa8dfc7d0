"""Answers that wait for their readers: held whole, within a limit for all together.

A worker is free again as soon as its answer is here, however slowly the client reads.
A small answer waits in memory, a larger one in a temporary file without a name, which
is gone with the process. All are sent in parts, each when the reader has taken most of
the one before, so that no copy of an answer stands in a connection's buffer.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import tempfile
import weakref
from collections.abc import AsyncIterator, Coroutine, Mapping
from pathlib import Path
from typing import TypeVar

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glokal.server.problem_details import problem

AGAIN = {"Retry-After": "10"}
# What a connection's buffer takes anyway: an answer of that size isn't counted.
SMALL = 64 << 10
# What is larger waits in a file.
_IN_MEMORY = 256 << 10
_PART = 512 << 10
T = TypeVar("T")
log = logging.getLogger("glokal.server")


class RefusedError(Exception):
    """A query was stopped or not begun; the text says why, for the client."""


class SpooledBody:
    """The bytes of an answer, held until they are closed; sent once or read once."""

    def __init__(self, spool: Spool, size: int, data: bytes = b"") -> None:
        """Raises RefusedError when the spool has no room for that many bytes.

        `data` are the bytes, where they are here already.
        """
        self.size = size
        self._memory = data
        self._files: list[io.FileIO] = []
        self._release: weakref.finalize[..., SpooledBody] | None = None
        if size > SMALL:
            spool.reserve(size)
            # Nothing is lost of the room when whoever holds this is stopped anywhere.
            self._release = weakref.finalize(self, _give_up, spool, size, self._files)

    async def fill(self, reader: asyncio.StreamReader, folder: Path | None) -> None:
        """Take the bytes from a stream, all of them whatever happens to them here.

        Raises RefusedError when the disk takes no more, IncompleteReadError when the
        stream ends before.
        """
        if self.size <= _IN_MEMORY:
            self._memory = await reader.readexactly(self.size)
            return
        left = self.size
        failure: OSError | None = None
        try:
            # Without a buffer: what can't be written is told at once, and only once.
            temporary_file = tempfile.TemporaryFile(buffering=0, dir=folder)  # noqa: SIM115
            self._files.append(temporary_file)
        except OSError as error:
            failure = error
        while left:
            part = await reader.readexactly(min(left, _PART))
            left -= len(part)
            if failure is None:
                try:
                    await _finished(asyncio.to_thread(_write, self._files[0], part))
                except OSError as error:
                    failure = error
        if failure is not None:
            self.close()
            log.error("an answer can't be held in a file: %s", failure.strerror)
            raise RefusedError("The server has no room for the answer.") from failure

    @property
    def small(self) -> bytes | None:
        """The bytes, when they are sent in one part; None otherwise."""
        whole = len(self._memory) == self.size <= SMALL
        return self._memory if whole else None

    async def parts(self) -> AsyncIterator[bytes]:
        """Yield the bytes in parts of a decent size."""
        if not self._files:
            for at in range(0, self.size, SMALL):
                yield self._memory[at : at + SMALL]
            return
        for at in range(0, self.size, SMALL):
            number = self._files[0].fileno()
            yield await _finished(asyncio.to_thread(os.pread, number, SMALL, at))

    async def read(self) -> bytes:
        """Return all the bytes, and close."""
        try:
            return b"".join([part async for part in self.parts()])
        finally:
            self.close()

    def close(self) -> None:
        """Give up the bytes, and the room that they had."""
        self._memory = b""
        if self._release is not None:
            self._release()


class Spool:
    """The room that all answers on their way to readers share.

    `megabytes` is the limit, `folder` where temporary files are made, the system's own
    folder for them when None.
    """

    def __init__(self, megabytes: int = 256, folder: Path | None = None) -> None:
        self.held = 0
        self._megabytes = megabytes
        self._folder = folder

    def reserve(self, size: int) -> None:
        """Take room for an answer; RefusedError when there is none."""
        if self.held + size > self._megabytes << 20:
            raise RefusedError(
                f"{self._megabytes} MB of answers wait for their readers already."
            )
        self.held += size

    def release(self, size: int) -> None:
        """Give room back."""
        self.held -= size

    def hold(self, data: bytes) -> SpooledBody:
        """Return the bytes of a small answer, held until the body is closed."""
        return SpooledBody(self, len(data), data)

    async def receive(self, reader: asyncio.StreamReader, size: int) -> SpooledBody:
        """Return the next bytes of a stream, held until the body is closed.

        Raises RefusedError when there is no room; the bytes are read away then, so that
        the stream can be used for what comes next.
        """
        try:
            body = SpooledBody(self, size)
        except RefusedError:
            while size:
                size -= len(await reader.readexactly(min(size, _PART)))
            raise
        try:
            await body.fill(reader, self._folder)
        except BaseException:
            body.close()
            raise
        return body


class HeldResponse(Response):
    """A response whose body is held in a spool, and given up when it was sent."""

    def __init__(
        self, held: SpooledBody, status: int, headers: Mapping[str, str]
    ) -> None:
        length = {"Content-Length": str(held.size)}
        super().__init__(None, status, {**headers, **length})
        self.held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer as fast as the reader takes it."""
        start: Message = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        try:
            await send(start)
            left = self.held.size if scope["method"] != "HEAD" else 0
            if not left:
                await send(_part(b"", more=False))
                return
            if (small := self.held.small) is not None:
                await send(_part(small, more=False))
                return
            async for part in self.held.parts():
                left -= len(part)
                await send(_part(part, more=left > 0))
        finally:
            self.held.close()


class SpoolBodies:
    """Counts what other responses hold in memory, and sends it in parts.

    A body that many readers share is marked with `shared` in the state of the request,
    and isn't counted.
    """

    def __init__(self, app: ASGIApp, spool: Spool) -> None:
        self._app = app
        self._spool = spool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; 503 when there is no room for a large body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        reserved, refused = 0, False

        async def counted(message: Message) -> None:
            nonlocal start, reserved, refused
            if message["type"] == "http.response.start":
                # Sent with the first part: until then it can be another one.
                start = message
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body = message.get("body", b"")
            if start is not None:
                begun, start = start, None
                if len(body) > SMALL and not scope.get("state", {}).get("shared"):
                    try:
                        self._spool.reserve(len(body))
                    except RefusedError as error:
                        refused = True
                        answer = problem(503, str(error), headers=AGAIN)
                        await answer(scope, receive, send)
                        return
                    reserved = len(body)
                await send(begun)
            if refused:
                return
            if len(body) <= SMALL:
                await send(message)
                return
            more = message.get("more_body", False)
            view = memoryview(body)
            for at in range(0, len(view), SMALL):
                last = at + SMALL >= len(view)
                part = bytes(view[at : at + SMALL])
                await send(_part(part, more=more or not last))

        try:
            await self._app(scope, receive, counted)
        finally:
            self._spool.release(reserved)


async def _finished(work: Coroutine[None, None, T]) -> T:
    """Return what the work gives; when this is cancelled, still wait for its end.

    A file that is closed under a thread could have its number taken by another one.
    """
    task = asyncio.create_task(work)
    # Who waited may be gone when it fails.
    task.add_done_callback(lambda t: t.cancelled() or t.exception())
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
    return task.result()


def _give_up(spool: Spool, size: int, files: list[io.FileIO]) -> None:
    spool.release(size)
    for file in files:
        file.close()


def _write(file: io.FileIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _part(body: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}
