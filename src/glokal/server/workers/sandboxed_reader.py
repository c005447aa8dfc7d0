"""A process without network that reads queries for one that needs the network.

It is a child of the process that asks a service, made by fork(2) as that one starts.
What comes back is the text to be sent and numbers, never a tree.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Collection
from dataclasses import replace
from typing import BinaryIO, cast

from glokal.core.child_process import end_with_parent
from glokal.core.errors import SourceError
from glokal.core.sandbox import close_network
from glokal.server.workers.allowed_services import (
    ServiceNeededError,
    allowed_in,
    answered_services,
    refuse_unknown_graphs,
    view_in_from,
)
from glokal.server.workers.messages import (
    LENGTHS,
    QueryRequest,
    ResponseHead,
    decode_head,
    decode_query,
    encode_frame,
)
from glokal.server.workers.query_loop import query_problem
from glokal.sparql.errors import NotTakenError
from glokal.sparql.federation import with_services_answered
from glokal.sparql.prepare import command_error, is_volatile, read
from glokal.sparql.printed_query import PrintedQuery, printed
from glokal.sparql.tree import DatasetClause


class ReaderEndedError(Exception):
    """The process that reads queries has ended."""


def read_for_service(
    query: QueryRequest, graphs: Collection[str], views: Collection[str] = ()
) -> tuple[ResponseHead, PrintedQuery | None]:
    """Return what to ask a service that has these graphs, with a head of status 200.

    Other heads are answers by themselves: 202 for what another endpoint has to give
    first, 400 and 403 for what is wrong in the query.
    """
    try:
        # Nothing that isn't SPARQL 1.1 (DEFINE, say), and no function that is the
        # engine's own, gets through to the engine.
        result = read(query.text, "query", allowed_in(query, {*graphs, *views}))
        refuse_unknown_graphs(query, graphs, views)
        tree = with_services_answered(result.query, answered_services(query))
        view = view_in_from(tree, views)
    except SourceError as error:
        return query_problem(error), None
    except ServiceNeededError as error:
        return ResponseHead(202, asks=error.request), None
    except NotTakenError as error:
        return query_problem(command_error(error, result, "query")), None
    except MemoryError:
        return ResponseHead(503, reason="memory"), None
    head = replace(ResponseHead(200), cacheable=not is_volatile(result.query))
    if view:
        tree = replace(tree, dataset=DatasetClause())
    return head, replace(printed(tree), view=view)


class SealedReader:
    """The process that reads queries, seen from the one that asks the service."""

    def __init__(
        self, megabytes: int, graphs: Collection[str], views: Collection[str] = ()
    ) -> None:
        """Start it; it may hold that many megabytes, and ends with this process.

        To be called before there are threads. OSError when the system can't.
        """
        ours, theirs = socket.socketpair()
        self._child = os.fork()
        if self._child == 0:
            ours.close()
            _be_reader(theirs, megabytes, frozenset(graphs), frozenset(views))
        theirs.close()
        self._stream = cast(BinaryIO, ours.makefile("rwb"))
        ours.close()

    def close(self) -> None:
        """End the process, and wait for its end."""
        self._stream.close()
        os.waitpid(self._child, 0)

    def read(self, query: QueryRequest) -> tuple[ResponseHead, PrintedQuery | None]:
        """Return what `read_for_service` gives; ReaderEndedError when it has ended."""
        try:
            self._stream.write(encode_frame(query))
            self._stream.flush()
            head, body = _receive(self._stream)
        except OSError as error:
            raise ReaderEndedError from error
        if not body:
            return decode_head(head), None
        fields = json.loads(body)
        fields["limits"] = tuple(fields["limits"])
        return decode_head(head), PrintedQuery(**fields)


def _receive(stream: BinaryIO) -> tuple[bytes, bytes]:
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        raise ReaderEndedError
    size, more = LENGTHS.unpack(lengths)
    return stream.read(size), stream.read(more)


def _be_reader(
    end: socket.socket,
    megabytes: int,
    graphs: frozenset[str],
    views: frozenset[str],
) -> None:
    """Read queries until the other end is closed, and end."""
    status = 1
    try:
        # The server waits for the end of what its worker says, not of this.
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1):
            os.dup2(nothing, number)
        stream = cast(BinaryIO, end.makefile("rwb"))
        end_with_parent(megabytes)
        close_network()
        while True:
            try:
                head, _ = _receive(stream)
            except ReaderEndedError:
                break
            payload, result = read_for_service(decode_query(head), graphs, views)
            body = b"" if result is None else json.dumps(vars(result)).encode()
            stream.write(encode_frame(payload, body))
            stream.flush()
        status = 0
    finally:
        os._exit(status)
