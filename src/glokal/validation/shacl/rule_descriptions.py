"""The rules that a shapes graph holds, in words, whether they are kept or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from glokal.core.namespaces import SH
from glokal.rdf.terms import Term
from glokal.validation.display_names import DisplayNames
from glokal.validation.finding import near_text
from glokal.validation.localize import shape_path
from glokal.validation.property_path import ValuesBySubject
from glokal.validation.report import CheckedRule
from glokal.validation.shacl.constraint_messages import ConstraintMessages, components


def rules_of_shapes(
    shapes: ValuesBySubject, names: DisplayNames
) -> tuple[CheckedRule, ...]:
    """Return the shapes that ask for something; one without a name is its owner's."""
    words = ConstraintMessages(names, shapes)
    fields: dict[str, list[str]] = {}
    for shape, details in shapes.items():
        owner = names.owner(shape)
        if owner is None:
            continue
        route = shape_path(shapes, shape)
        iri = route.iri if route is not None and route.kind == "property" else ""
        prop = names.path(iri, shape, route)
        messages = {m.language or "": m.value for m in _texts(details)}
        for component in _components(details):
            own = near_text(messages, names.lang) if messages else ""
            text = own or words.message(
                shape,
                component,
                prop,
                words.kind_of(shape, component, None),
            )
            fields.setdefault(owner.value, []).append(text)
    return tuple(
        CheckedRule("shacl", name, "\n".join(dict.fromkeys(texts)))
        for name, texts in sorted(fields.items())
    )


def _texts(said: Mapping[str, Iterable[Term]]) -> Iterator[ox.Literal]:
    return (m for m in said.get(SH + "message", ()) if isinstance(m, ox.Literal))


def _components(said: Mapping[str, Iterable[Term]]) -> Iterator[str]:
    for name in components():
        if SH + name[:1].lower() + name[1:] in said or (
            name == "SPARQL" and SH + "sparql" in said
        ):
            yield f"{SH}{name}ConstraintComponent"
