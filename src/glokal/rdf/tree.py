"""Turtle as a tree that keeps what a graph loses: places, comments, how it is written.

Grammar: https://www.w3.org/TR/turtle/#sec-grammar-grammar. Comments belong to the
statement, predicate or object that they stand above or behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

import pyoxigraph as ox

from glokal.errors import Place, SourceError
from glokal.rdf.terms import Term
from glokal.rdf.tokens import Token, tokenize
from glokal.vocabulary import RDF, XSD


@dataclass(slots=True)
class Comments:
    """The comments above a node and the one behind it."""

    above: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Node:
    """A term, or a nested blank node or collection, at its place.

    `term` is the RDF term; for a nested node it is a blank node, and `inside` or
    `members` hold what is nested.
    """

    term: Term
    line: int
    column: int
    inside: list[Property] | None = None
    members: list[Node] | None = None
    comments: Comments = field(default_factory=Comments)


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
    """A Turtle document."""

    prefixes: dict[str, str]
    statements: list[Statement]
    head: list[str]
    tail: list[str]


Placed = tuple[ox.Triple, Node, Node]


def parse_tree(text: str, file: str) -> Document:
    """Return the tree of a Turtle text; SourceError with its place when it is wrong."""
    return _Parser(tokenize(text, file), file).document()


def placed_triples(document: Document) -> Iterator[Placed]:
    """Yield each triple of a tree with the nodes of its subject and its object."""
    for statement in document.statements:
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


class _Parser:
    def __init__(self, tokens: list[Token], file: str) -> None:
        self.tokens = tokens
        self.file = file
        self.at = 0
        self.base = ""
        self.prefixes: dict[str, str] = {}
        self.blank: dict[str, ox.BlankNode] = {}
        self.waiting: list[str] = []
        self.last: Comments | None = None
        self.last_line = 0

    def document(self) -> Document:
        statements: list[Statement] = []
        head: list[str] = []
        while True:
            token = self.peek()
            if token is None:
                break
            if token.kind == "directive":
                if not statements:
                    head += self.take_waiting()
                self.directive()
            else:
                statements.append(self.statement())
        return Document(self.prefixes, statements, head, self.take_waiting())

    def peek(self) -> Token | None:
        """Return the next token that is no comment; comments wait for their node."""
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "comment":
            token = self.tokens[self.at]
            if self.last is not None and token.line == self.last_line:
                self.last.behind.append(token.text)
            else:
                self.waiting.append(token.text)
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self, expected: str) -> Token:
        token = self.peek()
        if token is None:
            last = self.tokens[-1] if self.tokens else Token("", "", 0, 1, 1)
            raise self.error(f"the file ends where {expected} is expected", last)
        self.at += 1
        self.last_line = token.line + token.text.count("\n")
        return token

    def mark(self, text: str) -> None:
        token = self.next(f"'{text}'")
        if token.text != text:
            raise self.error(f"expected '{text}', found {token.text[:30]!r}", token)

    def error(self, what: str, token: Token) -> SourceError:
        return SourceError(
            f"Turtle syntax error: {what}.",
            remedy="mend the text there, or just before.",
            place=Place(self.file, token.line, token.column),
        )

    def take_waiting(self) -> list[str]:
        waiting, self.waiting = self.waiting, []
        return waiting

    def directive(self) -> None:
        word = self.next("a directive")
        self.last = None
        if word.text.lower().lstrip("@") == "prefix":
            name = self.next("a prefix")
            if name.kind != "name" or not name.text.endswith(":"):
                raise self.error("expected a prefix that ends in ':'", name)
            self.prefixes[name.text[:-1]] = self.iri(self.next("an IRI"))
        else:
            self.base = self.iri(self.next("an IRI"))
        if word.text.startswith("@"):
            self.mark(".")

    def statement(self) -> Statement:
        comments = Comments(self.take_waiting())
        self.last = comments
        subject = self.node("a subject")
        if isinstance(subject.term, ox.Literal):
            raise self.error("a literal can't be a subject", self.tokens[self.at - 1])
        token = self.peek()
        nested = subject.inside is not None and token is not None and token.text == "."
        properties = [] if nested else self.properties(".")
        self.mark(".")
        self.peek()
        return Statement(subject, properties, comments)

    def properties(self, end: str) -> list[Property]:
        found = []
        while True:
            # Looking ahead settles which comments stand above the predicate.
            self.peek()
            comments = Comments(self.take_waiting())
            self.last = comments
            token = self.next("a predicate")
            is_a = token.text == "a"
            predicate = ox.NamedNode(RDF + "type" if is_a else self.iri(token))
            found.append(Property(predicate, self.objects(), comments))
            while (following := self.peek()) is not None and following.text == ";":
                self.next("';'")
            if following is None or following.text == end:
                return found

    def objects(self) -> list[Node]:
        found = []
        while True:
            self.peek()
            above = self.take_waiting()
            node = self.node("an object")
            node.comments.above = above
            self.last = node.comments
            found.append(node)
            token = self.peek()
            if token is None or token.text != ",":
                return found
            self.next("','")

    def node(self, expected: str) -> Node:
        token = self.next(expected)
        match token.kind:
            case "iri" | "name":
                term: Term = ox.NamedNode(self.iri(token))
            case "string":
                term = self.literal(token)
            case "number":
                term = _number(token.text)
            case "word" if token.text != "a":
                term = ox.Literal(token.text, datatype=ox.NamedNode(XSD + "boolean"))
            case "blank":
                term = self.blank.setdefault(token.text, ox.BlankNode())
            case "mark" if token.text == "[":
                return self.nested(token)
            case "mark" if token.text == "(":
                return self.collection(token)
            case _:
                raise self.error(
                    f"expected {expected}, found {token.text[:30]!r}", token
                )
        return Node(term, token.line, token.column)

    def nested(self, token: Token) -> Node:
        inside = []
        following = self.peek()
        if following is not None and following.text != "]":
            inside = self.properties("]")
        self.mark("]")
        return Node(ox.BlankNode(), token.line, token.column, inside=inside)

    def collection(self, token: Token) -> Node:
        members = []
        while (following := self.peek()) is not None and following.text != ")":
            above = self.take_waiting()
            member = self.node("a member")
            member.comments.above = above
            self.last = member.comments
            members.append(member)
        self.mark(")")
        if not members:
            return Node(ox.NamedNode(RDF + "nil"), token.line, token.column)
        return Node(ox.BlankNode(), token.line, token.column, members=members)

    def iri(self, token: Token) -> str:
        if token.kind == "iri":
            return urljoin(self.base, _unescape(token.text[1:-1]))
        if token.kind != "name":
            raise self.error(f"expected an IRI, found {token.text[:30]!r}", token)
        prefix, _, local = token.text.partition(":")
        if prefix not in self.prefixes:
            raise self.error(f"the prefix {prefix}: is not declared", token)
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    def literal(self, token: Token) -> ox.Literal:
        quote = 3 if token.text[:3] in ('"""', "'''") else 1
        value = _unescape(token.text[quote:-quote])
        following = self.peek()
        if following is not None and following.kind == "lang":
            self.next("a language")
            return ox.Literal(value, language=following.text[1:])
        if following is not None and following.text == "^^":
            self.next("'^^'")
            datatype = self.iri(self.next("a datatype"))
            return ox.Literal(value, datatype=ox.NamedNode(datatype))
        return ox.Literal(value)


_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(
        r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))",
        lambda m: _ESCAPES.get(m[3], m[3]) if m[3] else chr(int(m[1] or m[2], 16)),
        text,
    )


def _number(text: str) -> ox.Literal:
    kind = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
