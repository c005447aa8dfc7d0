"""Which activities nobody has checked for a while, on a given day.

The day is always given: the clock is no source of anything that is published.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from glokal.core.namespaces import GLO, RDF, RDFS
from glokal.dataset.activity_status import ENDED, Status, read_reports, status_of
from glokal.rdf.source_files import SourceFile
from glokal.rdf.terms import text_of

ACTIVITY = GLO + "InternationalActivity"


@dataclass(frozen=True)
class Stale:
    """An activity that must be checked again, with who takes part in it."""

    iri: str
    life: Status
    participants: tuple[str, ...]


def instances(files: Sequence[SourceFile], kind: str) -> tuple[str, ...]:
    """Return what is asserted to be of a class or of one below it, sorted."""
    above: dict[str, set[str]] = defaultdict(set)
    typed: list[tuple[str, str]] = []
    for file in files:
        for t in file.triples:
            if t.predicate.value == RDFS + "subClassOf":
                above[text_of(t.subject)].add(text_of(t.object))
            elif t.predicate.value == RDF + "type":
                typed.append((text_of(t.subject), text_of(t.object)))
    kinds = {kind}
    while more := {c for c, over in above.items() if over & kinds} - kinds:
        kinds |= more
    return tuple(sorted({thing for thing, of in typed if of in kinds}))


def stale_on(
    files: Sequence[SourceFile], day: datetime.date, days: int
) -> tuple[Stale, ...]:
    """Return the activities that were not checked in so many days before a day.

    What has ended needs no more checks. Never checked comes first, then the longest
    unchecked.
    """
    reports = read_reports(files, day)
    oldest = day - datetime.timedelta(days=days)
    participants = _participants(files)
    results = []
    for iri in instances(files, ACTIVITY):
        life = status_of(reports.get(iri, ()))
        ended = life.status is not None and life.status.status == ENDED
        checked = life.checked.checked if life.checked else None
        if not ended and (checked is None or checked < oldest):
            results.append(Stale(iri, life, tuple(sorted(participants[iri]))))
    return tuple(sorted(results, key=_order))


def _order(stale: Stale) -> tuple[datetime.date, str]:
    checked = stale.life.checked.checked if stale.life.checked else None
    return checked or datetime.date.min, stale.iri


def _participants(files: Sequence[SourceFile]) -> dict[str, set[str]]:
    who: dict[str, str] = {}
    what: dict[str, str] = {}
    for file in files:
        for t in file.triples:
            if t.predicate.value == GLO + "participant":
                who[text_of(t.subject)] = text_of(t.object)
            elif t.predicate.value == GLO + "participationIn":
                what[text_of(t.subject)] = text_of(t.object)
    results: dict[str, set[str]] = defaultdict(set)
    for node, activity in what.items():
        if node in who:
            results[activity].add(who[node])
    return results
