"""The SPARQL endpoint over real HTTP: the protocol, limits, and what may not happen."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx2 as httpx
import pyoxigraph as ox
import pytest

from glokal.core.settings.server import Serving
from glokal.dataset.workspace import Workspace
from glokal.server import reload as live_module
from glokal.server.build_snapshot import QUADS
from glokal.server.reload import LiveSite
from glokal.server.workers.messages import QueryRequest, ResponseHead
from glokal.server.workers.pool import RefusedError, WorkerPool
from glokal.server.workers.query_limits import QueryLimits
from glokal.site.atomic_swap import replace_directory
from glokal.site.build_stamp import write_stamp
from glokal.store.on_disk import make_store
from tests import hostile_http_cases as http_hostile
from tests import linked_data_cases as http_site
from tests import sparql_protocol_cases as http_kit
from tests.servers import Server, serving

HEAVY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
THING = "municipality/verdal"
LIGHT = "ASK { <urn:a> <urn:b> <urn:c> }"


@pytest.fixture(scope="module")
def project(publication: Path) -> Path:
    return publication


@pytest.fixture(scope="module")
def server(project: Path) -> Iterator[Server]:
    settings = {
        "GLOKAL_QUERY_SECONDS": "4",
        "GLOKAL_ANSWER_MEGABYTES": "1",
        "GLOKAL_REQUEST_SECONDS": "2",
    }
    with serving(project, **settings) as started:
        yield started


@pytest.fixture(scope="module")
def address(server: Server) -> str:
    return server.address


@pytest.fixture(scope="module", params=["0", "2"], ids=["alone", "with file processes"])
def either(
    request: pytest.FixtureRequest, server: Server, project: Path
) -> Iterator[str]:
    """The address of a server, of one without file processes and of one with some."""
    if request.param == "0":
        yield server.address
        return
    settings = {"GLOKAL_FILE_PROCESSES": request.param, "GLOKAL_REQUEST_SECONDS": "2"}
    with serving(project, **settings) as started:
        yield started.address


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


@pytest.mark.parametrize("case", http_hostile.HOSTILE, ids=lambda case: case.name)
def test_what_bad_input_gets(case: http_hostile.Hostile, address: str) -> None:
    assert case.check(f"{address}/sparql") == ""


@pytest.mark.parametrize("visited", http_site.VISITS, ids=lambda v: v.name)
def test_the_kit_for_linked_data(visited: http_site.Visit, either: str) -> None:
    assert http_site.visit(either, visited, THING) == ""


# One without parameters, one with a few values, one with many, and the list.
TRIED = "/api/queries(|/goals|/twin-towns|/entries-of-municipality)$"


def test_a_fuzzer_of_the_api_finds_nothing(address: str, tmp_path: Path) -> None:
    """Schemathesis: what the description allows is taken, what else is refused."""
    program = Path(sys.executable).parent / "schemathesis"
    found = subprocess.run(
        [program, "run", f"{address}/api/openapi.json", "--checks=all",
         "--max-examples=3", "--seed=1", "--generation-database=none",
         f"--include-path-regex={TRIED}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=200,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout
    assert "4 selected" in found.stdout
    assert " passed" in found.stdout


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", http_site.KNOWN)
def test_what_is_known_is_not_sent_again(path: str, coding: str, either: str) -> None:
    assert http_site.is_known(either, path, coding, THING) == ""


def test_the_log_tells_how_it_went_and_not_who_asked_what(server: Server) -> None:
    secret = "urn:hemmelig"
    ask(server.address, "SELECT * { ?a ?b ?c . ?d ?e ?f }")
    tag = httpx.get(f"{server.address}/robots.txt").headers["etag"]
    httpx.get(f"{server.address}/robots.txt", headers={"If-None-Match": tag})
    ask(
        server.address,
        f"ASK {{ <{secret}> ?p ?o }}",
        **{"X-Forwarded-For": "192.0.2.7"},
    )
    httpx.get(f"{server.address}/api/queries/goals?lang=en&x={secret}")
    httpx.get(f"{server.address}/doc/hemmelig/hemmelig/?a={secret}")
    # A request is told when its answer has been sent, perhaps a moment later.
    wait_for(lambda: server.lines()[-1].get("status") == 404)
    lines = [line for line in server.lines() if line["message"] == "request"]
    assert {k for line in lines for k in line} == {
        *("time", "level", "message", "method", "route"),
        *("status", "ms", "bytes", "outcome"),
    }
    told = [(x["method"], x["route"], x["status"], x["outcome"]) for x in lines[-3:]]
    assert told == [
        ("POST", "/sparql", 200, "answered"),
        ("GET", "/api/queries/{slug}", 400, "refused"),
        ("GET", "/{path:path}", 404, "refused"),
    ]
    text = server.log.read_text()
    assert "hemmelig" not in text
    assert "192.0.2.7" not in text
    assert "127.0.0.1" not in text
    # What was put off at a limit, or left by its reader, is told so.
    assert {line["outcome"] for line in lines} >= {
        "answered",
        "not_modified",
        "limited",
    }


def test_a_client_that_leaves_in_the_midst_of_its_query_is_no_failure(
    server: Server,
) -> None:
    host, port = server.address.removeprefix("http://").split(":")
    before = len(server.lines())
    with socket.create_connection((host, int(port)), 10) as client:
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
            b"Content-Type: application/sparql-query\r\n\r\nASK"
        )
    wait_for(
        lambda: any(
            line.get("outcome") == "client_closed" for line in server.lines()[before:]
        )
    )
    assert [x["level"] for x in server.lines()[before:] if x["level"] == "error"] == []


@pytest.mark.parametrize("beside", ["0", "2"])
def test_what_runs_at_a_stop_is_finished_and_a_proxy_is_believed(
    beside: str, project: Path
) -> None:
    """One query a client: two clients behind a proxy ask at once, then it stops."""
    codes: list[int] = []
    with serving(
        project,
        GLOKAL_PROXIES="127.0.0.1",
        GLOKAL_PER_CLIENT="1",
        GLOKAL_QUERY_SECONDS="6",
        GLOKAL_FILE_PROCESSES=beside,
    ) as server:

        def run(client: str) -> None:
            # It comes again when the light one below has taken the client's place.
            code = 429
            while code == 429:
                answer = ask(server.address, HEAVY, **{"X-Forwarded-For": client})
                code = answer.status_code
            codes.append(code)

        threads = [threading.Thread(target=run, args=(f"192.0.2.{n}",)) for n in (1, 2)]
        for thread in threads:
            thread.start()
        for client in ("192.0.2.1", "192.0.2.2"):
            wait_for(
                lambda c=client: (
                    ask(server.address, LIGHT, **{"X-Forwarded-For": c}).status_code
                    == 429
                )
            )
        workers = children(server.process.pid)
        assert len(workers) >= 2
        server.process.terminate()
        for thread in threads:
            thread.join()
        server.process.wait(20)
        # Both were answered, when the server had been told to stop.
        assert codes == [503, 503]
        assert server.lines()[-1]["message"] == "stopped"
        assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


@pytest.mark.parametrize("beside", ["0", "2"])
def test_one_connection_too_many_is_told_to_come_back(
    beside: str, project: Path
) -> None:
    settings = {"GLOKAL_CONNECTIONS": "3", "GLOKAL_FILE_PROCESSES": beside}
    with serving(project, **settings) as server:
        healthy = f"{server.address}/healthz"
        host, port = server.address.removeprefix("http://").split(":")
        with contextlib.ExitStack() as idle:
            for _ in range(3):
                idle.enter_context(socket.create_connection((host, int(port)), 5))
            wait_for(lambda: httpx.get(healthy).status_code == 503)
            answer = httpx.get(healthy)
            assert answer.json()["status"] == 503
            assert answer.headers["retry-after"]
        wait_for(lambda: httpx.get(healthy).status_code == 200)


def test_a_stop_has_an_end(project: Path) -> None:
    with serving(project, GLOKAL_STOP_SECONDS="1", GLOKAL_QUERY_SECONDS="60") as server:
        ended: list[object] = []

        def run() -> None:
            try:
                ended.append(ask(server.address, HEAVY).status_code)
            except httpx.HTTPError as error:
                ended.append(error)

        heavy = threading.Thread(target=run)
        heavy.start()
        # A heavy query has another worker take its place.
        wait_for(lambda: len(children(server.process.pid)) > Serving.workers)
        workers = children(server.process.pid)
        server.process.terminate()
        server.process.wait(20)
        heavy.join()
        assert ended != [200]
        assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def wait_for(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


@pytest.fixture(scope="module")
def store(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(
        project / "public" / QUADS,
        tmp_path_factory.mktemp("stores"),
        in_default_graph=lambda _iri: True,
    )


@contextlib.asynccontextmanager
async def pool_of(store: Path, bounds: QueryLimits) -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(store, bounds)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.stop()


async def ask_pool(
    pool: WorkerPool, text: str, accept: str = ""
) -> tuple[ResponseHead, bytes]:
    answer = await pool.ask(QueryRequest(text, accept=accept))
    return answer.head, await answer.body.read()


def test_a_query_that_passes_by_the_syntax_reaches_no_network(store: Path) -> None:
    """What the server refuses by its text, the worker can't do either."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.5)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"

        async def run() -> tuple[ResponseHead, bytes]:
            async with pool_of(store, QueryLimits()) as pool:
                query = f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"
                return await ask_pool(pool, query)

        head, _ = asyncio.run(run())
        assert head.status == 403
        with pytest.raises(TimeoutError):
            listening.accept()


def test_a_query_that_takes_too_much_memory_ends_alone(store: Path) -> None:
    greedy = (
        "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?b LIMIT 1"
    )

    async def run() -> None:
        bounds = QueryLimits(megabytes=512, seconds=180, heavy_after=50)
        async with pool_of(store, bounds) as pool:
            with pytest.raises(RefusedError, match="512 MB"):
                head, _ = await ask_pool(pool, greedy)
                if head.reason == "memory":
                    raise RefusedError("512 MB")
            head, _ = await ask_pool(pool, LIGHT)
            assert head.status == 200

    asyncio.run(run())


@pytest.mark.parametrize("leaves", ["before the stop", "after it", "never"])
def test_a_large_answer_that_nobody_waits_for_keeps_no_pool_from_stopping(
    store: Path, leaves: str
) -> None:
    large = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 90000"

    async def run() -> None:
        async with pool_of(store, QueryLimits(light=1)) as pool:
            (worker,) = pool._all
            work = asyncio.ensure_future(ask_pool(pool, large))
            # More than a pipe's reader takes before it rests, and not all of it.
            while not (body := worker._connection._body) or len(body._buffer) < 1 << 20:  # type: ignore[attr-defined]
                assert not work.done()
                await asyncio.sleep(0)
            if leaves == "before the stop":
                work.cancel()
            stopping = asyncio.ensure_future(pool.stop())
            await asyncio.sleep(0)
            if leaves == "after it":
                work.cancel()
            async with asyncio.timeout(10):
                await stopping
                await asyncio.gather(work, return_exceptions=True)

    asyncio.run(run())


def test_a_worker_at_rest_is_far_from_its_limit_of_memory(store: Path) -> None:
    """Else the limit ends it as it starts, now and then, by how its threads run."""

    async def run() -> list[int]:
        async with pool_of(store, QueryLimits()) as pool:
            await ask_pool(pool, LIGHT)
            pids = [worker.pid for worker in pool._all]
            told = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
            return [int(re.findall(r"VmPeak:\s+(\d+)", text)[0]) >> 10 for text in told]

    assert max(asyncio.run(run())) < QueryLimits().megabytes / 2


def test_an_answer_of_too_many_rows_is_told_so(store: Path) -> None:
    async def run() -> list[ResponseHead]:
        async with pool_of(store, QueryLimits(answer_rows=10)) as pool:
            texts = [f"SELECT * {{ ?s ?p ?o }} LIMIT {n}" for n in (10, 11)]
            kinds = ("text/csv", "application/json", "application/sparql-results+xml")
            return [
                (await ask_pool(pool, text, kind))[0]
                for kind in kinds
                for text in texts
            ]

    heads = asyncio.run(run())
    assert [h.status for h in heads] == [200, 503] * 3
    assert {h.reason for h in heads} == {"", "rows"}


def test_a_client_that_hangs_up_ends_its_query(store: Path) -> None:
    async def run() -> None:
        async with pool_of(store, QueryLimits(light=1)) as pool:
            pids = {worker.pid for worker in pool._all}
            task = asyncio.create_task(ask_pool(pool, HEAVY))
            await asyncio.sleep(0.2)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            head, _ = await ask_pool(pool, LIGHT)
            assert head.status == 200
            assert pids.isdisjoint(worker.pid for worker in pool._all)

    asyncio.run(run())


def test_heavy_queries_are_counted(store: Path) -> None:
    async def run() -> list[str]:
        bounds = QueryLimits(light=2, heavy=1, heavy_after=0.3, seconds=3)
        async with pool_of(store, bounds) as pool:
            found = await asyncio.gather(
                ask_pool(pool, HEAVY), ask_pool(pool, HEAVY), return_exceptions=True
            )
            return sorted(str(error) for error in found)

    first, second = asyncio.run(run())
    assert first.startswith("1 heavy queries are running already")
    assert "3 seconds" in second


def test_a_new_publication_takes_over_whole_and_without_a_dropped_request(
    strategy: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data and pages change together, and a half-copied publication is not taken."""
    monkeypatch.setattr(live_module, "POLL_SECONDS", 0.05)
    public = tmp_path / "public"
    project = dataclasses.replace(strategy.project, root=tmp_path)
    counted = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def publish(size: int, *, whole: bool = True) -> None:
        with replace_directory(public) as made:
            (made / "dump").mkdir()
            graph = ox.NamedNode(project.graphs + "strategy/x")
            quads = (
                ox.Quad(ox.NamedNode(f"urn:{n}"), ox.NamedNode("urn:p"), graph, graph)
                for n in range(size)
            )
            ox.serialize(quads, str(made / "dump/glokal.nq"), ox.RdfFormat.N_QUADS)
            (made / "size.txt").write_text(str(size))
            write_stamp(strategy.project, made)
            if not whole:
                (made / "size.txt").write_text("half")

    async def run() -> set[str]:
        seen = set()
        live = LiveSite(project, public, Serving())
        await live.start()
        for size in (1, 2, 3, 4):
            publish(size, whole=size != 3)
            for _ in range(20 if size == 3 else 400):
                now = live.now
                assert now is not None
                head, body = await ask_pool(
                    now.pool, counted, "application/sparql-results+json"
                )
                assert head.status == 200
                rows = json.loads(body)["results"]["bindings"]
                assert rows[0]["n"]["value"] == now.site.read("size.txt").decode()
                seen.add(rows[0]["n"]["value"])
                if rows[0]["n"]["value"] == str(size):
                    break
                await asyncio.sleep(0.02)
        await live.stop()
        return seen

    publish(1)
    assert asyncio.run(run()) == {"1", "2", "4"}


@pytest.mark.parametrize("kind", ["application/sparql-results+xml", "application/xml"])
def test_what_xml_cant_hold_is_told(server: Server, kind: str) -> None:
    text = 'SELECT ("a\\u0001b" AS ?x) {}'
    told = ask(server.address, text, Accept=kind)
    assert told.status_code == 406
    assert "XML can't hold" in told.json()["detail"]
    found = ask(server.address, text, Accept=http_kit.JSON)
    assert found.json()["results"]["bindings"][0]["x"]["value"] == "a\x01b"
