"""Proposals: what may be one thing in several regions, for a person to decide.

Programmes, organisations and countries that have a name in common, or an identifier
that a register, a list or another dataset gave them. Nothing follows from a proposal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDFS, SKOS
from glokal.dataset.name_likeness import fold_name
from glokal.dataset.regions.members import MemberGraphs
from glokal.dataset.regions.same_things import SameThings
from glokal.rdf.terms import text_of

# Municipalities and plans are each region's own; of municipalities many have one name.
_KINDS = tuple(GLO + name for name in ("Programme", "Organisation", "Country"))
_OWN = GLO + "MunicipalAuthority"
_NAMES = (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel")
_IDENTIFIERS = (GLO + "organisationNumber", GLO + "countryCode")
_MATCHES = (SKOS + "closeMatch", SKOS + "exactMatch", RDFS + "seeAlso")
BY_NAME, BY_IDENTIFIER = "same-name", "same-identifier"


@dataclass(frozen=True)
class MergeProposal:
    """Things of different regions that may be one, and what speaks for it.

    `by` is BY_NAME or BY_IDENTIFIER, `evidence` the name or the identifier.
    """

    things: tuple[str, ...]
    by: str
    evidence: str


def proposals(
    members: Sequence[MemberGraphs], same: SameThings
) -> tuple[MergeProposal, ...]:
    """Return what may be one and isn't by what has been confirmed, each pair once.

    Those with an identifier in common come first.
    """
    results: list[MergeProposal] = []
    seen: set[frozenset[str]] = set()
    for by, keys in ((BY_IDENTIFIER, _identified), (BY_NAME, _named)):
        for evidence, things in sorted(_grouped(keys(members, same)).items()):
            for pair in _pairs(sorted(things), same):
                names = frozenset(map(same.name, pair))
                if names not in seen:
                    seen.add(names)
                    results.append(MergeProposal(pair, by, evidence[1]))
    return tuple(results)


def _pairs(things: Sequence[str], same: SameThings) -> Iterator[tuple[str, str]]:
    told = same.told
    for at, one in enumerate(things):
        for other in things[at + 1 :]:
            apart = {
                frozenset((a, b)) for a in same.every(one) for b in same.every(other)
            }
            if (
                told.owner[one] != told.owner[other]
                and same.name(one) != same.name(other)
                and told.types.alike(one, other)
                and apart.isdisjoint(same.apart)
            ):
                first, second = sorted((one, other), key=lambda x: told.owner[x])
                yield first, second


def _grouped(
    keys: Iterator[tuple[str, str, str]],
) -> Mapping[tuple[str, str], set[str]]:
    """Return the things of each key, with the first text that it was written as."""
    words: dict[str, str] = {}
    results: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, text, thing in keys:
        results[key, words.setdefault(key, text)].add(thing)
    return results


def _named(
    members: Sequence[MemberGraphs], same: SameThings
) -> Iterator[tuple[str, str, str]]:
    for thing, triple in _said(members, same):
        is_name = triple.predicate.value in _NAMES
        if is_name and isinstance(triple.object, ox.Literal):
            text = triple.object.value
            if key := fold_name(text):
                yield key, text, thing


def _identified(
    members: Sequence[MemberGraphs], same: SameThings
) -> Iterator[tuple[str, str, str]]:
    for thing, triple in _said(members, same):
        kind, value = triple.predicate.value, text_of(triple.object)
        if kind in _IDENTIFIERS:
            yield f"{kind} {value}", value, thing
        elif kind in _MATCHES and isinstance(triple.object, ox.NamedNode):
            yield value, value, thing
            # One region may say so of the thing of another.
            if value in same.told.owner:
                yield value, value, value


def _said(
    members: Sequence[MemberGraphs], same: SameThings
) -> Iterator[tuple[str, ox.Triple]]:
    """Yield what members say of the programmes, organisations, countries they name."""
    told = same.told
    wanted = {
        thing
        for thing in told.owner
        if any(told.types.has(thing, kind) for kind in _KINDS)
        and not told.types.has(thing, _OWN)
    }
    for member in members:
        for graph, triples in member.own():
            if member.in_default_graph(graph):
                for triple in triples:
                    if (thing := text_of(triple.subject)) in wanted:
                        yield thing, triple
