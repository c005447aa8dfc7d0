"""What is one thing in several regions: by what has been stated, never by a name.

Two IRIs are one thing when the shared list says so, with a source, or when both regions
say that theirs is exactly the same as one thing outside (`owl:sameAs`,
`skos:exactMatch`: both are transitive) and both have a class in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import pyoxigraph as ox

from glokal.core.errors import ConfigError
from glokal.core.namespaces import GLO, OWL, RDF, SKOS
from glokal.core.settings import Confirmed
from glokal.dataset.labels import ThingTypes
from glokal.dataset.regions.members import MemberGraphs
from glokal.rdf.terms import text_of

_EXACT = (OWL + "sameAs", SKOS + "exactMatch")


@dataclass(frozen=True)
class Told:
    """What the members say of their own things: who has named it, its types, matches.

    `owner` has for each thing the place of its member in their order.
    """

    owner: Mapping[str, int]
    types: ThingTypes = field(repr=False)
    exact: Mapping[str, tuple[str, ...]] = field(repr=False)


def tell_things(members: Sequence[MemberGraphs]) -> Told:
    """Return what the default graphs of members say of the things that they name."""
    said = [
        t
        for m in members
        for g, triples in m.graphs.items()
        if m.in_default_graph(g)
        for t in triples
    ]
    owner: dict[str, int] = {}
    exact: dict[str, list[str]] = defaultdict(list)
    starts = [f"{m.base}id/" for m in members]
    for t in said:
        subject = text_of(t.subject)
        predicate = t.predicate.value
        if predicate == RDF + "type" and text_of(t.object).startswith(GLO):
            for number, start in enumerate(starts):
                if subject.startswith(start):
                    owner.setdefault(subject, number)
        elif predicate in _EXACT and isinstance(t.object, ox.NamedNode):
            exact[subject].append(t.object.value)
    matches = {k: tuple(dict.fromkeys(v)) for k, v in exact.items()}
    return Told(owner, ThingTypes(said), matches)


class SameThings:
    """Which things of several regions are one."""

    def __init__(self, told: Told, confirmed: Iterable[Confirmed]) -> None:
        """Raises ConfigError for an entry of the list that can't be."""
        self.told = told
        self._above: dict[str, str] = {}
        confirmed = tuple(confirmed)
        for entry in confirmed:
            _refuse(entry, told)
        for entry in confirmed:
            if entry.same:
                for other in entry.things[1:]:
                    self._join(entry.things[0], other)
        for things in _matched(told).values():
            for one, other in pairwise(things):
                self._join(one, other)
        self.apart = {
            frozenset((one, other))
            for entry in confirmed
            if not entry.same
            for one in entry.things
            for other in entry.things
            if one != other
        }
        for entry in confirmed:
            names = {self.name(thing) for thing in entry.things}
            if not entry.same and len(names) < len(entry.things):
                raise ConfigError(
                    "These things are said to be different here, and to be the same "
                    "by another entry, or by what their regions match them with: "
                    f"{', '.join(entry.things)}.",
                    remedy="take one of the two away.",
                    place=entry.place,
                )

    def name(self, thing: str) -> str:
        """Return the IRI that a thing goes by: the one of the first member."""
        return self._names.get(self._top(thing), thing)

    def every(self, thing: str) -> tuple[str, ...]:
        """Return all IRIs of the members for a thing, in the order of the members."""
        return self._groups.get(self._top(thing), (thing,))

    def links(self) -> Iterator[ox.Triple]:
        """Yield for each IRI but the one that a thing goes by that it is the same."""
        for group in self._groups.values():
            first, *others = group
            for other in others:
                yield ox.Triple(
                    ox.NamedNode(other), ox.NamedNode(_EXACT[0]), ox.NamedNode(first)
                )

    @cached_property
    def _groups(self) -> Mapping[str, tuple[str, ...]]:
        groups: dict[str, list[str]] = defaultdict(list)
        for thing in self._above:
            groups[self._top(thing)].append(thing)
        order = self.told.owner
        return {
            top: tuple(sorted(things, key=lambda x: (order[x], x)))
            for top, things in sorted(groups.items())
        }

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {top: things[0] for top, things in self._groups.items()}

    def _top(self, thing: str) -> str:
        while (above := self._above.get(thing, thing)) != thing:
            thing = above
        return thing

    def _join(self, one: str, other: str) -> None:
        self._above.setdefault(one, one)
        self._above.setdefault(other, other)
        first, second = sorted((self._top(one), self._top(other)))
        self._above[second] = first


def _matched(told: Told) -> Mapping[str, list[str]]:
    """Return the things that are exactly one thing outside, by class and that thing."""
    results: dict[str, list[str]] = {}
    for thing in told.owner:
        for outside in told.exact.get(thing, ()):
            if outside in told.owner:
                # What one region says of another's thing, the other hasn't said.
                continue
            for number in range(len(told.owner)):
                group = results.setdefault(f"{outside} {number}", [])
                if all(_alike(told, thing, other) for other in group):
                    group.append(thing)
                    break
    return results


def _alike(told: Told, one: str, other: str) -> bool:
    return told.owner[one] != told.owner[other] and told.types.alike(one, other)


def _refuse(entry: Confirmed, told: Told) -> None:
    """Raise ConfigError for an entry that names no things of several members."""
    for thing in entry.things:
        if thing not in told.owner:
            raise ConfigError(
                f"No member has a thing {thing}.",
                remedy="write the IRI as the member's data have it, or take the entry "
                "away.",
                place=entry.place,
            )
    if not entry.same:
        return
    first = entry.things[0]
    owners = [told.owner[thing] for thing in entry.things]
    if len(set(owners)) < len(owners):
        raise ConfigError(
            "Two of these things are of one region, which says that they are two: "
            f"{', '.join(entry.things)}.",
            remedy="name one of each region.",
            place=entry.place,
        )
    for other in entry.things[1:]:
        if not told.types.alike(first, other):
            raise ConfigError(
                f"{first} and {other} have no class in common, so they can't be one.",
                remedy="see which things are meant.",
                place=entry.place,
            )
