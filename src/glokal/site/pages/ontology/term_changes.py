"""How the terms have changed from one edition to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from glokal.core.namespaces import CODE, GLO
from glokal.dataset.releases.graph_diff import ADDED, CHANGED, REMOVED
from glokal.site.graph_view import GraphView, Value, in_order
from glokal.site.pages.releases import Step


@dataclass(frozen=True)
class TermChanges:
    """The terms and codes that are new, changed or gone in an edition."""

    version: str
    path: str
    added: tuple[Value, ...]
    changed: tuple[Value, ...]
    removed: tuple[Value, ...]


def term_changes(
    view: GraphView, steps: Iterable[Step], lang: str
) -> list[TermChanges]:
    """Return what changed in each edition that changed a term, the newest first."""
    results = []
    for step in steps:
        by_state: dict[str, list[Value]] = {ADDED: [], CHANGED: [], REMOVED: []}
        for change in step.changes.things if step.changes else ():
            if change.iri.startswith((GLO, CODE)) and change.iri not in (GLO, CODE):
                by_state[change.state].append(_term(view, change.iri, lang))
        if any(by_state.values()):
            entries = (in_order(by_state[state]) for state in (ADDED, CHANGED, REMOVED))
            results.append(TermChanges(step.version, step.path, *entries))
    return results[::-1]


def _term(view: GraphView, iri: str, lang: str) -> Value:
    if any(view.out(iri)):
        return view.link(iri, lang)
    # What is gone has no name here, but the last part of its IRI.
    return Value(iri.removeprefix(GLO).removeprefix(CODE))
