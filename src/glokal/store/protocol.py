"""What every store can do: answer SPARQL 1.1 over the default graph of the design.

Rows keep the order that the query gives. A room behind the protocol is either
embedded (pyoxigraph) or remote (any SPARQL 1.1 service).
"""

from __future__ import annotations

from collections.abc import Collection
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

    def select(self, text: str, *, name: str = "query") -> Table:
        """Answer a SELECT; UsageError when the text is another form."""
        ...
