"""Faults of constraint components of one's own (SHACL, section 6)."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from glokal.core.namespaces import SH
from glokal.validation.property_path import ValuesBySubject
from glokal.validation.shacl.shape_faults import ShapeFault
from glokal.validation.shacl.sparql_components import (
    components_of,
    uses,
    validator_of,
)


def component_faults(about: ValuesBySubject) -> Iterator[ShapeFault]:
    """Yield where a component would check nothing, or not all that it is asked.

    It has no validator for the kind of shape (6.3), several values for one of several
    parameters, or is no component (6.2).
    """
    known = {ox.NamedNode(own.iri): own for own in components_of(about)}
    for term, details in about.items():
        parameters = details.get(SH + "parameter", ())
        own = known.get(term) if isinstance(term, ox.NamedNode) else None
        if parameters and (own is None or not set(own.parameters) - own.optional):
            yield ShapeFault(
                "component-form", term, SH + "parameter", parameters[0], {}
            )
    for component in known.values():
        for shape, details in about.items():
            if not uses(component, details):
                continue
            has_path = SH + "path" in details
            if validator_of(about, component, with_path_=has_path) is None:
                fields = {"component": f"<{component.iri}>"}
                first = component.parameters[0]
                yield ShapeFault("no-validator", shape, first, None, fields)
            for name in component.parameters:
                values = details.get(name, ())
                if len(component.parameters) > 1 and len(values) > 1:
                    fields = {"n": str(len(values)), "term": f"<{name}>"}
                    yield ShapeFault("too-many", shape, name, values[-1], fields)
