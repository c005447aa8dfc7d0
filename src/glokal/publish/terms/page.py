"""The page of the ontology, where its terms' IRIs lead."""

from __future__ import annotations

from collections.abc import Sequence

from glokal.publish.history import Step
from glokal.publish.pages import Pages
from glokal.publish.pictures.tree import draw_tree
from glokal.publish.terms.changes import term_changes
from glokal.publish.terms.constraints import constraints
from glokal.publish.terms.definitions import definitions
from glokal.publish.terms.lists import code_lists
from glokal.publish.view import View
from glokal.workspace import Workspace


def write_terms(
    view: View, pages: Pages, workspace: Workspace, steps: Sequence[Step]
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
            crumbs=[(words["ontology"], "")],
            groups=definitions(view, demands, lang, words),
            lists=code_lists(view, lang),
            tree=draw_tree(view, lang),
            changes=term_changes(view, steps, lang),
        )
