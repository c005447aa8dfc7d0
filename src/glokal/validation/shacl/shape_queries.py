"""The queries of a shapes graph: their prefixes, and what would keep one from judging.

A query that can't be read, that looks outside the data, or whose variables SHACL does
not bind finds nothing; each is a fault of the shapes (SHACL, section 5 and appendix A).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import pyoxigraph as ox

from glokal.core.errors import GlokalError
from glokal.core.namespaces import SH
from glokal.rdf.terms import Term, text_of
from glokal.sparql.errors import QueryError, UnexpectedTokenError
from glokal.sparql.lexer import Tokens, resolve_codepoints, tokenize
from glokal.sparql.prepare import parse
from glokal.sparql.reader import read_known_query
from glokal.sparql.tree import Select
from glokal.sparql.walk import selects_and_elements
from glokal.validation.property_path import ValuesBySubject
from glokal.validation.shacl.query_prefixes import declared_prefixes
from glokal.validation.shacl.shape_faults import ShapeFault

_TEXTS = ("select", "ask")
# Where $PATH stands for the path of the shape (5.2.1 and 6.2.3).
_WITH_PATH = ("sparql", "propertyValidator")
_NAMED_GRAPH, _FOCUS = "shapesGraph", "this"


def find_query_faults(about: ValuesBySubject) -> Iterator[ShapeFault]:
    """Yield what is wrong with the queries of a shapes graph, in its order."""
    with_path = {
        value
        for details in about.values()
        for word in _WITH_PATH
        if word != "sparql" or SH + "path" in details
        for value in details.get(SH + word, ())
    }
    for shape, details in about.items():
        for constraint in details.get(SH + "sparql", ()):
            if SH + "select" not in about.get(constraint, {}):
                fields = {"term": "sh:sparql"}
                iri = SH + "sparql"
                yield ShapeFault("no-select", shape, iri, constraint, fields, iri)
        for word in _TEXTS:
            for text in details.get(SH + word, ()):
                prefixes = declared_prefixes(about, shape)
                yield from _faults(shape, SH + word, text, prefixes)
                if shape not in with_path:
                    yield from _unbound_path(shape, SH + word, text)
                elif "?PATH" in _variables(text_of(text)):
                    yield ShapeFault("path-variable", shape, SH + word, text, _PATH)


_PATH = {"term": "$PATH"}


def _faults(
    shape: Term, predicate: str, term: Term, prefixes: Mapping[str, str]
) -> Iterator[ShapeFault]:
    text = text_of(term)
    tokens = _tokens(text)
    if tokens is None:
        yield ShapeFault(
            "query", shape, predicate, term, {"said": _why(text, prefixes)}
        )
        return
    # SHACL-SPARQL asks the data graph (section 5.3.1); nothing else is fetched for it.
    keywords = set(tokens.types)
    outside = {"FROM", "SERVICE"} & keywords
    if _asks_other_graph(tokens):
        outside.add("GRAPH")
    for word in sorted(outside):
        yield ShapeFault("leaves-data", shape, predicate, term, {"term": word})
    # Where variables are bound before, these have no meaning (SHACL, appendix A).
    forbidden = sorted({"MINUS", "VALUES"} & keywords)
    for word in forbidden:
        yield ShapeFault("no-pre-binding", shape, predicate, term, {"term": word})
    for _ in _hiding(text, prefixes):
        yield ShapeFault("subquery", shape, predicate, term, {})
    unknown = _undeclared(tokens, prefixes)
    for prefix in unknown:
        fields = {"prefix": f"{prefix}:"}
        yield ShapeFault("query-prefix", shape, predicate, term, fields)
    if not outside and not forbidden and not unknown and (why := _why(text, prefixes)):
        yield ShapeFault("query", shape, predicate, term, {"said": why})


def _hiding(text: str, prefixes: Mapping[str, str]) -> Iterator[Select]:
    """Yield the subqueries that don't return what is bound before (appendix A)."""
    declared = "".join(f"PREFIX {p}: <{ns}> " for p, ns in prefixes.items())
    try:
        outer = read_known_query(declared + text).query.select
    except QueryError:
        return
    for part in selects_and_elements(outer):
        if isinstance(part, Select) and part is not outer:
            names = {variable.name for variable, _ in part.projection or ()}
            if _FOCUS not in names:
                yield part


def _unbound_path(shape: Term, predicate: str, term: Term) -> Iterator[ShapeFault]:
    if {"$PATH", "?PATH"} & set(_variables(text_of(term))):
        yield ShapeFault("path-variable", shape, predicate, term, _PATH)


def _variables(text: str) -> Sequence[str]:
    tokens = _tokens(text)
    if tokens is None:
        return ()
    pairs = zip(tokens.types, tokens.values, strict=True)
    return [value for kind, value in pairs if kind == "VAR"]


def _undeclared(tokens: Tokens, prefixes: Mapping[str, str]) -> list[str]:
    """Return the prefixes that a query uses and nothing declares."""
    known, results = set(prefixes), dict[str, None]()
    before = ""
    for kind, value in zip(tokens.types, tokens.values, strict=True):
        if kind == "PNAME":
            prefix = value.partition(":")[0]
            if before == "PREFIX":
                known.add(prefix)
            elif prefix not in known:
                results[prefix] = None
        before = kind
    return list(results)


def _asks_other_graph(tokens: Tokens) -> bool:
    """Whether GRAPH names another one than $shapesGraph; there is no other."""
    following = zip(tokens.types, tokens.values[1:], strict=False)
    return any(k == "GRAPH" and v[1:] != _NAMED_GRAPH for k, v in following)


def _why(text: str, prefixes: Mapping[str, str]) -> str:
    """Return why a query can't be read, "" when it can be.

    What our reader does not take, pyoxigraph may.
    """
    # In one line with the query, whose lines keep their numbers so.
    declared = "".join(f"PREFIX {p}: <{ns}> " for p, ns in prefixes.items())
    try:
        parse(declared + text)
    except GlokalError as error:
        try:
            ox.Store().query(text, prefixes=dict(prefixes))
        except (SyntaxError, ValueError):
            line = error.place.line if error.place else None
            at = f" ({line})" if line else ""
            said = error.what.removeprefix("SPARQL syntax error: ").rstrip(".")
            if isinstance(error.__cause__, UnexpectedTokenError):
                # What could stand there instead is a long list.
                said = said.partition(", ")[0]
            return said + at
    return ""


@lru_cache(256)
def _tokens(text: str) -> Tokens | None:
    try:
        return tokenize(resolve_codepoints(text)[0])
    except (QueryError, ValueError):
        return None
