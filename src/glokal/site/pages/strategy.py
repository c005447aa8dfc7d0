"""The source as a reading page: each passage beside what the graph holds of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glokal.core.namespaces import CODE, GLO
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.citations import passage_anchor
from glokal.site.graph_view import GraphView, Value, as_address, in_order
from glokal.site.page_queries import rows
from glokal.site.renderer import PageRenderer

# The passage's own page has what doesn't stand beside it here.
HELD = 30
_KIND = CODE + "passage-kind/"
_HEADINGS = {_KIND + "heading", _KIND + "table-heading"}
# Behind the pages: the things that they are about stand there already.
_NOT_SHOWN = {GLO + "MappingEntry", GLO + "Participation"}


@dataclass(frozen=True)
class ShownPassage:
    """A passage as it is read: its text, its level as a heading (0 for none)."""

    anchor: str
    text: str
    level: int
    kind: str
    link: str
    citation: str
    href: str
    holds: tuple[Value, ...]
    more: int
    leaves_out: tuple[Value, ...]
    reason: str


def write_strategy(view: GraphView, pages: PageRenderer, workspace: Workspace) -> None:
    """Write the reading page in each language; none when there is no source text."""
    order = [text_of(row[0]) for row in rows(workspace, "passages")]
    resting = _resting(workspace)
    for lang in pages.project.languages:
        words: Mapping[str, Any] = pages.words[lang]
        pages.render(
            "strategy.html",
            lang,
            pages.named("strategy"),
            words["strategy"],
            description=words["strategy_intro"],
            crumbs=[(words["strategy"], "")],
            passages=[_passage(view, p, resting, lang) for p in order],
        )


def _resting(workspace: Workspace) -> dict[tuple[str, bool], list[str]]:
    results: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for passage, thing, kind, relation in rows(workspace, "resting"):
        if text_of(kind) not in _NOT_SHOWN:
            left_out = text_of(relation) == GLO + "omittedIn"
            things = results[text_of(passage), left_out]
            if text_of(thing) not in things:
                things.append(text_of(thing))
    return results


def _passage(
    view: GraphView, iri: str, resting: Mapping[tuple[str, bool], list[str]], lang: str
) -> ShownPassage:
    kind = next(iter(view.objects(iri, GLO + "passageKind")), "")
    level = 0
    if kind in _HEADINGS:
        level = 3 if view.objects(iri, GLO + "underHeading") else 2
    text = view.value(iri, GLO + "readingText", "nb")
    holds = in_order(view.link(t, lang) for t in resting.get((iri, False), ()))
    return ShownPassage(
        passage_anchor(iri),
        text,
        level,
        kind.removeprefix(_KIND),
        as_address(text).href,
        view.value(iri, GLO + "citation", lang),
        view.path(iri),
        holds[:HELD],
        len(holds[HELD:]),
        in_order(view.link(t, lang) for t in resting.get((iri, True), ())),
        view.value(iri, GLO + "uncoveredReason", lang),
    )
