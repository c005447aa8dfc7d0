"""A query as it is taken: read, judged, and told of in the words of the command.

Everything that asks a store goes through here, so that no engine ever reads a text that
a reader wrote, only one that was printed from the tree.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass

from glokal.core.errors import ForbiddenQueryError, Place, SourceError
from glokal.sparql.errors import (
    ForbiddenError,
    NotTakenError,
    PlacesInText,
    QueryError,
    UnexpectedTokenError,
)
from glokal.sparql.functions import CASTS, VOLATILE
from glokal.sparql.reader import ReadQuery, read_known_query
from glokal.sparql.tree import Iri, Query

# These say by themselves that the query is meant.
_PLAIN = ("The query", "SERVICE", "There is no", "An update")


@dataclass(frozen=True)
class Allowed:
    """What a query may use besides SPARQL 1.1's own: endpoints, functions, whole IRIs.

    `graphs` are the graphs that FROM may name, None for any.
    """

    services: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    graphs: frozenset[str] | None = None


NOTHING_MORE = Allowed()


def prepare(text: str, name: str = "query", allowed: Allowed = NOTHING_MORE) -> Query:
    """Return the tree of a query that may be asked.

    Raises SourceError with the place in `name` for what isn't a query or uses what is
    not allowed, and ForbiddenQueryError for what would leave the store.
    """
    return read(text, name, allowed).query


def read(text: str, name: str = "query", allowed: Allowed = NOTHING_MORE) -> ReadQuery:
    """Return a query that may be asked, with its text and places; raises as prepare."""
    result = parse(text, name)
    try:
        _judge(result.query, allowed)
    except QueryError as error:
        raise command_error(error, result, name) from error
    return result


def parse(text: str, name: str = "query") -> ReadQuery:
    """Return a query with its text and places, whatever it uses.

    Raises SourceError with the place in `name` for what isn't a query.
    """
    try:
        return read_known_query(text)
    except QueryError as error:
        raise _told(error, PlacesInText(text, []), name) from error


def command_error(error: QueryError, result: ReadQuery, name: str) -> SourceError:
    """Return an error about a query that was read as one of the command."""
    return _told(error, result.places, name)


def is_volatile(query: Query) -> bool:
    """Whether the same query may be answered otherwise a moment later."""
    return bool(query.services) or any(call.name in VOLATILE for call in query.calls)


def _judge(query: Query, allowed: Allowed) -> None:
    for service in query.services:
        if not isinstance(service.name, Iri):
            what = "SERVICE is refused with a variable: it could reach any address"
            raise ForbiddenError(what, service.start, remedy="name the endpoint.")
        if service.name.value not in allowed.services:
            raise ForbiddenError(
                "SERVICE is refused: a query may not reach the network",
                service.start,
                remedy="ask the other endpoint by itself, or allow it by its whole IRI "
                "with --allow-service.",
            )
    for function in query.functions:
        if function.value not in CASTS | allowed.functions:
            close = difflib.get_close_matches(function.value, CASTS, n=1, cutoff=0.9)
            raise QueryError(
                f"There is no function <{function.value}>",
                function.start,
                remedy=f"write <{close[0]}>."
                if close
                else "use the functions of SPARQL 1.1, or have this one allowed.",
            )
    if allowed.graphs is not None:
        for graph in (*query.dataset.default, *query.dataset.named):
            if graph.value not in allowed.graphs:
                raise QueryError(
                    f"There is no graph <{graph.value}> here, and none is fetched",
                    graph.start,
                    remedy=_closest_graph(graph.value, allowed.graphs),
                )


def _closest_graph(iri: str, graphs: Collection[str]) -> str:
    close = difflib.get_close_matches(iri, sorted(graphs), n=1, cutoff=0.8)
    if close:
        return f"write <{close[0]}>."
    return "list them with SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }."


def _told(error: QueryError, places: PlacesInText, name: str) -> SourceError:
    """Return an error of the reader as one of the command, with line and column."""
    remedy = error.remedy or "fix the query there."
    match error:
        case UnexpectedTokenError():
            what, remedy = _unexpected(error)
        case NotTakenError():
            what = f"The query can't be answered: {_uncapitalised(error.what)}."
        case _ if error.what.startswith(_PLAIN):
            what = f"{error.what}."
        case _:
            what = f"SPARQL syntax error: {error.what}."
    line, column = places.line_and_column(error.start)
    kind = ForbiddenQueryError if isinstance(error, ForbiddenError) else SourceError
    return kind(what, remedy=remedy, place=Place(name, line, column))


def _unexpected(error: UnexpectedTokenError) -> tuple[str, str]:
    result = error.what if len(error.what) <= 60 else f"{error.what[:59]}…"
    remedy = "fix the query there."
    if result[:1] in ("'", '"'):
        mark = result[0]
        return f"SPARQL syntax error: the text that {mark} begins never ends.", remedy
    if len(result) == 1 and not result.isprintable():
        result = f"the character U+{ord(result):04X}"
    words = ", ".join(w if w[0].isalpha() else f"'{w}'" for w in error.wanted)
    if not result:
        what = "the query ends too soon"
        what += f", and one of these must follow: {words}" if words else ""
    else:
        what = f"{result} can't stand here"
        what += f", but one of these can: {words}" if words else ""
        close = difflib.get_close_matches(result.upper(), error.wanted, n=1)
        remedy = f"write {close[0]}." if close else remedy
    return f"SPARQL syntax error: {what}.", remedy


def _uncapitalised(what: str) -> str:
    first = what.split()[0]
    return what if first.isupper() else what[0].lower() + what[1:]
