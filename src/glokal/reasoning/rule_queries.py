"""The queries that the rules are written in: `.rq` files in folders of this package."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

import pyoxigraph as ox

from glokal.rdf.terms import text_of


@cache
def queries_in(folder: str) -> dict[str, str]:
    """Return the text of each query in a folder, by its file's name without `.rq`."""
    files = resources.files("glokal.reasoning").joinpath(folder).iterdir()
    return {
        file.name.removesuffix(".rq"): file.read_text(encoding="utf-8")
        for file in sorted(files, key=lambda f: f.name)
    }


def construct(store: ox.Store, text: str) -> Iterator[ox.Triple]:
    """Yield what a CONSTRUCT gives, perhaps the same more than once."""
    result = store.query(text)
    assert isinstance(result, ox.QueryTriples)
    return result


def rows_of(store: ox.Store, folder: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of every SELECT in a folder, as texts in the order of columns."""
    for text in queries_in(folder).values():
        result = store.query(text)
        assert isinstance(result, ox.QuerySolutions)
        variables = result.variables
        for row in result:
            yield tuple(text_of(row[v]) for v in variables)
