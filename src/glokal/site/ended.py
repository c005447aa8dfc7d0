"""What has ended or become another since the strategy, by what other sources say."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from glokal.core.collation import sort_key
from glokal.core.namespaces import CODE, GLO
from glokal.dataset.dates import last_day
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value
from glokal.site.relations import RelationIndex
from glokal.site.source_names import named_sources

PERIOD = CODE + "record-scheme/period"
_CHANGE, _SUCCESSOR = CODE + "record-scheme/change", CODE + "record-scheme/successor"
_VALUE = GLO + "recordValue"


@dataclass(frozen=True)
class EndedElsewhere:
    """That another source says something is over: its words, and who says so."""

    text: Value
    sources: tuple[Value, ...]


@dataclass(frozen=True)
class EndedThing:
    """A thing that is over, and who says so."""

    thing: Value
    ended: EndedElsewhere


def ended_elsewhere(view: GraphView, iri: str, lang: str) -> EndedElsewhere | None:
    """Return what other sources say of the last end, None unless it is past.

    Sources that agree on the end and not on the beginning are told of both.
    """
    last: datetime.date | None = None
    statements: list[str] = []
    for record in _told_of(view, iri, PERIOD):
        for text in view.objects(record, GLO + "endDate"):
            end = last_day(text)
            if end and (last is None or end > last):
                last, statements = end, [record]
            elif end and end == last:
                statements.append(record)
    if last is None or last >= view.today:
        return None
    return _said(view, statements, lang)


def succeeded_things(view: GraphView, iri: str, lang: str) -> tuple[EndedThing, ...]:
    """Return what has become of a thing that has a successor, by other sources."""
    successors = _told_of(view, iri, _SUCCESSOR)
    if not successors:
        return ()
    records = _told_of(view, iri, _CHANGE) or successors
    return (EndedThing(view.link(iri, lang), _said(view, records, lang)),)


def _said(view: GraphView, records: Iterable[str], lang: str) -> EndedElsewhere:
    """Return the words of records in a row, and who says them."""
    records = tuple(records)
    said = [
        view.values(
            [t.object for t in view.out(record) if t.predicate.value == _VALUE], lang
        )[0]
        for record in records
    ]
    named = [n for r in records for n in view.objects(r, GLO + "recordSource")]
    texts = " ".join(dict.fromkeys(value.text for value in said))
    return EndedElsewhere(
        replace(said[0], text=texts), named_sources(named, view, lang)
    )


def _told_of(view: GraphView, iri: str, scheme: str) -> list[str]:
    """Return what other sources say of one matter of a thing, as records."""
    return sorted(
        text_of(t.subject)
        for t in view.into(iri)
        if t.predicate.value == GLO + "about"
        and text_of(t.subject) in view.supplement
        and scheme in view.objects(text_of(t.subject), GLO + "recordScheme")
    )


def all_ended(view: GraphView) -> Mapping[str, str]:
    """Return what is over by other sources, each with the name of its words.

    An activity has a period, an organisation is closed; an activity in which a closed
    one takes part says just that.
    """
    told = {iri for r in view.supplement for iri in view.objects(r, GLO + "about")}
    words = {
        f"{view.base}activity/": "is_ended",
        f"{view.base}organisation/": "is_closed",
    }
    over = {
        iri: word
        for iri in sorted(told)
        for start, word in words.items()
        if iri.startswith(start) and ended_elsewhere(view, iri, view.source_language)
    }
    within = {
        activity: "is_closed_within"
        for iri, word in over.items()
        if word == "is_closed"
        for t in view.into(iri)
        if t.predicate.value == GLO + "participant"
        for activity in view.objects(text_of(t.subject), GLO + "participationIn")
    }
    return {**within, **over}


def with_those_in(
    view: GraphView, net: RelationIndex, things: Iterable[str]
) -> tuple[str, ...]:
    """Return some things, each followed by the organisations that take part in it.

    What takes place at a school that is closed doesn't go on, whoever lists it.
    """
    own = set(view.region_municipalities())
    results: dict[str, None] = {}
    for thing in things:
        others = sorted(net.who_of.get(thing, frozenset()) - own)
        results.update(dict.fromkeys((thing, *others)))
    return tuple(results)


def with_end(value: Value, words: Mapping[str, Any], *, ended: str) -> Value:
    """Return a value that says it is over, by the name of its words; "" if it isn't.

    The strategy says nothing of that; the page that it leads to says who does.
    """
    return replace(value, text=f"{value.text} ({words[ended]})") if ended else value


def ended_things(
    view: GraphView, iris: Iterable[str], lang: str
) -> tuple[EndedThing, ...]:
    """Return those of some things that are over, by name."""
    found = ((i, ended_elsewhere(view, i, lang)) for i in dict.fromkeys(iris))
    results = [EndedThing(view.link(i, lang), e) for i, e in found if e]
    return tuple(sorted(results, key=lambda e: sort_key(e.thing.text, lang)))
