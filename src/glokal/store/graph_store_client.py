"""Writing named graphs to a service: the graph store protocol, in bounded chunks.

https://www.w3.org/TR/sparql11-http-rdf-update/: PUT replaces a graph (section 5.3),
POST adds to it (5.5), DELETE takes it away (5.4). A graph of several chunks is put by
one PUT and then POSTs; triples that share a blank node go in one chunk, since a blank
node is another one in each request.

A graph of one chunk is replaced by one request, whole or not at all. One of several
isn't, whatever the service does, so that Oxigraph, which tells its name in its replies,
takes those without a transaction, several times as fast (its README, "HTTP API"); but
not a chunk with blank nodes, which would be there twice if it were sent again.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

import pyoxigraph as ox

from glokal.core.auth.login import without_secrets
from glokal.core.errors import ToolError, UsageError
from glokal.core.files.spool import Spool
from glokal.core.http_client import READ_ONLY, HttpClient, Reply, refuse_no_address
from glokal.core.http_errors import answer_text
from glokal.rdf.sorted_graph import SortedGraph, sorted_graph
from glokal.rdf.spooled_triples import ntriples

# Triples in one request. Virtuoso and Oxigraph take several times as many.
CHUNK = 50_000
# Turtle holds N-Triples, and each engine knows it by this name.
_KIND = "text/turtle"
_TOO_LARGE = 413
_SERVER_OF_OXIGRAPH = "Oxigraph/"
_WITHOUT_TRANSACTION = "&no_transaction"
# Read faster than Turtle.
_KIND_OF_OXIGRAPH = "application/n-triples"
# Where engines have their graph store, by the end of their query address.
_PLACES = {"/query": "/store", "/sparql": "/sparql-graph-crud-auth"}
# RDF4J's protocol, which GraphDB speaks too: /repositories/NAME has its graphs below.
_REPOSITORIES, _GRAPHS = "repositories", "/rdf-graphs/service"


def graph_store_of(endpoint: str) -> str:
    """Return the address of the graph store that goes with a query address.

    Raises UsageError when the address is like none of those known.
    """
    parts = urlsplit(endpoint)
    for end, store in _PLACES.items():
        if parts.path.endswith(end):
            path = parts.path.removesuffix(end) + store
            return parts._replace(path=path, query="", fragment="").geturl()
    if parts.path.split("/")[-2:-1] == [_REPOSITORIES] and parts.path[-1] != "/":
        path = parts.path + _GRAPHS
        return parts._replace(path=path, query="", fragment="").geturl()
    raise UsageError(
        f"Nothing is known of where {endpoint} takes graphs.",
        remedy="name its graph store with --graph-store (docs/scale.md has a list).",
    )


class GraphStore:
    """The graphs of a service, to be written; "" is the default graph."""

    def __init__(self, address: str, client: HttpClient, *, chunk: int = CHUNK) -> None:
        """Point at a graph store; UsageError when its address can't be one."""
        refuse_no_address(address)
        self.address = address
        self._client = client
        self._chunk = chunk
        # Requests that changed something, for those who tell how far it went.
        self.written = 0
        # What is added to addresses where a request needn't be a transaction.
        self._apart = ""

    def replace(self, graph: str, triples: Collection[ox.Triple]) -> Iterator[int]:
        """Make a graph hold exactly these triples; yield how many are there so far.

        Raises ToolError when the service does not take a chunk.
        """
        if not triples:
            self.remove(graph)
            return
        if not isinstance(triples, SortedGraph):
            triples = sorted_graph(triples, Spool())
        method, sent = "PUT", 0
        several = len(triples) > self._chunk
        for chunk in chunks(triples, self._chunk):
            apart = several and self._apart and not chunk.bound
            url = self._url(graph) + (self._apart if apart else "")
            kind = _KIND_OF_OXIGRAPH if apart else _KIND
            reply = self._client.send(method, url, b"".join(chunk.lines), kind)
            if reply.status not in (200, 201, 204):
                raise self._refused(graph, reply)
            self.written += 1
            if reply.headers.get("Server", "").startswith(_SERVER_OF_OXIGRAPH):
                self._apart = _WITHOUT_TRANSACTION
            method, sent = "POST", sent + len(chunk.lines)
            yield sent

    def remove(self, graph: str) -> None:
        """Take a graph away; one that isn't there is no fault."""
        reply = self._client.send("DELETE", self._url(graph))
        if reply.status not in (200, 202, 204, 404):
            raise self._refused(graph, reply)
        self.written += 1

    def _url(self, graph: str) -> str:
        named = f"graph={quote(graph, safe='')}" if graph else "default"
        return f"{self.address}?{named}"

    def _refused(self, graph: str, reply: Reply) -> ToolError:
        text = without_secrets(answer_text(reply.body), self._client.login)
        if reply.status == _TOO_LARGE:
            return ToolError(
                f"{self.address} did not take {graph or 'the default graph'}: requests "
                "of that size are refused (413) there or by a server before it.",
                remedy="let it take larger ones (nginx: client_max_body_size 64m).",
            )
        return ToolError(
            f"{self.address} did not take {graph or 'the default graph'}: "
            f"{reply.status} {text}".rstrip(" .")
            + ".",
            remedy=f"{READ_ONLY}see that {self.address} is its graph store, and name "
            "that with --graph-store.",
        )


@dataclass
class Chunk:
    """What goes in one request: lines of N-Triples; whether some have blank nodes."""

    lines: list[bytes] = field(default_factory=list)
    bound: bool = False


def chunks(graph: SortedGraph, size: int) -> Iterator[Chunk]:
    """Yield the statements of a graph in chunks of about that many.

    Only those that hang together by blank nodes can make a chunk longer.
    """
    chunk = Chunk()
    for group in _by_blank_nodes(graph.bound):
        if chunk.lines and len(chunk.lines) + len(group) > size:
            yield chunk
            chunk = Chunk()
        chunk.lines += ntriples(group).splitlines(keepends=True)
        chunk.bound = True
    lines = iter(graph.lines)
    while True:
        if len(chunk.lines) >= size:
            yield chunk
            chunk = Chunk()
        more = list(itertools.islice(lines, size - len(chunk.lines)))
        if not more:
            break
        chunk.lines += more
    if chunk.lines:
        yield chunk


def _blank_nodes(triple: ox.Triple) -> list[ox.BlankNode]:
    ends = (triple.subject, triple.object)
    return [node for node in ends if isinstance(node, ox.BlankNode)]


def _by_blank_nodes(triples: Iterable[ox.Triple]) -> list[list[ox.Triple]]:
    """Return triples with blank nodes, those together that hang together."""
    above: dict[ox.BlankNode, ox.BlankNode] = {}

    def root(node: ox.BlankNode) -> ox.BlankNode:
        while (up := above.setdefault(node, node)) != node:
            above[node] = node = above[up]
        return node

    first = []
    for triple in triples:
        nodes = _blank_nodes(triple)
        above[root(nodes[0])] = root(nodes[-1])
        first.append((nodes[0], triple))
    groups: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    for node, triple in first:
        groups[root(node)].append(triple)
    return list(groups.values())
