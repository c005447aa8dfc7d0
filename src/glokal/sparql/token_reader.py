"""The cursor over the tokens, and what stands in them alone: names, literals, terms."""

from __future__ import annotations

from typing import NoReturn

import pyoxigraph as ox

from glokal.core.namespaces import RDF, XSD
from glokal.sparql.errors import NotTakenError, QueryError, UnexpectedTokenError
from glokal.sparql.iri_resolution import absolute, expanded
from glokal.sparql.lexer import (
    BLANK_NODE,
    DECIMAL,
    DOUBLE,
    INTEGER,
    IRIREF,
    LANGTAG,
    NUMBERS,
    PNAME,
    STRING,
    VAR,
    Tokens,
    unescape_string,
)
from glokal.sparql.tree import BlankNode, Iri, Literal, QueryTerm, Variable

# Groups, brackets and lists in one another: the engine's own reader overflows its stack
# at some thousand, and Python's at some hundred.
MAX_DEPTH = 100
# Parts that the engine hangs one on the other (&&, UNION, BIND …): at some thousand it
# overflows its stack, and its time grows with the square.
MAX_LINKS = 1000
# Characters of all IRIs together as they are printed: a short text with a long prefix
# would become one that no engine can hold.
MAX_IRIS = 1 << 23

IRI_STARTS = frozenset((IRIREF, PNAME))
LITERAL_STARTS = NUMBERS | {STRING, "TRUE", "FALSE"}
_NUMBER_TYPES = {
    INTEGER: f"{XSD}integer",
    DECIMAL: f"{XSD}decimal",
    DOUBLE: f"{XSD}double",
}
NIL = RDF + "nil"


class TokenReader:
    """Reads tokens one by one; each method takes what its name says, or raises."""

    def __init__(self, tokens: Tokens) -> None:
        self.types = tokens.types
        self._values = tokens.values
        self._starts = tokens.starts
        self.at = 0
        self.prefixes: dict[str, str] = {}
        self.base = ""
        self.literals: list[Literal] = []
        self._iris: dict[str, str] = {}
        self._tags: set[str] = set()
        self._variables: dict[str, Variable] = {}
        self._printed = 0
        self._depth = 0
        self._links = 0
        # Labels of blank nodes, by the basic graph pattern they stand in.
        self._label_places: dict[str, int] = {}
        self.basic_pattern = 0
        self._last_pattern = 0
        self._fresh = 0

    @property
    def start(self) -> int:
        """Where the current token begins."""
        return self._starts[self.at]

    @property
    def end_of_last(self) -> int:
        """Where the token before the current one ends."""
        return self._starts[self.at - 1] + len(self._values[self.at - 1])

    def fail(self) -> NoReturn:
        """Raise UnexpectedTokenError for the current token."""
        raise UnexpectedTokenError(self._values[self.at], self.start)

    def expect(self, kind: str) -> None:
        """Take a token of that type."""
        if self.types[self.at] != kind:
            self.fail()
        self.at += 1

    def take(self, kind: str) -> bool:
        """Take a token if it is of that type; return whether it was."""
        if self.types[self.at] == kind:
            self.at += 1
            return True
        return False

    def enter(self) -> None:
        """Go a level down; NotTakenError when that is too deep."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise NotTakenError(
                f"The query nests groups and brackets over {MAX_DEPTH} deep",
                self.start,
                remedy="write it flatter.",
            )

    def leave(self) -> None:
        """Come a level up."""
        self._depth -= 1

    def link(self) -> None:
        """Count a part that hangs on another; NotTakenError when they are too many."""
        self._links += 1
        if self._links > MAX_LINKS:
            raise NotTakenError(
                f"The query has over {MAX_LINKS} operators and parts of groups",
                self.start,
                remedy="write lists of values with VALUES or IN, or ask in parts.",
            )

    def new_pattern(self) -> None:
        """Begin another basic graph pattern."""
        self._last_pattern += 1
        self.basic_pattern = self._last_pattern

    def forget_labels(self) -> None:
        """Let labels of blank nodes be used anew (a template has its own)."""
        self._label_places = {}

    def fresh_node(self) -> BlankNode:
        """Return a blank node that no label names."""
        self._fresh += 1
        return BlankNode(f"n{self._fresh}")

    def integer(self) -> int:
        """Take a whole number without a sign."""
        value = self._values[self.at]
        if self.types[self.at] != INTEGER or not value.isdigit():
            self.fail()
        if len(value) > 18:
            raise NotTakenError("The number is too large", self.start)
        self.at += 1
        return int(value)

    def string(self) -> str:
        """Take a string."""
        if self.types[self.at] != STRING:
            self.fail()
        self.at += 1
        return unescape_string(self._values[self.at - 1])

    def variable(self) -> Variable:
        """Take a variable."""
        if self.types[self.at] != VAR:
            self.fail()
        self.at += 1
        name = self._values[self.at - 1][1:]
        result = self._variables.get(name)
        if result is None:
            result = self._variables[name] = Variable(name)
        return result

    def iri(self) -> Iri:
        """Take an IRI, whole or by a prefix."""
        kind, value, start = self.types[self.at], self._values[self.at], self.start
        if kind not in IRI_STARTS:
            self.fail()
        whole = self._iris.get(value)
        if whole is None:
            written = (
                value[1:-1] if kind == IRIREF else expanded(value, self.prefixes, start)
            )
            whole = absolute(written, self.base, start)
            self._iris[value] = whole
        self._printed += len(whole)
        if self._printed > MAX_IRIS:
            raise NotTakenError(
                f"The IRIs of the query have over {MAX_IRIS} characters",
                start,
                remedy="use shorter ones, or ask in parts.",
            )
        self.at += 1
        return Iri(whole, start)

    def declare(self) -> None:
        """Take BASE or PREFIX with what they declare."""
        if self.take("BASE"):
            if self.types[self.at] != IRIREF:
                self.fail()
            self.base = self.iri().value
        else:
            self.expect("PREFIX")
            name = self._values[self.at]
            if self.types[self.at] != PNAME or not name.endswith(":"):
                self.fail()
            if name.count(":") > 1:
                self.fail()
            self.at += 1
            if self.types[self.at] != IRIREF:
                self.fail()
            self.prefixes[name[:-1]] = self.iri().value
        self._iris.clear()

    def literal(self) -> Literal:
        """Take a literal: a string with language or datatype, a number, a truth."""
        kind, value = self.types[self.at], self._values[self.at]
        if kind == STRING:
            result = self._string_literal()
        elif kind in _NUMBER_TYPES:
            self.at += 1
            result = Literal(value, _NUMBER_TYPES[kind], bare=True)
        elif kind in ("TRUE", "FALSE"):
            self.at += 1
            result = Literal(value.lower(), f"{XSD}boolean", bare=True)
        else:
            self.fail()
        self.literals.append(result)
        return result

    def _string_literal(self) -> Literal:
        text = self.string()
        if self.types[self.at] == LANGTAG:
            tag = self._values[self.at][1:]
            if tag not in self._tags:
                try:
                    ox.Literal("", language=tag)
                except ValueError as error:
                    what = f"@{tag} is no language tag (BCP 47)"
                    raise QueryError(what, self.start) from error
                self._tags.add(tag)
            self.at += 1
            return Literal(text, language=tag)
        if self.take("^^"):
            return Literal(text, self.iri().value)
        return Literal(text)

    def term(self) -> QueryTerm:
        """Take a variable, an IRI, a literal, a blank node, or the empty list."""
        kind = self.types[self.at]
        if kind == VAR:
            return self.variable()
        if kind in IRI_STARTS:
            return self.iri()
        if kind in LITERAL_STARTS:
            return self.literal()
        if kind == BLANK_NODE:
            return self._labelled()
        if kind == "(" and self.types[self.at + 1] == ")":
            self.at += 2
            return Iri(NIL)
        if kind == "[" and self.types[self.at + 1] == "]":
            self.at += 2
            return self.fresh_node()
        self.fail()

    def _labelled(self) -> BlankNode:
        label = self._values[self.at][2:]
        place = self._label_places.setdefault(label, self.basic_pattern)
        if place != self.basic_pattern:
            raise QueryError(
                f"The blank node _:{label} stands in two basic graph patterns",
                self.start,
                remedy="use a variable.",
            )
        self.at += 1
        # Labels of the text are kept apart from those that brackets are given.
        return BlankNode(f"l_{label}")
