"""A worker's side of the protocol: a query after the other comes in, answers go out.

Frames are as `glokal.server.workers.messages` has them, on standard input and output.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import BinaryIO

from glokal.core.errors import ForbiddenQueryError, SourceError
from glokal.server.workers.messages import (
    LENGTHS,
    QueryRequest,
    ResponseHead,
    decode_query,
    encode_frame,
)


def serve_queries(
    answered: Callable[[QueryRequest], tuple[ResponseHead, bytes]],
) -> None:
    """Say that this worker can answer, and answer each query until the input ends.

    `answered` is all that happens to a query: a step that comes before evaluation is
    called there, and may raise SourceError, which is told as 400 with its place.
    """
    # What was made at the start stays: it needn't be looked through for garbage again.
    gc.freeze()
    send_frame(ResponseHead(200))
    while (query := read_frame(sys.stdin.buffer)) is not None:
        try:
            head, body = answered(query)
        except SourceError as error:
            head, body = query_problem(error), b""
        send_frame(head, body)


def send_frame(head: ResponseHead, body: bytes = b"") -> None:
    """Write a frame to the server."""
    sys.stdout.buffer.write(encode_frame(head, body))
    sys.stdout.buffer.flush()


def read_frame(source: BinaryIO) -> QueryRequest | None:
    """Return the next query; None at the end."""
    raw = source.read(LENGTHS.size)
    if len(raw) < LENGTHS.size:
        return None
    size, _ = LENGTHS.unpack(raw)
    return decode_query(source.read(size))


def query_problem(error: SourceError) -> ResponseHead:
    """Return what is said of a query that is wrong, with the place when it has one."""
    place = error.place
    status = 403 if isinstance(error, ForbiddenQueryError) else 400
    detail = f"{error.what} Do this: {error.remedy}" if error.remedy else error.what
    if place is None or place.line is None:
        return ResponseHead(status, detail=detail)
    return ResponseHead(status, detail=detail, line=place.line, column=place.column)
