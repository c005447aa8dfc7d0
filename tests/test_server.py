"""The SPARQL endpoint over real HTTP: the protocol, limits, and what may not happen."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pyoxigraph as ox
import pytest

from glokal.config import Project
from glokal.publish.site import build_site
from glokal.serve import live as live_module
from glokal.serve.live import Live
from glokal.serve.pool import Bounds, Pool, RefusedError
from glokal.store.ondisk import make_store
from glokal.workspace import Workspace
from tests import http_kit, servers
from tests.conftest import ROOT

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LIGHT = "ASK { <urn:a> <urn:b> <urn:c> }"


@pytest.fixture(scope="module")
def project(strategy: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the real project, with its publication built."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "publication.toml", folder)
    assert build_site(strategy, folder / "public") is not None
    return folder


@contextlib.contextmanager
def serving(project: Path, *args: str, **settings: str) -> Iterator[str]:
    """Run `glokal serve` with these arguments and settings; give its address."""
    port = servers.free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "glokal", "serve", "--port", str(port), *args],
        cwd=project,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(f"{address}/readyz").status_code == 200:
                        break
                assert server.poll() is None, server.stderr and server.stderr.read()
                time.sleep(0.1)
            yield address
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def address(project: Path) -> Iterator[str]:
    with serving(project, GLOKAL_QUERY_SECONDS="4", GLOKAL_ANSWER_MEGABYTES="1") as at:
        yield at


@pytest.mark.parametrize("case", http_kit.CASES, ids=lambda case: case.name)
def test_the_kit(case: http_kit.Case, address: str) -> None:
    assert http_kit.run(f"{address}/sparql", case) == ""


def ask(address: str, query: str, **headers: str) -> httpx.Response:
    return httpx.post(
        f"{address}/sparql", data={"query": query}, headers=headers, timeout=60
    )


def test_a_heavy_query_ends_at_its_limit_and_light_ones_go_on(address: str) -> None:
    ended: list[httpx.Response] = []
    heavy = threading.Thread(target=lambda: ended.append(ask(address, HEAVY)))
    heavy.start()
    answered = 0
    while heavy.is_alive():
        assert ask(address, LIGHT).status_code == 200
        answered += not ended
    # One is enough to tell that the heavy one was not waited for.
    assert answered > 1
    assert ended[0].status_code == 503
    assert "did not finish in 4 seconds" in ended[0].json()["detail"]
    assert ended[0].headers["retry-after"]


def test_an_answer_that_is_too_large_is_told_so(address: str) -> None:
    answer = ask(address, "SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert answer.status_code == 503
    assert "over 1 MB" in answer.json()["detail"]
    assert ask(address, LIGHT).status_code == 200


def test_an_answer_that_is_known_is_not_sent_again(address: str) -> None:
    first = ask(address, LIGHT)
    tag = first.headers["etag"]
    again = ask(address, LIGHT, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = ask(address, LIGHT, **{"If-None-Match": tag, "Accept": "text/csv"})
    assert other.status_code == 200


def test_many_queries_of_one_client_are_put_off(address: str) -> None:
    with httpx.Client(timeout=60) as client:

        def run(codes: list[int]) -> None:
            answer = client.post(f"{address}/sparql", data={"query": HEAVY})
            codes.append(answer.status_code)

        codes: list[int] = []
        threads = [threading.Thread(target=run, args=(codes,)) for _ in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert set(codes) == {429, 503}
    assert ask(address, LIGHT).status_code == 200


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /sparql HTTP/1.1\r\nHost: x\r\nBad header\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /id/%2e%2e/%2e%2e%2fpasswd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /id/goal/x%0d%0aSet-Cookie:a HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
    ],
)
def test_a_hostile_request_gets_an_error_and_harms_nobody(
    raw: bytes, address: str
) -> None:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as client:
        with contextlib.suppress(OSError):
            client.sendall(raw)
            client.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(OSError):
            while part := client.recv(65536):
                answer += part
    assert re.match(rb"HTTP/1.1 4\d\d|$", answer)
    assert b"root:" not in answer
    assert b"\nSet-Cookie" not in answer
    assert ask(address, LIGHT).status_code == 200


@pytest.fixture(scope="module")
def store(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(
        project / "public" / live_module.QUADS,
        tmp_path_factory.mktemp("stores"),
        in_default_graph=lambda _iri: True,
    )


@contextlib.asynccontextmanager
async def pool_of(store: Path, bounds: Bounds) -> AsyncIterator[Pool]:
    pool = Pool(store, bounds)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.stop()


def asked(query: str) -> dict[str, Any]:
    return {"query": query, "default": [], "named": [], "accept": ""}


def test_a_query_that_passes_by_the_syntax_reaches_no_network(store: Path) -> None:
    """What the server refuses by its text, the worker can't do either."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"

        async def run() -> tuple[Any, bytes]:
            async with pool_of(store, Bounds()) as pool:
                query = f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"
                return await pool.ask(asked(query))

        head, _ = asyncio.run(run())
        assert head["status"] == 502
        with pytest.raises(TimeoutError):
            listening.accept()


def test_a_query_that_takes_too_much_memory_ends_alone(store: Path) -> None:
    greedy = (
        "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?b LIMIT 1"
    )

    async def run() -> None:
        bounds = Bounds(megabytes=1024, seconds=60, heavy_after=50)
        async with pool_of(store, bounds) as pool:
            with pytest.raises(RefusedError, match="1024 MB"):
                head, _ = await pool.ask(asked(greedy))
                if head.get("reason") == "memory":
                    raise RefusedError("1024 MB")
            head, _ = await pool.ask(asked(LIGHT))
            assert head["status"] == 200

    asyncio.run(run())


def test_a_client_that_hangs_up_ends_its_query(store: Path) -> None:
    async def run() -> None:
        async with pool_of(store, Bounds(light=1)) as pool:
            pids = {worker._process.pid for worker in pool._all}
            task = asyncio.create_task(pool.ask(asked(HEAVY)))
            await asyncio.sleep(0.2)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            head, _ = await pool.ask(asked(LIGHT))
            assert head["status"] == 200
            assert pids.isdisjoint(worker._process.pid for worker in pool._all)

    asyncio.run(run())


def test_heavy_queries_are_counted(store: Path) -> None:
    async def run() -> list[str]:
        bounds = Bounds(light=2, heavy=1, heavy_after=0.3, seconds=3)
        async with pool_of(store, bounds) as pool:
            found = await asyncio.gather(
                pool.ask(asked(HEAVY)), pool.ask(asked(HEAVY)), return_exceptions=True
            )
            return sorted(str(error) for error in found)

    first, second = asyncio.run(run())
    assert first.startswith("1 heavy queries are running already")
    assert "3 seconds" in second


def test_a_new_publication_takes_over_without_a_dropped_request(
    strategy: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "LOOK_EVERY", 0.05)
    quads = tmp_path / live_module.QUADS
    quads.parent.mkdir()
    counted = asked("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")

    def publish(size: int) -> None:
        graph = ox.NamedNode(strategy.project.graphs + "strategy/x")
        beside = quads.with_suffix(".new")
        ox.serialize(
            (
                ox.Quad(ox.NamedNode(f"urn:{n}"), ox.NamedNode("urn:p"), graph, graph)
                for n in range(size)
            ),
            str(beside),
            ox.RdfFormat.N_QUADS,
        )
        beside.replace(quads)

    async def run() -> set[bytes]:
        seen = set()
        live = Live(_at(strategy, tmp_path), tmp_path, Bounds())
        await live.start()
        for size in (1, 2, 3):
            publish(size)
            for _ in range(400):
                assert live.pool is not None
                head, body = await live.pool.ask(counted)
                assert head["status"] == 200
                seen.add(body)
                if f'"{size}"'.encode() in body:
                    break
                await asyncio.sleep(0.02)
        await live.stop()
        return seen

    publish(1)
    assert len(asyncio.run(run())) == 3


def _at(strategy: Workspace, folder: Path) -> Project:
    return dataclasses.replace(strategy.project, root=folder)
