"""The package's own queries: what its pages ask of a whole graph at once."""

from __future__ import annotations

from functools import cache
from importlib import resources

from glokal.dataset.workspace import Workspace
from glokal.sparql.store_interface import Row, Table


@cache
def _text(name: str) -> str:
    file = resources.files("glokal.site").joinpath(f"queries/{name}.rq")
    return file.read_text(encoding="utf-8")


def ask(workspace: Workspace, name: str) -> Table:
    """Return the answer to one of the package's own queries, all its rows."""
    return workspace.store.select(_text(name), name=f"{name}.rq")


def rows(workspace: Workspace, name: str) -> tuple[Row, ...]:
    """Return the rows of the answer to one of the package's own queries."""
    return ask(workspace, name).rows
