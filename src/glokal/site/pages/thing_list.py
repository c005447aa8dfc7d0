"""The list of all things: by what people look for, and what is behind the pages apart.

Each part has the things of several kinds, by name, each with its kind. A kind with many
things has a list of its own, a page at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glokal.core.collation import sort_key
from glokal.core.namespaces import GEO, GLO, RDF
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value, in_order
from glokal.site.renderer import PageRenderer
from glokal.site.view_pages import view_box

# What holds the other pages up: read there, rarely looked for by itself.
_OUTLINE = GEO + "Geometry"
_BEHIND = {
    _OUTLINE,
    *(
        GLO + name
        for name in (
            "MappingEntry", "Membership", "OutsideRecord", "Participation",
            "SourceDocument", "SourcePassage",
        )
    ),
}  # fmt: skip
# The parts of the list in their order, each with its classes. A thing stands in the
# first that it belongs to, by what is said or what follows.
_PARTS = (
    ("municipalities", ("Municipality",)),
    ("programmes", ("Programme",)),
    ("activities", ("InternationalActivity",)),
    ("organisations", ("Organisation", "CollaboratorGroup")),
    ("places", ("Place",)),
    ("aims", ("PlanElement",)),
    ("plans", ("StrategicPlan", "Framework")),
    ("conflicts", ("SourceConflict",)),
    ("topics", ("Code",)),
)
_REST = "rest"
# More than this and the list is a page of its own.
LONGEST = 400


@dataclass(frozen=True)
class ThingGroup:
    """The things of a kind; `slug` is where their own list stands, "" when here."""

    kind: str
    number: int
    things: tuple[Value, ...]
    slug: str


@dataclass(frozen=True)
class ListPart:
    """A part of the list: its name, its things with their kinds, the longer lists."""

    name: str
    things: tuple[tuple[Value, str], ...]
    longer: tuple[ThingGroup, ...]


def is_supporting(view: GraphView, iri: str) -> bool:
    """Whether a thing holds other pages up and is rarely looked for by itself."""
    return bool(_BEHIND.intersection(view.objects(iri, RDF + "type")))


def write_thing_lists(view: GraphView, pages: PageRenderer) -> None:
    """Write the list of all things in each language."""
    led = [iri for iri in view.things() if view.leading(iri) == iri]
    behind = [iri for iri in led if is_supporting(view, iri)]
    hidden = set(behind)
    shown: dict[str, list[str]] = defaultdict(list)
    for iri in led:
        if iri not in hidden:
            shown[_part_of(view, iri)].append(iri)
    for lang in pages.project.languages:
        words = pages.words[lang]
        parts = [
            _part(view, name, shown[name], lang)
            for name in (*(name for name, _ in _PARTS), _REST)
            if shown[name]
        ]
        technical = _by_kind(view, behind, lang, words)
        pages.render(
            "all.html",
            lang,
            pages.named("all"),
            words["all_things"],
            crumbs=[(words["all_things"], "")],
            parts=parts,
            number=sum(len(iris) for iris in shown.values()),
            technical=[_short(g) for g in technical],
            box=view_box(),
            way_in=True,
        )
        for group in (*(g for part in parts for g in part.longer), *technical):
            if group.slug:
                _write_list(pages, group, lang, words)


def _part_of(view: GraphView, iri: str) -> str:
    kinds = set(view.objects(iri, RDF + "type"))
    kinds.update(
        text_of(t.object)
        for t in view.inferred(iri)
        if t.predicate.value == RDF + "type"
    )
    return next(
        (
            name
            for name, classes in _PARTS
            if any(GLO + named in kinds for named in classes)
        ),
        _REST,
    )


def _part(view: GraphView, name: str, iris: Sequence[str], lang: str) -> ListPart:
    """Return a part of the list; its long kinds are lists of their own."""
    longer = tuple(g for g in _by_kind(view, iris, lang) if g.slug)
    long = {v.href for g in longer for v in g.things}
    named = [
        (view.link(iri, lang), ", ".join(k.text for k in view.kinds(iri, lang)))
        for iri in iris
    ]
    things = sorted(
        ((v, kind) for v, kind in named if v.href not in long),
        key=lambda pair: sort_key(pair[0].text, lang),
    )
    # Where all are of one kind the heading says which.
    alike = len({kind for _, kind in things}) == 1
    return ListPart(name, tuple((v, "" if alike else k) for v, k in things), longer)


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


def _by_kind(
    view: GraphView,
    iris: Iterable[str],
    lang: str,
    words: Mapping[str, Any] | None = None,
) -> list[ThingGroup]:
    groups: dict[str, list[str]] = defaultdict(list)
    for iri in iris:
        for kind in view.kind_iris(iri):
            groups[kind].append(iri)
    results = []
    for kind, found in groups.items():
        word = (
            words["geometries"] if words and kind == _OUTLINE else view.term(kind, lang)
        )
        things = in_order((view.link(iri, lang) for iri in found), lang)
        many = len(things) > LONGEST
        slug = kind.replace("#", "/").rpartition("/")[2] if many else ""
        results.append(
            ThingGroup(word[:1].upper() + word[1:], len(things), things, slug)
        )
    return sorted(results, key=lambda g: sort_key(g.kind, lang))
