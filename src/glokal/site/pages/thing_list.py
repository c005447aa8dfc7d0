"""The list of all things by kind, the ones behind the pages apart.

A kind with many things has a list of its own, a page at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glokal.core.collation import sort_key
from glokal.core.namespaces import GEO, GLO, RDF
from glokal.site.graph_view import GraphView, Value, in_order
from glokal.site.renderer import PageRenderer
from glokal.site.view_pages import view_box

# What holds the other pages up: read there, rarely looked for by itself.
_BEHIND = {
    GEO + "Geometry",
    *(
        GLO + name
        for name in (
            "MappingEntry", "Membership", "OutsideRecord", "Participation",
            "SourceDocument", "SourcePassage",
        )
    ),
}  # fmt: skip
# More than this and the list is a page of its own.
LONGEST = 400


@dataclass(frozen=True)
class ThingGroup:
    """The things of a kind; `slug` is where their own list stands, "" when here."""

    kind: str
    number: int
    things: tuple[Value, ...]
    slug: str


def is_supporting(view: GraphView, iri: str) -> bool:
    """Whether a thing holds other pages up and is rarely looked for by itself."""
    return bool(_BEHIND.intersection(view.objects(iri, RDF + "type")))


def write_thing_lists(view: GraphView, pages: PageRenderer) -> None:
    """Write the list of all things in each language."""
    for lang in pages.project.languages:
        words = pages.words[lang]
        groups: dict[bool, dict[str, list[str]]] = {True: {}, False: {}}
        for behind in groups:
            groups[behind] = defaultdict(list)
        for iri in view.things():
            if view.leading(iri) != iri:
                continue
            behind = is_supporting(view, iri)
            for kind in view.kind_iris(iri):
                groups[behind][kind].append(iri)
        shown = {b: _sorted(view, result, lang) for b, result in groups.items()}
        pages.render(
            "all.html",
            lang,
            pages.named("all"),
            words["all_things"],
            crumbs=[(words["all_things"], "")],
            groups=[_short(g) for g in shown[False]],
            technical=[_short(g) for g in shown[True]],
            box=view_box(),
            way_in=True,
        )
        for group in (*shown[False], *shown[True]):
            if group.slug:
                _write_list(pages, group, lang, words)


def _write_list(
    pages: PageRenderer, group: ThingGroup, lang: str, words: Mapping[str, Any]
) -> None:
    parts = list(_parts(group.things))
    for number, things in enumerate(parts, 1):
        pages.render(
            "list.html",
            lang,
            {
                o: _path(root, group.slug, number)
                for o, root in pages.named("all").items()
            },
            f"{group.kind} ({group.number})",
            crumbs=[(words["all_things"], words["paths"]["all"]), (group.kind, "")],
            things=things,
            page=number,
            pages=len(parts),
            before=_path(words["paths"]["all"], group.slug, number - 1),
            after=_path(words["paths"]["all"], group.slug, number + 1),
        )


def _path(root: str, slug: str, number: int) -> str:
    return f"{root}{slug}/" if number <= 1 else f"{root}{slug}/{number}/"


def _parts(things: Sequence[Value]) -> Iterator[Sequence[Value]]:
    for start in range(0, len(things), LONGEST):
        yield things[start : start + LONGEST]


def _short(group: ThingGroup) -> ThingGroup:
    things = () if group.slug else group.things
    return ThingGroup(group.kind, group.number, things, group.slug)


def _sorted(
    view: GraphView, groups: dict[str, list[str]], lang: str
) -> list[ThingGroup]:
    results = []
    for kind, iris in groups.items():
        word = view.term(kind, lang)
        things = in_order((view.link(iri, lang) for iri in iris), lang)
        many = len(things) > LONGEST
        slug = kind.replace("#", "/").rpartition("/")[2] if many else ""
        results.append(
            ThingGroup(word[:1].upper() + word[1:], len(things), things, slug)
        )
    return sorted(results, key=lambda g: sort_key(g.kind, lang))
