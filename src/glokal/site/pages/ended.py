"""What has ended since the strategy, by what other sources say of its period."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from glokal.core.collation import sort_key
from glokal.core.namespaces import CODE, GLO
from glokal.dataset.dates import last_day
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView, Value
from glokal.site.source_names import named_sources

PERIOD = CODE + "record-scheme/period"
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
    """Return what another source says of the last end, None unless it is past."""
    last: datetime.date | None = None
    statement = ""
    for t in view.into(iri):
        record = text_of(t.subject)
        if t.predicate.value != GLO + "about" or record not in view.supplement:
            continue
        if PERIOD in view.objects(record, GLO + "recordScheme"):
            for text in view.objects(record, GLO + "endDate"):
                end = last_day(text)
                if end and (last is None or end > last):
                    last, statement = end, record
    if last is None or last >= view.today:
        return None
    entries = [t.object for t in view.out(statement) if t.predicate.value == _VALUE]
    named = view.objects(statement, GLO + "recordSource")
    return EndedElsewhere(
        view.values(entries, lang)[0], named_sources(named, view, lang)
    )


def ended_activities(view: GraphView) -> frozenset[str]:
    """Return the activities that are over, by what other sources say."""
    told = {iri for r in view.supplement for iri in view.objects(r, GLO + "about")}
    return frozenset(
        iri
        for iri in told
        if iri.startswith(f"{view.base}activity/")
        and ended_elsewhere(view, iri, view.source_language)
    )


def with_end(value: Value, words: Mapping[str, Any], *, ended: bool) -> Value:
    """Return a value that says it is over, if it is.

    The strategy says nothing of that; the page that it leads to says who does.
    """
    return (
        replace(value, text=f"{value.text} ({words['is_ended']})") if ended else value
    )


def ended_things(
    view: GraphView, iris: Iterable[str], lang: str
) -> tuple[EndedThing, ...]:
    """Return those of some things that are over, by name."""
    found = ((i, ended_elsewhere(view, i, lang)) for i in dict.fromkeys(iris))
    results = [EndedThing(view.link(i, lang), e) for i, e in found if e]
    return tuple(sorted(results, key=lambda e: sort_key(e.thing.text, lang)))
