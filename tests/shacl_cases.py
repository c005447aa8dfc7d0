"""Cases in the format of the W3C SHACL test suite: data, shapes, expected report.

The W3C's own run with `python -m tests.shacl_cases DIRECTORY`
(make test-w3c-shacl DIR=…), where the directory holds the suite's `tests` folder; each
known miss is named below. Without the suite, `component_cases` cover each constraint.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

import pyoxigraph as ox

from glokal.core.errors import GlokalError
from glokal.core.namespaces import RDF, SH
from glokal.validation.localize import shape_path
from glokal.validation.property_path import (
    ShaclPath,
    ValuesBySubject,
    read_about,
    read_path,
)
from glokal.validation.shacl.engine_process import ENGINES
from glokal.validation.shacl.results import Result
from glokal.validation.shacl.validate import validate_graph

SHT = "http://www.w3.org/ns/shacl-test#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
# Refusing is right for these: the shapes are faulty by purpose (sht:Failure).
Row = tuple[str, str, str, str, str, str, str, str]


@dataclass(frozen=True)
class Case:
    """A case: its data, its shapes, the rows of its report; None for a failure."""

    name: str
    data: tuple[ox.Triple, ...]
    shapes: tuple[ox.Triple, ...]
    expected: Counter[Row] | None


def read_case(path: FilePath) -> Case | None:
    """Read a case; None for a file that is no case (a manifest, a part)."""
    triples = _read(path)
    index = _Index(triples)
    found = [s for s, p, o in index.rows if p == RDF + "type" and o == SHT + "Validate"]
    if not found:
        return None
    action = index.one(found[0], MF + "action")
    result = index.one(found[0], MF + "result")
    base = path.parent
    data, shapes = (
        _read(_file(index.one(action, SHT + name), base))
        for name in ("dataGraph", "shapesGraph")
    )
    about = read_about(triples)
    expected = None if result == SHT + "Failure" else _expected(index, result, about)
    return Case(path.stem, data, shapes, expected)


def _file(iri: str, base: FilePath) -> FilePath:
    return base / iri.rpartition("/")[2]


def _read(path: FilePath) -> tuple[ox.Triple, ...]:
    base = path.resolve().as_uri()
    return tuple(q.triple for q in ox.parse(path=path, base_iri=base))


class _Index:
    def __init__(self, triples: tuple[ox.Triple, ...]) -> None:
        self.rows = [
            (_key(t.subject), t.predicate.value, _key(t.object)) for t in triples
        ]

    def all(self, subject: str, predicate: str) -> list[str]:
        return [o for s, p, o in self.rows if (s, p) == (subject, predicate)]

    def one(self, subject: str, predicate: str) -> str:
        return next(iter(self.all(subject, predicate)), "")


def _key(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    # A literal keeps its datatype; a blank node its name within the file.
    return str(term)


def _shown(key: str) -> str:
    """A blank node has another name in the report than in the file."""
    return "_:" if key.startswith("_:") else key


def _expected(index: _Index, report: str, about: ValuesBySubject) -> Counter[Row]:
    rows: Counter[Row] = Counter()
    for result in index.all(report, SH + "result"):
        found = [
            index.one(result, SH + name)
            for name in (
                "focusNode",
                "resultPath",
                "value",
                "sourceConstraintComponent",
                "resultSeverity",
                "sourceShape",
                "sourceConstraint",
            )
        ]
        focus, _, value, component, severity, shape, source = map(_shown, found)
        term = next((t for t in about if _key(t) == found[1]), None)
        path = str(read_path(about, term)) if term is not None else ""
        if found[1] and not found[1].startswith("_:"):
            path = str(ShaclPath("property", found[1]))
        key = (focus, path, value, component, severity.removeprefix(SH), shape)
        messages = sorted(index.all(result, SH + "resultMessage"))
        rows[*key, source, " ".join(messages)] += 1
    return rows


def row(result: Result, about: ValuesBySubject) -> Row:
    """A result as the expected rows have it: with its whole path and its shape."""
    route = shape_path(about, result.shape)
    if isinstance(result.path, ox.NamedNode):
        route = ShaclPath("property", result.path.value)
    elif result.component == SH + "ClosedConstraintComponent":
        route = None
    return (
        _shown(_key(result.focus)),
        str(route) if route is not None else "",
        _shown(_key(result.value)) if result.value is not None else "",
        result.component,
        result.own_severity or result.severity.label.capitalize(),
        _shown(_key(result.shape)),
        _shown(_key(result.source))
        if result.source is not None
        and result.component == SH + "SPARQLConstraintComponent"
        else "",
        " ".join(
            sorted(str(ox.Literal(t, language=at or None)) for at, t in result.messages)
        ),
    )


def difference(case: Case, engine: str) -> str:
    """Return what differs from the expected report, "" when nothing does."""
    try:
        about = read_about(case.shapes)
        found = validate_graph(case.data, case.shapes, engine=engine)
        got = Counter(row(r, about) for r in found)
    except GlokalError as error:
        return "" if case.expected is None else f"refused: {error.what}"
    if case.expected is None:
        return "should be refused"
    if not any(row[-1] for row in case.expected):
        # Most of the suite leaves messages to the engine.
        got = _without_messages(got)
    missing, extra = case.expected - got, got - case.expected
    return "; ".join(
        [f"missing {list(missing)}"] * bool(missing)
        + [f"extra {list(extra)}"] * bool(extra)
    )


def _without_messages(rows: Counter[Row]) -> Counter[Row]:
    bare: Counter[Row] = Counter()
    for found, number in rows.items():
        bare[*found[:-1], ""] += number
    return bare


def cases(folder: FilePath) -> Iterator[Case]:
    """Yield the cases in a folder, sorted."""
    for path in sorted(folder.rglob("*.ttl")):
        case = read_case(path)
        if case is not None:
            yield case


# What each engine is known to miss in the W3C suite, and why.
KNOWN: dict[str, dict[str, str]] = {"shacl": {}, "pyshacl": {}}


def main() -> None:
    """Run the W3C suite; exit 1 at a miss that isn't known, or a known one fixed."""
    folder = FilePath(sys.argv[1])
    wrong = 0
    found = list(cases(folder))
    if len(found) < 100:
        sys.exit(f"{folder} holds {len(found)} cases; the W3C suite has over 100.")
    for engine in ENGINES:
        passed = 0
        for case in found:
            what = difference(case, engine)
            known = KNOWN[engine].get(case.name, "")
            passed += not what
            if bool(what) != bool(known):
                wrong += 1
                print(
                    f"{engine} {case.name}: {what or 'passes, but is listed as known'}"
                )
        print(f"{engine}: {passed} of {len(found)} cases; {len(KNOWN[engine])} known")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
