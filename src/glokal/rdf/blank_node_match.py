"""Blank nodes of the same statement, read twice: which is which.

Two parsers name blank nodes each in its own way, and may give the triples of a
statement in different orders. The triples of one subject keep the order in which they
are written, so that walking from the statement's subject tells each node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pyoxigraph as ox

from glokal.core.namespaces import RDF

BlankNodeMap = dict[object, ox.BlankNode | ox.NamedNode]
_About = dict[object, list[ox.Triple]]


def match_blank_nodes(
    ours: Sequence[ox.Triple], theirs: Sequence[ox.Triple]
) -> BlankNodeMap:
    """Return their name for each of our nodes, {} when the statements differ."""
    about_ours, about_theirs = _by_subject(ours), _by_subject(theirs)
    values = {t.object for t in ours}
    # Only the statement's subject may be no value; if it is one, it comes first.
    first = next((s for s in about_ours if s not in values), next(iter(about_ours), 0))
    candidates = [first] if isinstance(first, ox.NamedNode) else list(about_theirs)
    for candidate in candidates:
        names = _walk(first, candidate, about_ours, about_theirs)
        if names is not None:
            return names
    return {}


def _by_subject(triples: Sequence[ox.Triple]) -> _About:
    about: _About = defaultdict(list)
    for t in triples:
        about[t.subject].append(t)
    for details in about.values():
        # A parser may close a list before it gives the last member.
        details.sort(key=lambda t: t.predicate.value == RDF + "rest")
    return about


def _walk(
    root: object, other: object, ours: _About, theirs: _About
) -> BlankNodeMap | None:
    assert isinstance(other, ox.BlankNode | ox.NamedNode)
    names: BlankNodeMap = {root: other}
    waiting: list[tuple[object, object]] = [(root, other)]
    seen = 0
    while waiting:
        one, two = waiting.pop()
        mine, yours = ours.get(one, []), theirs.get(two, [])
        if len(mine) != len(yours):
            return None
        seen += len(mine)
        for a, b in zip(mine, yours, strict=True):
            if a.predicate != b.predicate:
                return None
            if isinstance(a.object, ox.BlankNode) and isinstance(
                b.object, ox.BlankNode
            ):
                if a.object not in names:
                    waiting.append((a.object, b.object))
                if names.setdefault(a.object, b.object) != b.object:
                    return None
            elif a.object != b.object:
                return None
    return names if seen == sum(map(len, ours.values())) else None
