"""Engines that answer wrongly are found by a question whose answer needs no data."""

from __future__ import annotations

from glokal.core.errors import ToolError
from glokal.store.query_templates import render_query
from glokal.store.remote import RemoteStore

_ROWS = 3


def refuse_wrong_engine(store: RemoteStore) -> None:
    """Ask what every engine must answer with three rows; ToolError when rows are lost.

    A row stays when nothing of its OPTIONAL part passes the filter (SPARQL 1.1 Query
    Language, section 18.5, LeftJoin). RDF4J 5.0 drops it (its issue 5247, of 2025), and
    with it most rows of every question that gives names in a chosen language.
    """
    found = len(store.select(render_query("probe")).rows)
    if found < _ROWS:
        raise ToolError(
            f"{store.endpoint} answers wrongly: of {_ROWS} rows with an OPTIONAL part "
            f"that is filtered it gave {found}, so that its answers can't be believed.",
            remedy="use another engine or version of it, and try it first with make "
            "test-remote. RDF4J 5.0.3 is known to do this (docs/scale.md).",
        )
