"""The start page: the work at a glance, and ways in to everything else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glokal.catalogue.facts import GraphFacts
from glokal.catalogue.schema_org import dataset_for_search
from glokal.core.collation import sort_key
from glokal.core.namespaces import GLO
from glokal.dataset.canned_queries import CannedQuery
from glokal.dataset.dumps import Dumps
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.charts.municipality_map import draw_map
from glokal.site.citations import Cited, PassageLink
from glokal.site.disputed import mark_each
from glokal.site.graph_view import GraphView
from glokal.site.mapping_entries import areas_in_order, compared_municipalities
from glokal.site.page_frame import as_script
from glokal.site.page_queries import rows
from glokal.site.page_values import Value
from glokal.site.page_words import counted
from glokal.site.pages.answers import asked_of
from glokal.site.pages.periods import has_periods
from glokal.site.pages.thing_list import is_supporting
from glokal.site.programme_matrix import matrix, widest_programmes
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import ReportedChanges
from glokal.site.view_pages import view_box
from glokal.site.whole_tables import WholeTable
from glokal.sparql.store_interface import Row

# How many questions the start page shows of a project in which none stands first.
QUESTIONS = 8
# The question whose answer the start page leads to by another word.
CONFLICTS = "source-conflicts"
# How many names the search field suggests.
SUGGESTED = 300


@dataclass(frozen=True)
class Abroad:
    """A country, the places in it, how much the region has there, which municipalities.

    A municipality whose every tie there is disputed is marked as such. `against` and
    `more` are what a row of sources may have (`macros.html`).
    """

    place: Value
    within: tuple[Value, ...]
    count: int
    municipalities: tuple[Value, ...]
    sources: tuple[PassageLink, ...]
    against: tuple[PassageLink, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class PublicationFacts:
    """What the start page tells of; `whole` are the tables it leads to."""

    dumps: Dumps
    facts: GraphFacts
    changes: ReportedChanges
    whole: Mapping[str, Sequence[WholeTable]]


def write_home(
    view: GraphView,
    cited: Cited,
    pages: PageRenderer,
    workspace: Workspace,
    told: PublicationFacts,
) -> None:
    """Write the start page in each language."""
    changes = told.changes
    queries = asked_of(workspace.queries)
    for lang in pages.project.languages:
        words = pages.words[lang]
        search = dataset_for_search(pages.project, told.facts, told.dumps.files, lang)
        municipalities = view.region_municipalities()
        pages.render(
            "index.html",
            lang,
            "",
            pages.project.title[lang],
            description=pages.project.description[lang],
            structured=as_script(search),
            matrix=matrix(view, workspace, lang),
            map=draw_map(view, municipalities, lang),
            figures=figures(view, workspace, lang, words),
            abroad=abroad(view, cited, workspace, lang, words),
            suggested=_suggested(view, lang),
            whole=told.whole[lang],
            whole_note=_whole_note(workspace, told.whole[lang], words),
            comparable=bool(compared_municipalities(view, workspace)),
            ways=_ways(view, workspace, lang, words),
            questions=[
                (f"query/{q.slug}/", q.summary[lang])
                for q in first_questions(queries, words["themes"])
            ],
            all_questions=len(queries),
            conflicts=any(q.slug == CONFLICTS for q in queries),
            timeline=has_periods(view),
            box=view_box(changes.lines(changes.all, lang, words)),
            way_in=True,
            plain=True,
        )


def abroad(
    view: GraphView,
    cited: Cited,
    workspace: Workspace,
    lang: str,
    words: Mapping[str, Any],
) -> tuple[Abroad, ...]:
    """Return the countries and places that the region works with, the most first."""
    things: dict[str, set[str]] = defaultdict(set)
    passages: dict[str, dict[str, None]] = defaultdict(dict)
    certain: dict[str, set[str]] = defaultdict(set)
    whose: dict[str, set[str]] = defaultdict(set)
    within: dict[str, set[str]] = defaultdict(set)
    for where, spot, thing, municipality, status, passage in rows(
        workspace, "countries"
    ):
        place = text_of(where)
        if spot != where:
            within[place].add(text_of(spot))
        things[place].add(text_of(thing))
        if passage is not None:
            passages[place][text_of(passage)] = None
        if municipality is not None:
            whose[place].add(text_of(municipality))
            if status is None:
                certain[place].add(text_of(municipality))

    def municipalities(place: str) -> tuple[Value, ...]:
        order = sorted(
            whose[place], key=lambda m: sort_key(view.link(m, lang).text, lang)
        )
        found = [(view.link(m, lang), m not in certain[place]) for m in order]
        return mark_each(found, words)

    results = (
        Abroad(
            view.link(p, lang),
            view.linked(within[p], lang),
            len(t),
            municipalities(p),
            cited.sources(passages[p], lang, words),
        )
        for p, t in things.items()
    )
    return tuple(
        sorted(results, key=lambda a: (-a.count, sort_key(a.place.text, lang)))
    )


def first_questions(
    queries: Sequence[CannedQuery], themes: Iterable[str]
) -> list[CannedQuery]:
    """Return the questions that stand first under their themes, in that order."""
    order = {theme: place for place, theme in enumerate(themes)}
    found = [query for query in queries if query.first]
    found.sort(key=lambda q: order.get(q.theme, len(order)))
    return found or list(queries[:QUESTIONS])


def _suggested(view: GraphView, lang: str) -> tuple[str, ...]:
    """Return names that the search field suggests, each once, in their order."""
    things = [
        iri
        for iri in view.things()
        if not is_supporting(view, iri) and view.leading(iri) == iri
    ]
    return tuple(dict.fromkeys(v.text for v in view.linked(things, lang)))[:SUGGESTED]


def figures(
    view: GraphView, workspace: Workspace, lang: str, words: Mapping[str, str]
) -> list[tuple[int, str]]:
    """Return the numbers of the start page, each with what it counts, inflected."""
    entered = rows(workspace, "entered")
    # The plan of a county may speak of none, and its county is none.
    municipalities = sum(
        GLO + "Municipality" in view.kind_iris(place)
        for place in view.region_municipalities()
    )
    told = [_counted(municipalities, "municipalities", lang, words)]
    return [
        *(told if municipalities else ()),
        _counted(len(widest_programmes(view)), "programmes", lang, words),
        _counted(_things(entered), "things_count", lang, words),
        _counted(len({row[0] for row in entered}), "entries", lang, words),
    ]


def _things(entered: Iterable[Row]) -> int:
    """Return how many activities and networks entries are about."""
    return len({row[1] for row in entered if row[4] is None})


def _whole_note(
    workspace: Workspace, whole: Sequence[WholeTable], words: Mapping[str, Any]
) -> str:
    """Return why the activities are fewer than what stands at the top of the page."""
    things = _things(rows(workspace, "entered"))
    numbers = [
        t.number for t in whole if t.title == words["whole_tables"]["activities"]
    ]
    if not things or not numbers or things == numbers[0]:
        return ""
    note: str = words["whole_note"]
    return note.format(things=things, activities=numbers[0])


def _counted(
    number: int, what: str, lang: str, words: Mapping[str, str]
) -> tuple[int, str]:
    form = counted(words, what, number, lang)
    # The word for many stands as a heading too.
    return number, form.lower() if form == words[what] else form


def _ways(
    view: GraphView, workspace: Workspace, lang: str, words: Mapping[str, str]
) -> list[tuple[str, tuple[Value, ...]]]:
    areas = areas_in_order(view, workspace, lang)
    aims = tuple(view.link(text_of(r[0]), lang) for r in rows(workspace, "aims"))
    ways = [
        ("municipalities", view.linked(view.region_municipalities(), lang)),
        ("programmes", view.linked(widest_programmes(view), lang)),
        ("areas", tuple(view.link(a, lang) for a in areas)),
        ("goals", aims),
        ("partners", view.linked(view.instances("CollaboratorGroup"), lang)),
    ]
    return [(words[word], result) for word, result in ways if result]
