"""The package's own queries: what its pages ask of a whole graph at once.

A store doesn't change. What has been asked of it is kept as long as it is, for many
pages ask the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from glokal.dataset.workspace import Workspace
from glokal.sparql.store_interface import Row, Store, Table

Result = TypeVar("Result")
_found: WeakKeyDictionary[Store, dict[str, Any]] = WeakKeyDictionary()


@cache
def _text(name: str) -> str:
    file = resources.files("glokal.site").joinpath(f"queries/{name}.rq")
    return file.read_text(encoding="utf-8")


def once(workspace: Workspace, name: str, make: Callable[[], Result]) -> Result:
    """Return what `make` returns, which is made once for the store of a workspace.

    It follows from the answers of the store alone, and nobody changes it.
    """
    known = _found.setdefault(workspace.store, {})
    if name not in known:
        known[name] = make()
    result: Result = known[name]
    return result


def ask(workspace: Workspace, name: str) -> Table:
    """Return the answer to one of the package's own queries, all its rows."""
    file = f"{name}.rq"
    return once(workspace, file, lambda: workspace.store.select(_text(name), name=file))


def rows(workspace: Workspace, name: str) -> tuple[Row, ...]:
    """Return the rows of the answer to one of the package's own queries."""
    return ask(workspace, name).rows
