"""Constraint components of one's own (SHACL, section 6), asked of pyoxigraph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from glokal.core.namespaces import SH
from glokal.rdf.terms import Term, text_of
from glokal.validation.property_path import ValuesBySubject
from glokal.validation.shacl.data_queries import path_term
from glokal.validation.shacl.prebinding import with_path
from glokal.validation.shacl.shape_messages import messages_for
from glokal.validation.shacl.sparql_constraints import (
    SHAPES_GRAPH,
    Solved,
    SparqlConstraints,
)

# What a shapes graph declares a component by.
COMPONENT_PARTS = frozenset(
    SH + name for name in "parameter validator nodeValidator propertyValidator".split()
)


@dataclass(frozen=True)
class Component:
    """A component: its IRI, its parameters by IRI, those it can be without."""

    iri: str
    parameters: tuple[str, ...]
    optional: frozenset[str]


def components_of(about: ValuesBySubject) -> Iterator[Component]:
    """Yield the constraint components that a shapes graph declares (6.2.1)."""
    for term, details in about.items():
        if SH + "parameter" not in details or not isinstance(term, ox.NamedNode):
            continue
        names: list[str] = []
        optional: set[str] = set()
        for parameter in details[SH + "parameter"]:
            payload = about.get(parameter, {})
            for path in payload.get(SH + "path", ()):
                names.append(text_of(path))
                if any(text_of(v) == "true" for v in payload.get(SH + "optional", ())):
                    optional.add(text_of(path))
        yield Component(term.value, tuple(names), frozenset(optional))


def uses(component: Component, said: Mapping[str, Sequence[Term]]) -> bool:
    """Whether a shape has each parameter that a component can't be without (6.2)."""
    needed = set(component.parameters) - component.optional
    return bool(needed) and all(name in said for name in needed)


def component_results(queries: SparqlConstraints) -> Iterator[Solved]:
    """Yield what the components find, in the order of the shapes."""
    about = queries.about
    for component in components_of(about):
        for shape, details in about.items():
            if uses(component, details):
                for bound in _bindings(component, details):
                    yield from _found(queries, component, shape, bound)


def _bindings(
    component: Component, said: Mapping[str, Sequence[Term]]
) -> Iterator[dict[str, Term]]:
    """Yield the values of the parameters; one with a single parameter may repeat."""
    names = {iri: _local(iri) for iri in component.parameters}
    if len(names) == 1:
        ((iri, name),) = names.items()
        for value in said[iri]:
            yield {name: value}
        return
    yield {name: said[iri][0] for iri, name in names.items() if iri in said}


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _found(
    queries: SparqlConstraints,
    component: Component,
    shape: Term,
    parameters: dict[str, Term],
) -> Iterator[Solved]:
    about = queries.about
    path = path_term(about, shape)
    validator = validator_of(about, component, with_path_=path is not None)
    if validator is None:
        return
    details = about.get(validator, {})
    requested = SH + "ask" in details
    text = text_of(
        next(iter(details.get(SH + ("ask" if requested else "select"), ())), None)
    )
    text = with_path(text, path)
    messages = messages_for(about, shape, component.iri, None)
    bound = {**parameters, "shapesGraph": SHAPES_GRAPH, "currentShape": shape}
    for focus in queries.graph.focus_nodes(shape):
        here = {**bound, "this": focus}
        if not requested:
            for row in queries.ask(validator, text, here):
                fields = {**parameters, **row}
                yield Solved(shape, component.iri, focus, fields, messages, validator)
            continue
        values = [focus] if path is None else queries.graph.values(path, focus)
        for value in values:
            for _ in queries.ask(validator, text, {**here, "value": value}):
                fields = {**parameters, "value": value}
                yield Solved(shape, component.iri, focus, fields, messages, validator)


def validator_of(
    about: ValuesBySubject, component: Component, *, with_path_: bool
) -> Term | None:
    """Return the validator for the kind of shape (SHACL, section 6.3)."""
    own = about.get(ox.NamedNode(component.iri), {})
    kind = "propertyValidator" if with_path_ else "nodeValidator"
    for name in (kind, "validator"):
        for validator in own.get(SH + name, ()):
            return validator
    return None
