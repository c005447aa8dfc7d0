"""Queries of a closed list, answered where their request is read (docs/decisions/0095).

The answer is the bytes that it would be by the usual way: the same endpoint makes it,
and the same headers are put to it. A request that has anything of its own, another
method, a condition, a body, a header that isn't known, goes the usual way.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from glokal.server.middleware.cors import with_common_headers
from glokal.server.middleware.request_rules import is_host
from glokal.server.ready_answers import ReadyAnswer
from glokal.server.request_keys import headers_that_count
from glokal.server.request_parameters import is_utf8_text

PATH = "/sparql"
_BEGINNING = PATH.encode() + b"?"

# Query of the address, Accept, Accept-Encoding.
Respond = Callable[[str, str, str], Response | None]


class InlineQueries:
    """Gives the answer to a request that can be had at once."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(
        self, url: bytes, headers: list[tuple[bytes, bytes]]
    ) -> ReadyAnswer | None:
        """Return the answer to a GET of HTTP/1.1, None when it goes the usual way."""
        if not url.startswith(_BEGINNING):
            return None
        counted = headers_that_count(headers)
        if counted is None:
            return None
        values = dict(counted)
        host = values.get(b"host")
        # A header in two lines is one list; who sends that goes the usual way.
        if host is None or len(values) < len(counted):
            return None
        query = url[len(_BEGINNING) :]
        if not query or b"#" in query or not is_utf8_text(query):
            return None
        if not is_host(host.decode("latin-1")):
            return None
        response = self._respond(
            query.decode(),
            values.get(b"accept", b"").decode("latin-1"),
            values.get(b"accept-encoding", b"").decode("latin-1"),
        )
        if response is None:
            return None
        pairs = with_common_headers(response.raw_headers)
        lines = b"".join([b"%s: %s\r\n" % pair for pair in pairs])
        return ReadyAnswer(lines + b"\r\n", bytes(response.body), PATH)
