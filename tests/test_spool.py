"""Answers that wait for readers: counted, whole, and gone when they were sent."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message

from glokal.server.spool import (
    SMALL,
    HeldResponse,
    RefusedError,
    Spool,
    SpoolBodies,
    SpooledBody,
)

SIZES = [0, 1, SMALL - 1, SMALL, SMALL + 1, 300_000, 1_500_001]


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def data_of(size: int) -> bytes:
    return bytes(n * 7 % 251 for n in range(size))


def stream(data: bytes, *, whole: bool = True) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    if whole:
        reader.feed_eof()
    return reader


async def sent_by(app: ASGIApp, method: str = "GET") -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("nobody reads requests here")

    async def send(message: Message) -> None:
        sent.append(message)

    await app({"type": "http", "method": method, "headers": []}, receive, send)
    return sent


def body_of(sent: list[Message]) -> bytes:
    parts = [m["body"] for m in sent if m["type"] == "http.response.body"]
    assert max(map(len, parts)) <= SMALL
    more = [m["more_body"] for m in sent if "more_body" in m]
    assert more == [True] * (len(more) - 1) + [False]
    return b"".join(parts)


@pytest.mark.parametrize("size", SIZES)
def test_what_comes_in_is_sent_whole_and_given_up(size: int, tmp_path: Path) -> None:
    data = data_of(size)

    async def run() -> None:
        spool = Spool(2, tmp_path)
        body = await spool.receive(stream(data + b"next"), size)
        assert spool.held == (size if size > SMALL else 0)
        # A file of an answer has no name: nothing is left, however the server ends.
        assert list(tmp_path.iterdir()) == []
        sent = await sent_by(HeldResponse(body, 200, {}))
        assert (b"content-length", str(size).encode()) in sent[0]["headers"]
        assert body_of(sent) == data
        assert spool.held == 0

    before = open_files()
    asyncio.run(run())
    assert open_files() == before


@pytest.mark.parametrize("size", SIZES)
def test_what_comes_in_can_be_read(size: int, tmp_path: Path) -> None:
    async def run() -> None:
        spool = Spool(2, tmp_path)
        body = await spool.receive(stream(data_of(size)), size)
        assert await body.read() == data_of(size)
        assert spool.held == 0

    asyncio.run(run())


def test_a_head_alone_gives_the_answer_up_too(tmp_path: Path) -> None:
    async def run() -> None:
        spool = Spool(2, tmp_path)
        body = await spool.receive(stream(data_of(400_000)), 400_000)
        sent = await sent_by(HeldResponse(body, 200, {}), "HEAD")
        assert body_of(sent) == b""
        assert spool.held == 0

    asyncio.run(run())


def test_without_room_the_stream_is_read_on(tmp_path: Path) -> None:
    async def run() -> None:
        spool = Spool(1, tmp_path)
        first = await spool.receive(stream(bytes(1 << 20)), 1 << 20)
        reader = stream(bytes(300_000) + b"next")
        with pytest.raises(RefusedError, match="1 MB"):
            await spool.receive(reader, 300_000)
        assert await reader.read() == b"next"
        # What a connection's buffer takes is never refused.
        small = await spool.receive(stream(bytes(SMALL)), SMALL)
        first.close()
        small.close()
        assert spool.held == 0

    asyncio.run(run())


@pytest.mark.parametrize("size", [1000, 900_000])
def test_an_answer_that_breaks_off_takes_no_room(size: int, tmp_path: Path) -> None:
    async def run() -> None:
        spool = Spool(1, tmp_path)
        with pytest.raises(asyncio.IncompleteReadError):
            await spool.receive(stream(bytes(size - 1)), size)
        assert spool.held == 0

    before = open_files()
    asyncio.run(run())
    assert open_files() == before


def test_who_is_cancelled_as_it_comes_in_leaves_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        spool = Spool(1, tmp_path)
        reader = stream(bytes(700_000), whole=False)
        task = asyncio.create_task(spool.receive(reader, 900_000))
        await asyncio.sleep(0.05)
        assert spool.held == 900_000
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert spool.held == 0

    before = open_files()
    asyncio.run(run())
    assert open_files() == before


def test_a_body_that_nobody_takes_is_given_up(tmp_path: Path) -> None:
    async def run() -> None:
        spool = Spool(1, tmp_path)
        body: SpooledBody | None = await spool.receive(stream(bytes(400_000)), 400_000)
        assert body is not None
        body = None
        assert spool.held == 0

    asyncio.run(run())


def test_a_full_disk_is_told_as_such(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder that is none has the same effect as a disk without room."""

    async def run() -> None:
        spool = Spool(2, tmp_path / "none")
        reader = stream(bytes(400_000) + b"next")
        with pytest.raises(RefusedError, match="no room"):
            await spool.receive(reader, 400_000)
        assert await reader.read() == b"next"
        assert spool.held == 0

    asyncio.run(run())
    assert "No such file or directory" in caplog.text


@pytest.mark.parametrize("size", SIZES)
def test_other_bodies_are_sent_in_parts(size: int) -> None:
    async def run() -> None:
        spool = Spool(2)
        app = SpoolBodies(Response(data_of(size)), spool)
        sent = await sent_by(app)
        assert b"".join(m.get("body", b"") for m in sent) == data_of(size)
        assert all(len(m.get("body", b"")) <= SMALL for m in sent)
        assert sent[0]["type"] == "http.response.start"
        assert [m.get("more_body", False) for m in sent[1:]][-1] is False
        assert spool.held == 0

    asyncio.run(run())


def test_other_bodies_count_as_long_as_they_are_sent() -> None:
    async def run() -> None:
        spool = Spool(1)
        page = SpoolBodies(PlainTextResponse("x" * 700_000), spool)
        go_on = asyncio.Event()

        async def slow(message: Message) -> None:
            if message["type"] == "http.response.body":
                await go_on.wait()

        async def receive() -> Message:
            raise AssertionError("nobody reads requests here")

        scope: dict[str, Any] = {"type": "http", "method": "GET", "headers": []}
        reading = asyncio.create_task(page(scope, receive, slow))
        await asyncio.sleep(0)
        assert spool.held == 700_000
        refused = await sent_by(page)
        assert refused[0]["status"] == 503
        assert (b"retry-after", b"10") in refused[0]["headers"]
        # Small ones go through, and so does what many share.
        small = await sent_by(SpoolBodies(PlainTextResponse("x" * 1000), spool))
        assert small[0]["status"] == 200
        scope = {**scope, "state": {"shared": True}}
        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        await page(scope, receive, send)
        assert sent[0]["status"] == 200
        go_on.set()
        await reading
        assert spool.held == 0

    asyncio.run(run())
