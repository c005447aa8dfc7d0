"""The messages of shapes: whose they are, and what stands in their `{?name}`.

SHACL, section 5.3.2 for SPARQL-based constraints; `{$name}` of a parameter is filled
in for every constraint, which section 2.1.5 leaves open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from glokal.core.namespaces import SH
from glokal.rdf.terms import Term, text_of
from glokal.validation.property_path import ValuesBySubject

_VALIDATORS = ("validator", "nodeValidator", "propertyValidator")
_MARKS = ("?", "$")


def fill_message(message: ox.Literal, bound: Mapping[str, Term | None]) -> ox.Literal:
    """Return a message with its `{?name}` and `{$name}` filled in, its language kept.

    What has no value is left as it is written.
    """
    text = fill_text(message.value, {k: text_of(v) for k, v in bound.items() if v})
    if message.language:
        return ox.Literal(text, language=message.language)
    return ox.Literal(text)


def fill_text(text: str, bound: Mapping[str, str]) -> str:
    """Return a text with its `{?name}` and `{$name}` filled in."""
    parts = text.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        known = name[:1] in _MARKS and bool(closed) and name[1:] in bound
        filled.append(bound[name[1:]] + rest if known else "{" + part)
    return "".join(filled)


def is_the_same_for_all(messages: Iterable[Term]) -> bool:
    """Whether nothing is to be filled in: each result of the constraint says it so."""
    return not any("{" in text_of(message) for message in messages)


def messages_for(
    about: ValuesBySubject, shape: Term, component: str, source: Term | None
) -> Sequence[Term]:
    """Return the messages that belong to a result of a constraint.

    Those of the SPARQL constraint (`source`), else of the shape, else of the validator
    of a constraint component of one's own.
    """
    details = about.get(shape, {})
    if source is not None and SH + "message" in about.get(source, {}):
        return about[source][SH + "message"]
    if SH + "message" in details:
        return details[SH + "message"]
    own = about.get(ox.NamedNode(component), {}) if component else {}
    kinds = [*_VALIDATORS]
    kinds.remove("nodeValidator" if SH + "path" in details else "propertyValidator")
    terms: list[Term] = []
    for kind in reversed(kinds):
        for validator in own.get(SH + kind, ()):
            terms += about.get(validator, {}).get(SH + "message", ())
        if terms:
            break
    return terms or own.get(SH + "message", ())


def parameters_of(about: ValuesBySubject, shape: Term) -> dict[str, Term]:
    """Return the parameters of a shape's constraints by the names messages use."""
    results: dict[str, Term] = {}
    for predicate, values in about.get(shape, {}).items():
        name = predicate.rpartition("#")[2].rpartition("/")[2]
        if values and name != "message":
            results.setdefault(name, values[0])
    return results
