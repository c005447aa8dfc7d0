"""A client's turn at the workers, stopped at a limit or when the client goes."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from glokal.core.errors import GlokalError, UsageError
from glokal.server.in_process_queries import InProcess
from glokal.server.negotiation import takes_gzip
from glokal.server.problem_details import problem
from glokal.server.spool import AGAIN, RefusedError
from glokal.server.timeouts import CONNECTION
from glokal.server.workers.messages import QueryRequest, ServiceAnswer, ServiceRequest
from glokal.server.workers.pool import WorkerPool
from glokal.server.workers.worker_process import WorkerResponse

# Times that a query may use SERVICE, and requests to other endpoints at once.
MOST_SERVICES = 8


class HTTPProblemError(Exception):
    """A request that can't be taken, with the response that says so."""

    def __init__(self, response: Response) -> None:
        self.response = response


class ClientLimiter:
    """Lets each client have `per_client` queries at work, whatever asks them."""

    def __init__(
        self,
        per_client: int,
        forward: Callable[[ServiceRequest], ServiceAnswer] | None = None,
    ) -> None:
        """Raise nothing; `forward` asks the other endpoints that SERVICE may ask."""
        self._per_client = per_client
        self._forward = forward or _no_endpoint
        # Threads of their own: an endpoint that is slow keeps nothing else waiting.
        self._fetching = ThreadPoolExecutor(MOST_SERVICES, "glokal-service")
        self._at_work: Counter[str] = Counter()

    async def ask(
        self,
        request: Request,
        pool: WorkerPool,
        query: QueryRequest,
        in_process: InProcess | None = None,
    ) -> WorkerResponse:
        """Return the answer to a query; its body has to be sent, read or closed.

        It is a worker's, unless the query is one that `in_process` takes.

        Raises HTTPProblemError with a response for what is at a limit or wrong in the
        query; heads of status 200 and 406 are returned.
        """
        if query.gzip is None:
            packed = takes_gzip(request.headers.get("accept-encoding", ""))
            query = dataclasses.replace(query, gzip=packed)
        client = request.client.host if request.client else ""
        if in_process is not None and self._at_work[client] < self._per_client:
            here = in_process.answer(query)
            if here is not None:
                head, body = here
                return _judged(pool, WorkerResponse(head, pool.spool.hold(body)))
        return await self._answer(
            client, pool, lambda: _unless_gone(request, self._ask(pool, query))
        )

    async def ask_for(
        self, client: str, pool: WorkerPool, query: QueryRequest
    ) -> WorkerResponse:
        """Return an answer as `ask` does, where the request is read elsewhere."""
        return await self._answer(client, pool, lambda: self._ask(pool, query))

    async def _answer(
        self,
        client: str,
        pool: WorkerPool,
        work: Callable[[], Coroutine[Any, Any, WorkerResponse]],
    ) -> WorkerResponse:
        try:
            with self._place_for(client):
                answer = await work()
        except RefusedError as error:
            raise HTTPProblemError(problem(503, str(error), headers=AGAIN)) from error
        return _judged(pool, answer)

    async def _ask(self, pool: WorkerPool, query: QueryRequest) -> WorkerResponse:
        """Return an answer; what other endpoints have to give is fetched first."""
        while True:
            answer = await pool.ask(query)
            needed = answer.head.asks
            if needed is None:
                return answer
            answer.body.close()
            if len(query.answers) >= MOST_SERVICES:
                what = f"A query may use SERVICE {MOST_SERVICES} times."
                raise HTTPProblemError(problem(400, what))
            got = await self._fetch(needed)
            query = dataclasses.replace(query, answers=(*query.answers, got))

    async def _fetch(self, needed: ServiceRequest) -> ServiceAnswer:
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._fetching, self._forward, needed)
        except GlokalError as error:
            if needed.silent:
                return ServiceAnswer((), None)
            what = f"Another endpoint failed: {error.what}"
            raise HTTPProblemError(problem(502, what)) from error

    @contextlib.contextmanager
    def _place_for(self, client: str) -> Iterator[None]:
        if self._at_work[client] >= self._per_client:
            detail = f"Too many concurrent queries from you (limit {self._per_client})."
            raise HTTPProblemError(problem(429, detail, headers=AGAIN))
        self._at_work[client] += 1
        try:
            yield
        finally:
            self._at_work[client] -= 1
            if not self._at_work[client]:
                del self._at_work[client]


def _judged(pool: WorkerPool, answer: WorkerResponse) -> WorkerResponse:
    """Return an answer that can be sent; HTTPProblemError for another one."""
    head = answer.head
    if head.status in (200, 406):
        return answer
    answer.body.close()
    if head.status == 503:
        limit = _limit(pool, head.reason)
        raise HTTPProblemError(problem(503, limit, headers=AGAIN))
    where = {"line": head.line, "column": head.column}
    fields: dict[str, Any] = {k: at for k, at in where.items() if at is not None}
    raise HTTPProblemError(problem(head.status, head.detail, **fields))


def _no_endpoint(needed: ServiceRequest) -> ServiceAnswer:
    raise UsageError(f"{needed.endpoint} is not among the endpoints that are allowed.")


def _limit(pool: WorkerPool, reason: str) -> str:
    bounds = pool.bounds
    less = "Ask for less, or take a dump."
    match reason:
        case "size":
            return f"The answer is over {bounds.answer_megabytes} MB. {less}"
        case "rows":
            return f"The answer is over {bounds.answer_rows} rows. {less}"
        case _:
            return f"The query needed over {bounds.megabytes} MB of memory."


async def _unless_gone(
    request: Request, work: Coroutine[Any, Any, WorkerResponse]
) -> WorkerResponse:
    """Return what the work gives; stop it when the client hangs up."""
    connection = request.scope.get("extensions", {}).get(CONNECTION)
    if connection is None:
        return await _unless_told(request, work)
    task, gone = asyncio.current_task(), False
    assert task is not None

    def stop() -> None:
        nonlocal gone
        if not gone:
            gone = request.state.gone = True
            task.cancel()

    try:
        with connection.when_gone(stop):
            return await work
    except asyncio.CancelledError:
        # It may be stopped by somebody else at the same time.
        if not gone or task.uncancel():
            raise
        raise RefusedError("The client is gone.") from None


async def _unless_told(
    request: Request, work: Coroutine[Any, Any, WorkerResponse]
) -> WorkerResponse:
    """Do the same where only the messages of the request tell that the client goes."""
    task = asyncio.create_task(work)
    gone = asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait([task, gone], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            request.state.gone = True
            raise RefusedError("The client is gone.")
        return task.result()
    finally:
        gone.cancel()
        if not task.done():
            task.cancel()
            # What it ends with is taken note of here, whatever it is.
            await asyncio.gather(task, return_exceptions=True)


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
