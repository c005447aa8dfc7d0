"""The store on disk that workers open to read: made once of a publication's quads.

A served store never changes (a writer beside readers breaks the readers): a new
publication gets a new folder.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

# Counts in the folder's name: raise it when the store's content changes its meaning.
FORMAT = 1


def make_store(
    nquads: Path, folder: Path, *, in_default_graph: Callable[[str], bool]
) -> Path:
    """Return the folder of the store for an N-Quads file, made if it is not there.

    Each quad stands in its named graph; those whose graph is in the default graph of
    the design stand there too. Stores of older publications are removed.
    """
    digest = hashlib.sha256(nquads.read_bytes()).hexdigest()[:16]
    made = folder / f"{FORMAT}-{digest}"
    if not made.is_dir():
        beside = folder / f"{made.name}.new"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        store = ox.Store(str(beside))
        store.bulk_extend(_quads(nquads, in_default_graph))
        store.optimize()
        store.flush()
        del store
        beside.replace(made)
    for other in folder.iterdir():
        if other != made:
            shutil.rmtree(other, ignore_errors=True)
    return made


def _quads(nquads: Path, in_default_graph: Callable[[str], bool]) -> Iterator[ox.Quad]:
    for quad in ox.parse(path=str(nquads), format=ox.RdfFormat.N_QUADS):
        yield quad
        name = quad.graph_name
        if isinstance(name, ox.NamedNode) and in_default_graph(name.value):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)
