"""Small readings of RDF terms: text, short names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from glokal.core.namespaces import XSD

Term = ox.NamedNode | ox.BlankNode | ox.Literal
# Asked a million times in a large file, where a union would be made anew each time.
_TERMS = (ox.NamedNode, ox.BlankNode, ox.Literal)


def text_of(term: object) -> str:
    """Return the IRI, the label or the lexical form of a term, "" for none."""
    if isinstance(term, _TERMS):
        return str(term.value)
    return ""


def has_blank_node(statement: ox.Triple | ox.Quad) -> bool:
    """Whether a statement has a blank node, also in a triple that it speaks of."""
    for end in (statement.subject, statement.object):
        if isinstance(end, ox.BlankNode):
            return True
        if isinstance(end, ox.Triple) and has_blank_node(end):
            return True
    return isinstance(statement, ox.Quad) and isinstance(
        statement.graph_name, ox.BlankNode
    )


def shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return the IRI as a prefixed name when a prefix fits, else as it is."""
    best = ""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and len(namespace) > len(prefixes.get(best, "")):
            local = iri[len(namespace) :]
            if local and not set(local) & set("/#?"):
                best = prefix
    return f"{best}:{iri[len(prefixes[best]) :]}" if best else iri


def literal_in(terms: Iterable[object], *languages: str) -> ox.Literal | None:
    """Return the literal in the first of the languages that has one."""
    literals = [t for t in terms if isinstance(t, ox.Literal)]
    if len(literals) > 1:
        literals.sort(key=lambda t: str(t.value))
    for language in languages:
        for literal in literals:
            if (literal.language or "") == language:
                return literal
    return literals[0] if literals else None


def integer(number: int) -> ox.Literal:
    """Return an xsd:integer literal."""
    return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))
