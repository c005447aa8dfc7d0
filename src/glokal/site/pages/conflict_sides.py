"""The places that a disagreement of the source rests on, side by side.

Those in the running text stand against the items of the appendix. Where all are of one
sort each place stands for itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glokal.core.collation import sort_key
from glokal.core.namespaces import CODE, GLO, RDF
from glokal.rdf.terms import text_of
from glokal.site.citations import Cited, PassageLink
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value

_WHO = ("member", "participant")
_HEADING = CODE + "passage-kind/table-heading"


@dataclass(frozen=True)
class ConflictSide:
    """One side: what it is called, and its passages in the order of the text."""

    name: str
    passages: tuple[PassageLink, ...]


@dataclass(frozen=True)
class ConflictRow:
    """Of one whose tie the source disagrees on: the passages of each side.

    A side is whether it names the tie, and the passages that do, or leave it out.
    """

    who: Value
    sides: tuple[tuple[bool, tuple[PassageLink, ...]], ...]


def conflict_rows(
    view: GraphView, cited: Cited, iri: str, lang: str, words: Mapping[str, Any]
) -> tuple[ConflictRow, ...]:
    """Return who is named by the text and who by the appendix, sorted by name.

    () where the disagreement isn't on who takes part, or on one side alone.
    """
    results = []
    for situation in view.objects(iri, GLO + "conflictInvolves"):
        who = [w for p in _WHO for w in view.objects(situation, GLO + p)]
        if not who:
            continue
        sides = []
        for table in (False, True):
            named, left = (
                [
                    p
                    for p in view.objects(situation, GLO + tie)
                    if _is_item(view, p) is table
                ]
                for tie in ("affirmedIn", "omittedIn")
            )
            sides.append((bool(named), cited.sources(named or left, lang, words)))
        results.append(ConflictRow(view.link(who[0], lang), tuple(sides)))
    several = all(any(r.sides[n][1] for r in results) for n in (0, 1))
    return (
        tuple(sorted(results, key=lambda r: sort_key(r.who.text, lang)))
        if several
        else ()
    )


def conflict_sides(
    view: GraphView, cited: Cited, iri: str, lang: str, words: Mapping[str, Any]
) -> tuple[ConflictSide, ...]:
    """Return the sides of a disagreement, none for things of another kind."""
    if GLO + "SourceConflict" not in view.objects(iri, RDF + "type"):
        return ()
    passages = cited.provenance.source.in_order(view.objects(iri, GLO + "statedIn"))
    items = [p for p in passages if _is_item(view, p)]
    text = [p for p in passages if p not in items]
    sides: Sequence[tuple[str, Sequence[str]]]
    if items and text:
        sides = [(words["side_text"], text), (words["side_table"], items)]
    else:
        sides = [
            (words["side_one"].format(number=number), [p])
            for number, p in enumerate(passages, 1)
        ]
    return tuple(
        ConflictSide(name, cited.sources(found, lang, words)) for name, found in sides
    )


def _is_item(view: GraphView, passage: str) -> bool:
    """Whether a passage is an item of the mapping, or heads a row or column of it."""
    return _HEADING in view.objects(passage, GLO + "passageKind") or any(
        t.predicate.value == GLO + "statedIn"
        and GLO + "MappingEntry" in view.objects(text_of(t.subject), RDF + "type")
        for t in view.into(passage)
    )
