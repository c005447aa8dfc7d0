"""Reading Turtle to a tree (https://www.w3.org/TR/turtle/#sec-grammar-grammar)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pyoxigraph as ox

from glokal.core.errors import Place, SourceError
from glokal.core.namespaces import RDF, XSD
from glokal.rdf.terms import Term
from glokal.rdf.turtle.iris import Scope, unescape
from glokal.rdf.turtle.lexer import Token, tokenize
from glokal.rdf.turtle.token_cursor import TokenCursor
from glokal.rdf.turtle.tree import Comments, Document, Node, Property, Statement

_T = TypeVar("_T")


def parse_tree(text: str, file: str, base: str = "") -> Document:
    """Return the tree of a Turtle text; SourceError with its place when it is wrong.

    `base` is what relative IRIs stand under where the text doesn't say; "" for none.
    """
    place = Place(file, 1, 1)
    scope = Scope(base=base)
    return _careful(_Parser(tokenize(text, place), scope, place).document, place)


def parse_statement(text: str, scope: Scope, place: Place) -> Statement:
    """Return the tree of a statement that stands alone, with or without its dot.

    `place` is where the text begins. Raises SourceError when it is wrong.
    """
    return _careful(_Parser(tokenize(text, place), scope, place).only, place)


def _careful(read: Callable[[], _T], place: Place) -> _T:
    try:
        return read()
    except RecursionError:
        pass
    raise SourceError(
        "Something is nested too deeply.",
        remedy="give what is nested names of its own.",
        place=place,
    )


class _Parser(TokenCursor):
    def __init__(self, tokens: list[Token], scope: Scope, place: Place) -> None:
        super().__init__(tokens, place)
        self.scope = scope
        self.blank: dict[str, ox.BlankNode] = {}
        self.base = ""
        # The relative IRIs under the base that is kept; those under others are not.
        self.relative: dict[str, str] = {}
        self.keeping = True

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
                self.directive(first=not statements)
            else:
                statements.append(self.statement())
        return Document(
            dict(self.scope.prefixes),
            statements,
            head,
            self.take_waiting(),
            self.base,
            self.relative,
        )

    def only(self) -> Statement:
        statement = self.statement(closed=False)
        token = self.peek()
        if token is not None:
            raise self.error(f"expected the end, found {token.text[:30]!r}", token)
        return statement

    def directive(self, *, first: bool) -> None:
        word = self.next("a directive")
        self.last = None
        if word.text.lower().lstrip("@") == "prefix":
            name = self.next("a prefix")
            if name.kind != "name" or not name.text.endswith(":"):
                raise self.error("expected a prefix that ends in ':'", name)
            iri = self.iri(self.next("an IRI"))
            known = {**self.scope.prefixes, name.text[:-1]: iri}
            self.scope = Scope(known, self.scope.base)
        else:
            self.keeping = first and not self.base and not self.relative
            token = self.next("an IRI")
            self.scope = Scope(self.scope.prefixes, self.iri(token, kept=False))
            if self.keeping:
                self.base = token.text
        if word.text.startswith("@"):
            self.mark(".")

    def statement(self, *, closed: bool = True) -> Statement:
        comments = Comments(self.take_waiting())
        self.last = comments
        subject = self.node("a subject")
        if isinstance(subject.term, ox.Literal):
            raise self.error("a literal can't be a subject", self.tokens[self.at - 1])
        token = self.peek()
        alone = subject.inside is not None and (token is None or token.text == ".")
        properties = [] if alone else self.properties(".")
        # Before the dot a comment has no node of its own.
        comments.above += self.take_waiting()
        if closed or self.peek() is not None:
            self.mark(".")
        self.peek()
        return Statement(subject, properties, comments)

    def properties(self, end: str) -> list[Property]:
        results = []
        while True:
            # Looking ahead settles which comments stand above the predicate.
            self.peek()
            comments = Comments(self.take_waiting())
            self.last = comments
            token = self.next("a predicate")
            is_a = token.text == "a"
            predicate = ox.NamedNode(RDF + "type" if is_a else self.iri(token))
            objects = self.objects()
            for node in objects:
                node.verb = token.line, token.column
            results.append(Property(predicate, objects, comments))
            while (following := self.peek()) is not None and following.text == ";":
                self.next("';'")
            if following is None or following.text == end:
                return results

    def objects(self) -> list[Node]:
        results = []
        while True:
            self.peek()
            above = self.take_waiting()
            node = self.node("an object")
            node.comments.above = above
            self.last = node.comments
            results.append(node)
            token = self.peek()
            if token is None or token.text != ",":
                return results
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
        # What stands behind the bracket is about what comes in it.
        self.last = None
        following = self.peek()
        if following is not None and following.text != "]":
            inside = self.properties("]")
            self.peek()
        tail = self.take_waiting()
        self.mark("]")
        self.last = None
        return Node(ox.BlankNode(), token.line, token.column, inside=inside, tail=tail)

    def collection(self, token: Token) -> Node:
        members = []
        self.last = None
        while (following := self.peek()) is not None and following.text != ")":
            above = self.take_waiting()
            member = self.node("a member")
            member.comments.above = above
            self.last = member.comments
            members.append(member)
        tail = self.take_waiting()
        self.mark(")")
        self.last = None
        if not members:
            # Nothing is nested in an empty list, so its comments go on.
            self.waiting += tail
            return Node(ox.NamedNode(RDF + "nil"), token.line, token.column)
        return Node(
            ox.BlankNode(), token.line, token.column, members=members, tail=tail
        )

    def iri(self, token: Token, *, kept: bool = True) -> str:
        if token.kind not in ("iri", "name"):
            raise self.error(f"expected an IRI, found {token.text[:30]!r}", token)
        try:
            iri = self.scope.iri(token.text)
            if (
                kept
                and self.keeping
                and token.text[0] == "<"
                and iri != token.text[1:-1]
            ):
                self.relative.setdefault(iri, token.text)
            return iri
        except KeyError as error:
            what = f"the prefix {error.args[0]}: is not declared"
            raise self.error(what, token) from error
        except SyntaxError as error:
            what = f"{token.text[:60]} is not an IRI that can be resolved"
            raise self.error(what, token) from error

    def literal(self, token: Token) -> ox.Literal:
        quote = 3 if token.text[:3] in ('"""', "'''") else 1
        value = unescape(token.text[quote:-quote])
        # A comment behind the string is about it, when nothing of it follows.
        following = self.peek() if self.tagged() else None
        if following is not None and following.kind == "lang":
            self.next("a language")
            return ox.Literal(value, language=following.text[1:])
        if following is not None and following.text == "^^":
            self.next("'^^'")
            datatype = self.iri(self.next("a datatype"))
            return ox.Literal(value, datatype=ox.NamedNode(datatype))
        return ox.Literal(value)


def _number(text: str) -> ox.Literal:
    kind = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
