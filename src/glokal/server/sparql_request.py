"""What a request asks of the SPARQL endpoint (SPARQL 1.1 Protocol, section 2.1).

A query comes in the address, as a form or as the body, with the names of its dataset.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.requests import Request

from glokal.core.errors import UsageError
from glokal.server.client_limiter import HTTPProblemError
from glokal.server.problem_details import problem
from glokal.server.request_parameters import (
    FORMAT_PARAMETERS,
    accept_for,
    ignored_among,
    read_pairs,
)

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
MAX_QUERY = 1 << 20
BODY_SECONDS = 10
BOM = "\ufeff"
_KNOWN = ("query", "default-graph-uri", "named-graph-uri", *FORMAT_PARAMETERS)


@dataclass(frozen=True)
class SparqlRequest:
    """A query, and the dataset that the protocol names for it.

    `accept` is the Accept that the request comes to, `ignored` the parameters that had
    no effect.
    """

    query: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    accept: str
    ignored: tuple[str, ...]


async def read_request(request: Request) -> SparqlRequest:
    """Return what a request asks, by whichever of the three ways it does.

    Raises HTTPProblemError, and UsageError for parameters that are wrong.
    """
    pairs = read_pairs(request.scope["query_string"].decode())
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == UPDATE:
            raise _read_only()
        if kind not in (FORM, QUERY):
            accepted = f"{FORM}, {QUERY}"
            raise HTTPProblemError(
                problem(415, f"Send {accepted}.", headers={"Accept-Post": accepted})
            )
        text = await read_body(request)
        if kind == QUERY:
            pairs.append(("query", text))
        else:
            pairs += read_pairs(text)
    return requested_by(pairs, request.headers.get("accept", ""))


def requested_by(pairs: list[tuple[str, str]], accept: str) -> SparqlRequest:
    """Return what parameters ask, with the Accept of the request.

    Raises HTTPProblemError, and UsageError for parameters that are wrong.
    """
    names = {name for name, _ in pairs}
    if names & {"update", "using-graph-uri", "using-named-graph-uri"}:
        raise _read_only()
    ignored = ignored_among(sorted(names), _KNOWN)
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) != 1:
        what = "no query" if not queries else f"{len(queries)} queries"
        raise HTTPProblemError(problem(400, f"The request has {what}; send one."))
    if len(queries[0]) > MAX_QUERY:
        raise _too_large()
    if queries[0].startswith(BOM):
        raise UsageError(
            "The query begins with a byte-order mark (U+FEFF).",
            remedy="send it without.",
        )
    return SparqlRequest(
        queries[0],
        # A form sends a field that nobody has filled in, too.
        tuple(v for n, v in pairs if n == "default-graph-uri" and v),
        tuple(v for n, v in pairs if n == "named-graph-uri" and v),
        accept_for(pairs, accept),
        ignored,
    )


async def read_body(request: Request) -> str:
    """Return the body of a request as text; HTTPProblemError for one that is no such.

    It may have a megabyte, and take ten seconds.
    """
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MAX_QUERY:
                    raise _too_large()
                parts.append(part)
        return b"".join(parts).decode()
    except TimeoutError as error:
        raise HTTPProblemError(
            problem(408, f"The request was not whole after {BODY_SECONDS} seconds.")
        ) from error
    except UnicodeDecodeError as error:
        raise HTTPProblemError(problem(400, "The request is not UTF-8.")) from error


def _read_only() -> HTTPProblemError:
    return HTTPProblemError(
        problem(403, "This endpoint takes queries, and no updates.")
    )


def _too_large() -> HTTPProblemError:
    return HTTPProblemError(problem(413, f"A query may have {MAX_QUERY >> 20} MB."))
