"""What goes on under another IRI: replaced by another thing, or moved elsewhere.

A thing that is gone and one that is new are told as one where the editions record it
(`editions/replaced.ttl`), where both have the same names and classes, or where a
participation or a membership is the only one of the same authority that is gone, the
other the only one that is new, and what they are in is neither new nor gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from glokal.core.namespaces import GLO, RDFS, SKOS
from glokal.dataset.releases.graph_diff import (
    ADDED,
    REMOVED,
    PropertyChange,
    StatedValue,
    ThingChange,
)
from glokal.rdf.terms import text_of

MOVED, REPLACED = "moved", "replaced"
# Who, and what of: a node of ours that connects the two.
SITUATIONS = {
    GLO + "Participation": (GLO + "participant", GLO + "participationIn"),
    GLO + "Membership": (GLO + "member", GLO + "membershipIn"),
}
_NAMES = (RDFS + "label", SKOS + "prefLabel")
_Key = Callable[[ThingChange], Hashable | None]


@dataclass(frozen=True)
class Successor:
    """A thing that is gone and the one that has come instead; `state` is how."""

    old: ThingChange
    new: ThingChange
    state: str

    @property
    def properties(self) -> tuple[PropertyChange, ...]:
        """What is said of the new one and wasn't of the old one, and the reverse."""
        before = {(p.iri, p.kind): p.removed for p in self.old.properties}
        after = {(p.iri, p.kind): p.added for p in self.new.properties}
        results = []
        for iri, kind in sorted(before.keys() | after.keys()):
            was, now = before.get((iri, kind), ()), after.get((iri, kind), ())
            gone = tuple(v for v in was if v not in now)
            new = tuple(v for v in now if v not in was)
            if gone or new:
                results.append(PropertyChange(iri, kind, gone, new))
        return tuple(results)


def successors(
    things: Sequence[ThingChange], recorded: Mapping[str, str]
) -> tuple[Successor, ...]:
    """Return what goes on under another IRI, sorted by the new one.

    `recorded` are the replacements that the editions tell of, by the IRI that is gone.
    """
    gone = {t.iri: t for t in things if t.state == REMOVED}
    new = {t.iri: t for t in things if t.state == ADDED}
    heirs = {old: now for old, now in recorded.items() if old in gone and now in new}
    if not gone or not new:
        return ()
    touched = gone.keys() | new.keys()

    def pair(key: _Key) -> None:
        before, after = _alone(gone, heirs, key), _alone(new, heirs.values(), key)
        heirs.update({before[k]: after[k] for k in before.keys() & after.keys()})

    pair(_name)
    # What was tied to a thing that is replaced is tied to the other one.
    pair(lambda thing: _tie(thing, heirs))
    pair(lambda thing: None if _tied(thing) & touched else _who(thing))
    return tuple(
        Successor(gone[old], new[now], MOVED if _who(gone[old]) else REPLACED)
        for old, now in sorted(heirs.items(), key=lambda both: both[1])
    )


def _alone(
    things: Mapping[str, ThingChange], paired: Iterable[str], key: _Key
) -> dict[Hashable, str]:
    """Return the things that nothing is paired with yet and whose key no other has."""
    found: dict[Hashable, list[str]] = defaultdict(list)
    known = set(paired)
    for iri, thing in things.items():
        if iri not in known and (value := key(thing)):
            found[value].append(iri)
    return {value: iris[0] for value, iris in found.items() if len(iris) == 1}


def _name(thing: ThingChange) -> Hashable | None:
    named = frozenset(v for name in _NAMES for v in values_said(thing, name))
    return (thing.classes, named) if named else None


def _tied(thing: ThingChange) -> set[str]:
    """Return what someone takes part in, or is a member of."""
    return {
        text_of(value)
        for kind, (_, what) in SITUATIONS.items()
        if kind in thing.classes
        for value in values_said(thing, what)
    }


def _tie(thing: ThingChange, heirs: Mapping[str, str]) -> Hashable | None:
    who = _who(thing)
    return who and (who, frozenset(heirs.get(iri, iri) for iri in _tied(thing)))


def _who(thing: ThingChange) -> Hashable | None:
    for kind, (who, _) in SITUATIONS.items():
        if kind in thing.classes:
            return kind, frozenset(values_said(thing, who))
    return None


def values_said(thing: ThingChange, prop: str) -> tuple[StatedValue, ...]:
    """Return the values of a property of a thing that is new, or gone."""
    return tuple(v for p in thing.properties if p.iri == prop for v in p.added) or (
        tuple(v for p in thing.properties if p.iri == prop for v in p.removed)
    )
