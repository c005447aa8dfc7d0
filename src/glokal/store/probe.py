"""Engines that answer wrongly are found by a question whose answer needs no data."""

from __future__ import annotations

from glokal.core.errors import ToolError
from glokal.sparql.store_interface import Store, Table
from glokal.store.query_templates import render_query

_ROWS = 3


def refuse_wrong_engine(store: Store, endpoint: str) -> None:
    """Ask what every engine must answer with three rows; ToolError when rows are lost.

    A row stays when nothing of its OPTIONAL part passes the filter (SPARQL 1.1 Query
    Language, section 18.5, LeftJoin). RDF4J 5.0 drops it (its issue 5247, of 2025), and
    with it most rows of every question that gives names in a chosen language.
    """
    answer = store.select(render_query("probe"))
    found = len(answer.rows) if isinstance(answer, Table) else 0
    if found < _ROWS:
        raise ToolError(
            f"{endpoint} answers wrongly: of {_ROWS} rows with an OPTIONAL part that "
            f"is filtered it gave {found}, so that its answers can't be believed.",
            remedy="use another version of the engine. RDF4J 5.0 is known for it, "
            "and what is built on it; its 4.1 and newer 5 are not (docs/scale.md).",
        )
