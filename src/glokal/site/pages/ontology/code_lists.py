"""The code lists: each with its codes, their names and what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from glokal.core.collation import SortKey, sort_key
from glokal.core.namespaces import CODE, GLO, RDF, SKOS
from glokal.rdf.terms import literal_in
from glokal.site.graph_view import GraphView
from glokal.site.page_values import Value, foreign
from glokal.site.pages.ontology.definitions import other_labels


@dataclass(frozen=True)
class ShownCode:
    """A code: its name, its names in other languages, its meaning, how often used."""

    label: Value
    others: tuple[Value, ...]
    definition: Value
    used: int


@dataclass(frozen=True)
class ShownCodeList:
    """A code list: its name in an address, its name in words, its codes."""

    anchor: str
    label: str
    codes: tuple[ShownCode, ...]


def code_lists(view: GraphView, lang: str) -> list[ShownCodeList]:
    """Return the code lists, sorted by their names, each in the order of its codes."""
    schemes = [
        iri
        for iri in view.subjects_of_type(SKOS + "ConceptScheme")
        if iri.startswith(CODE)
    ]
    lists = [
        ShownCodeList(
            "list-" + scheme.removeprefix(CODE),
            view.labels.of(scheme, lang),
            tuple(
                _code(view, code, lang)
                for code in _in_order(view, scheme, lang)
                if view.in_use(code)
            ),
        )
        for scheme in schemes
    ]
    shown = (result for result in lists if result.codes)
    return sorted(shown, key=lambda result: sort_key(result.label, lang))


def _in_order(view: GraphView, scheme: str, lang: str) -> Iterable[str]:
    codes = {
        t.subject.value
        for t in view.into(scheme)
        if t.predicate.value == SKOS + "inScheme" and hasattr(t.subject, "value")
    }

    def key(iri: str) -> tuple[str, SortKey]:
        number = "".join(view.objects(iri, SKOS + "notation")[:1])
        return number.rjust(9), sort_key(view.labels.of(iri, lang), lang)

    return sorted(codes, key=key)


def _code(view: GraphView, iri: str, lang: str) -> ShownCode:
    result = literal_in(
        (t.object for t in view.out(iri) if t.predicate.value == SKOS + "definition"),
        lang,
        "nb",
    )
    apart = (RDF + "type", SKOS + "inScheme", SKOS + "hasTopConcept")
    used = sum(
        t.predicate.value.startswith(GLO) and t.predicate.value not in apart
        for t in view.into(iri)
    )
    return ShownCode(
        view.link(iri, lang),
        other_labels(view, iri, lang),
        Value(result.value, foreign(result, lang)) if result else Value(""),
        used,
    )
