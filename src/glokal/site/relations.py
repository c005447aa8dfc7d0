"""Who is in what, and under which programme or with which place: the graph in three.

On the left who takes part (municipalities, organisations), in the middle what they are
in (activities, networks, organisations), on the right programmes, places and countries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from glokal.core.namespaces import ACCEPTED
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.page_queries import once, rows

Relations = Mapping[str, frozenset[str]]
_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Neighbours:
    """What stands around a thing: the ones on the left, in the middle, on the right."""

    who: tuple[str, ...]
    what: tuple[str, ...]
    where: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many things there are."""
        return len(self.who) + len(self.what) + len(self.where)


class RelationIndex:
    """Every tie of the graph, both ways."""

    def __init__(self, workspace: Workspace) -> None:
        joined = [tuple(map(text_of, r)) for r in rows(workspace, "ties")]
        placed = [tuple(map(text_of, r)) for r in rows(workspace, "settings")]
        self.what_of = _grouped((who, what) for who, what, _ in joined)
        self.who_of = _grouped((what, who) for who, what, _ in joined)
        self.where_of = _grouped((what, where) for what, where, _ in placed)
        self.at = _grouped((where, what) for what, where, _ in placed)
        self.nearest = {(w, r) for w, r, reach in placed if reach == "near"}
        doubted = {(who, what) for who, what, s in joined if s not in ("", ACCEPTED)}
        self.elsewhere = _grouped(
            ((text_of(whose), text_of(programme)), text_of(thing))
            for whose, programme, thing in rows(workspace, "silent_programmes")
        )
        # What the mapping lists and a judged statement doubts is in doubt.
        self.disputed = doubted

    def around(self, iri: str) -> Neighbours:
        """Return what has to do with a thing, each in the column where it belongs."""
        if iri in self.at:
            what = self.at[iri]
            return Neighbours(_all(self.who_of, what), _sorted(what), (iri,))
        if iri in self.who_of:
            where = {
                r for r in self._of(self.where_of, iri) if (iri, r) in self.nearest
            }
            return Neighbours(
                _sorted(self._of(self.who_of, iri)),
                (iri,),
                _sorted(where | self._of(self.what_of, iri)),
            )
        what = self._of(self.what_of, iri)
        where = {r for w in what for r in self._of(self.where_of, w)}
        near = {r for r in where if any((w, r) in self.nearest for w in what)}
        return Neighbours((iri,) if what else (), _sorted(what), _sorted(near))

    def certain(self, iri: str, around: Neighbours) -> set[str]:
        """Return what a thing is tied to by at least one tie without dispute."""
        lines = [(a, b) for a, b, disputed in self.lines(around) if not disputed]
        if iri in around.who:
            near = {b for a, b in lines if a == iri}
            return near | {b for a, b in lines if a in near}
        return {end for line in lines for end in line}

    def lines(self, around: Neighbours) -> list[tuple[str, str, bool]]:
        """Return the ties between things, and whether each is disputed."""
        results = []
        what, where = set(around.what), set(around.where)
        for who in around.who:
            for at in sorted(what & self._of(self.what_of, who)):
                results.append((who, at, (who, at) in self.disputed))
        for at in around.what:
            right = self._of(self.where_of, at) | self._of(self.what_of, at)
            for end in sorted(where & right):
                results.append((at, end, (at, end) in self.disputed))
        return results

    @staticmethod
    def _of(ties: Relations, iri: str) -> frozenset[str]:
        return ties.get(iri, frozenset())


def relation_index(workspace: Workspace) -> RelationIndex:
    """Return every tie of the graph of a workspace, both ways."""
    return once(workspace, "relations", lambda: RelationIndex(workspace))


def _grouped(pairs: Iterable[tuple[_Key, str]]) -> Mapping[_Key, frozenset[str]]:
    results: dict[_Key, set[str]] = defaultdict(set)
    for key, value in pairs:
        results[key].add(value)
    return {key: frozenset(values) for key, values in results.items()}


def _all(ties: Relations, keys: Iterable[str]) -> tuple[str, ...]:
    return _sorted({value for key in keys for value in ties.get(key, ())})


def _sorted(results: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(results))
