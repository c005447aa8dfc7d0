"""How deep blank nodes hang on each other, and a limit to it.

Giving blank nodes names by what is said of them (RDFC-1.0) takes time with the third
power of the depth where each says the same as the one above, and the writers of some
formats go down by recursion: depth is refused where a file is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from glokal.core.errors import Place, SourceError
from glokal.core.namespaces import RDF
from glokal.rdf.terms import text_of

# Real files have under ten.
MAX_DEPTH = 200
_FIRST, _REST = RDF + "first", RDF + "rest"


def refuse_depth(triples: Iterable[ox.Triple], name: str) -> None:
    """Raise SourceError when blank nodes hang over MAX_DEPTH deep on each other.

    The cells of a list don't count, but those that hold the same value as the one
    before do.
    """
    below: dict[object, list[tuple[object, bool]]] = defaultdict(list)
    above: Counter[object] = Counter()
    first: dict[object, object] = {}
    roots: dict[object, str] = {}
    for t in triples:
        value = t.object
        if isinstance(value, ox.BlankNode):
            rest = t.predicate.value == _REST
            below[t.subject].append((value, rest))
            above[value] += 1
            if isinstance(t.subject, ox.NamedNode):
                roots[value] = text_of(t.subject)
        if t.predicate.value == _FIRST and isinstance(t.subject, ox.BlankNode):
            first[t.subject] = None if isinstance(value, ox.BlankNode) else value
    if not below:
        return
    depth: Counter[object] = Counter()
    waiting: list[object] = [node for node in below if not above[node]]
    # What hangs on itself in a ring is never reached, and has no depth.
    while waiting:
        node = waiting.pop()
        root = roots.get(node, "")
        for node_below, rest in below.get(node, ()):
            equal = first.get(node, 0) == first.get(node_below, 1)
            deeper = depth[node] + (not rest or equal)
            depth[node_below] = max(depth[node_below], deeper)
            said_of = roots.setdefault(node_below, root)
            if depth[node_below] > MAX_DEPTH:
                of = f" in what is said of <{said_of}>" if said_of else ""
                raise SourceError(
                    f"Something is nested over {MAX_DEPTH} deep{of}.",
                    remedy="give what lies innermost names of its own.",
                    place=Place(name),
                )
            above[node_below] -= 1
            if not above[node_below]:
                waiting.append(node_below)
