"""RDF terms as plain values, for JSON and for Python: numbers as numbers."""

from __future__ import annotations

import math

import pyoxigraph as ox

from glokal.core.namespaces import XSD
from glokal.rdf.terms import Term, text_of

PlainValue = str | int | float | bool | None
_WHOLE = {XSD + name for name in ("integer", "int", "long", "nonNegativeInteger")}
_BROKEN = {XSD + name for name in ("decimal", "double", "float")}


def plain_value(term: Term | None) -> PlainValue:
    """Return a number, a truth value or a text; None where the answer is silent.

    An IRI is a text. A number that JSON has no form for stays the text it is.
    """
    if not isinstance(term, ox.Literal):
        return text_of(term) or None
    kind, text = term.datatype.value, str(term.value)
    try:
        if kind == XSD + "boolean":
            return text in ("true", "1")
        if kind in _WHOLE:
            return int(text)
        if kind in _BROKEN and math.isfinite(number := float(text)):
            return number
    except ValueError:
        pass
    return text
