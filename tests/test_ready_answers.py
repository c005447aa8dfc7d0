"""Small files that were sent before: the same bytes, and only to the same request."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from glokal.server import ready_answers
from glokal.server.middleware.access_log import AccessLog
from glokal.server.ready_answers import ReadyAnswers
from glokal.server.spool import SMALL
from glokal.server.timeouts import TimeoutHttpProtocol
from tests.servers import free_port

HEAD = "GET {path} HTTP/1.1\r\nHost: a.example\r\n{more}\r\n"


class Site:
    """An application that counts how often it is asked, and what is served."""

    def __init__(self) -> None:
        self.edition: object = object()
        self.asked: list[str] = []
        self.size, self.shared, self.status = 5, True, 200
        self.renewed_meanwhile = False
        self.port = free_port()

    async def file(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        request.state.shared = self.shared
        if self.renewed_meanwhile:
            self.edition = object()
        accept = request.headers.get("accept", "")
        text = f"{len(self.asked)}{accept}".ljust(self.size, "x")
        return Response(text, self.status, {"ETag": '"a"', "Link": "<b>; rel=c"})

    async def sent(self, raw: str, answers: int = 1) -> list[tuple[str, str]]:
        """Send a text on one connection; return the head and body of each answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw.encode())
        results = []
        for _ in range(answers):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search("content-length: ([0-9]+)", head)
            assert length
            size = 0 if raw.startswith("HEAD") else int(length[1])
            body = (await reader.readexactly(size)).decode()
            results.append((re.sub("date: .*", "date", head), body))
        writer.close()
        return results

    async def get(self, path: str = "/f", more: str = "") -> tuple[str, str]:
        return (await self.sent(HEAD.format(path=path, more=more)))[0]


@contextlib.asynccontextmanager
async def serving(site: Site) -> AsyncIterator[None]:
    class Protocol(TimeoutHttpProtocol):
        ready = ReadyAnswers(lambda: site.edition)

    app = Starlette(routes=[Route("/{path}", site.file, methods=["GET", "POST"])])
    config = uvicorn.Config(
        AccessLog(app), http=Protocol, port=site.port, log_config=None, ws="none"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task


def run(work: Callable[[Site], Coroutine[Any, Any, None]]) -> Site:
    site = Site()

    async def served() -> None:
        async with asyncio.timeout(60), serving(site):
            await work(site)

    asyncio.run(served())
    return site


def test_the_same_request_gets_the_same_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "glokal.server")

    async def work(site: Site) -> None:
        first = await site.get()
        assert first[1] == "1xxxx"
        assert await site.get() == first
        # Who asks, from where and since when is nothing to a file.
        more = "User-Agent: b\r\nReferer: c\r\nX-Forwarded-For: 192.0.2.1\r\n"
        assert await site.get(more=more) == first

    site = run(work)
    assert site.asked == ["/f"]
    told: list[Any] = [r for r in caplog.records if r.getMessage() == "request"]
    assert len(told) == 3
    for record in told:
        fields = dict(record.fields, ms=0)
        assert fields == {
            "method": "GET",
            "route": "/{path}",
            "status": 200,
            "ms": 0,
            "bytes": 5,
            "outcome": "answered",
        }


@pytest.mark.parametrize(
    "more",
    [
        "Range: bytes=0-1\r\n",
        'If-None-Match: "a"\r\n',
        'If-Range: "a"\r\n',
        "X-Forwarded-Prefix: /p\r\n",
        "X-Forwarded-Host: b.example\r\n",
        "X-Unknown: 1\r\n",
        "Content-Length: 0\r\n",
        "Content-Encoding: gzip\r\n",
        "Connection: close\r\n",
        "Connection: upgrade\r\nUpgrade: h2c\r\n",
        "Expect: 100-other\r\n",
    ],
)
def test_a_request_that_says_more_goes_the_usual_way(more: str) -> None:
    async def work(site: Site) -> None:
        for _ in range(3):
            await site.get()
            await site.get(more=more)

    assert len(run(work).asked) == 4


@pytest.mark.parametrize(
    "more",
    [
        "Accept: text/turtle\r\n",
        "Accept: text/turtle\r\nAccept: text/html\r\n",
        "Accept: text/html\r\nAccept: text/turtle\r\n",
        "Accept-Encoding: gzip\r\n",
        "Accept-Language: nn\r\n",
    ],
)
def test_what_an_answer_depends_on_has_an_answer_of_its_own(more: str) -> None:
    async def work(site: Site) -> None:
        one, other = await site.get(), await site.get(more=more)
        assert one != other
        assert (await site.get(), await site.get(more=more)) == (one, other)
        assert await site.get("/g") != one
        assert await site.get("/f?a=b") != one
        raw = HEAD.format(path="/f", more="").replace("a.example", "b.example")
        assert (await site.sent(raw))[0] != one

    assert len(run(work).asked) == 5


def test_another_method_or_version_goes_the_usual_way() -> None:
    async def work(site: Site) -> None:
        await site.get()
        raw = HEAD.format(path="/f", more="")
        for other in (
            raw.replace("GET", "HEAD"),
            raw.replace("GET", "POST"),
            raw.replace("1.1", "1.0"),
        ):
            await site.sent(other)
            await site.sent(other)

    assert len(run(work).asked) == 7


@pytest.mark.parametrize(
    "so", [{"shared": False}, {"status": 404}, {"size": SMALL + 1}]
)
def test_only_small_files_are_kept(so: dict[str, Any]) -> None:
    async def work(site: Site) -> None:
        vars(site).update(so)
        for _ in range(3):
            await site.get()

    assert len(run(work).asked) == 3


def test_a_new_build_is_served_at_once() -> None:
    async def work(site: Site) -> None:
        old = await site.get()
        site.edition = object()
        new = await site.get()
        assert old != new == await site.get()
        # An answer of which nobody can tell of which build it is isn't kept.
        site.renewed_meanwhile = True
        last = [await site.get("/g") for _ in range(2)]
        assert last[0] != last[1]

    assert len(run(work).asked) == 4


def test_requests_that_come_together_are_answered_in_their_order() -> None:
    async def work(site: Site) -> None:
        known = await site.get()
        raw = [HEAD.format(path=path, more="") for path in ("/f", "/g", "/f", "/h")]
        got = await site.sent("".join(raw), 4)
        assert [got[0], got[2]] == [known, known] or got[0] == known
        assert [body[:1] for _, body in got] in (
            ["1", "2", "1", "3"],
            ["1", "2", "3", "4"],
        )
        # The connection can be used on.
        again = await site.sent(raw[0] * 3, 3)
        assert again[0] == again[1] == again[2]

    run(work)


def test_what_is_kept_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready_answers, "_MOST_BYTES", 4000)

    async def work(site: Site) -> None:
        for path in ("/a", "/b", "/c", "/d", "/a", "/d"):
            await site.get(path)

    # The oldest had to go, the newest is there.
    assert run(work).asked == ["/a", "/b", "/c", "/d", "/a"]
