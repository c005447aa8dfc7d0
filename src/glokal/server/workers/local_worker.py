"""The process that answers queries: one store, opened to read, and no network.

Started as `python -m glokal.server.workers.local_worker MEGABYTES STORE MAX_ANSWER
MAX_ROWS`. It reads one query at a time from standard input and writes one answer to
standard output (`glokal.server.workers.messages`). What a query asks of another
endpoint is handed back to the server, which fetches it.
"""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pyoxigraph as ox

from glokal.core.child_process import end_with_parent
from glokal.core.errors import SourceError
from glokal.core.sandbox import close_network
from glokal.server.negotiation import choose
from glokal.server.response_formats import ASK_FORMATS, GRAPH_FORMATS, SELECT_FORMATS
from glokal.server.workers.allowed_services import (
    ServiceNeededError,
    allowed_in,
    answered_services,
    refuse_unknown_graphs,
)
from glokal.server.workers.messages import (
    QueryRequest,
    Reason,
    ResponseHead,
)
from glokal.server.workers.query_loop import query_problem, send_frame, serve_queries
from glokal.server.workers.result_rows import (
    MIN_GZIP_BYTES,
    RowCounter,
    TooLargeError,
    wkt_of,
    write_page,
)
from glokal.sparql.errors import NotTakenError
from glokal.sparql.federation import with_services_answered
from glokal.sparql.prepare import command_error, is_volatile, prepare, read
from glokal.store.embedded_quirks import EngineData, ask_engine
from glokal.store.on_disk import read_engine_data

# How RocksDB begins what it says of files that it can't read (rocksdb::Status).
_DAMAGE = ("Corruption:", "IO error:")


# Bytes of an answer that are looked at together.
_PART = 16 << 10
# RDF 1.1 XML Syntax, production oldTerms; as tags, for in a text no < stands so.
_OLD_WORDS = (b"<rdf:aboutEach", b"<rdf:bagID")


@dataclass(frozen=True)
class WorkerLimits:
    """How large an answer may be: bytes and rows."""

    size: int
    rows: int


class _Bounded(io.RawIOBase):
    """What an answer is written to; it takes so many bytes and rows, and no more."""

    def __init__(self, size: int, rows: RowCounter) -> None:
        self.parts: list[bytes] = []
        self.full: Reason = ""
        self._left = size
        self._rows = rows

    def writable(self) -> bool:
        """It can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes; OSError when there are too many, and then no more."""
        if self.full:
            return len(data)
        self._left -= len(data)
        self.parts.append(bytes(data))
        if self._left < 0:
            self.full = "size"
        elif self._rows.is_over(self.parts):
            self.full = "rows"
        if self.full:
            raise OSError("too large")
        return len(data)


def execute_query(
    store: ox.Store, data: EngineData, query: QueryRequest, limits: WorkerLimits
) -> tuple[ResponseHead, bytes]:
    """Return the head and the body of the answer to a query.

    What the query is wrong in has status 400 and its place, what would leave the store
    403; a store whose files are damaged has 503 and the reason `store`.
    """
    try:
        graphs = (*data.graphs, *data.views)
        result = read(query.text, "query", allowed_in(query, graphs))
        refuse_unknown_graphs(query, data.graphs, data.views)
        tree = with_services_answered(result.query, answered_services(query))
    except SourceError as error:
        return query_problem(error), b""
    except ServiceNeededError as error:
        return ResponseHead(202, asks=error.request), b""
    except NotTakenError as error:
        return query_problem(command_error(error, result, "query")), b""

    def ask(text: str) -> bool:
        rows = ask_engine(store, data, prepare(text), query_dataset(query, data))
        return next(iter(rows), None) is not None

    try:
        head, body = serialize_result(
            ask_engine(store, data, tree, query_dataset(query, data)),
            query,
            limits,
            ask=ask,
            wkt=lambda iri: wkt_of(store, iri),
        )
        return replace(head, cacheable=not is_volatile(result.query)), body
    except NotTakenError as error:
        return query_problem(command_error(error, result, "query")), b""
    except MemoryError:
        return ResponseHead(503, reason="memory"), b""
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        if str(error).startswith(_DAMAGE):
            return ResponseHead(503, reason="store"), b""
        return ResponseHead(
            400, detail=f"The engine can't answer the query: {error}"
        ), b""


def query_dataset(query: QueryRequest, data: EngineData) -> dict[str, list[Any]]:
    """Return the dataset of the protocol or the view, empty when neither is named.

    Named by the protocol, the dataset is what is named and nothing else (section 2.1.4
    of the SPARQL 1.1 Protocol). A view has all named graphs beside it.
    """
    if not (query.view or query.default or query.named):
        return {}
    default, named = query.default, query.named
    if query.view:
        default, named = tuple([query.view]), data.graphs
    return {
        "default_graph": [data.default_graph(iri) for iri in default],
        "named_graphs": [ox.NamedNode(iri) for iri in named],
    }


def serialize_result(
    result: Any,
    query: QueryRequest,
    limits: WorkerLimits,
    *,
    ask: Callable[[str], bool],
    wkt: Callable[[str], str],
) -> tuple[ResponseHead, bytes]:
    """Return the head and the body for what a query gave, or for a list of triples.

    An answer that is over its limits is left out, and the head says so. `ask` and `wkt`
    are as for a page.
    """
    try:
        if query.page:
            head, body = write_page(
                result, query, limits.size, limits.rows, ask=ask, wkt=wkt
            )
        else:
            head, body = _written(result, query, limits)
    except TooLargeError as error:
        return ResponseHead(503, reason=error.reason), b""
    if query.gzip and len(body) >= MIN_GZIP_BYTES and head.status == 200:
        return replace(head, gzip=True), gzip.compress(body, 5, mtime=0)
    return head, body


def _written(
    result: Any, query: QueryRequest, limits: WorkerLimits
) -> tuple[ResponseHead, bytes]:
    triples = isinstance(result, ox.QueryTriples | list)
    if triples:
        offers: dict[str, Any] = dict(GRAPH_FORMATS)
    else:
        offers = dict(
            ASK_FORMATS if isinstance(result, ox.QueryBoolean) else SELECT_FORMATS
        )
    media = choose(query.accept, list(offers))
    if media is None:
        return ResponseHead(406, offers=tuple(offers)), b""
    counted = isinstance(result, ox.QuerySolutions) and query.limited
    out = _Bounded(limits.size, RowCounter(media, limits.rows if counted else 0))
    # The engine writes term by term; a part at a time is looked at.
    target: Any = io.BufferedWriter(out, _PART)
    try:
        if isinstance(result, list):
            ox.serialize(result, target, format=offers[media])
        else:
            result.serialize(target, format=offers[media])
        target.flush()
    except OSError as error:
        if out.full:
            raise TooLargeError(out.full) from error
        # The writer of RDF/XML gives up at a property that is a word of its syntax
        # (rdf:li, rdf:about: RDF 1.1 XML Syntax, section 5.1).
        if "xml" not in media or str(error).startswith(_DAMAGE):
            raise
        return _not_in_xml(offers), b""
    body = b"".join(out.parts)
    if "xml" not in media:
        return ResponseHead(200, media=media), body
    if not _is_xml(body):
        return _not_in_xml(offers), b""
    # A reader of XML takes a carriage return for a line feed, unless it is written so;
    # the writers themselves make none.
    return ResponseHead(200, media=media), body.replace(b"\r", b"&#13;")


def _not_in_xml(offers: Iterable[str]) -> ResponseHead:
    others = tuple(offer for offer in offers if "xml" not in offer)
    return ResponseHead(406, offers=others, reason="xml")


def _is_xml(body: bytes) -> bool:
    """Whether an answer is well-formed: XML 1.0 has no place for some characters.

    With its names (Namespaces in XML 1.0): the writer gives a predicate whose IRI ends
    in no name an empty one. Words that RDF/XML has no more are elements to the writer,
    and faults to a reader.
    """
    if any(word in body for word in _OLD_WORDS):
        return False
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(body, True)
    except expat.ExpatError:
        return False
    return True


def main() -> None:
    """Answer until the input ends."""
    end_with_parent(int(sys.argv[1]))
    try:
        store = ox.Store.read_only(sys.argv[2])
    except (OSError, RuntimeError) as error:
        send_frame(ResponseHead(503, reason="store", detail=str(error)))
        sys.exit(1)
    limits = WorkerLimits(int(sys.argv[3]), int(sys.argv[4]))
    data = read_engine_data(Path(sys.argv[2]))
    close_network()
    serve_queries(lambda query: execute_query(store, data, query, limits))


if __name__ == "__main__":
    main()
