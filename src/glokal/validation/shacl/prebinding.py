"""Binding variables of a query before it is evaluated (SHACL, section 5.3.1).

A term is written into the text in the place of the variable. A blank node, and a
literal as a subject, can't be written: pyoxigraph binds them in the outermost group,
which is enough where that has the variable and each part of the query is joined to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pyoxigraph as ox

from glokal.rdf.terms import Term
from glokal.sparql.errors import QueryError
from glokal.sparql.lexer import Tokens, resolve_codepoints, tokenize
from glokal.sparql.reader import read_known_query
from glokal.sparql.tree import (
    Bind,
    Exists,
    Filter,
    Group,
    Optional,
    Query,
    TriplePattern,
    Variable,
)
from glokal.sparql.walk import selects_and_elements, walk_tree
from glokal.validation.property_path import ShaclPath
from glokal.validation.shacl.compared_nodes import ComparedNodes, compared_nodes
from glokal.validation.shacl.joinable import is_joinable, sees_outer

# What only binding before can give.
_BOUND = ("shapesGraph", "currentShape", "PATH")


class BlankNodeError(Exception):
    """A blank node has to be bound where SPARQL has no way to write it."""


def prepared_query(text: str, prefixes: Mapping[str, str]) -> PreparedQuery:
    """Return a query of a shapes graph, the same one when it was asked for before."""
    return _prepared(text, tuple(prefixes.items()))


@lru_cache(256)
def _prepared(text: str, prefixes: tuple[tuple[str, str], ...]) -> PreparedQuery:
    return PreparedQuery(text, dict(prefixes))


class PreparedQuery:
    """A query of a shapes graph, read once and asked for many nodes.

    `joinable` says whether asking it once, without anything bound, and picking the
    rows of the focus nodes gives what binding $this before does; `asks` whether it is
    an ASK, whose answer is yes when `bind` gives a text that has a row or true.
    `compared` is how to ask it of many nodes that are alike, where it compares nodes.
    """

    def __init__(self, text: str, prefixes: Mapping[str, str]) -> None:
        self.text = text
        self.joinable = self._flat = self.asks = False
        self.compared: ComparedNodes | None = None
        self._prefixes = prefixes
        # What a triple pattern of the outermost group binds, and all subjects.
        self._bound: set[str] = set()
        self._subjects: set[str] = set()
        self._projected: frozenset[str] | None = None
        self._names: frozenset[str] = frozenset()
        declared = "".join(f"PREFIX {p}: <{ns}>\n" for p, ns in prefixes.items())
        try:
            query = read_known_query(declared + text).query
            self.text = resolve_codepoints(text)[0]
        except QueryError:
            # pyoxigraph says what is wrong with it, or knows more of SPARQL than we.
            return
        self._tokens = tokenize(self.text)
        payload = zip(self._tokens.types, self._tokens.values, strict=True)
        self._names = frozenset(v[1:] for kind, v in payload if kind == "VAR")
        self._flat = _is_flat(query)
        elements = query.select.where.elements
        patterns = [e for e in elements if isinstance(e, TriplePattern)]
        for pattern in patterns:
            for end in (pattern.subject, pattern.object):
                if isinstance(end, Variable):
                    self._bound.add(end.name)
        for part in selects_and_elements(query.select):
            if isinstance(part, TriplePattern) and isinstance(part.subject, Variable):
                self._subjects.add(part.subject.name)
        self.asks = query.form == "ASK"
        columns = query.select.projection
        if query.form == "SELECT" and columns is not None:
            self._projected = frozenset(variable.name for variable, _ in columns)
            self.joinable = self._names.isdisjoint(_BOUND) and is_joinable(query)
            self.compared = compared_nodes(query) if self.joinable else None

    def can_write(self, bound: Mapping[str, Term]) -> bool:
        """Whether all of these terms can be written into the text."""
        return not any(map(self._is_hard, bound.keys(), bound.values()))

    def _is_hard(self, name: str, term: Term) -> bool:
        return isinstance(term, ox.BlankNode) or (
            isinstance(term, ox.Literal) and name in self._subjects
        )

    def bind(
        self, bound: Mapping[str, Term]
    ) -> tuple[str, dict[ox.Variable, Term | ox.Triple]]:
        """Return the text to ask, and what pyoxigraph is to bind.

        Raises BlankNodeError where a blank node can't be written into the text.
        """
        given = {name: term for name, term in bound.items() if name in self._names}
        if not given:
            return self.text, {}
        hard = {name for name, term in given.items() if self._is_hard(name, term)}
        if not hard:
            return self._written(given), {}
        if not self._flat or not hard <= self._bound:
            raise BlankNodeError
        easy = {name: term for name, term in given.items() if name not in hard}
        if easy:
            return PreparedQuery(self._written(easy), self._prefixes).bind(
                {name: given[name] for name in hard}
            )
        text = self.text
        if self.asks:
            text = self._with_columns("ASK", hard)
        elif self._projected is not None:
            text = self._with_columns("SELECT", hard - self._projected)
        return text, {ox.Variable(name): term for name, term in given.items()}

    def _with_columns(self, form: str, names: set[str]) -> str:
        """Return the text with more columns; a bound variable makes no more rows."""
        if not names:
            return self.text
        tokens = self._tokens
        number = tokens.types.index(form)
        if tokens.types[number + 1] in ("DISTINCT", "REDUCED"):
            number += 1
        end = tokens.starts[number] + len(tokens.values[number])
        added = "".join(f" ?{name}" for name in sorted(names))
        start = tokens.starts[number] if form == "ASK" else end
        return (
            f"{self.text[:start]}{'SELECT' * (form == 'ASK')}{added}{self.text[end:]}"
        )

    def _written(self, given: Mapping[str, Term]) -> str:
        """Return the text with terms in the place of variables."""
        tokens, text = self._tokens, self.text
        parts: list[str] = []
        done = 0
        for start, new, end in _replacements(tokens, given):
            parts += [text[done:start], new]
            done = end
        return "".join([*parts, text[done:]])


def _replacements(
    tokens: Tokens, given: Mapping[str, Term]
) -> list[tuple[int, str, int]]:
    """Return what is put in place of what: where it starts, the text, where it ends."""
    results = []
    column = ordered = False
    depth = selects = 0
    for number, kind in enumerate(tokens.types):
        value, start = tokens.values[number], tokens.starts[number]
        match kind:
            case "SELECT":
                column, depth = True, 0
                selects += 1
            case "BY":
                ordered, depth = True, 0
            case "{" | "WHERE":
                column = ordered = False
            case "}" | "LIMIT" | "OFFSET" | "HAVING":
                ordered = False
            case "(":
                depth += 1
            case ")":
                depth -= 1
        if kind != "VAR" or value[1:] not in given:
            continue
        term, end = str(given[value[1:]]), start + len(value)
        if tokens.types[number - 2 : number] == ["BOUND", "("]:
            start, end = tokens.starts[number - 2], tokens.starts[number + 1] + 1
            term = "(true)"
        elif column and depth == 0:
            # Inside, the name would be given twice.
            name = value[1:] if selects == 1 else f"{value[1:]}_{number}"
            term = f"({term} AS ?{name})"
        elif ordered and depth == 0:
            term = f"({term})"
        results.append((start, term, end))
    return results


def with_path(text: str, path: ShaclPath | None) -> str:
    """Return a query with the path of its shape in the place of $PATH (5.2.1)."""
    if path is None:
        return text
    text = resolve_codepoints(text)[0]
    tokens = tokenize(text)
    places = [
        (start, start + len(value))
        for kind, value, start in zip(
            tokens.types, tokens.values, tokens.starts, strict=True
        )
        if kind == "VAR" and value == "$PATH"
    ]
    for start, end in reversed(places):
        text = text[:start] + _as_sparql(path) + text[end:]
    return text


def _as_sparql(path: ShaclPath) -> str:
    if path.kind == "property":
        return f"<{path.iri}>"
    parts = [_as_sparql(part) for part in path.parts]
    match path.kind:
        case "inversePath":
            return f"^({parts[0]})"
        case "sequence":
            return f"({'/'.join(parts)})"
        case "alternativePath":
            return f"({'|'.join(parts)})"
        case "zeroOrOnePath":
            return f"({parts[0]})?"
        case "oneOrMorePath":
            return f"({parts[0]})+"
        case _:
            return f"({parts[0]})*"


def _is_flat(query: Query) -> bool:
    select = query.select
    grouped = select.group_by or select.having or select.values
    return not grouped and _correlated(select.where)


def _correlated(group: Group) -> bool:
    """Whether each part of the outermost group sees $this: none stands by itself."""
    if group.subquery is not None:
        return False
    for element in group.elements:
        match element:
            case TriplePattern():
                pass
            case Filter():
                inside = walk_tree(element.condition)
                groups = [p.group for p in inside if isinstance(p, Exists)]
                if not all(map(sees_outer, groups)):
                    return False
            case Bind():
                if any(isinstance(p, Exists) for p in walk_tree(element.value)):
                    return False
            case Optional():
                if not sees_outer(element.group):
                    return False
            case _:
                return False
    return True
