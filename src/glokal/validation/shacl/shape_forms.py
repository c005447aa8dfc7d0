"""What an engine is known to do wrong, by the form of the shape (`shape_forms.toml`).

A shapes graph that meets a row is judged by an engine that does it right; when rows
leave no engine, it is refused by name. Rows whose remedy is "rewritten" are met here by
writing the shapes graph another way.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import UsageError
from glokal.core.namespaces import OWL, RDF, RDFS, SH, XSD
from glokal.rdf.terms import Term, text_of
from glokal.sparql.errors import QueryError
from glokal.sparql.lexer import resolve_codepoints, tokenize
from glokal.validation.property_path import ValuesBySubject, list_members, read_about
from glokal.validation.shacl.data_queries import is_deactivated
from glokal.validation.shacl.shape_patterns import (
    has_category,
    has_set_operation,
    looks_around,
)
from glokal.validation.shacl.sparql_components import components_of, uses

_TO_SHAPES = ("node", "not", "qualifiedValueShape")
_TO_LISTS = ("and", "or", "xone")
_COMPARED = frozenset(
    SH + name
    for name in (
        "minExclusive minInclusive maxExclusive maxInclusive lessThan "
        "lessThanOrEquals datatype sparql select ask"
    ).split()
)
# Digits that the decimals and integers of the engines in Rust hold for certain.
_DIGITS = 18
_NUMBER_SIGN = f'"^^<{XSD}'.encode()
_PART = 1 << 20


@dataclass(frozen=True)
class FormRow:
    """A row of the table: what engines are wrong, what is done instead, and why."""

    form: str
    wrong: tuple[str, ...]
    right: str
    why: str


@cache
def shape_form_rows() -> tuple[FormRow, ...]:
    """Return the table, in its order."""
    file = resources.files("glokal.validation.shacl").joinpath("shape_forms.toml")
    payload = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(
        FormRow(k, tuple(v["wrong"]), v["right"], v["why"]) for k, v in payload.items()
    )


def rewritten(shapes: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return a shapes graph without what only some engines do right.

    A SPARQL constraint that is deactivated is left out, and a class that is a shape is
    named as its own target.
    """
    given = list(dict.fromkeys(shapes))
    about = read_about(given)
    remaining = [
        t
        for t in given
        if t.predicate.value != SH + "sparql"
        or isinstance(t.object, ox.Triple)
        or not is_deactivated(about, t.object)
    ]
    for shape in implicit_classes(about):
        assert isinstance(shape, ox.NamedNode)
        remaining.append(ox.Triple(shape, ox.NamedNode(SH + "targetClass"), shape))
    return remaining


def implicit_classes(about: ValuesBySubject) -> Iterator[Term]:
    """Yield the shapes that are classes, and so their own target (2.1.3.3)."""
    above: dict[str, set[str]] = {}
    for term, details in about.items():
        for kind in details.get(RDFS + "subClassOf", ()):
            above.setdefault(text_of(term), set()).add(text_of(kind))

    def is_class(kind: str) -> bool:
        seen, waiting = {kind}, [kind]
        while waiting:
            name = waiting.pop()
            if name in (RDFS + "Class", OWL + "Class"):
                return True
            waiting += above.get(name, set()) - seen
            seen |= above.get(name, set())
        return False

    for shape, details in about.items():
        kinds = {text_of(kind) for kind in details.get(RDF + "type", ())}
        is_shape = bool(kinds & {SH + "NodeShape", SH + "PropertyShape"})
        if is_shape and isinstance(shape, ox.NamedNode) and any(map(is_class, kinds)):
            yield shape


def met(about: ValuesBySubject, data: Path | None = None) -> list[FormRow]:
    """Return the rows of the table that shapes meet, and data where that counts."""
    results = {form for form, meets in _FORMS.items() if meets(about)}
    compared = any(_COMPARED & details.keys() for details in about.values())
    if compared and (_long_in(about) or (data is not None and _long_in_file(data))):
        results.add("long-number")
    return [row for row in shape_form_rows() if row.form in results]


def engine_for(asked: str, form_rows: Iterable[FormRow]) -> str:
    """Return the engine that does all the rows right, the one asked for if it does.

    Raises UsageError when none does.
    """
    given = [row for row in form_rows if row.right in ("shacl", "pyshacl")]
    wrong = {engine for row in given for engine in row.wrong}
    for engine in (asked, "shacl", "pyshacl"):
        if engine not in wrong:
            return engine
    message = " And ".join(f"{', '.join(row.wrong)}: {row.why}" for row in given)
    raise UsageError(
        f"No engine does all that these shapes hold. {message}",
        remedy="validate with one shapes graph at a time, each without one of them.",
    )


def next_shapes(
    about: ValuesBySubject, shape: Term, *, by_property: bool = True
) -> list[Term]:
    """Return the shapes that a shape refers to, by sh:property too unless told not."""
    values = about.get(shape, {})
    results = list(values.get(SH + "property", ())) if by_property else []
    for word in _TO_SHAPES:
        results += values.get(SH + word, ())
    for word in _TO_LISTS:
        for head in values.get(SH + word, ()):
            results += list_members(about, head)
    return results


def _closed(about: ValuesBySubject) -> bool:
    return any(
        SH + "closed" in details and SH + "path" in details
        for details in about.values()
    )


def _nested_sparql(about: ValuesBySubject) -> bool:
    waiting = [n for s in about for n in next_shapes(about, s, by_property=False)]
    seen = set(waiting)
    components = list(components_of(about))
    while waiting:
        shape = waiting.pop()
        details = about.get(shape, {})
        if SH + "sparql" in details or any(uses(own, details) for own in components):
            return True
        more = [n for n in next_shapes(about, shape) if n not in seen]
        seen.update(more)
        waiting += more
    return False


def _component(about: ValuesBySubject) -> bool:
    return any(SH + "parameter" in details for details in about.values())


def recursive(about: ValuesBySubject) -> bool:
    """Whether a shape refers to itself, through others or not (SHACL, 3.4.3)."""
    done: set[Term] = set()
    for start in about:
        stack = [(start, iter(next_shapes(about, start)))]
        trail = {start}
        while stack and start not in done:
            shape, following = stack[-1]
            token = next(following, None)
            if token is None:
                stack.pop()
                trail.discard(shape)
                if stack:
                    done.add(shape)
            elif token in trail:
                return True
            elif token not in done and token in about:
                trail.add(token)
                stack.append((token, iter(next_shapes(about, token))))
        done.add(start)
    return False


def _values(about: ValuesBySubject, word: str) -> Iterator[str]:
    for details in about.values():
        yield from map(text_of, details.get(SH + word, ()))


def _asks_shapes_graph(about: ValuesBySubject) -> bool:
    for word in ("select", "ask"):
        for text in _values(about, word):
            try:
                names = tokenize(resolve_codepoints(text)[0])
            except (QueryError, ValueError):
                continue
            payload = zip(names.types, names.values, strict=True)
            if any(k == "VAR" and v[1:] in _GRAPH_NAMES for k, v in payload):
                return True
    return False


_GRAPH_NAMES = ("shapesGraph", "currentShape")
_FORMS: dict[str, Callable[[ValuesBySubject], bool]] = {
    "closed-property-shape": _closed,
    "nested-sparql": _nested_sparql,
    "own-component": _component,
    "recursive": recursive,
    "pattern-looks-around": lambda about: any(
        map(looks_around, _values(about, "pattern"))
    ),
    "pattern-class": lambda about: any(map(has_category, _values(about, "pattern"))),
    "pattern-set-operation": lambda about: any(
        map(has_set_operation, _values(about, "pattern"))
    ),
    "pattern-flags": lambda about: any(set(t) - {"i"} for t in _values(about, "flags")),
    "unique-lang-one": lambda about: "1" in _values(about, "uniqueLang"),
    "asks-shapes-graph": _asks_shapes_graph,
    "sparql-constraint": lambda about: any(SH + "sparql" in s for s in about.values()),
    "sparql-target": lambda about: any(SH + "target" in s for s in about.values()),
}


def _long_in(about: ValuesBySubject) -> bool:
    return any(
        isinstance(value, ox.Literal) and _is_long(value.value.encode())
        for details in about.values()
        for predicate, values in details.items()
        if predicate in _COMPARED
        for value in values
    )


def _is_long(text: bytes) -> bool:
    tail = text[-_DIGITS - 1 :]
    return len(tail) > _DIGITS and not tail.strip(b"0123456789.")


def _long_in_file(path: Path) -> bool:
    """Whether an N-Triples file holds a number with a long row of digits at its end."""
    with path.open("rb") as file:
        while part := file.read(_PART) + file.readline():
            at = part.find(_NUMBER_SIGN)
            while at >= 0:
                if _is_long(part[max(0, at - _DIGITS - 1) : at]):
                    return True
                at = part.find(_NUMBER_SIGN, at + 1)
    return False
