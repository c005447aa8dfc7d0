"""What the page of a thing tells search engines: the thing in schema.org's words.

Only what the graph says in those words itself (`glokal.dataset.standard_words`): what
is disputed, expected or over has none.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyoxigraph as ox

from glokal.catalogue.schema_org import entity_for_search
from glokal.core.namespaces import OWL, RDF, SCHEMA, SKOS
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.site.graph_view import GraphView
from glokal.site.pages.thing_description import Thing
from glokal.site.triple_lookup import by_subject

# By these a thing is the same as that of a register.
_SAME = (SKOS + "exactMatch", OWL + "sameAs")


class ThingEntities:
    """The things of a view in schema.org's words."""

    def __init__(self, view: GraphView, workspace: Workspace) -> None:
        self._view = view
        self._things = workspace.project.things
        words = workspace.standard_words
        self._said = by_subject(filter(_is_told, words), len(words))

    def entities(self, thing: Thing, lang: str, address: str) -> list[dict[str, Any]]:
        """Return all that a page tells of as JSON-LD values, what it is about first.

        `address` is that of the page. A municipality and its authority stay two.
        """
        first, *others = self._view.together(thing.iri)
        texts = {
            "description": thing.about or thing.what,
            "alternateName": [v.text for v in thing.names],
        }
        return [
            self._entity(first, thing.title, address, **texts),
            *(self._entity(o, self._view.link(o, lang).text, address) for o in others),
        ]

    def _entity(self, iri: str, name: str, address: str, **more: Any) -> dict[str, Any]:
        kinds: list[str] = []
        facts: dict[str, list[Any]] = defaultdict(list)
        for t in self._said(iri):
            if t.predicate.value == RDF + "type":
                kinds.append(text_of(t.object).removeprefix(SCHEMA))
            else:
                facts[t.predicate.value.removeprefix(SCHEMA)].append(_value(t.object))
        same = {
            other
            for prop in _SAME
            for other in self._view.objects(iri, prop)
            if not other.startswith(self._things)
        }
        return entity_for_search(
            iri,
            kinds,
            name,
            url=address,
            sameAs=sorted(same),
            **more,
            **dict(sorted(facts.items())),
        )


def _is_told(triple: ox.Triple) -> bool:
    """Whether a triple says something in the words of schema.org."""
    predicate, value = triple.predicate.value, text_of(triple.object)
    return predicate.startswith(SCHEMA) or (
        predicate == RDF + "type" and value.startswith(SCHEMA)
    )


def _value(term: object) -> Any:
    if isinstance(term, ox.NamedNode):
        return {"@id": term.value}
    return text_of(term)
