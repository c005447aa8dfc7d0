"""A client's turn at the workers, with workers that do as they are told.

The statuses are those of RFC 9110 and RFC 6585 (429), the bodies those of RFC 9457.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.types import Message

from glokal.core.errors import UsageError
from glokal.server.client_limiter import ClientLimiter, HTTPProblemError
from glokal.server.spool import RefusedError
from glokal.server.workers.messages import (
    QueryRequest,
    ResponseHead,
    ServiceAnswer,
    ServiceRequest,
)

# As the error tells it.
MOST_SERVICES = 8
QUERY = QueryRequest("SELECT * { }")
ELSEWHERE = ServiceRequest("https://example.org/sparql", "SELECT * { }", silent=False)
BOUNDS = SimpleNamespace(answer_megabytes=64, answer_rows=1000, megabytes=512)


@dataclass
class Body:
    """The body of an answer: was it closed?"""

    closed: int = 0

    def close(self) -> None:
        self.closed += 1


@dataclass
class Pool:
    """Workers that give the same heads in turn, the last one again and again."""

    heads: list[ResponseHead]
    bounds: Any = field(default_factory=lambda: BOUNDS)
    asked: list[QueryRequest] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    wait: Callable[[], Awaitable[object]] | None = None

    async def ask(self, query: QueryRequest) -> Any:
        self.asked.append(query)
        if self.wait is not None:
            await self.wait()
        self.bodies.append(Body())
        head = self.heads.pop(0) if len(self.heads) > 1 else self.heads[0]
        return SimpleNamespace(head=head, body=self.bodies[-1])


def request(
    encodings: str | None = None,
    client: str | None = "192.0.2.1",
    *messages: str,
) -> Request:
    """A request whose client sends these messages and then stays on the line."""
    left = list(messages)

    async def receive() -> Message:
        if left:
            return {"type": left.pop(0)}
        await asyncio.Event().wait()
        raise AssertionError

    headers = [] if encodings is None else [(b"accept-encoding", encodings.encode())]
    return Request(
        {"type": "http", "headers": headers, "client": client and (client, 50000)},
        receive,
    )


def ask(pool: Pool, limiter: ClientLimiter | None = None, *more: Any) -> Any:
    return asyncio.run(
        (limiter or ClientLimiter(1)).ask(request(*more), pool, QUERY)  # type: ignore[arg-type]
    )


def refused(pool: Pool, limiter: ClientLimiter | None = None) -> tuple[int, Any, Any]:
    """What a client is told: status, body and headers."""
    with pytest.raises(HTTPProblemError) as caught:
        ask(pool, limiter)
    response = caught.value.response
    return response.status_code, json.loads(bytes(response.body)), response.headers


@pytest.mark.parametrize("status", [200, 406])
def test_an_answer_is_handed_on_with_its_body_open(status: int) -> None:
    pool = Pool([ResponseHead(status)])
    answer = ask(pool)
    assert (answer.head.status, answer.body.closed) == (status, 0)


@pytest.mark.parametrize(
    ("reason", "said"),
    [("size", "over 64 MB."), ("rows", "over 1000 rows."), ("memory", "512 MB of")],
)
def test_a_limit_is_told_with_its_number(reason: Any, said: str) -> None:
    pool = Pool([ResponseHead(503, reason=reason)])
    status, body, headers = refused(pool)
    assert (status, headers["retry-after"]) == (503, "10")
    assert said in body["detail"]
    assert ("dump" in body["detail"]) is (reason != "memory")
    assert [b.closed for b in pool.bodies] == [1]


@pytest.mark.parametrize(
    ("line", "column", "place"),
    [
        (3, 7, {"line": 3, "column": 7}),
        (3, None, {"line": 3}),
        (None, None, {}),
    ],
)
def test_a_fault_of_the_query_is_told_with_its_place(
    line: int | None, column: int | None, place: dict[str, int]
) -> None:
    head = ResponseHead(400, detail="No such prefix.", line=line, column=column)
    pool = Pool([head])
    status, body, headers = refused(pool)
    assert (status, body["detail"]) == (400, "No such prefix.")
    assert {k: v for k, v in body.items() if k in ("line", "column")} == place
    assert "retry-after" not in headers
    assert [b.closed for b in pool.bodies] == [1]


def test_what_the_workers_refuse_may_be_asked_again() -> None:
    async def refuse() -> None:
        raise RefusedError("Too many queries.")

    pool = Pool([ResponseHead(200)], wait=refuse)
    status, body, headers = refused(pool)
    assert (status, headers["retry-after"]) == (503, "10")
    assert body["detail"] == "Too many queries."


@pytest.mark.parametrize(
    ("given", "encodings", "packed"),
    [
        (None, "gzip", True),
        (None, "br", False),
        (None, None, False),
        # Who has looked already is believed.
        (False, "gzip", False),
        (True, "br", True),
    ],
)
def test_a_query_is_packed_for_who_takes_it(
    given: bool | None, encodings: str | None, packed: bool
) -> None:
    pool = Pool([ResponseHead(200)])
    query = QueryRequest("ASK { }", gzip=given)
    limiter = ClientLimiter(1)
    asyncio.run(limiter.ask(request(encodings), pool, query))  # type: ignore[arg-type]
    assert pool.asked == [QueryRequest("ASK { }", gzip=packed)]
    asyncio.run(limiter.ask_for("192.0.2.1", pool, query))  # type: ignore[arg-type]
    assert pool.asked[1:] == [query]


async def turns(limiter: ClientLimiter, *clients: str | None) -> list[int]:
    """The statuses of queries that clients ask at once; each ends after all began."""
    gate = asyncio.Event()
    pool: Any = Pool([ResponseHead(200)], wait=gate.wait)
    asked = [
        asyncio.ensure_future(limiter.ask(request(None, client), pool, QUERY))
        for client in clients
    ]
    for _ in range(10):
        await asyncio.sleep(0)
    gate.set()
    results = await asyncio.gather(*asked, return_exceptions=True)
    return [
        r.response.status_code if isinstance(r, HTTPProblemError) else r.head.status  # type: ignore[union-attr]
        for r in results
    ]


def test_each_client_has_so_many_queries_at_once_and_no_more() -> None:
    limiter = ClientLimiter(2)
    clients = ("192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.1", None, None, None)
    expected = [200, 200, 200, 429, 200, 200, 429]
    # What is over makes room again, for the same client too.
    for _ in range(2):
        assert asyncio.run(turns(limiter, *clients)) == expected
    # Nobody is remembered who has nothing at work.
    assert not limiter._at_work


def test_one_query_that_ends_makes_room_for_one() -> None:
    async def run() -> list[int]:
        limiter = ClientLimiter(2)
        gates = [asyncio.Event() for _ in range(4)]

        def one(number: int) -> asyncio.Future[Any]:
            pool: Any = Pool([ResponseHead(200)], wait=gates[number].wait)
            asked = limiter.ask_for("192.0.2.1", pool, QUERY)
            return asyncio.ensure_future(asked)

        first, second = one(0), one(1)
        await asyncio.sleep(0)
        gates[0].set()
        await first
        third = one(2)
        await asyncio.sleep(0)
        fourth = one(3)
        for gate in gates:
            gate.set()
        with pytest.raises(HTTPProblemError) as caught:
            await fourth
        ended = await asyncio.gather(second, third)
        return [caught.value.response.status_code, *(r.head.status for r in ended)]

    assert asyncio.run(run()) == [429, 200, 200]


def test_who_has_too_many_is_told_the_limit_and_to_come_back() -> None:
    limiter = ClientLimiter(0)
    status, body, headers = refused(Pool([ResponseHead(200)]), limiter)
    assert (status, headers["retry-after"]) == (429, "10")
    assert "limit 0" in body["detail"]


def test_a_query_that_fails_makes_room_too() -> None:
    async def fail() -> None:
        raise RuntimeError

    limiter = ClientLimiter(1)
    with pytest.raises(RuntimeError):
        ask(Pool([ResponseHead(200)], wait=fail), limiter)
    assert ask(Pool([ResponseHead(200)]), limiter).head.status == 200
    assert not limiter._at_work


def asks(times: int) -> list[ResponseHead]:
    """Heads of a query that needs so many other answers, and then has its own."""
    return [*(ResponseHead(202, asks=ELSEWHERE) for _ in range(times)),
            ResponseHead(200)]  # fmt: skip


def test_what_other_endpoints_say_is_fetched_before_the_answer() -> None:
    asked: list[ServiceRequest] = []

    def forward(needed: ServiceRequest) -> ServiceAnswer:
        asked.append(needed)
        return ServiceAnswer(("x",), ((f"<http://e/{len(asked)}>",),))

    pool = Pool(asks(MOST_SERVICES))
    answer = ask(pool, ClientLimiter(1, forward))
    assert (answer.head.status, answer.body.closed) == (200, 0)
    assert asked == [ELSEWHERE] * MOST_SERVICES
    assert [len(query.answers) for query in pool.asked] == list(
        range(MOST_SERVICES + 1)
    )
    assert [a.rows for a in pool.asked[-1].answers][:2] == [
        (("<http://e/1>",),), (("<http://e/2>",),),
    ]  # fmt: skip
    assert [b.closed for b in pool.bodies] == [1] * MOST_SERVICES + [0]


def test_a_query_that_asks_others_without_end_is_stopped() -> None:
    pool = Pool(asks(MOST_SERVICES + 1))
    limiter = ClientLimiter(1, lambda _: ServiceAnswer((), ()))
    status, body, _ = refused(pool, limiter)
    assert status == 400
    assert f"SERVICE {MOST_SERVICES} times" in body["detail"]
    assert len(pool.asked) == MOST_SERVICES + 1
    assert {b.closed for b in pool.bodies} == {1}


def unreachable(needed: ServiceRequest) -> ServiceAnswer:
    raise UsageError(f"{needed.endpoint} doesn't answer.")


def test_an_endpoint_that_fails_is_told_as_that() -> None:
    status, body, _ = refused(Pool(asks(1)), ClientLimiter(1, unreachable))
    assert status == 502
    assert "https://example.org/sparql doesn't answer." in body["detail"]
    # Where none may be asked, that is why.
    status, body, _ = refused(Pool(asks(1)))
    assert status == 502
    assert "not among the endpoints that are allowed" in body["detail"]


def test_an_endpoint_that_fails_in_silence_has_no_rows() -> None:
    """SPARQL 1.1 Federated Query, section 2.2: one solution without bindings."""
    silent = ServiceRequest("https://example.org/sparql", "SELECT * { }", silent=True)
    pool = Pool([ResponseHead(202, asks=silent), ResponseHead(200)])
    assert ask(pool, ClientLimiter(1, unreachable)).head.status == 200
    assert pool.asked[-1].answers == (ServiceAnswer((), None),)


def test_the_work_stops_when_the_client_goes() -> None:
    stopped = []

    async def run() -> Request:
        async def wait() -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                stopped.append(True)
                raise

        pool: Any = Pool([ResponseHead(200)], wait=wait)
        asked = request(None, "192.0.2.1", "http.request", "http.disconnect")
        with pytest.raises(HTTPProblemError) as caught:
            await limiter.ask(asked, pool, QUERY)
        assert caught.value.response.status_code == 503
        # At once, and not when the server ends.
        assert stopped == [True]
        return asked

    limiter = ClientLimiter(1)
    assert asyncio.run(run()).state.gone is True
    assert not limiter._at_work


def test_a_client_that_stays_is_waited_for() -> None:
    """The rest of its request is no sign that it goes."""

    async def run() -> tuple[int, bool, int]:
        async def wait() -> None:
            for _ in range(5):
                await asyncio.sleep(0)

        pool: Any = Pool([ResponseHead(200)], wait=wait)
        asked = request(None, "192.0.2.1", "http.request", "http.request")
        answer = await ClientLimiter(1).ask(asked, pool, QUERY)
        await asyncio.sleep(0)
        # Who listened for it to go has stopped.
        left = len(asyncio.all_tasks()) - 1
        return answer.head.status, hasattr(asked.state, "gone"), left

    assert asyncio.run(run()) == (200, False, 0)
