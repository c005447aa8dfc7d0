"""The matrix of activities: municipalities down, the widest programmes across.

A programme that is part of another counts with that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from glokal.core.collation import sort_key
from glokal.core.namespaces import GLO
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from glokal.site.page_queries import rows
from glokal.site.page_values import Value, in_order

# How many activities a square names.
NAMED = 20


@dataclass(frozen=True)
class MatrixSquare:
    """A square of the matrix: how many activities, which, and how dark it is."""

    count: int
    names: str
    href: str
    shade: int


@dataclass(frozen=True)
class Matrix:
    """Municipalities down, programmes across."""

    columns: tuple[Value, ...]
    rows: tuple[tuple[Value, tuple[MatrixSquare, ...]], ...]


def matrix(view: GraphView, workspace: Workspace, lang: str) -> Matrix:
    """Return the number of activities by municipality and widest programme."""
    results: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for municipality, programme, activity in rows(workspace, "matrix"):
        where = text_of(municipality), text_of(programme)
        results[where].append(view.link(text_of(activity), lang))
    programmes = sorted(
        widest_programmes(view),
        key=lambda p: sort_key(view.link(p, lang).text, lang),
    )
    down = sorted(
        view.region_municipalities(),
        key=lambda m: sort_key(view.link(m, lang).text, lang),
    )
    return Matrix(
        tuple(view.link(p, lang) for p in programmes),
        tuple(
            (
                view.link(m, lang),
                tuple(
                    _square(view.path(m), in_order(results.get((m, p), ()), lang))
                    for p in programmes
                ),
            )
            for m in down
        ),
    )


def _square(path: str, activities: Sequence[Value]) -> MatrixSquare:
    count = len(activities)
    names = ", ".join(v.text for v in activities[:NAMED])
    if count > NAMED:
        names += " …"
    return MatrixSquare(count, names, path, min(count, 4))


def widest_programmes(view: GraphView) -> list[str]:
    """Return the programmes that aren't parts of another, which their pages have."""
    found = view.instances("Programme")
    return [p for p in found if not view.objects(p, GLO + "subProgrammeOf")]
