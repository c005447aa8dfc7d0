"""What a request for a small file is known by, and which bytes are such a request.

Read by the server's own process and by those beside it (`server.file_processes`), with
the same parser, so that both take the same bytes for the same request.
"""

from __future__ import annotations

import httptools

# What an answer may depend on.
_COUNTS = frozenset((b"accept", b"accept-encoding", b"accept-language", b"host"))
# What none depends on. Who a client is and how it came is nothing to a file.
_WITHOUT_EFFECT = frozenset(
    b"authorization cache-control cookie dnt forwarded from origin pragma priority "
    b"purpose referer save-data sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform "
    b"sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user sec-gpc sec-purpose "
    b"te upgrade-insecure-requests user-agent via x-forwarded-for x-forwarded-proto "
    b"x-real-ip x-requested-with".split()
)
# Lines of headers; more is no request of a reader's.
MAX_LINES = 200

Key = tuple[bytes, tuple[tuple[bytes, bytes], ...]]


def request_key(url: bytes, headers: list[tuple[bytes, bytes]]) -> Key | None:
    """Return what the answer to a GET depends on, None when that isn't sure."""
    if b"?" in url:
        return None
    counted = headers_that_count(headers)
    return None if counted is None else (url, tuple(counted))


def headers_that_count(
    headers: list[tuple[bytes, bytes]],
) -> list[tuple[bytes, bytes]] | None:
    """Return the headers that an answer may depend on, None when that isn't sure."""
    counted = []
    for pair in headers:
        name = pair[0]
        if name in _COUNTS:
            counted.append(pair)
        elif name not in _WITHOUT_EFFECT and (
            name != b"connection" or pair[1].lower() != b"keep-alive"
        ):
            return None
    return counted


def is_plain_get(parser: httptools.HttpRequestParser) -> bool:
    """Whether the head that was read is of a GET of HTTP/1.1 on a lasting connection.

    To be asked when the head is complete and not later.
    """
    if parser.get_method() != b"GET" or not parser.should_keep_alive():
        return False
    return bool(parser.get_http_version() == "1.1")


def read_plain_get(data: bytes) -> Key | None:
    """Return the key of what is exactly one whole plain GET, else None.

    `data` is what came on a connection that has no request open. None is the answer to
    every doubt: a part of a request, more than one, a body, another method or version,
    a header that isn't known, no HTTP.
    """
    # The end of a head, nowhere but at the end.
    if data.find(b"\r\n\r\n") != len(data) - 4:
        return None
    reading = _Reading()
    try:
        reading.parser.feed_data(data)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    if not (reading.begun == reading.complete == 1 and reading.plain):
        return None
    if len(reading.headers) > MAX_LINES:
        return None
    return request_key(reading.url, reading.headers)


class _Reading:
    """What the parser tells of some bytes, with the names that it calls."""

    def __init__(self) -> None:
        self.begun = self.complete = 0
        self.url = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.plain = False
        self.parser = httptools.HttpRequestParser(self)

    def on_message_begin(self) -> None:
        self.begun += 1

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self.plain = is_plain_get(self.parser)

    def on_message_complete(self) -> None:
        self.complete += 1
