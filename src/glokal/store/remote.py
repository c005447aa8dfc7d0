"""The remote room: any SPARQL 1.1 service, asked through SPARQLWrapper.

https://www.w3.org/TR/sparql11-protocol/, query by POST with a form. An answer is read
within bounds of time and size; one that is late, cut off, of another kind or marked as
partial is an error, never taken for the whole.
"""

from __future__ import annotations

import html
import http.client
import math
import re
import socket
import time
import urllib.error
from collections.abc import Collection
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
from SPARQLWrapper import POST, URLENCODED, SPARQLExceptions, SPARQLWrapper

from glokal.errors import InputError, SourceError, ToolError, UsageError
from glokal.store.embedded import refuse_service, to_answer
from glokal.store.protocol import Answer, Table
from glokal.vocabulary import GEO, VIRTRDF

_RESULTS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
# text/plain is an old name of N-Triples, which Virtuoso gives.
_ACCEPT_TRIPLES = f"{_TRIPLES}, text/plain;q=0.5"
# Virtuoso keeps a geometry as its own, and says so in place of the given datatype.
_VIRTUOSO_WKT = (
    f"^^<{VIRTRDF}Geometry>".encode(),
    f"^^<{GEO}wktLiteral>".encode(),
)
_BUSY = (429, 502, 503, 504)
_CHUNK = 1 << 16
RETRIES = 3
# Seconds between two tries, at most.
LONGEST_WAIT = 30.0


class RemoteStore:
    """A SPARQL 1.1 service, with the default graph that it has or is told to take."""

    def __init__(
        self,
        endpoint: str,
        *,
        graphs: Collection[str] = (),
        seconds: float = 60,
        megabytes: int = 512,
        login: tuple[str, str] | None = None,
    ) -> None:
        """Point at an endpoint; UsageError when its address can't be one.

        `graphs` become the default graph of each query. One answer may take that many
        seconds; all answers together may hold that many megabytes.
        """
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(
                f"{endpoint!r} is no address of an endpoint.",
                remedy="write it whole, like https://data.example.org/sparql.",
            )
        self.endpoint = endpoint
        self._graphs = tuple(graphs)
        self._seconds = seconds
        self._left = megabytes << 20
        self._megabytes = megabytes
        self._login = login

    def query(
        self, text: str, *, name: str = "query", services: Collection[str] = ()
    ) -> Answer:
        """Answer a query.

        Raises SourceError when the endpoint says that the query is wrong, ToolError
        when it does not answer, InputError when what it answers can't be used whole.
        """
        refuse_service(text, name, services)
        for attempt in range(RETRIES + 1):
            try:
                return self._answer(*self._read(text))
            except _BusyError as error:
                if attempt == RETRIES:
                    raise self._failed(f"was busy each time ({error})") from error
                time.sleep(min(error.wait or 2**attempt / 2, LONGEST_WAIT))
            except SPARQLExceptions.QueryBadFormed as error:
                raise SourceError(
                    f"{self.endpoint} does not accept {name}: {_said(error)}.",
                    remedy="mend the query.",
                ) from error
            except SPARQLExceptions.SPARQLWrapperException as error:
                raise self._failed(f"answered: {_said(error)}") from error
            except urllib.error.HTTPError as error:
                what = f"answered {error.code}: {_plain(error.read(2000))}"
                raise self._failed(what) from error
            except (OSError, http.client.HTTPException) as error:
                raise self._failed(_reason(error)) from error
        raise AssertionError

    def select(self, text: str, *, name: str = "query") -> Table:
        """Answer a SELECT; UsageError when the text is another form."""
        answer = self.query(text, name=name)
        if not isinstance(answer, Table):
            raise UsageError(f"{name} is not a SELECT.", remedy="ask for rows.")
        return answer

    def _wrapper(self, text: str) -> Any:
        asked = SPARQLWrapper(self.endpoint)
        asked.setMethod(POST)
        asked.setRequestMethod(URLENCODED)
        asked.setOnlyConneg(True)
        asked.setTimeout(math.ceil(self._seconds))
        if self._login:
            asked.setCredentials(*self._login)
        for graph in self._graphs:
            asked.addDefaultGraph(graph)
        asked.setQuery(text)
        rows = asked.queryType in ("SELECT", "ASK")
        # One kind only: asked for either, Virtuoso describes triples in JSON.
        accepted = _RESULTS if rows else _ACCEPT_TRIPLES
        asked.addCustomHttpHeader("Accept", accepted)
        return asked

    def _read(self, text: str) -> tuple[bytes, str]:
        """Return the body of the answer and its media type."""
        ends = time.monotonic() + self._seconds
        try:
            response = self._wrapper(text).query().response
        except urllib.error.HTTPError as error:
            if error.code in _BUSY:
                raise _BusyError(error.code, error.headers) from error
            raise
        with response:
            headers = response.headers
            body = self._body(response, ends)
        told = headers.get("Content-Length")
        if told and told.isdigit() and int(told) != len(body):
            raise self._cut_off()
        # Virtuoso says so when it stopped early; its status is 200 all the same.
        if headers.get("X-SQL-State") or headers.get("X-Exec-Milliseconds-Exceeded"):
            raise InputError(
                f"{self.endpoint} stopped early and gave a part of the answer.",
                remedy="ask its operator for more time, or ask for less.",
            )
        return body, str(headers.get_content_type())

    def _body(self, response: http.client.HTTPResponse, ends: float) -> bytes:
        parts = []
        # Unlike read, read1 comes back with what there is, so that the clock is seen.
        while part := response.read1(_CHUNK):
            parts.append(part)
            self._left -= len(part)
            if self._left < 0:
                raise InputError(
                    f"{self.endpoint} sent over {self._megabytes} MB.",
                    remedy="name the graphs that matter with --graph, or raise the "
                    "limit with GLOKAL_DATA_MEGABYTES.",
                )
            if time.monotonic() > ends:
                raise TimeoutError
        return b"".join(parts)

    def _answer(self, body: bytes, kind: str) -> Answer:
        try:
            if kind in (_RESULTS, "application/json"):
                found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
                return to_answer(found)
            if kind in (_TRIPLES, "text/plain"):
                body = body.replace(*_VIRTUOSO_WKT)
                triples = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
                return to_answer(quad.triple for quad in triples)
        except (SyntaxError, ValueError) as error:
            raise self._cut_off() from error
        raise InputError(
            f"{self.endpoint} answered with {kind}, which is no answer to a query: "
            f"{_plain(body[:2000])}.",
            remedy="see that the address is that of the SPARQL endpoint itself.",
        )

    def _cut_off(self) -> InputError:
        return InputError(
            f"The answer of {self.endpoint} is cut off or broken.",
            remedy="try again; if it happens again, ask its operator.",
        )

    def _failed(self, what: str) -> ToolError:
        return ToolError(
            f"{self.endpoint} {what}.",
            remedy="see that the address is right and the service is up.",
        )


class _BusyError(Exception):
    """The endpoint asks to come back later."""

    def __init__(self, code: int, headers: Message) -> None:
        super().__init__(f"status {code}")
        after = headers.get("Retry-After", "")
        self.wait = int(after) if after.isdigit() else 0


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(error, TimeoutError) or isinstance(cause, TimeoutError):
        return "did not answer in time"
    if isinstance(cause, ConnectionRefusedError):
        return "can't be reached: nothing listens there"
    if isinstance(cause, socket.gaierror):
        return "can't be reached: there is no such host"
    if isinstance(error, http.client.IncompleteRead):
        return "broke off in the middle of its answer"
    return f"can't be reached: {cause or type(error).__name__}"


def _said(error: Exception) -> str:
    # SPARQLWrapper puts the body behind a line of its own words.
    text = str(error).partition("Response:")[2].strip()
    if text.startswith(("b'", 'b"')):
        text = text[2:-1].encode().decode("unicode_escape", errors="replace")
    return _plain(text.encode("latin-1", errors="replace")) or type(error).__name__


def _plain(raw: bytes) -> str:
    text = html.unescape(re.sub(r"<[^<>]*>", " ", raw.decode(errors="replace")))
    text = re.sub(r"\s+", " ", text).strip().rstrip(".")
    return text if len(text) <= 200 else text[:199] + "…"
