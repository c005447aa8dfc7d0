"""Results of queries, read from every format of the W3C suites and compared.

Rows are compared as bags, and in their order where the query asks for one: rows that
are alike in what they are sorted by may stand in any order. Numbers, truths and days
count by their value (the store writes 1.0E6 as 1000000); blank nodes may have other
labels.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from glokal.core.namespaces import XSD
from glokal.rdf.terms import text_of

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
JSON = "application/sparql-results+json"
CSV, TSV = "text/csv", "text/tab-separated-values"
_FORMATS = {JSON: ox.QueryResultsFormat.JSON, TSV: ox.QueryResultsFormat.TSV}
_NUMBERS = frozenset(("decimal", "double", "float", "integer"))
# Derived from integer (XML Schema part 2, section 3.4): their values are its values.
_INTEGERS = frozenset(
    """long int short byte nonPositiveInteger negativeInteger nonNegativeInteger
    positiveInteger unsignedLong unsignedInt unsignedShort unsignedByte""".split()
)
Node = ox.NamedNode | ox.BlankNode | ox.Literal
Row = dict[str, Node]
CsvRow = dict[str, str]


@dataclass(frozen=True)
class Rows:
    """The rows of a SELECT in their order, by the names of the columns that have a
    value. `ordered` is whether the order is told (it may be lost in a file)."""

    rows: Sequence[Row | CsvRow]
    ordered: bool = True


Result = Rows | bool | Counter[str]


def read_result(body: bytes, media: str) -> Result:
    """Return an answer as it was sent."""
    if media == CSV:
        return _csv(body.decode())
    if media in _FORMATS:
        return _solutions(ox.parse_query_results(body, format=_FORMATS[media]))
    fmt = ox.RdfFormat.from_media_type(media)
    return _canonical(quad.triple for quad in ox.parse(body, format=fmt))


def expected_result(path: Path) -> Result:
    """Return a result from a file of the suite."""
    if path.suffix == ".csv":
        return _csv(path.read_text(encoding="utf-8"))
    fmt = ox.QueryResultsFormat.from_extension(path.suffix[1:])
    if fmt is not None:
        return _solutions(ox.parse_query_results(path=path, format=fmt))
    parsed = ox.parse(path=path, base_iri=path.resolve().as_uri())
    triples = [quad.triple for quad in parsed]
    truths = [t.object for t in triples if t.predicate.value == RS + "boolean"]
    if truths:
        return text_of(truths[0]) == "true"
    if any(text_of(t.object) == RS + "ResultSet" for t in triples):
        return _result_set(triples)
    return _canonical(triples)


def difference(got: Result, expected: Result, keys: Sequence[str] | None) -> str:
    """Return how two results differ, "" when they don't.

    `keys` are the columns that the rows are sorted by, empty when they aren't, None
    when they are sorted by something that is no column.
    """
    if not isinstance(got, Rows) or not isinstance(expected, Rows):
        if got == expected:
            return ""
        return f"got {str(got)[:200]}, expected {str(expected)[:200]}"
    ours, theirs = _bag(got.rows), _bag(expected.rows)
    if ours != theirs:
        missing, extra = theirs - ours, ours - theirs
        return f"missing {list(missing)[:2]}, extra {list(extra)[:2]}"
    if keys == [] or not expected.ordered:
        return ""
    if _runs(got.rows, keys) != _runs(expected.rows, keys):
        return f"in another order: {[_shown(row) for row in got.rows][:20]}"
    return ""


def reduced_difference(got: Result, expected: Result) -> str:
    """Return how rows differ, however often each stands there."""
    if not isinstance(got, Rows) or not isinstance(expected, Rows):
        return difference(got, expected, [])
    ours, theirs = _bag(got.rows).keys(), _bag(expected.rows).keys()
    return "" if ours == theirs else f"missing {theirs - ours}, extra {ours - theirs}"


def _runs(
    rows: Sequence[Row | CsvRow], keys: Sequence[str] | None
) -> list[tuple[Any, Counter[str]]]:
    """Return the rows in groups that are alike in their keys, in order."""

    def key(row: Row | CsvRow) -> Any:
        listed = sorted(row) if keys is None else keys
        return [_key(row[name]) if name in row else "" for name in listed]

    found = groupby(rows, key)
    return [(value, Counter(map(_shown, group))) for value, group in found]


def _key(cell: Node | str) -> str:
    # Numbers of any type are sorted by their value alone.
    text = _value(cell)
    kind, _, number = text.partition(" ")
    return number if kind in _NUMBERS else text


def _shown(row: Row | CsvRow) -> str:
    return str(sorted((name, _value(cell)) for name, cell in row.items()))


def _result_set(triples: list[ox.Triple]) -> Rows:
    """Rows that are written as triples (the test suite's own vocabulary)."""
    said: dict[tuple[Any, str], list[Any]] = {}
    for t in triples:
        said.setdefault((t.subject, t.predicate.value), []).append(t.object)
    rows: list[tuple[int, Row]] = []
    numbered = True
    for solutions in (v for (_, term), v in said.items() if term == RS + "solution"):
        for solution in solutions:
            index = said.get((solution, RS + "index"))
            numbered = numbered and index is not None
            bindings = said.get((solution, RS + "binding"), [])
            row: Row = {
                text_of(said[b, RS + "variable"][0]): said[b, RS + "value"][0]
                for b in bindings
            }
            rows.append((int(text_of(index[0])) if index else 0, row))
    rows.sort(key=lambda numbered_row: numbered_row[0])
    return Rows([row for _, row in rows], numbered)


def _solutions(found: Any) -> Rows | bool:
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = found.variables
    return Rows(
        [{v.value: row[v] for v in names if row[v] is not None} for row in found]
    )


def _bag(rows: Iterable[Row | CsvRow]) -> Counter[str]:
    """Rows as a graph, so that blank nodes may have other names; a row is a node."""
    marks: Counter[str] = Counter()
    triples = []
    for row in rows:
        if not any(isinstance(term, ox.BlankNode) for term in row.values()):
            marks[_shown(row)] += 1
            continue
        node = ox.BlankNode()
        triples += [
            ox.Triple(node, ox.NamedNode(f"urn:column:{name}"), term)
            for name, term in row.items()
            if not isinstance(term, str)
        ]
    return _canonical(triples) + marks


def _canonical(triples: Iterable[ox.Triple]) -> Counter[str]:
    graph = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return Counter(str(quad) for quad in graph)


def _value(term: Node | str) -> str:
    """A term as text, numbers and truths by what they mean."""
    if isinstance(term, ox.BlankNode):
        return "_:"
    if not isinstance(term, ox.Literal):
        return str(term)
    kind = term.datatype.value.removeprefix(XSD)
    kind = "integer" if kind in _INTEGERS else kind
    try:
        if kind in _NUMBERS:
            return f"{kind} {float(term.value)}"
    except ValueError:
        return str(term)
    if kind == "boolean":
        return f"{kind} {term.value in ('1', 'true')}"
    if kind in ("date", "dateTime"):
        return f"{kind} {re.sub(r'[+-]00:00$', 'Z', term.value)}"
    return str(term)


def _csv(text: str) -> Rows:
    # The order of the columns of SELECT * is free.
    rows = csv.DictReader(io.StringIO(text))
    return Rows([{name: _cell(cell) for name, cell in row.items()} for row in rows])


def _cell(text: str) -> str:
    """A cell of CSV: a number by its value, a blank node by its first letters."""
    try:
        return f"number {float(text)}"
    except ValueError:
        return re.sub(r"_:\w+", "_:", text)
