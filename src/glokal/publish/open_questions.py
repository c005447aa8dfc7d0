"""What the mapping doesn't state: cells, programmes, partners, contacts.

Silence is not a no, and the page never words it as a lack. The source ties no activity
to a goal, so goals are left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from glokal.publish.asking import rows
from glokal.publish.pages import Pages
from glokal.publish.ties import Net
from glokal.publish.view import Value, View
from glokal.rdf.terms import sort_key, text_of
from glokal.workspace import Workspace


@dataclass(frozen=True)
class Cell:
    """A cell of the mapping: how many entries, 0 when none is stated."""

    count: int
    href: str


@dataclass(frozen=True)
class Cells:
    """Municipalities down, subject areas across."""

    columns: tuple[Value, ...]
    rows: tuple[tuple[Value, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Unlisted:
    """A programme or a group, and for what or whom nothing is listed."""

    about: Value
    silent: tuple[Value, ...]
    stated: tuple[Value, ...]


def write_open(view: View, pages: Pages, workspace: Workspace) -> None:
    """Write the page of what is not stated, in each language."""
    net = Net(workspace)
    unplaced = [text_of(r[0]) for r in rows(workspace, "unplaced")]
    for lang in pages.project.languages:
        words = pages.words[lang]
        pages.render(
            "open.html",
            lang,
            pages.named("open"),
            words["cells_open"],
            description=words["open_intro"],
            crumbs=[(words["cells_open"], "")],
            cells=mapping(view, workspace, lang),
            programmes=programmes(view, net, lang),
            partners=_partners(view, workspace, lang),
            unplaced=view.linked(unplaced, lang),
            municipalities=view.linked(view.region_municipalities(), lang),
        )


def mapping(view: View, workspace: Workspace, lang: str) -> Cells:
    """Return the number of entries by municipality and subject area."""
    entered = rows(workspace, "entered")
    counts = Counter((text_of(r[2]), text_of(r[3])) for r in entered)
    areas = _by_name(view, view.instances("SubjectArea"), lang)
    return Cells(
        tuple(view.link(a, lang) for a in areas),
        tuple(
            (
                view.link(m, lang),
                tuple(Cell(counts[m, a], view.path(m)) for a in areas),
            )
            for m in _by_name(view, view.region_municipalities(), lang)
        ),
    )


def programmes(view: View, net: Net, lang: str) -> list[Unlisted]:
    """Return for each programme the municipalities without and with something."""
    found = []
    for programme in _by_name(view, view.instances("Programme"), lang):
        around = set(net.around(programme).who) if programme in net.at else set()
        all_ = view.region_municipalities()
        found.append(
            Unlisted(
                view.link(programme, lang),
                view.linked((m for m in all_ if m not in around), lang),
                view.linked((m for m in all_ if m in around), lang),
            )
        )
    return found


def _partners(view: View, workspace: Workspace, lang: str) -> list[Unlisted]:
    by_group: dict[str, list[str]] = defaultdict(list)
    for group, collaborator in rows(workspace, "listed"):
        by_group[text_of(group)].append(text_of(collaborator))
    return [
        Unlisted(view.link(group, lang), view.linked(by_group[group], lang), ())
        for group in _by_name(view, by_group, lang)
    ]


def _by_name(view: View, iris: Iterable[str], lang: str) -> list[str]:
    return sorted(iris, key=lambda i: sort_key(view.link(i, lang).text))
