"""Hygiene: rules that hold for any project's graph, each a query that finds breaches.

They look at the asserted graphs, each in its own named graph.
"""

from __future__ import annotations

from collections.abc import Iterator

from glokal.core.settings import Project
from glokal.sparql.store_interface import Store
from glokal.validation.finding import Finding
from glokal.validation.sparql_rules import find_breaches, load_rules

STEP = "hygiene"
RULES = "rules"


def check_hygiene(store: Store, project: Project) -> Iterator[Finding]:
    """Yield each breach of each rule."""

    def prepare(text: str) -> str:
        text = text.replace("urn:glokal:things:", project.things)
        return text.replace("urn:glokal:graphs:", project.graphs)

    for rule in load_rules(RULES):
        yield from find_breaches(rule, store, STEP, prepare=prepare)
