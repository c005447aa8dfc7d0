"""The SPARQL 1.1 Protocol as a client, by SPARQLWrapper: a query goes, an answer comes.

https://www.w3.org/TR/sparql11-protocol/, query by POST with a form. An answer is read
within bounds of time and size; one that is late, cut off, of another kind or marked as
partial is an error, never taken for the whole.
"""

from __future__ import annotations

import http.client
import math
import time
import urllib.error
from collections.abc import Collection
from email.message import Message
from typing import Any

import pyoxigraph as ox
from SPARQLWrapper import POST, URLENCODED, SPARQLWrapper

from glokal.core.auth.login import Login, without_secrets
from glokal.core.errors import GlokalError, InputError, SourceError, ToolError
from glokal.core.http_client import BUSY, RETRIES, HttpClient, pause, refusal
from glokal.core.http_errors import answer_text, kind_of_no_answer, why_no_answer
from glokal.sparql.store_interface import Answer, to_answer
from glokal.store.virtuoso_fixes import (
    most_rows,
    normalize_boolean,
    normalize_rows,
    normalize_triple,
    stopped_early,
)

_RESULTS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
# text/plain is an old name of N-Triples, which Virtuoso gives.
_ACCEPT_TRIPLES = f"{_TRIPLES}, text/plain;q=0.5"
_CHUNK = 1 << 16


class ProtocolClient:
    """Asks one service for its answers, over one dataset."""

    def __init__(
        self,
        endpoint: str,
        dataset: tuple[Collection[str], Collection[str]],
        client: HttpClient,
        seconds: float,
        megabytes: int,
    ) -> None:
        """`dataset` are the default graphs and the named ones, () for the service's.

        One answer may take so many seconds; all together may hold so many megabytes.
        """
        self.endpoint = endpoint
        self._graphs, self._named = dataset
        self._client = client
        self._seconds, self._megabytes = seconds, megabytes
        self._left = megabytes << 20

    @property
    def login(self) -> Login | None:
        """The login that requests are sent with."""
        return self._client.login

    def ask(self, text: str, form: str, name: str) -> tuple[Answer, int | None]:
        """Return an answer, and the number of rows at which it may have been cut.

        `form` is that of the query, `name` what it is called in messages. Raises
        SourceError when the service says that the query is wrong, ToolError when it
        does not answer, InputError when what it answers can't be used whole.
        """
        for attempt in range(RETRIES + 1):
            try:
                body, headers = self._read(text, form)
                kind = str(headers.get_content_type())
                answer = self._answer(body, kind)
                if form == "ASK":
                    answer = normalize_boolean(answer)
                return answer, most_rows(headers)
            except _BusyError as error:
                if attempt == RETRIES:
                    raise self._failed(f"was busy each time ({error})") from error
                pause(attempt, error.headers)
            except urllib.error.HTTPError as error:
                raise self._refused(error, name) from error
            except (OSError, http.client.HTTPException) as error:
                kind = kind_of_no_answer(error)
                raise self._failed(why_no_answer(error), kind) from error
        raise AssertionError

    def _wrapper(self, text: str, form: str) -> Any:
        request = _Wrapper(self.endpoint, self._client)
        request.setMethod(POST)
        request.setRequestMethod(URLENCODED)
        request.setOnlyConneg(True)
        request.setTimeout(math.ceil(self._seconds))
        for graph in self._graphs:
            request.addDefaultGraph(graph)
        for graph in self._named:
            request.addNamedGraph(graph)
        request.setQuery(text)
        # The library looks for the form in the text, and may make an update of it.
        request.queryType = form
        rows = form not in ("CONSTRUCT", "DESCRIBE")
        # One kind only: asked for either, Virtuoso describes triples in JSON.
        accepted = _RESULTS if rows else _ACCEPT_TRIPLES
        request.addCustomHttpHeader("Accept", accepted)
        return request

    def _read(self, text: str, form: str) -> tuple[bytes, Message]:
        """Return the body of the answer and its headers."""
        ends = time.monotonic() + self._seconds
        try:
            response = self._wrapper(text, form).query().response
        except urllib.error.HTTPError as error:
            if error.code in BUSY:
                raise _BusyError(error.code, error.headers) from error
            raise
        with response:
            headers: Message = response.headers
            body = self._body(response, ends)
        payload = headers.get("Content-Length")
        if payload and payload.isdigit() and int(payload) != len(body):
            raise self.cut_off()
        # The status is 200 all the same.
        if stopped_early(headers):
            raise InputError(
                f"{self.endpoint} stopped early and gave a part of the answer.",
                remedy="ask its operator for more time, or ask for less.",
            )
        return body, headers

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
                rows = ox.parse_query_results(
                    normalize_rows(body), format=ox.QueryResultsFormat.JSON
                )
                return to_answer(rows)
            if kind in (_TRIPLES, "text/plain"):
                quads = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
                return to_answer(normalize_triple(quad.triple) for quad in quads)
        except (SyntaxError, ValueError) as error:
            raise self.cut_off() from error
        raise InputError(
            f"{self.endpoint} answered with {kind}, which is no answer to a query: "
            f"{answer_text(body[:2000])}.",
            remedy="see that the address is that of the SPARQL endpoint itself.",
        )

    def cut_off(self) -> InputError:
        """Return the error for an answer that isn't whole or isn't of its form."""
        return InputError(
            f"The answer of {self.endpoint} is cut off or broken.",
            remedy="try again; if it happens again, ask its operator.",
        )

    def _refused(self, error: urllib.error.HTTPError, name: str) -> GlokalError:
        with error:
            body = error.read(2000)
        known = refusal(
            self.endpoint, error.code, error.headers, body, self._client.login
        )
        if known is not None:
            return known
        text = without_secrets(answer_text(body), self._client.login)
        if error.code == 400:
            return SourceError(
                f"{self.endpoint} does not accept {name}: {text}.",
                remedy="fix the query.",
            )
        return self._failed(f"answered {error.code}: {text}")

    def _failed(self, what: str, kind: str = "") -> ToolError:
        return ToolError(
            f"{self.endpoint} {what}.",
            remedy="see that the address is right and the service is up.",
            name=f"service.{kind}" if kind else "",
            values={"service": self.endpoint},
        )


class _Wrapper(SPARQLWrapper):
    """SPARQLWrapper, which makes the request; it is sent by our client."""

    def __init__(self, endpoint: str, client: HttpClient) -> None:
        super().__init__(endpoint)
        self._client = client

    def _query(self) -> tuple[Any, str]:
        """Send the request; urllib.error.HTTPError for what is no answer."""
        return self._client.open(self._createRequest()), self.returnFormat


class _BusyError(Exception):
    """The endpoint asks to come back later."""

    def __init__(self, code: int, headers: Message) -> None:
        super().__init__(f"status {code}")
        self.headers = headers
