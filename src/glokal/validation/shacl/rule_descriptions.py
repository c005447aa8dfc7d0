"""The rules that a shapes graph holds, in words, whether they are kept or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from glokal.core.namespaces import SH
from glokal.rdf.terms import Term
from glokal.validation.display_names import Names
from glokal.validation.finding import near_text
from glokal.validation.localize import path_of
from glokal.validation.property_path import About
from glokal.validation.report import Rule
from glokal.validation.shacl.constraint_messages import Words, components


def rules_of_shapes(shapes: About, names: Names) -> tuple[Rule, ...]:
    """Return the shapes that ask for something; one without a name is its owner's."""
    words = Words(names, shapes)
    told: dict[str, list[str]] = {}
    for shape, said in shapes.items():
        owner = names.owner(shape)
        if owner is None:
            continue
        route = path_of(shapes, shape)
        iri = route.iri if route is not None and route.kind == "property" else ""
        prop = names.path(iri, shape, route)
        messages = {m.language or "": m.value for m in _texts(said)}
        for component in _components(said):
            own = near_text(messages, names.lang) if messages else ""
            text = own or words.message(
                shape,
                component,
                prop,
                words.kind_of(shape, component, None),
            )
            told.setdefault(owner.value, []).append(text)
    return tuple(
        Rule("shacl", name, "\n".join(dict.fromkeys(texts)))
        for name, texts in sorted(told.items())
    )


def _texts(said: Mapping[str, Iterable[Term]]) -> Iterator[ox.Literal]:
    return (m for m in said.get(SH + "message", ()) if isinstance(m, ox.Literal))


def _components(said: Mapping[str, Iterable[Term]]) -> Iterator[str]:
    for name in components():
        if SH + name[:1].lower() + name[1:] in said or (
            name == "SPARQL" and SH + "sparql" in said
        ):
            yield f"{SH}{name}ConstraintComponent"
