"""Turtle as a tree that keeps what a graph loses: places, comments, how it is written.

Comments belong to the statement, predicate or object that they stand above or behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from glokal.core.namespaces import RDF
from glokal.rdf.terms import Term


@dataclass(slots=True)
class Comments:
    """The comments above a node and the one behind it."""

    above: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Node:
    """A term, or a nested blank node or collection, at its place.

    `term` is the RDF term; for a nested node it is a blank node, and `inside` or
    `members` hold what is nested, `tail` the comments before the closing bracket.
    `verb` is the line and column of the predicate that it is an object of.
    """

    term: Term
    line: int
    column: int
    inside: list[Property] | None = None
    members: list[Node] | None = None
    comments: Comments = field(default_factory=Comments)
    tail: list[str] = field(default_factory=list)
    verb: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Property:
    """A predicate with its objects."""

    predicate: ox.NamedNode
    objects: list[Node]
    comments: Comments = field(default_factory=Comments)


@dataclass(slots=True)
class Statement:
    """A subject with its properties."""

    subject: Node
    properties: list[Property]
    comments: Comments = field(default_factory=Comments)


@dataclass(slots=True)
class Document:
    """A Turtle document.

    `base` is what its first @base says, as it is written, when that stands before every
    statement; `relative` says how relative IRIs are written, by what they stand for.
    """

    prefixes: dict[str, str]
    statements: list[Statement]
    head: list[str]
    tail: list[str]
    base: str = ""
    relative: dict[str, str] = field(default_factory=dict)


Placed = tuple[ox.Triple, Node, Node]


def placed_triples(document: Document) -> Iterator[Placed]:
    """Yield each triple of a tree with the nodes of its subject and its object."""
    for statement in document.statements:
        yield from triples_of(statement)


def triples_of(statement: Statement) -> Iterator[Placed]:
    """Yield each triple of a statement with the nodes of its subject and its object."""
    yield from _inside(statement.subject)
    yield from _of(statement.subject, statement.properties)


def _of(subject: Node, properties: list[Property]) -> Iterator[Placed]:
    for prop in properties:
        for value in prop.objects:
            assert not isinstance(subject.term, ox.Literal)
            yield ox.Triple(subject.term, prop.predicate, value.term), subject, value
            yield from _inside(value)


def _inside(node: Node) -> Iterator[Placed]:
    if node.inside:
        yield from _of(node, node.inside)
    if node.members:
        cells = [node.term, *(ox.BlankNode() for _ in node.members[1:])]
        for number, member in enumerate(node.members):
            cell = cells[number]
            rest: Term = ox.NamedNode(RDF + "nil")
            if number + 1 < len(cells):
                rest = cells[number + 1]
            assert isinstance(cell, ox.BlankNode)
            first = ox.Triple(cell, ox.NamedNode(RDF + "first"), member.term)
            yield first, node, member
            yield ox.Triple(cell, ox.NamedNode(RDF + "rest"), rest), node, member
            yield from _inside(member)
