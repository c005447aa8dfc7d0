"""A client's turn at the workers, stopped at a limit or when the client goes."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Coroutine, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from glokal.serve.negotiate import takes_gzip
from glokal.serve.pool import Pool, RefusedError
from glokal.serve.problem import problem

AGAIN = {"Retry-After": "10"}


class WrongError(Exception):
    """A request that can't be taken, with the response that says so."""

    def __init__(self, response: Response) -> None:
        self.response = response


class Turns:
    """Lets each client have `per_client` queries at work, whatever asks them."""

    def __init__(self, per_client: int) -> None:
        self._per_client = per_client
        self._at_work: Counter[str] = Counter()

    async def ask(
        self, request: Request, pool: Pool, told: dict[str, Any]
    ) -> tuple[dict[str, Any], bytes]:
        """Return the head and the body of a worker's answer.

        Raises WrongError with a response for what is at a limit or wrong in the query;
        heads of status 200 and 406 are returned.
        """
        packed = takes_gzip(request.headers.get("accept-encoding", ""))
        told = {"gzip": packed, **told}
        with self._place_for(request):
            try:
                head, body = await _unless_gone(request, pool.ask(told))
            except RefusedError as error:
                raise WrongError(problem(503, str(error), headers=AGAIN)) from error
        match head["status"]:
            case 200 | 406:
                return head, body
            case 503:
                limit = _limit(pool, head["reason"])
                raise WrongError(problem(503, limit, headers=AGAIN))
            case status:
                where = {k: head[k] for k in ("line", "column") if k in head}
                raise WrongError(problem(status, head["detail"], **where))

    @contextlib.contextmanager
    def _place_for(self, request: Request) -> Iterator[None]:
        client = request.client.host if request.client else ""
        if self._at_work[client] >= self._per_client:
            detail = f"{self._per_client} queries of yours are at work already."
            raise WrongError(problem(429, detail, headers=AGAIN))
        self._at_work[client] += 1
        try:
            yield
        finally:
            self._at_work[client] -= 1
            if not self._at_work[client]:
                del self._at_work[client]


def _limit(pool: Pool, reason: str) -> str:
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
    request: Request, work: Coroutine[Any, Any, tuple[dict[str, Any], bytes]]
) -> tuple[dict[str, Any], bytes]:
    """Return what the work gives; stop it when the client hangs up."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_hung_up(request))
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
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
