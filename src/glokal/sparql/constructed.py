"""The triples of a CONSTRUCT, made of the rows of its WHERE (SPARQL 1.1, section 16.2).

pyoxigraph remembers each triple that a CONSTRUCT has given, in a few hundred bytes; of
a SELECT it remembers nothing. So a query that gives millions is asked as a SELECT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pyoxigraph as ox

from glokal.sparql.printer import print_query
from glokal.sparql.tree import (
    BlankNode,
    Expression,
    Iri,
    Literal,
    Query,
    TriplePattern,
    Variable,
)

# What a row gives for a place in the template; None for a variable without a value.
_Given = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
_Nodes = dict[str, ox.BlankNode]


def constructed(store: ox.Store, query: Query) -> Iterator[ox.Triple]:
    """Yield what a CONSTRUCT makes of the default graph; some of it more than once.

    A triple that can't be one is left out: with a variable that has no value, or with a
    literal for a subject or no IRI for a property.
    """
    template = query.template
    assert template is not None
    names = {
        term.name: None
        for pattern in template
        for term in (pattern.subject, pattern.verb, pattern.object)
        if isinstance(term, Variable)
    }
    # A template without variables is made for each row all the same.
    columns: list[tuple[Variable, Expression | None]]
    columns = [(Variable(name), None) for name in names]
    select = replace(query.select, projection=columns or None)
    rows = store.query(
        print_query(replace(query, form="SELECT", template=None, select=select))
    )
    assert isinstance(rows, ox.QuerySolutions)
    known = {v.value for v in rows.variables}
    for row in rows:
        nodes: _Nodes = {}
        values = {name: row[name] for name in names if name in known}
        for pattern in template:
            triple = _made(pattern, values.get, nodes)
            if triple is not None:
                yield triple


def _made(
    pattern: TriplePattern, value: Callable[[str], _Given], nodes: _Nodes
) -> ox.Triple | None:
    subject, predicate, obj = (
        _term(term, value, nodes)
        for term in (pattern.subject, pattern.verb, pattern.object)
    )
    if (
        isinstance(subject, ox.NamedNode | ox.BlankNode)
        and isinstance(predicate, ox.NamedNode)
        and isinstance(obj, ox.NamedNode | ox.BlankNode | ox.Literal)
    ):
        return ox.Triple(subject, predicate, obj)
    return None


def _term(term: object, value: Callable[[str], _Given], nodes: _Nodes) -> _Given:
    match term:
        case Variable():
            return value(term.name)
        case Iri():
            return ox.NamedNode(term.value)
        case BlankNode():
            # Another one for each row (section 16.2.1).
            return nodes.setdefault(term.label, ox.BlankNode())
        case Literal(language=""):
            datatype = ox.NamedNode(term.datatype) if term.datatype else None
            return ox.Literal(term.value, datatype=datatype)
        case Literal():
            return ox.Literal(term.value, language=term.language)
    raise AssertionError(term)
