"""Queries that differ in some constants only: read once, and printed with each of them.

A shape is the tokens of a query without those constants: strings without a language or
a datatype, and whole IRIs that are subjects or compared. For the first query of a
shape its tree is read and printed with marks in their places; the text of another one
is what was printed, with its own constants as the printer writes them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

import pyoxigraph as ox

from glokal.sparql.lexer import (
    IRIREF,
    LANGTAG,
    STRING,
    Tokens,
    escape_string,
    tokenize,
    unescape_string,
)
from glokal.sparql.printer import print_query
from glokal.sparql.reader import read_query
from glokal.sparql.tree import Query

_COMPARE = frozenset("= != < > <= >=".split())
_BEFORE_SUBJECT = frozenset("{.")
# How many shapes are remembered, the last ones.
_MOST = 512

T = TypeVar("T")


class ParameterizedQueries(Generic[T]):
    """Gives the text of a query as the printer writes it, and what its shape is worth.

    `judge` is asked once for each shape, with the tree of one query of it; it must not
    depend on plain strings, on IRIs that are compared, nor on subjects.
    """

    def __init__(self, judge: Callable[[Query], T | None]) -> None:
        self._judge = judge
        self._shapes: OrderedDict[object, tuple[T, list[str], list[int]] | None] = (
            OrderedDict()
        )

    def find(self, text: str) -> tuple[T, str] | None:
        """Return what `judge` says of a query, and its text printed anew.

        None where `judge` says None. Raises QueryError, or whatever `judge` raises.
        """
        if "\\u" in text or "\\U" in text:
            return self._alone(text)
        tokens = tokenize(text)
        places = _constants(tokens)
        values = tokens.values
        other = values.copy()
        for place in places:
            other[place] = ""
        key = tuple(tokens.types), tuple(other)
        if key not in self._shapes:
            self._keep(key, self._read(text, tokens, places))
        self._shapes.move_to_end(key)
        shape = self._shapes[key]
        if shape is None:
            return None
        judged, parts, order = shape
        results = [parts[0]]
        for at, part in zip(order, parts[1:], strict=True):
            written = _printed(values[places[at]])
            if written is None:
                # What is no whole IRI is told of by the reader.
                return self._alone(text)
            results += (written, part)
        return judged, "".join(results)

    def _alone(self, text: str) -> tuple[T, str] | None:
        query = read_query(text).query
        judged = self._judge(query)
        return None if judged is None else (judged, print_query(query))

    def _keep(self, key: object, shape: tuple[T, list[str], list[int]] | None) -> None:
        self._shapes[key] = shape
        if len(self._shapes) > _MOST:
            self._shapes.popitem(last=False)

    def _read(
        self, text: str, tokens: Tokens, places: list[int]
    ) -> tuple[T, list[str], list[int]] | None:
        """Return a shape: what it is worth, its parts, and the order of the constants.

        None when it is worth nothing.
        """
        marked, marks, end = list[str](), list[str](), 0
        for number, place in enumerate(places):
            mark = _mark(number, tokens.types[place])
            start = tokens.starts[place]
            marked += (text[end:start], mark)
            end = start + len(tokens.values[place])
            marks.append(mark)
        query = read_query("".join([*marked, text[end:]])).query
        judged = self._judge(query)
        if judged is None:
            return None
        printed = print_query(query)
        if any(printed.count(mark) != 1 for mark in marks):
            return None
        order = sorted(range(len(marks)), key=lambda at: printed.index(marks[at]))
        parts = []
        for at in order:
            part, _, printed = printed.partition(marks[at])
            parts.append(part)
        return judged, [*parts, printed], order


def _mark(number: int, kind: str) -> str:
    """Return what stands for a constant; the printer writes it as it is."""
    name = f"urn:x-glokal-constant:{number}"
    return f'"{name}"' if kind == STRING else f"<{name}>"


def _constants(tokens: Tokens) -> list[int]:
    """Return the places of the constants that a shape leaves open."""
    types = tokens.types
    if "BASE" in types:
        return []
    results = []
    for at in range(1, len(types) - 1):
        kind, before = types[at], types[at - 1]
        if kind == STRING:
            if types[at + 1] not in (LANGTAG, "^^"):
                results.append(at)
        elif kind == IRIREF and (before in _COMPARE or before in _BEFORE_SUBJECT):
            results.append(at)
    return results


def _printed(written: str) -> str | None:
    """Return a constant as the printer writes it, None for what is no whole IRI."""
    if written[0] != "<":
        return escape_string(unescape_string(written))
    try:
        ox.NamedNode(written[1:-1])
    except ValueError:
        return None
    return written
