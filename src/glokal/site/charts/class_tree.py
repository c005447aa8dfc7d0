"""The classes of the ontology as a tree: each below and to the right of its kind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from glokal.core.collation import sort_key
from glokal.core.namespaces import GLO, OWL, RDFS
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value

_STEP, _INDENT = 24, 26


@dataclass(frozen=True)
class Branch:
    """A class in the tree: its word, where it stands, the line from its kind."""

    link: Value
    x: int
    y: int
    line: str


@dataclass(frozen=True)
class Tree:
    """The tree: its height and its branches from the top."""

    height: int
    branches: tuple[Branch, ...]


def draw_tree(view: GraphView, lang: str) -> Tree:
    """Return the classes of the ontology under each other.

    A class with several kinds stands below the first of them in the alphabet.
    """
    classes = [c for c in view.subjects_of_type(OWL + "Class") if c.startswith(GLO)]
    below: dict[str, list[str]] = defaultdict(list)
    for iri in classes:
        kinds = [k for k in view.objects(iri, RDFS + "subClassOf") if k in classes]
        below[kinds[0] if kinds else ""].append(iri)
    branches: list[Branch] = []

    def grow(iri: str, depth: int, parent: int) -> None:
        x, y = 8 + depth * _INDENT, 18 + len(branches) * _STEP
        bend = f"M{x - 18} {parent + 8}V{y - 5}H{x - 4}"
        branches.append(Branch(view.link(iri, lang), x, y, bend if depth else ""))
        for kind in by_name(below[iri]):
            grow(kind, depth + 1, y)

    def by_name(results: list[str]) -> list[str]:
        return sorted(results, key=lambda i: sort_key(view.link(i, lang).text, lang))

    for root in by_name(below[""]):
        grow(root, 0, 0)
    return Tree(18 + len(branches) * _STEP, tuple(branches))
