"""What is disputed says so wherever it stands, in words that every medium keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from glokal.core.namespaces import GLO, RDF
from glokal.site.graph_view import GraphView, Value

_ENDS = ("member", "membershipIn", "participant", "participationIn")


def marked(value: Value, words: Mapping[str, Any], *, disputed: bool) -> Value:
    """Return a value with the word for a disputed tie behind it, if it is one."""
    if not disputed:
        return value
    word = words["brief"]["disputed"].lower()
    return replace(value, text=f"{value.text} ({word})")


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
