"""What a reader wants first of a thing: with whom, under what, where, until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from glokal.core.namespaces import ACCEPTED, CODE, GLO, RDF
from glokal.rdf.terms import text_of
from glokal.site.disputed import conflict_between, disputes_membership
from glokal.site.ended import (
    EndedThing,
    ended_things,
    succeeded_things,
    with_those_in,
)
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Fact, Value, in_order
from glokal.site.page_words import date_in
from glokal.site.relations import RelationIndex

_MOST = 30
_PARTNER = CODE + "role/partner"
_EDITORS = CODE + "reading-certainty/editor-reading"
_GROUPS = ("municipalities", "organisations", "disputed", "programmes", "places")


@dataclass(frozen=True)
class ThingSummary:
    """The first lines of a page: facts in few words, and what is known to be over."""

    facts: tuple[Fact, ...]
    silent: tuple[Value, ...]
    contact: bool
    ended: tuple[EndedThing, ...]


def thing_summary(
    view: GraphView, net: RelationIndex, iri: str, lang: str, words: Mapping[str, Any]
) -> ThingSummary:
    """Return what stands first on the page of a thing."""
    around = net.around(iri)
    kinds = set(view.objects(iri, RDF + "type"))
    certain = net.certain(iri, around)
    groups: dict[str, set[str]] = {}
    for result in (around.who, around.what, around.where):
        for other in result:
            if other != iri:
                name = _group(view, other) if other in certain else "disputed"
                groups.setdefault(name, set()).add(other)
    if iri in around.who and GLO + "Municipality" not in kinds:
        # Where an activity has to do with isn't where each of its partners is.
        groups.pop("places", None)
    if GLO + "Municipality" in kinds:
        # The tables below have them, each with its source.
        groups.pop("organisations", None)
    if located := view.objects(iri, GLO + "locatedIn"):
        groups["places"] = set(located)
    facts = _listed(view, iri, lang, words)
    if joined := _joined(view, iri):
        # The table below leads to them.
        named = tuple(replace(v, href="") for v in view.linked(joined, lang))
        facts.append(Fact(words["brief"]["member_of"], _some(named)))
    for group in _GROUPS:
        if not groups.get(group):
            continue
        if group == "disputed":
            facts.extend(_disputed(view, net, iri, groups[group], lang, words))
            continue
        named = _named(view, group, groups[group], lang)
        facts.append(Fact(words["brief"][group], _some(named)))
    if period := _period(view, iri, lang):
        facts.append(Fact(words["brief"]["period"], (Value(period),)))
    silent: tuple[Value, ...] = ()
    if iri in view.region_municipalities():
        used = {r for w in net.what_of.get(iri, ()) for r in net.where_of.get(w, ())}
        widest = (
            p
            for p in view.instances("Programme")
            if not view.objects(p, GLO + "subProgrammeOf")
        )
        silent = silent_programmes(
            view, net, iri, [p for p in widest if p not in used], lang, words
        )
    return ThingSummary(
        tuple(facts),
        silent,
        GLO + "Programme" in kinds,
        _over(view, net, iri, lang),
    )


def named_elsewhere(
    view: GraphView,
    net: RelationIndex,
    tie: tuple[str, str],
    value: Value,
    lang: str,
    words: Mapping[str, Any],
) -> Value:
    """Return a value with what other sources have of a municipality and a programme.

    `tie` are the IRIs of the two; the value is the name of one of them.
    """
    told = net.elsewhere.get(tie)
    if not told:
        return value
    things = ", ".join(v.text for v in view.linked(told, lang))
    text = words["silent_elsewhere"].format(programme=value.text, things=things)
    return replace(value, text=text)


def silent_programmes(
    view: GraphView,
    net: RelationIndex,
    iri: str,
    programmes: Iterable[str],
    lang: str,
    words: Mapping[str, Any],
) -> tuple[Value, ...]:
    """Return programmes that the mapping doesn't have of a municipality.

    One under which other sources have something of it says so.
    """
    found = [
        named_elsewhere(view, net, (iri, p), view.link(p, lang), lang, words)
        for p in programmes
    ]
    return in_order(found, lang)


def _over(
    view: GraphView, net: RelationIndex, iri: str, lang: str
) -> tuple[EndedThing, ...]:
    """Return that a thing is over or has changed, or who takes part in it is over."""
    of_kind = iri.startswith(f"{view.base}activity/")
    near = with_those_in(view, net, (iri,)) if of_kind else (iri,)
    # Of what is over the end says more than what followed.
    return ended_things(view, near, lang) or succeeded_things(view, iri, lang)


def _listed(
    view: GraphView, iri: str, lang: str, words: Mapping[str, Any]
) -> list[Fact]:
    """Return how many entries of each subject area the mapping has for a municipality.

    In the order of the text, which is that of the entries' offsets.
    """
    found: dict[str, int] = {}
    entries = [
        text_of(t.subject)
        for authority in view.governed_by(iri)
        for t in view.into(authority)
        if t.predicate.value == GLO + "entryOf"
    ]
    for entry in sorted(entries, key=lambda e: view.objects(e, GLO + "statedIn")):
        for area in view.objects(entry, GLO + "inSubjectArea"):
            found[area] = found.get(area, 0) + 1
    values = (view.link(area, lang) for area in found)
    numbered = tuple(
        Value(f"{v.text} ({n})", v.lang)
        for v, n in zip(values, found.values(), strict=True)
    )
    judged = sum(_EDITORS in view.objects(e, GLO + "readingCertainty") for e in entries)
    if judged:
        text = words["judged_places"].format(number=judged, total=len(entries))
        numbered = (*numbered, Value(text))
    return [Fact(words["brief"]["listed"], _some(numbered))] if numbered else []


def _joined(view: GraphView, iri: str) -> set[str]:
    """Return what a municipality is a member of, where nobody disputes it.

    Whom the source calls a partner it doesn't call a member.
    """
    return {
        organisation
        for authority in view.governed_by(iri)
        for t in view.into(authority)
        if t.predicate.value == GLO + "member"
        and ACCEPTED in view.objects(text_of(t.subject), GLO + "verificationStatus")
        and _PARTNER not in view.objects(text_of(t.subject), GLO + "role")
        for organisation in view.objects(text_of(t.subject), GLO + "membershipIn")
    }


def _group(view: GraphView, iri: str) -> str:
    kinds = set(view.objects(iri, RDF + "type"))
    if GLO + "Municipality" in kinds:
        return "municipalities"
    if GLO + "Programme" in kinds:
        return "programmes"
    if kinds & {GLO + "Country", GLO + "Place"} or view.objects(iri, GLO + "inCountry"):
        return "places"
    kinds.update(
        text_of(t.object)
        for t in view.inferred(iri)
        if t.predicate.value == RDF + "type"
    )
    return "organisations" if GLO + "Organisation" in kinds else "things"


def _disputed(
    view: GraphView,
    net: RelationIndex,
    iri: str,
    things: Iterable[str],
    lang: str,
    words: Mapping[str, Any],
) -> list[Fact]:
    """Return what is in dispute over a thing, memberships apart.

    Each leads to where the source disagrees, if it does so on that tie. What a thing is
    tied to only by what is in dispute isn't in dispute itself, and stands last.
    """
    names = ("disputed_membership", "disputed", "through_disputed")
    found: dict[str, list[Value]] = {name: [] for name in names}
    for thing in sorted(things):
        value = _with_country(view, thing, lang)
        conflict = conflict_between(view, iri, thing)
        if conflict:
            value = replace(value, href=view.path(conflict))
        if conflict and disputes_membership(view, conflict):
            name = "disputed_membership"
        elif conflict or {(iri, thing), (thing, iri)} & net.disputed:
            name = "disputed"
        else:
            name = "through_disputed"
        found[name].append(value)
    return [
        Fact(words["brief"][key], _some(in_order(values, lang)))
        for key, values in found.items()
        if values
    ]


def _named(
    view: GraphView, group: str, things: Iterable[str], lang: str
) -> tuple[Value, ...]:
    """Return things by name; a place with its country, which tables have instead."""
    if group != "places":
        return view.linked(things, lang)
    return in_order((_with_country(view, iri, lang) for iri in things), lang)


def _with_country(view: GraphView, iri: str, lang: str) -> Value:
    place = view.link(iri, lang)
    countries = view.objects(iri, GLO + "inCountry")
    within = ", ".join(v.text for v in view.linked(countries, lang))
    return replace(place, text=f"{place.text} ({within})") if within else place


def _some(values: tuple[Value, ...]) -> tuple[Value, ...]:
    more = len(values) - _MOST
    return (*values[:_MOST], Value(f"… (+{more})")) if more > 0 else values


def _period(view: GraphView, iri: str, lang: str) -> str:
    start = "".join(view.objects(iri, GLO + "startDate")[:1])
    end = "".join(view.objects(iri, GLO + "endDate")[:1])
    if not start and not end:
        return ""
    return f"{date_in(start, lang)} – {date_in(end, lang)}"
