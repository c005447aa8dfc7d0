"""The SPARQL service that a push fills: its state, and the way back to it."""

from __future__ import annotations

import urllib.request

import pyoxigraph as ox

State = frozenset[str]


def dump(address: str) -> State:
    """Return all that a service holds, as canonical N-Quads (RDFC-1.0)."""
    asked = urllib.request.Request(
        f"{address}/store", headers={"Accept": "application/n-quads"}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        found = ox.Dataset(ox.parse(answer.read(), format=ox.RdfFormat.N_QUADS))
    found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, found))


def restore(address: str, state: State) -> None:
    """Make a service hold exactly this."""
    body = "".join(f"{quad} .\n" for quad in state).encode()
    asked = urllib.request.Request(f"{address}/store", data=body, method="PUT")
    asked.add_header("Content-Type", "application/n-quads")
    with urllib.request.urlopen(asked, timeout=60) as answer:
        assert answer.status in (200, 201, 204), answer.read()
