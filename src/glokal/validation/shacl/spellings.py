"""How the data write a number or a date that a query has returned.

pyoxigraph keeps such literals by their value: "2.50" comes back as "2.5", and "1" of
xsd:int as one of xsd:integer. A result names the term of the data (SHACL, 3.6.2.3), and
its place is looked for by that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from glokal.core.namespaces import RDF, XSD
from glokal.rdf.terms import Term
from glokal.validation.shacl.sparql_constraints import Solved

# Literals of these are kept as they are written.
_KEPT = frozenset((XSD + "string", RDF + "langString"))
_TYPED = b'"^^<'


def respelled(solveds: Sequence[Solved], data: Path) -> list[Solved]:
    """Return results with their values, and focus nodes, as an N-Triples file has them.

    Of several spellings of one value it is one that is said of the focus node.
    """
    wanted = {
        (solved.focus, term)
        for solved in solveds
        for term in (solved.focus, solved.row.get("value"))
        if isinstance(term, ox.Literal) and term.datatype.value not in _KEPT
    }
    if not wanted:
        return list(solveds)
    values = {term for _, term in wanted}
    subjects = {str(solved.focus).encode() for solved in solveds}
    own, others = _written(data, values, subjects)
    if missing := values - others.keys():
        # Behind a path, or the focus node itself: anything may have it.
        others |= _written(data, missing)[1]

    def spelled(focus: Term, term: Term) -> Term:
        if (focus, term) not in wanted:
            return term
        near = own.get((focus, term), [])
        known = near or others.get(term, [])
        return term if term in known or not known else known[0]

    results = []
    for solved in solveds:
        row = dict(solved.row)
        if (value := row.get("value")) is not None:
            row["value"] = spelled(solved.focus, value)
        focus = spelled(solved.focus, solved.focus)
        results.append(dataclasses.replace(solved, focus=focus, row=row))
    return results


_Near = dict[tuple[Term, Term], list[Term]]


def _written(
    data: Path, values: Iterable[Term], subjects: Collection[bytes] | None = None
) -> tuple[_Near, dict[Term, list[Term]]]:
    """Return how some values are written, by subject and value, and by value alone.

    With `subjects`, only what is said of them is looked at.
    """
    literals: dict[ox.Literal, dict[Term, None]] = {}
    for triple in _typed(data, subjects):
        value, subject = triple.object, triple.subject
        assert isinstance(value, ox.Literal)
        assert isinstance(subject, ox.NamedNode | ox.BlankNode)
        literals.setdefault(value, {})[subject] = None
    written = list(literals)
    store, name = ox.Store(), ox.NamedNode(RDF + "value")
    store.bulk_extend(
        ox.Quad(ox.NamedNode(f"urn:x-glokal:{number}"), name, literal)
        for number, literal in enumerate(written)
    )
    own: _Near = {}
    others: dict[Term, list[Term]] = {}
    for value in values:
        assert isinstance(value, ox.Literal)
        for quad in store.quads_for_pattern(None, name, value):
            assert isinstance(quad.subject, ox.NamedNode)
            literal = written[int(quad.subject.value.rpartition(":")[2])]
            others.setdefault(value, []).append(literal)
            for holder in literals[literal]:
                own.setdefault((holder, value), []).append(literal)
    for found in (*own.values(), *others.values()):
        found.sort(key=str)
    return own, others


def _typed(data: Path, subjects: Collection[bytes] | None) -> Iterator[ox.Triple]:
    with data.open("rb") as file:
        lines = b"".join(
            line
            for line in file
            if _TYPED in line
            and (subjects is None or line[: line.index(b" ")] in subjects)
        )
    for quad in ox.parse(input=lines, format=ox.RdfFormat.N_TRIPLES):
        if isinstance(quad.object, ox.Literal):
            yield quad.triple
