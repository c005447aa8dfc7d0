"""The prefixes that shapes declare for their queries (SHACL, section 5.2.1)."""

from __future__ import annotations

from glokal.core.namespaces import OWL, SH
from glokal.rdf.terms import Term, text_of
from glokal.validation.property_path import ValuesBySubject


def declared_prefixes(about: ValuesBySubject, owner: Term) -> dict[str, str]:
    """Return the prefixes that a constraint or validator names (SHACL, 5.2.1)."""
    waiting = list(about.get(owner, {}).get(SH + "prefixes", ()))
    result, seen = {}, set(waiting)
    while waiting:
        details = about.get(waiting.pop(), {})
        for declared in details.get(SH + "declare", ()):
            payload = about.get(declared, {})
            names = (payload.get(SH + "prefix", ()), payload.get(SH + "namespace", ()))
            for prefix, namespace in zip(*names, strict=False):
                result[text_of(prefix)] = text_of(namespace)
        more = set(details.get(OWL + "imports", ())) - seen
        seen |= more
        waiting += more
    return result
