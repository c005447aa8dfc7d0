"""What a query without GRAPH sees: the strategy, what was reported since, or a day.

Named graphs are the sources in every view; a view is a default graph. What has ended
is left out of it whole: who takes part, the programme, and the items of the mapping
that list it. Its name stays, with the report that it has ended (docs/decisions/0060).
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import pyoxigraph as ox

from glokal.core.errors import UsageError
from glokal.core.namespaces import GLO, RDF, RDFS, SKOS
from glokal.dataset.activity_status import (
    StatusReport,
    read_reports,
    told_over,
    valid_on,
)
from glokal.dataset.dates import first_day
from glokal.rdf.project_files import REGISTER, STRATEGY
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of

# How the views are called on the command line, in the API, and behind `graphs`.
IN_STRATEGY, REPORTED = "strategy", "reported"
VIEWS = (IN_STRATEGY, REPORTED)
VIEW_SPACE = "view/"

# What connects two things: without one of them it says nothing.
_CONNECTS = {
    GLO + name
    for name in (
        *("participationIn", "participant", "membershipIn", "member"),
        *("refersTo", "entryOf"),
    )
}
# What stays of what has ended: what it is called, and where the strategy names it.
_NAMES = {
    RDFS + "label",
    SKOS + "prefLabel",
    SKOS + "altLabel",
    SKOS + "scopeNote",
    GLO + "statedIn",
}


def view_iri(graphs: str, view: str) -> str:
    """Return the IRI of a view; `graphs` is the namespace of a project's graphs."""
    return f"{graphs}{VIEW_SPACE}{view}"


def view_names(graphs: str, *, apart: bool) -> dict[str, str]:
    """Return the graph of a store that holds each view, "" for its default graph.

    `apart` is whether what was reported has a graph of its own; it has none when
    nothing was reported.
    """
    reported = view_iri(graphs, REPORTED)
    return {view_iri(graphs, IN_STRATEGY): "", reported: reported if apart else ""}


def in_strategy(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """Return the files that make the default graph of the strategy."""
    return tuple(file for file in files if file.in_default_graph)


def until(files: Sequence[SourceFile], day: datetime.date) -> tuple[SourceFile, ...]:
    """Return the strategy and what has been reported up to a day, as one.

    What is planned has been reported, and is there; what has ended is left out.
    """
    heard = read_reports(files, day)
    every = read_reports(files)
    out = {iri for iri, reports in heard.items() if told_over(day, reports)}
    known = _described(files, every)
    unheard = {iri for iri in every if iri not in heard and iri not in known}
    return _without(files, out, unheard, heard)


def is_reported(files: Iterable[SourceFile], day: datetime.date) -> bool:
    """Whether anything has been reported up to a day."""
    register = [file for file in files if file.kind == REGISTER]
    return bool(read_reports(register, day))


def reported_later(
    files: Iterable[SourceFile], day: datetime.date
) -> Sequence[datetime.date]:
    """Return the days of the reports that a view up to a day leaves out, sorted."""
    register = [file for file in files if file.kind == REGISTER]
    told = {r for about in read_reports(register).values() for r in about}
    return sorted(r.checked for r in told if r.checked and r.checked > day)


def as_of(files: Sequence[SourceFile], day: datetime.date) -> tuple[SourceFile, ...]:
    """Return what was true on a day, by all that the register has been told.

    Raises UsageError for a day before the strategy begins.
    """
    begun = _begins(files)
    if begun and day < begun:
        raise UsageError(
            f"The strategy begins on {begun}; nothing here tells what was true on "
            f"{day}.",
            remedy="give a later day.",
        )
    every, heard = read_reports(files), dict(read_reports(files, day))
    known = _described(files, every)
    out = {
        iri
        for iri, told in every.items()
        if not valid_on(day, told, known=iri in known)
    }
    # What is new rests on a report, though it may have been checked later.
    new = {iri: told[:1] for iri, told in every.items() if iri not in known | out}
    return _without(files, out & known, out - known, {**new, **heard})


def _described(files: Sequence[SourceFile], among: Collection[str]) -> set[str]:
    """Return those that the strategy says something of."""
    triples = (t for f in in_strategy(files) for t in f.triples)
    return {iri for t in triples if (iri := text_of(t.subject)) in among}


def _without(
    files: Sequence[SourceFile],
    ended: set[str],
    unheard: set[str],
    heard: Mapping[str, Sequence[StatusReport]],
) -> tuple[SourceFile, ...]:
    """Return strategy and register without what has ended or isn't known yet.

    `heard` are the reports that count, by what they are about.
    """
    seen = [f for f in files if f.in_default_graph or f.kind == REGISTER]
    reports = {r.iri for about in heard.values() for r in about}
    gone = {*_situations(seen, ended | unheard), *unheard}
    gone |= {iri for iri in _reports(seen) if iri not in reports}

    def stays(t: ox.Triple) -> bool:
        subject, value = text_of(t.subject), text_of(t.object)
        if subject in gone:
            return False
        if subject in ended:
            return t.predicate.value in _NAMES
        is_gone = value in gone or value in ended
        return not is_gone or t.predicate.value == GLO + "reportsOn"

    return tuple(_filtered(file, stays) for file in seen)


def _filtered(file: SourceFile, stays: Callable[[ox.Triple], bool]) -> SourceFile:
    kind = STRATEGY if file.kind == REGISTER else file.kind
    # Of a large file that nothing leaves no copy is made.
    whole = all(map(stays, file.triples))
    triples = file.triples if whole else tuple(filter(stays, file.triples))
    return dataclasses.replace(file, triples=triples, kind=kind)


def _situations(files: Iterable[SourceFile], out: set[str]) -> set[str]:
    """Return the nodes that connect something with what is out, or are out."""
    ends: dict[str, dict[str, str]] = defaultdict(dict)
    for file in files:
        for t in file.triples:
            if t.predicate.value in _CONNECTS:
                name = t.predicate.value.removeprefix(GLO)
                ends[text_of(t.subject)][name] = text_of(t.object)
    gone = {
        node
        for node, near in ends.items()
        if node in out or not out.isdisjoint(near.values())
    }
    # The item of the mapping goes with the participation that it stands for.
    pairs = {
        (near.get("participant"), near.get("participationIn"))
        for node in gone
        for near in [ends[node]]
        if "participationIn" in near
    }
    return gone | {
        node
        for node, near in ends.items()
        if (near.get("entryOf"), near.get("refersTo")) in pairs
    }


def _reports(files: Iterable[SourceFile]) -> set[str]:
    return {
        text_of(t.subject)
        for file in files
        for t in file.triples
        if t.predicate.value == RDF + "type" and text_of(t.object) == GLO + "Report"
    }


def _begins(files: Iterable[SourceFile]) -> datetime.date | None:
    strategy = [f for f in files if f.kind == STRATEGY]
    plans = {
        t.subject
        for f in strategy
        for t in f.triples
        if t.predicate.value == RDF + "type"
        and text_of(t.object) == GLO + "InternationalStrategy"
    }
    days = [
        first_day(text_of(t.object))
        for f in strategy
        for t in f.triples
        if t.predicate.value == GLO + "startDate" and t.subject in plans
    ]
    return min((day for day in days if day), default=None)
