"""What reports say of an activity's type, programme, counterpart and subject area.

The newest report that says one of them is right about it, whole: what the strategy or
an older report says of it isn't so on that day (docs/decisions/0062).
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from glokal.core.namespaces import GLO, RDF
from glokal.dataset.activity_status import REPORTED, read_reports, status_of
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of

# The property of the activity itself that a correction stands for; an activity has no
# subject area of its own, so that its report is what tells it.
_PROPERTIES = {
    "type": RDF + "type",
    "programme": GLO + "supportedUnder",
    "counterpart": GLO + "hasCounterpartIn",
}


def corrected(
    viewed: Sequence[SourceFile], files: Iterable[SourceFile], day: datetime.date
) -> tuple[SourceFile, ...]:
    """Return what is seen on a day, `viewed`, with what reports up to it correct.

    `files` are the sources. What has ended has its name left, and nothing to correct.
    """
    standing = {
        text_of(t.subject)
        for file in viewed
        for t in file.triples
        if t.predicate.value == RDF + "type"
    }
    wrong: set[tuple[str, str]] = set()
    added: dict[str, list[ox.Triple]] = {}
    for iri, about in read_reports(files, day).items():
        for name, report in status_of(about).corrections.items():
            wrong |= {
                (r.iri, GLO + REPORTED[name])
                for r in about
                if name in r.said and r.iri != report.iri
            }
            if name not in _PROPERTIES or iri not in standing:
                continue
            prop = _PROPERTIES[name]
            wrong.add((iri, prop))
            added.setdefault(report.iri, []).extend(
                ox.Triple(ox.NamedNode(iri), ox.NamedNode(prop), ox.NamedNode(value))
                for value in report.said[name]
            )
    return tuple(_file(f, wrong, added) for f in viewed) if wrong else tuple(viewed)


def _file(
    file: SourceFile, out: set[tuple[str, str]], added: Mapping[str, list[ox.Triple]]
) -> SourceFile:
    if not file.in_default_graph:
        return file
    remaining = [
        t for t in file.triples if (text_of(t.subject), t.predicate.value) not in out
    ]
    kind = ox.NamedNode(RDF + "type")
    told = [text_of(t.subject) for t in file.triples if t.predicate == kind]
    more = [t for subject in dict.fromkeys(told) for t in added.get(subject, ())]
    if not more and len(remaining) == len(file.triples):
        return file
    return dataclasses.replace(file, triples=(*remaining, *more))
