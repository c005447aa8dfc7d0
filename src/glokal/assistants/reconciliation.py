"""The Reconciliation Service API 0.2: names in batches, suggestions, more columns.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
In come the parsed JSON of requests, out go values for JSON. Every function raises
UsageError, with what to do, for what isn't in the form of the specification.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

import pyoxigraph as ox

from glokal.assistants.publication_index import Library
from glokal.assistants.reconciliation_request import (
    MOST_CANDIDATES,
    as_compared,
    json_object,
    list_field,
    read_query,
    text_field,
)
from glokal.assistants.thing_types import USUAL, ThingTypeNames, own_type
from glokal.core.errors import UsageError
from glokal.core.namespaces import GLO, RDF, XSD
from glokal.dataset.name_likeness import fold_name
from glokal.dataset.names import LONGEST, NameMatch
from glokal.rdf.terms import text_of
from glokal.site.page_values import in_language

Values = dict[str, Any]

# Queries of a batch, things and properties of an extension.
MOST_QUERIES, MOST_IDS, MOST_PROPERTIES = 200, 1000, 50
# What a property that agrees, or doesn't, is worth.
_AGREES, _DIFFERS = 3.0, 15.0
# What is found by its properties alone: a person has to choose.
_UNNAMED = 60.0


class Reconciliation:
    """The service of one publication, in one language."""

    def __init__(self, library: Library, lang: str, address: str) -> None:
        """`address` is where the service answers."""
        self._library = library
        self._lang = lang
        self._address = address
        self._types = ThingTypeNames(library.names)
        self._known_properties = frozenset(self._properties(""))

    def manifest(self) -> Values:
        """Return what the service can do (section 4.1)."""
        project, here = self._library.project, self._address
        title = project.title.get(self._lang) or next(iter(project.title.values()))
        suggest = {
            kind: {"service_url": here, "service_path": f"/suggest/{kind}"}
            for kind in ("entity", "property", "type")
        }
        return {
            "versions": ["0.2"],
            "name": title,
            "identifierSpace": project.things,
            "schemaSpace": GLO,
            "defaultTypes": [
                self._type(GLO + name) for name in USUAL if name in self._types.known
            ],
            "view": {"url": "{{id}}"},
            "preview": {
                "url": f"{here}/preview?id={{{{id}}}}", "width": 400, "height": 200,
            },
            "suggest": suggest,
            "extend": {
                "propose_properties": {
                    "service_url": here, "service_path": "/properties",
                },
                "property_settings": [],
            },
        }  # fmt: skip

    def reconcile(self, batch: object) -> Values:
        """Return the candidates for each query of a batch (section 4.2 and 4.3)."""
        queries = json_object(batch, "queries")
        if len(queries) > MOST_QUERIES:
            raise UsageError(
                f"The batch has {len(queries)} queries.",
                remedy=f"send at most {MOST_QUERIES} at once.",
            )
        return {
            key: {"result": self._candidates(key, json_object(value, key))}
            for key, value in queries.items()
        }

    def suggest(self, kind: str, prefix: str) -> Values:
        """Return entities, properties or types for somebody who writes (section 5)."""
        if kind == "entity":
            found = self._library.names.beginning(prefix[:LONGEST])
            return {"result": [self._entity(match) for match in found]}
        wanted = fold_name(prefix[:LONGEST])
        if kind == "property":
            named = [self._property(iri) for iri in self._properties("")]
        else:
            named = [self._type(GLO + name) for name in self._types.known]
        return {
            "result": [
                v for v in named if wanted in fold_name(f"{v['name']} {v['id']}")
            ]
        }

    def preview(self, iri: str) -> str:
        """Return a small page of a thing (section 6); UsageError when there is none."""
        self._known(iri)
        label = escape(self._library.label(iri, self._lang))
        kind = escape(self._type(own_type(self._library.names, iri))["name"])
        page = escape(self._library.page(iri, self._lang))
        return (
            f'<!doctype html>\n<html lang="{self._lang}">\n<meta charset="utf-8">\n'
            f'<title>{label}</title>\n<p><a href="{page}">{label}</a> ({kind})</p>\n'
            f"<p>{escape(iri)}</p>\n</html>\n"
        )

    def properties(self, kind: str) -> Values:
        """Return the properties that things of a type have (section 7.1)."""
        found = [self._property(iri) for iri in self._properties(kind)]
        return {"type": kind, "properties": found}

    def extend(self, asked: object) -> Values:
        """Return the values of properties of things (section 7.2 and 7.3)."""
        fields = json_object(asked, "extend")
        ids, wanted = list_field(fields, "ids"), list_field(fields, "properties")
        if len(ids) > MOST_IDS or len(wanted) > MOST_PROPERTIES:
            raise UsageError(
                f"The request is for {len(ids)} things and {len(wanted)} properties.",
                remedy=f"ask for at most {MOST_IDS} and {MOST_PROPERTIES} at once.",
            )
        names = [text_field(json_object(p, "properties"), "id") for p in wanted]
        properties = [self._property_iri(name) for name in names]
        rows = {
            str(iri): {
                name: self._values(str(iri), prop)
                for name, prop in zip(names, properties, strict=True)
            }
            for iri in ids
        }
        meta = [
            {**self._property(prop), "id": name}
            for name, prop in zip(names, properties, strict=True)
        ]
        return {"meta": meta, "rows": rows}

    def _candidates(self, key: str, fields: Mapping[str, Any]) -> list[Values]:
        query = read_query(key, fields)
        iris = self._types.iris(query.kinds)
        if "query" not in fields:
            found = self._with_all(iris, query.properties)
        else:
            name = text_field(fields, "query")
            found = self._library.names.find(name, iris, limit=MOST_CANDIDATES)
        weighed = [self._weighed(match, query.properties) for match in found]
        weighed.sort(key=lambda m: -m.score)
        return [self._candidate(m) for m in weighed[: query.limit]]

    def _with_all(
        self, kinds: Collection[str], properties: Sequence[Any]
    ) -> tuple[NameMatch, ...]:
        """Return what all the given properties agree with, where there is no name."""
        return tuple(
            NameMatch(iri, _UNNAMED, self._library.label(iri, self._lang))
            for iri in self._library.names.things(kinds)
            if all(self._agrees(iri, given) for given in properties)
        )

    def _agrees(self, iri: str, given: object) -> bool:
        fields = json_object(given, "properties")
        prop = self._property_iri(text_field(fields, "pid"))
        values = fields.get("v", [])
        wanted = {
            as_compared(v) for v in (values if isinstance(values, list) else [values])
        }
        known = {fold_name(text) for text in self._texts(iri, prop)}
        return not known.isdisjoint(wanted)

    def _weighed(self, match: NameMatch, properties: Sequence[Any]) -> NameMatch:
        """Return a match with a score that the given properties have moved."""
        score, sure = match.score, match.sure
        for given in properties:
            if self._agrees(match.iri, given):
                score += _AGREES
            else:
                score, sure = score - _DIFFERS, False
        return NameMatch(match.iri, max(0.0, min(score, 100.0)), match.name, sure)

    def _candidate(self, match: NameMatch) -> Values:
        kind = own_type(self._library.names, match.iri)
        return {
            "id": match.iri,
            "name": self._library.label(match.iri, self._lang),
            "description": match.name,
            "score": match.score,
            "match": match.sure,
            "type": [self._type(kind)],
        }

    def _entity(self, match: NameMatch) -> Values:
        kind = self._type(own_type(self._library.names, match.iri))
        return {
            "id": match.iri,
            "name": self._library.label(match.iri, self._lang),
            "description": kind["name"],
            "notable": [kind],
        }

    def _type(self, iri: str) -> Values:
        return {
            "id": iri.removeprefix(GLO),
            "name": self._library.label(iri, self._lang),
        }

    def _property(self, iri: str) -> Values:
        name = self._library.view.term(iri, self._lang)
        return {"id": iri.removeprefix(GLO), "name": name}

    def _properties(self, kind: str) -> list[str]:
        kinds = self._types.iris([kind]) if kind else ()
        found = {
            t.predicate.value
            for iri in self._library.names.things(kinds)
            for t in self._library.view.out(iri)
        }
        return sorted(p for p in found if p != RDF + "type")

    def _property_iri(self, name: str) -> str:
        for iri in (name, GLO + name):
            if iri in self._known_properties:
                return iri
        raise UsageError(
            f"There is no property {name[:60]!r}.", remedy="ask /reconcile/properties."
        )

    def _texts(self, iri: str, prop: str) -> list[str]:
        values = self._library.view.objects(iri, prop)
        return [*values, *(self._library.label(v, self._lang) for v in values)]

    def _values(self, iri: str, prop: str) -> list[Values]:
        view = self._library.view
        if not view.path(iri):
            return []
        terms = [t.object for t in view.out(iri) if t.predicate.value == prop]
        return [self._cell(term) for term in in_language(terms, self._lang)]

    def _cell(self, term: object) -> Values:
        text = text_of(term)
        if isinstance(term, ox.Literal) and term.datatype.value == XSD + "integer":
            return {"int": int(text)}
        if isinstance(term, ox.NamedNode) and self._library.view.path(text):
            return {"id": text, "name": self._library.label(text, self._lang)}
        return {"str": text}

    def _known(self, iri: str) -> None:
        if not self._library.view.path(iri):
            raise UsageError(
                f"There is no thing {iri[:200]!r}.", remedy="give its IRI."
            )
