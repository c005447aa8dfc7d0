"""What bad input gets: requests that no reader sends, and queries that never end.

Each case says what a server owes its next reader: a correct status in bounded time, and
an answer to who comes after.
"""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import httpx2 as httpx

LIGHT = "ASK {}"
DIGITS = " ".join(map(str, range(10)))
# How long a server may take to be rid of a request, in seconds.
PATIENCE = 45


@dataclass(frozen=True)
class Hostile:
    """A thing done to an endpoint; `check` gives "" when the server bore it well."""

    name: str
    check: Callable[[str], str]


def product(variables: int) -> str:
    """Patterns with ten to the power of so many solutions, on any data."""
    return " ".join(f"VALUES ?v{n} {{ {DIGITS} }}" for n in range(variables))


def send_raw(address: str, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send parts with a pause before each, as long as they are taken; what came back.

    Raises TimeoutError when the connection is open for longer than it may.
    """
    target = urlsplit(address)
    until = time.monotonic() + PATIENCE
    answer = b""
    with socket.create_connection((target.hostname, target.port or 80), 10) as client:
        with contextlib.suppress(ConnectionError):
            for part in parts:
                client.sendall(part)
                client.settimeout(pause or 0.001)
                with contextlib.suppress(TimeoutError):
                    if not (got := client.recv(65536)):
                        return answer
                    answer += got
                client.settimeout(10)
                if time.monotonic() > until:
                    raise TimeoutError("the connection was still open")
            while time.monotonic() < until:
                client.settimeout(max(until - time.monotonic(), 0.1))
                if not (got := client.recv(65536)):
                    return answer
                answer += got
                if not pause and b"\r\n\r\n" in answer:
                    return answer
        return answer


def _refused(
    *parts: bytes, pause: float = 0.0, status: str = "4.."
) -> Callable[[str], str]:
    def check(address: str) -> str:
        try:
            answer = send_raw(address, *parts, pause=pause)
        except (TimeoutError, OSError) as error:
            return str(error)
        if not re.match(rb"HTTP/1.[01] (%s) |$" % status.encode(), answer):
            return repr(answer[:60])
        if b"root:" in answer or b"\nSet-Cookie" in answer:
            return "it gave away what it should not"
        return still_answers(address)

    return check


def still_answers(address: str) -> str:
    """Return "" when a light query is answered now."""
    try:
        answer = httpx.get(f"{address}?query={quote(LIGHT)}", timeout=5, headers=_JSON)
        return "" if answer.json()["boolean"] is True else answer.text[:60]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        return f"the next reader got {type(error).__name__}"


_JSON = {"Accept": "application/sparql-results+json"}


def _ask(address: str, query: str, seconds: float = PATIENCE) -> httpx.Response:
    return httpx.post(address, data={"query": query}, headers=_JSON, timeout=seconds)


def _ends(query: str, right: Callable[[str], bool]) -> Callable[[str], str]:
    """Answered rightly and whole, or put off with 503 and when to come back."""

    def check(address: str) -> str:
        try:
            answer = _ask(address, query)
            if answer.status_code == 200 and not right(answer.text):
                return "200 with a wrong answer"
        except (httpx.HTTPError, ValueError) as error:
            return f"{type(error).__name__}: {error}"[:80]
        if answer.status_code == 503:
            return "" if "retry-after" in answer.headers else "503 without Retry-After"
        return still_answers(address) if answer.status_code == 200 else answer.text[:60]

    return check


def _hung_up(address: str) -> str:
    target = urlsplit(address)
    query = quote(f"SELECT (COUNT(*) AS ?n) {{ {product(12)} }}")
    head = f"GET {target.path}?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(6):
        with socket.create_connection((target.hostname, target.port or 80), 10) as gone:
            gone.sendall(head)
            time.sleep(0.1)
    return still_answers(address)


def _with_path(address: str, *heads: str) -> bytes:
    return "\r\n".join(
        [f"POST {urlsplit(address).path} HTTP/1.1", "Host: x", *heads, "", ""]
    ).encode()


def _posted(
    *heads: str,
    body: tuple[bytes, ...] = (),
    pause: float = 0.0,
    status: str = "4..",
) -> Callable[[str], str]:
    def check(address: str) -> str:
        head = _with_path(address, "Content-Type: application/sparql-query", *heads)
        return _refused(head, *body, pause=pause, status=status)(address)

    return check


def _with_headers(address: str) -> str:
    answer = send_raw(address, b"GET /sparql HTTP/1.1\r\nBad header\r\n\r\n").lower()
    wanted = (b"nosniff", b"frame-ancestors 'none'", b"access-control-allow-origin: *")
    return "" if all(part in answer for part in wanted) else repr(answer[:400])


def _whole(text: str) -> bool:
    # Counted in the text: a million objects would be too many for the judge.
    return text.count('"v5"') == 1_000_001 and text.rstrip().endswith("}")


HOSTILE = (
    Hostile("a header without a colon", _refused(b"GET /sparql HTTP/1.1\r\nHost: x\r\nBad header\r\n\r\n")),
    Hostile("bytes that are no HTTP", _refused(b"\x00\x01\x02\x03\r\n\r\n")),
    Hostile("an address of 200 kB", _refused(b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")),
    Hostile("headers without end", _refused(b"GET / HTTP/1.1\r\nHost: x\r\n", *[b"X: " + b"a" * 9990 + b"\r\n"] * 1000)),
    *(Hostile(f"an address of {size >> 10} kB is 414", _refused(b"GET /" + b"a" * size + b" HTTP/1.1\r\nHost: x\r\n\r\n", status="414"))
      for size in (66 << 10, 100 << 10, 1 << 20, 8 << 20)),
    *(Hostile(f"a header of {size >> 10} kB is 431", _refused(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * size + b"\r\n\r\n", status="431"))
      for size in (66 << 10, 100 << 10, 1 << 20, 8 << 20)),
    *(Hostile(f"{count} headers are 431", _refused(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * count + b"\r\n", status="431"))
      for count in (300, 3000, 300_000)),
    *(Hostile(f"a version that isn't spoken: {version}", _refused(f"GET /sparql {version}\r\nHost: x\r\n\r\n".encode(), status="505"))
      for version in ("HTTP/2.0", "HTTP/3.0", "HTTP/0.9")),
    Hostile("the first words of HTTP/2", _refused(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status="505")),
    Hostile("no Host", _refused(b"GET /sparql HTTP/1.1\r\n\r\n", status="400")),
    Hostile("two lines of Host", _refused(b"GET /sparql HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", status="400")),
    *(Hostile(f"a Host that is none: {host}", _refused(f"GET /sparql HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(), status="400"))
      for host in ("a b", "x/y", "x@y", "x:port", "[::1")),
    Hostile("letters beyond ASCII in the path, not encoded", _refused("GET /doc/sør HTTP/1.1\r\nHost: x\r\n\r\n".encode(), status="400")),
    Hostile("headers sent slowly", _refused(b"GET / HTTP/1.1\r\n", *[b"X: a\r\n"] * 400, pause=0.2)),
    Hostile("a body sent slowly", _posted("Content-Length: 1000", body=(b"A",) * 400, pause=0.2)),
    Hostile("a body without end", _posted("Transfer-Encoding: chunked", body=(b"2710\r\n" + b"A" * 10_000 + b"\r\n",) * 2000)),
    Hostile("a length that is no number", _posted("Content-Length: abc")),
    Hostile("a length and chunks at once", _posted("Content-Length: 5", "Transfer-Encoding: chunked", body=(b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n",))),
    *(Hostile(f"a transfer coding that isn't read: {coding}", _posted(f"Transfer-Encoding: {coding}", body=(b"6\r\nASK {}\r\n0\r\n\r\n",), status="501"))
      for coding in ("gzip, chunked", "deflate,chunked")),
    Hostile("what is no HTTP is answered with the headers of every answer", _with_headers),
    *(Hostile(f"a path out of the folder: {path}", _refused(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), status="[34].."))
      for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/id/%2e%2e/%2e%2e%2fetc%2fpasswd", "/doc/..%5c..%5cetc%5cpasswd")),
    Hostile("a line break in the path", _refused(b"GET /id/goal/x%0d%0aSet-Cookie:a=b HTTP/1.1\r\nHost: x\r\n\r\n")),
    Hostile("a line break in a redirect", _refused(b"GET /doc/goal/x%0d%0aSet-Cookie:a=b.html HTTP/1.1\r\nHost: x\r\n\r\n")),
    Hostile("a client that hangs up", _hung_up),
    Hostile("a Cartesian product", _ends(f"SELECT (COUNT(*) AS ?n) {{ {product(12)} }}", lambda text: False)),
    Hostile("a regular expression that explodes", _ends(f"ASK {{ FILTER(REGEX('{'a' * 40}!', '^(a+)+$')) }}", lambda text: json.loads(text)["boolean"] is False)),
    Hostile("a million rows", _ends(f"SELECT * {{ {product(6)} }}", _whole)),
)  # fmt: skip
