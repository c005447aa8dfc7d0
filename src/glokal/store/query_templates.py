"""The package's own queries, in `queries/`."""

from __future__ import annotations

from importlib import resources
from string import Template


def render_query(name: str, **filled: str) -> str:
    """Return the text of one of the queries, its `$names` filled in."""
    file = resources.files("glokal.store").joinpath(f"queries/{name}.rq")
    return Template(file.read_text(encoding="utf-8")).substitute(filled)
