"""What is disputed says so wherever it stands, in words that every medium keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from glokal.core.namespaces import GLO, RDF
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value

_ENDS = ("member", "membershipIn", "participant", "participationIn")


def mark_disputed(value: Value, words: Mapping[str, Any], *, disputed: bool) -> Value:
    """Return a value with the words for a disputed tie behind it, if it is one."""
    if not disputed:
        return value
    return replace(value, text=f"{value.text} ({words['tie_disputed']})")


def mark_each(
    values: Sequence[tuple[Value, bool]], words: Mapping[str, Any]
) -> tuple[Value, ...]:
    """Return the values of a cell, those with a disputed tie marked.

    Where all of several are, the words stand once, behind the last.
    """
    if len(values) > 1 and all(disputed for _, disputed in values):
        *first, last = (value for value, _ in values)
        said = f"{last.text} ({words['ties_disputed']})"
        return (*first, replace(last, text=said))
    return tuple(mark_disputed(v, words, disputed=disputed) for v, disputed in values)


def conflict_between(view: GraphView, one: str, other: str) -> str:
    """Return where the source disagrees on the tie between two things, "" nowhere."""
    for conflict in view.instances("SourceConflict"):
        for situation in view.objects(conflict, GLO + "conflictInvolves"):
            if {view.leading(one), view.leading(other)} <= _ends(view, situation):
                return conflict
    return ""


def disputes_membership(view: GraphView, conflict: str) -> bool:
    """Whether what the source disagrees on is who is a member."""
    return any(
        GLO + "Membership" in view.objects(situation, RDF + "type")
        for situation in view.objects(conflict, GLO + "conflictInvolves")
    )


def _ends(view: GraphView, situation: str) -> set[str]:
    return {view.leading(e) for p in _ENDS for e in view.objects(situation, GLO + p)}
