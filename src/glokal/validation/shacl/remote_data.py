"""SHACL on the triples of a service: the slice that the shapes look at, taken here."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pyoxigraph as ox

from glokal.core.errors import InputError
from glokal.core.files.temporary import scratch_folder
from glokal.store.paging import fetch_triples
from glokal.store.remote import RemoteStore
from glokal.validation.shacl.data_graph import count_triples
from glokal.validation.shacl.engine_call import engine_limits
from glokal.validation.shacl.required_triples import predicates_of
from glokal.validation.shacl.second_engine import Judged, validate_judged

Progress = Callable[[str], None]


def validate_remote_data(
    store: RemoteStore,
    shapes: Collection[ox.Triple],
    *,
    engine: str,
    progress: Progress = lambda _step: None,
) -> tuple[Judged, int]:
    """Return the results for the default graph of a service, and its triples' number.

    Raises what the store and the engine raise, and InputError when the service holds
    nothing that the shapes look at.
    """
    wanted = predicates_of(shapes)
    if wanted is None:
        progress("these shapes may read anything: taking the whole default graph")
    with scratch_folder() as folder:
        path = folder / "data.nt"
        taken = fetch_triples(store, wanted, name=store.endpoint, progress=progress)
        count = count_triples(taken, path)
        if not count:
            raise InputError(
                f"{store.endpoint} holds no triple that the shapes look at, so nothing "
                "would be checked.",
                remedy="see whether the data stand in a named graph, and name it with "
                "--graph.",
            )
        progress(f"validate {count} triples")
        judged = validate_judged(
            path, shapes, engine=engine, triples=count, limits=engine_limits()
        )
        return judged, count
