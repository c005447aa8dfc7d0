"""What every store can do: answer SPARQL 1.1 over the default graph of the design.

Rows keep the order that the query gives. A room behind the protocol is either
embedded (pyoxigraph) or remote (any SPARQL 1.1 service).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from glokal.rdf.terms import Term

Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT: column names and rows of terms."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Graph:
    """The answer to a CONSTRUCT or DESCRIBE."""

    triples: tuple[ox.Triple, ...]


Answer = Table | Graph | bool


class Store(Protocol):
    """A place where the graphs are, which answers queries and takes no updates."""

    def query(
        self, text: str, *, name: str = "query", services: Collection[str] = ()
    ) -> Answer:
        """Answer a query; SourceError with its place in `name` when it is wrong.

        SERVICE is refused but for the endpoints in `services`.
        """
        ...

    def select(
        self, text: str, *, name: str = "query", any_spelling: bool = False
    ) -> Table:
        """Answer a SELECT; UsageError when the text is another form.

        With `any_spelling` the caller can do with literals that are written otherwise
        than in the sources ("007" as 7).
        """
        ...


def to_answer(result: object) -> Answer:
    """Return what pyoxigraph gives for an answer; triples make a graph."""
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QuerySolutions):
        variables = result.variables
        return Table(
            tuple(v.value for v in variables),
            tuple(tuple(row[v] for v in variables) for row in _rows(result)),
        )
    assert isinstance(result, Iterable)
    return Graph(tuple(result))


def _rows(query_solutions: ox.QuerySolutions) -> Iterator[ox.QuerySolution]:
    yield from query_solutions
