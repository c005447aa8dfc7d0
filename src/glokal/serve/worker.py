"""The process that answers queries: one store, opened to read, and no network.

Started as `python -m glokal.serve.worker MEGABYTES STORE MAX_ANSWER MAX_ROWS [OPEN]`.
It reads one request at a time from standard input and writes one answer to standard
output, each as a length, a JSON head and, in an answer, the body. OPEN leaves the
network open, for endpoints that are allowed.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

import pyoxigraph as ox

from glokal.errors import SourceError
from glokal.process import end_with_parent
from glokal.serve.media import GRAPHS, ROWS, TRUTHS
from glokal.serve.negotiate import choose
from glokal.serve.rows import (
    LEAST,
    Counter,
    TooLargeError,
    has_rows,
    wkt_of,
    write_page,
)
from glokal.serve.seal import seal
from glokal.store.embedded import syntax_error

HEAD = struct.Struct(">IQ")


class _Bounded(io.RawIOBase):
    """What an answer is written to; it takes so many bytes and rows, and no more."""

    def __init__(self, size: int, rows: Counter) -> None:
        self.parts: list[bytes] = []
        self.full = ""
        self._left = size
        self._rows = rows

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes; OSError when there are too many."""
        self._left -= len(data)
        self.parts.append(bytes(data))
        if self._left < 0:
            self.full = "size"
        elif self._rows.is_over(self.parts):
            self.full = "rows"
        if self.full:
            raise OSError("too large")
        return len(data)


def answer(
    store: ox.Store, asked: dict[str, Any], size: int, rows: int
) -> tuple[Any, bytes]:
    """Return the head and the body of the answer to a request."""
    try:
        found = store.query(asked["query"], **_dataset(asked))
        return written(
            found,
            asked,
            size,
            rows,
            ask=has_rows(store),
            wkt=lambda iri: wkt_of(store, iri),
        )
    except SyntaxError as error:
        wrong: SourceError = syntax_error(str(error), "query", asked["query"])
        place = wrong.place
        where = {}
        if place and place.line:
            where = {"line": place.line, "column": place.column}
        return {"status": 400, "detail": wrong.what, **where}, b""
    except MemoryError:
        return {"status": 503, "reason": "memory"}, b""
    except (ValueError, RuntimeError) as error:
        # A dataset that is none, or a function that there is none of.
        return {"status": 400, "detail": str(error)}, b""
    except OSError as error:
        return {"status": 502, "detail": f"another endpoint failed: {error}"}, b""


def _dataset(asked: dict[str, Any]) -> dict[str, Any]:
    # Named by the protocol, the dataset is what is named and nothing else (section
    # 2.1.4 of the SPARQL 1.1 Protocol).
    if not asked["default"] and not asked["named"]:
        return {}
    return {
        "default_graph": [ox.NamedNode(iri) for iri in asked["default"]],
        "named_graphs": [ox.NamedNode(iri) for iri in asked["named"]],
    }


def written(
    found: Any,
    asked: dict[str, Any],
    size: int,
    rows: int,
    *,
    ask: Callable[[str], bool],
    wkt: Callable[[str], str],
) -> tuple[Any, bytes]:
    """Return the head and the body for what a query gave, or for a list of triples.

    An answer of over `size` bytes or `rows` rows is left out, and the head says so.
    `ask` and `wkt` are as for a page.
    """
    try:
        if "page" in asked:
            head, body = write_page(found, asked, size, rows, ask=ask, wkt=wkt)
        else:
            head, body = _written(found, asked, size, rows)
    except TooLargeError as error:
        return {"status": 503, "reason": str(error)}, b""
    if asked.get("gzip") and len(body) >= LEAST and head["status"] == 200:
        return {**head, "gzip": True}, gzip.compress(body, 5, mtime=0)
    return head, body


def _written(
    found: Any, asked: dict[str, Any], size: int, rows: int
) -> tuple[Any, bytes]:
    triples = isinstance(found, ox.QueryTriples | list)
    if triples:
        offers: dict[str, Any] = dict(GRAPHS)
    else:
        offers = dict(TRUTHS if isinstance(found, ox.QueryBoolean) else ROWS)
    media = choose(asked["accept"], list(offers))
    if media is None:
        return {"status": 406, "offers": list(offers)}, b""
    counted = rows if isinstance(found, ox.QuerySolutions) else 0
    out = _Bounded(size, Counter(media, counted if asked.get("rows", True) else 0))
    target: Any = out
    try:
        if isinstance(found, list):
            ox.serialize(found, target, format=offers[media])
        else:
            found.serialize(target, format=offers[media])
    except OSError as error:
        if out.full:
            raise TooLargeError(out.full) from error
        raise
    return {"status": 200, "media": media}, b"".join(out.parts)


def read_frame(source: BinaryIO) -> tuple[Any, bytes] | None:
    """Return the head and the body of the next frame; None at the end."""
    raw = source.read(HEAD.size)
    if len(raw) < HEAD.size:
        return None
    size, more = HEAD.unpack(raw)
    return json.loads(source.read(size)), source.read(more)


def frame(head: Any, body: bytes = b"") -> bytes:
    """Return a frame of a head and a body."""
    raw = json.dumps(head).encode()
    return HEAD.pack(len(raw), len(body)) + raw + body


def main() -> None:
    """Answer until the input ends."""
    end_with_parent(int(sys.argv[1]))
    store = ox.Store.read_only(sys.argv[2])
    size, rows = int(sys.argv[3]), int(sys.argv[4])
    if "OPEN" not in sys.argv[5:]:
        seal()
    serve_frames(lambda asked: answer(store, asked, size, rows))


def serve_frames(answered: Callable[[dict[str, Any]], tuple[Any, bytes]]) -> None:
    """Answer each request on standard input, until it ends."""
    while (asked := read_frame(sys.stdin.buffer)) is not None:
        sys.stdout.buffer.write(frame(*answered(asked[0])))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
