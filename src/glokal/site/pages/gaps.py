"""What the mapping doesn't state: cells, programmes, partners, contacts.

Silence is not a no, and the page never words it as a lack. The source ties no activity
to a goal, so goals are left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from glokal.core.collation import sort_key
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.citations import Cited, CitedValue
from glokal.site.graph_view import GraphView
from glokal.site.mapping_entries import areas_in_order
from glokal.site.page_queries import rows
from glokal.site.page_values import Value
from glokal.site.pages.thing_summary import named_elsewhere
from glokal.site.relations import RelationIndex, relation_index
from glokal.site.renderer import PageRenderer
from glokal.site.reported_changes import ReportedChanges
from glokal.site.row_sources import passages_between
from glokal.site.view_pages import view_box


@dataclass(frozen=True)
class MatrixCell:
    """A cell of the mapping: how many entries, 0 when none is stated."""

    count: int
    href: str


@dataclass(frozen=True)
class Cells:
    """Municipalities down, subject areas across."""

    columns: tuple[Value, ...]
    rows: tuple[tuple[Value, tuple[MatrixCell, ...]], ...]


@dataclass(frozen=True)
class Unlisted:
    """A programme or a group: those for whom nothing is listed, and those listed."""

    about: Value
    silent: tuple[Value, ...]
    stated: tuple[CitedValue, ...]


def write_gaps(
    view: GraphView,
    cited: Cited,
    pages: PageRenderer,
    workspace: Workspace,
    changes: ReportedChanges,
) -> None:
    """Write the page of what is not stated, in each language."""
    net = relation_index(workspace)
    unplaced = [text_of(r[0]) for r in rows(workspace, "unplaced")]
    for lang in pages.project.languages:
        words = pages.words[lang]
        pages.render(
            "open.html",
            lang,
            pages.named("open"),
            words["cells_open"],
            description=words["open_intro"],
            plain=True,
            # It has the names of much that it says nothing of.
            behind=True,
            crumbs=[(words["cells_open"], "")],
            cells=mapping(view, workspace, lang),
            programmes=programmes(view, cited, net, lang, words),
            partners=_partners(view, cited, workspace, lang, words),
            unplaced=view.linked(unplaced, lang),
            municipalities=view.linked(view.region_municipalities(), lang),
            box=view_box(changes.lines(changes.all, lang, words)),
            way_in=True,
        )


def mapping(view: GraphView, workspace: Workspace, lang: str) -> Cells:
    """Return the number of entries by municipality and subject area."""
    entered = rows(workspace, "entered")
    counts = Counter((text_of(r[2]), text_of(r[3])) for r in entered)
    areas = areas_in_order(view, workspace, lang)
    return Cells(
        tuple(view.link(a, lang) for a in areas),
        tuple(
            (
                view.link(m, lang),
                tuple(MatrixCell(counts[m, a], view.path(m)) for a in areas),
            )
            for m in _by_name(view, view.region_municipalities(), lang)
        ),
    )


def programmes(
    view: GraphView,
    cited: Cited,
    net: RelationIndex,
    lang: str,
    words: Mapping[str, Any],
) -> list[Unlisted]:
    """Return for each programme the municipalities without and with something.

    Those with something have the passages that say so.
    """
    results = []
    for programme in _by_name(view, view.instances("Programme"), lang):
        around = set(net.around(programme).who) if programme in net.at else set()
        all_ = view.region_municipalities()
        results.append(
            Unlisted(
                view.link(programme, lang),
                tuple(
                    named_elsewhere(
                        view, net, (m, programme), view.link(m, lang), lang, words
                    )
                    for m in _by_name(view, (m for m in all_ if m not in around), lang)
                ),
                tuple(
                    CitedValue(
                        view.link(m, lang),
                        cited.sources(
                            passages_between(cited, net, (m, programme), (m,)),
                            lang,
                            words,
                        ),
                    )
                    for m in _by_name(view, (m for m in all_ if m in around), lang)
                ),
            )
        )
    return results


def _partners(
    view: GraphView,
    cited: Cited,
    workspace: Workspace,
    lang: str,
    words: Mapping[str, Any],
) -> list[Unlisted]:
    """Return those listed in each group, with the passages that list them."""
    by_group: dict[str, list[str]] = defaultdict(list)
    for group, collaborator in rows(workspace, "listed"):
        by_group[text_of(group)].append(text_of(collaborator))
    return [
        Unlisted(
            view.link(group, lang),
            (),
            tuple(
                CitedValue(
                    view.link(who, lang),
                    cited.sources(
                        cited.connecting([ox.NamedNode(group), ox.NamedNode(who)]),
                        lang,
                        words,
                    ),
                )
                for who in _by_name(view, by_group[group], lang)
            ),
        )
        for group in _by_name(view, by_group, lang)
    ]


def _by_name(view: GraphView, iris: Iterable[str], lang: str) -> list[str]:
    return sorted(iris, key=lambda i: sort_key(view.link(i, lang).text, lang))
