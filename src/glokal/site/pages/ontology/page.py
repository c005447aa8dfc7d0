"""The page of the ontology, where its terms' IRIs lead."""

from __future__ import annotations

from collections.abc import Sequence

from glokal.dataset.workspace import Workspace
from glokal.site.charts.class_tree import draw_tree
from glokal.site.graph_view import GraphView
from glokal.site.pages.ontology.code_lists import code_lists
from glokal.site.pages.ontology.definitions import (
    constraints,
    definitions,
    term_changes,
)
from glokal.site.pages.releases import Step
from glokal.site.renderer import PageRenderer


def write_terms(
    view: GraphView, pages: PageRenderer, workspace: Workspace, steps: Sequence[Step]
) -> None:
    """Write the page of words, code lists and demands in each language.

    `steps` are the editions, the oldest first.
    """
    for lang in pages.project.languages:
        words = pages.words[lang]
        demands = constraints(workspace.shapes, lang)
        pages.render(
            "definitions.html",
            lang,
            "def/",
            words["ontology"],
            description=words["ontology_intro"],
            behind=True,
            crumbs=[(words["ontology"], "")],
            groups=definitions(view, demands, lang, words),
            lists=code_lists(view, lang),
            tree=draw_tree(view, lang),
            changes=term_changes(view, steps, lang),
        )
