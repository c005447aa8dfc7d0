"""What was derived from a project's sources, kept so that it is worked out once.

An entry of the project's signed cache holds the triples as N-Triples; its first line is
the digest of all that they were made from: the triples, in their order, what else the
caller names, and the modules and libraries that make them. With another digest it is
as if it weren't there. There is one entry for each graph of a view, so that a change of
the sources replaces it and none piles up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from functools import cache, cached_property
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from glokal.core.signed_cache import SignedCache
from glokal.rdf.spooled_triples import batches, ntriples, triples_in
from glokal.rdf.terms import has_blank_node

_PACKAGE = Path(__file__).parents[1]
# Whatever has a part in what is kept: another word in them, and it is made anew.
_MAKERS = (
    *("core/namespaces.py", "dataset", "rdf", "reasoning", "source/statements.py"),
    "sparql",
)
# Triples that are text at once.
_BATCH = 10_000


class DerivedCache:
    """The triples that follow from others, by the name of their graph.

    `given` are the triples that they follow from, `settings` what else decides.
    """

    def __init__(
        self, kept: SignedCache, given: Collection[ox.Triple], *settings: str
    ) -> None:
        self._kept = kept
        self._given = given
        self._settings = settings

    def triples(
        self, name: str, make: Callable[[], Collection[ox.Triple]]
    ) -> Iterable[ox.Triple]:
        """Return the triples of a name as they were made from the same, or make them.

        What has blank nodes isn't kept: their labels are others at each reading.
        """
        entry, head = f"{name}.nt", f"# {self._digest}\n".encode()
        kept = self._kept.read_segment(entry)
        if kept is not None and next(iter(kept), b"") == head:
            return triples_in(kept.part(len(head), kept.size))
        made = make()
        if not any(has_blank_node(triple) for triple in made):
            lines = map(ntriples, batches(made, _BATCH))
            self._kept.write_parts(entry, chain([head], lines))
        return made

    @cached_property
    def _digest(self) -> str:
        # Those with blank nodes are told apart from the others by their order.
        named = hashlib.sha256(repr((_makers_digest(), *self._settings)).encode())
        blank = hashlib.sha256()
        labels: dict[str, str] = {}
        for batch in batches(self._given, _BATCH):
            nodes = [t for t in batch if has_blank_node(t)]
            for t in nodes:
                blank.update(_relabelled(t, labels))
            named.update(ntriples(t for t in batch if not has_blank_node(t)))
        named.update(blank.digest())
        return named.hexdigest()


def _relabelled(triple: ox.Triple, labels: dict[str, str]) -> bytes:
    """Return a triple as N-Triples; a blank node's label is the number of its use."""
    subject, value = (
        ox.BlankNode(labels.setdefault(term.value, f"b{len(labels)}"))
        if isinstance(term, ox.BlankNode)
        else term
        for term in (triple.subject, triple.object)
    )
    return f"{subject} {triple.predicate} {value} .\n".encode()


@cache
def _makers_digest() -> str:
    digest = hashlib.sha256()
    for name in _MAKERS:
        path = _PACKAGE / name
        found = [path] if path.is_file() else path.rglob("*")
        for file in sorted(f for f in found if f.suffix in (".py", ".rq")):
            digest.update(f"{file.relative_to(_PACKAGE)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    for library in ("pyoxigraph", "owlready2"):
        digest.update(_version(library).encode())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except ImportError:
        return "none"
