"""The store on disk that workers open to read: made once of a publication's quads.

A served store never changes (a writer beside readers breaks the readers): a new
publication gets a new folder. Nothing that lies in a folder is taken for a store that
was made before: to be sure of its content would cost as much as to make it.

Run as `python -m glokal.store.on_disk NQUADS FOLDER VIEWS REPORTED EXAMPLES GRAPH
[OUTSIDE …]` it makes a store in a process of its own, so that the memory of it isn't
the server's. VIEWS says in JSON where each view is, REPORTED is the N-Quads with the
view of what was reported, EXAMPLES the Turtle with examples of queries, "" without, and
GRAPH the graph that they go into; graphs whose names begin with OUTSIDE are left out of
the default graph. It says the store's folder, or on the error stream why there is none
(exit code 1).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from glokal.core.child_process import end_with_parent
from glokal.store.embedded_quirks import EngineData, RewrittenLiterals

# Counts in the store's name: raise it when the store's content changes its meaning.
FORMAT = 3
_DATA = "engine-data.json"


def store_name(*digests: str) -> str:
    """Return the name of the store for N-Quads files of these SHA-256 digests."""
    digest = hashlib.sha256(" ".join(digests).encode()).hexdigest()
    return f"{FORMAT}-{digest[:16]}"


def make_store(
    nquads: Path,
    folder: Path,
    *,
    in_default_graph: Callable[[str], bool],
    reported: Path | None = None,
    examples: tuple[Path, str] | None = None,
    views: Mapping[str, str] | None = None,
) -> Path:
    """Make the store for an N-Quads file in a folder, and return its own folder.

    Each quad stands in its named graph; those whose graph is in the default graph of
    the design stand there too. `reported` is a file with the default graph of another
    view, `examples` a file with examples of queries and the graph that GRAPH finds them
    in, and `views` names where each view is (`EngineData`). The store appears whole
    under its name, in place of another one of that name. Raises OSError when the disk
    takes no more, SyntaxError when the file is damaged.
    """
    digests = []
    for path in filter(None, (nquads, reported, examples and examples[0])):
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    result = folder / store_name(*digests)
    folder.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=folder))
    try:
        store = ox.Store(str(making))
        data = _Data()
        store.bulk_extend(_quads(nquads, in_default_graph, data))
        if reported is not None:
            store.bulk_extend(_looked_at(reported, data))
        if examples is not None:
            store.bulk_extend(_examples(*examples, data))
        store.optimize()
        store.flush()
        del store
        known = replace(data.engine_data(), views=dict(views or {}))
        (making / _DATA).write_text(json.dumps(vars(known)), encoding="utf-8")
        if result.exists():
            # Workers that have it open go on with the files that they know.
            old = making.with_name(f"{making.name}-old")
            result.rename(old)
            making.rename(result)
            shutil.rmtree(old, ignore_errors=True)
        else:
            making.rename(result)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return result


def read_engine_data(folder: Path) -> EngineData:
    """Return what must be known of the store in a folder to ask the engine of it."""
    result = json.loads((folder / _DATA).read_text(encoding="utf-8"))
    return EngineData(**{**result, "graphs": tuple(result["graphs"])})


class _Data:
    """Gathers what must be known of a store while it is filled."""

    def __init__(self) -> None:
        self.graphs: dict[str, None] = {}
        self.literals = RewrittenLiterals()

    def engine_data(self) -> EngineData:
        return self.literals.engine_data(self.graphs)


def _quads(
    nquads: Path, in_default_graph: Callable[[str], bool], data: _Data
) -> Iterator[ox.Quad]:
    for quad in ox.parse(path=str(nquads), format=ox.RdfFormat.N_QUADS):
        yield quad
        data.literals.look_at(quad)
        name = quad.graph_name
        if isinstance(name, ox.NamedNode):
            data.graphs[name.value] = None
        if isinstance(name, ox.NamedNode) and in_default_graph(name.value):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)


def _looked_at(nquads: Path, data: _Data) -> Iterator[ox.Quad]:
    """Yield the quads of a view, whose graph GRAPH doesn't see."""
    for quad in ox.parse(path=str(nquads), format=ox.RdfFormat.N_QUADS):
        data.literals.look_at(quad)
        yield quad


def _examples(turtle: Path, graph: str, data: _Data) -> Iterator[ox.Quad]:
    """Yield the examples in their graph, which the default graph doesn't see."""
    name = ox.NamedNode(graph)
    data.graphs[graph] = None
    for quad in ox.parse(path=str(turtle), format=ox.RdfFormat.TURTLE):
        data.literals.look_at(quad)
        yield ox.Quad(quad.subject, quad.predicate, quad.object, name)


def main() -> None:
    """Make the store that the arguments name."""
    end_with_parent(0)
    nquads, folder, views, reported, examples, graph, *outside = sys.argv[1:]
    left_out = tuple(outside)
    try:
        path = make_store(
            Path(nquads),
            Path(folder),
            in_default_graph=lambda iri: not iri.startswith(left_out),
            reported=Path(reported) if reported else None,
            examples=(Path(examples), graph) if examples else None,
            views=json.loads(views),
        )
    except (OSError, RuntimeError, SyntaxError) as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(os.fsencode(path) + b"\n")


if __name__ == "__main__":
    main()
