"""The W3C SPARQL 1.1 query suite, answered as `/sparql` answers.

Run with `python -m tests.sparql_cases DIRECTORY` (make test-w3c-sparql DIR=…), where
the directory holds the suite's folders with their `manifest.ttl`. Each case is asked of
a worker's own function, in the format that the expected result has; numbers count by
their value. A case that fails and isn't in `sparql_misses.toml` fails the run, and so
does one that stands there and passes.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from glokal.errors import ForbiddenQueryError, SourceError
from glokal.rdf.terms import text_of
from glokal.serve.worker import answer
from glokal.sparql.prepare import prepare
from glokal.vocabulary import RDF, XSD

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
KNOWN = Path(__file__).with_name("sparql_misses.toml")
# Not of the query language: updates, entailment by a reasoner, the graph store.
LEFT_OUT = {
    "add", "basic-update", "clear", "copy", "delete", "delete-data", "delete-insert",
    "delete-where", "drop", "move", "update-silent", "syntax-update-1",
    "syntax-update-2", "entailment", "http-rdf-update", "graph-store-protocol",
    "protocol", "service-description",
}  # fmt: skip
JSON = "application/sparql-results+json"
MEDIA = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".srj": JSON}
LARGEST = 1 << 26
Node = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True)
class Case:
    """A case: its name with its folder, its kind, and the files that it is made of."""

    name: str
    kind: str
    query: Path
    data: tuple[tuple[str, Path], ...]
    result: Path | None


class Manifest:
    """A manifest, to be looked up in."""

    def __init__(self, path: Path) -> None:
        self.path = path
        base = path.resolve().as_uri()
        self._said: dict[tuple[Any, str], list[Any]] = {}
        for quad in ox.parse(path=path, base_iri=base):
            key = (quad.subject, quad.predicate.value)
            self._said.setdefault(key, []).append(quad.object)
        self._subjects = {subject for subject, _ in self._said}

    def all(self, subject: Any, term: str) -> list[Any]:
        return self._said.get((subject, term), [])

    def one(self, subject: Any, term: str) -> Any:
        return next(iter(self.all(subject, term)), None)

    def objects(self, term: str) -> list[Any]:
        return [
            o for (_, said), found in self._said.items() if said == term for o in found
        ]

    def of_kind(self, kind: str) -> list[Any]:
        named = ox.NamedNode(MF + kind)
        return sorted(
            (s for s in self._subjects if named in self.all(s, RDF + "type")), key=str
        )

    def cases(self) -> Iterator[Case]:
        for subject in sorted(self._subjects, key=str):
            kind = text_of(self.one(subject, RDF + "type")).rpartition("#")[2]
            action = self.one(subject, MF + "action")
            if action is None:
                continue
            query = self.one(action, QT + "query") or action
            # Folders have cases of the same name, and so have some manifests.
            name = f"{self.path.parent.name}/{text_of(subject).rpartition('#')[2]}"
            data = [("", _path(node)) for node in self.all(action, QT + "data")]
            data += [
                (text_of(node), _path(node))
                for node in self.all(action, QT + "graphData")
                if isinstance(node, ox.NamedNode)
            ]
            result = self.one(subject, MF + "result")
            yield Case(name, kind, _path(query), tuple(data), result and _path(result))


def _path(node: Any) -> Path:
    return Path(unquote(urlsplit(node.value).path))


def cases(folder: Path) -> list[Case]:
    """Return the cases of the query language in a folder."""
    found = {}
    for path in sorted(folder.rglob("manifest.ttl")):
        if path.parent.name not in LEFT_OUT and path.parent != folder:
            found.update({case.name: case for case in Manifest(path).cases()})
    return list(found.values())


def fault(case: Case) -> str:
    """Return what is wrong with the answer to a case, "" when nothing is."""
    text = case.query.read_text(encoding="utf-8")
    # The base of a query is where it was read from.
    based = f"BASE <{case.query.resolve().as_uri()}>\n{text}"
    try:
        prepare(based)
    except ForbiddenQueryError:
        return "SERVICE is refused"
    except SourceError:
        pass
    store = ox.Store()
    for graph, path in case.data:
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        store.load(path=path, base_iri=path.resolve().as_uri(), to_graph=name)
    accept = MEDIA.get(case.result.suffix, "") if case.result else ""
    asked = {"query": based, "default": [], "named": [], "accept": accept}
    head, body = answer(store, asked, LARGEST, LARGEST)
    status = head["status"]
    if case.kind.startswith("NegativeSyntaxTest"):
        return "" if status == 400 else f"status {status} for 400"
    if status != 200:
        return f"status {status}: {head.get('detail', '')}"
    if case.result is None:
        return ""
    got, expected = _read(body, head["media"], case), _expected(case)
    if got == expected:
        return ""
    if got is True or expected is True or not got or not expected:
        return f"got {str(got)[:200]}, expected {str(expected)[:200]}"
    missing, extra = expected - got, got - expected
    return f"missing {list(missing)[:2]}, extra {list(extra)[:2]}"


def _read(body: bytes, media: str, case: Case) -> Any:
    if media == "text/csv":
        return _csv(body.decode())
    if media == "text/tab-separated-values":
        return _rows(ox.parse_query_results(body, format=ox.QueryResultsFormat.TSV))
    if media == JSON:
        return _rows(ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON))
    fmt = ox.RdfFormat.from_media_type(media)
    return _canonical(quad.triple for quad in ox.parse(body, format=fmt))


def _expected(case: Case) -> Any:
    path = case.result
    assert path is not None
    if path.suffix == ".csv":
        return _csv(path.read_text(encoding="utf-8"))
    fmt = ox.QueryResultsFormat.from_extension(path.suffix[1:])
    if fmt is not None:
        return _rows(ox.parse_query_results(path=path, format=fmt))
    parsed = ox.parse(path=path, base_iri=path.resolve().as_uri())
    triples = [quad.triple for quad in parsed]
    if any(t.predicate.value == RS + "resultVariable" for t in triples):
        return _result_set(triples)
    truths = [t.object for t in triples if t.predicate.value == RS + "boolean"]
    return text_of(truths[0]) == "true" if truths else _canonical(triples)


def _result_set(triples: list[ox.Triple]) -> Any:
    """Rows that are written as triples (the test suite's own vocabulary)."""
    said: dict[tuple[Any, str], list[Any]] = {}
    for t in triples:
        said.setdefault((t.subject, t.predicate.value), []).append(t.object)
    rows = []
    for solutions in (v for (_, term), v in said.items() if term == RS + "solution"):
        for solution in solutions:
            bindings = said.get((solution, RS + "binding"), [])
            rows.append(
                {
                    text_of(said[b, RS + "variable"][0]): said[b, RS + "value"][0]
                    for b in bindings
                }
            )
    return _bag(rows)


def _rows(found: Any) -> Any:
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    names = found.variables
    return _bag(
        [{v.value: row[v] for v in names if row[v] is not None} for row in found]
    )


def _bag(rows: list[dict[str, Node]]) -> Any:
    """Rows as a graph, so that blank nodes may have other names; a row is a node."""
    marks: Counter[str] = Counter()
    triples = []
    for row in rows:
        if not any(isinstance(term, ox.BlankNode) for term in row.values()):
            marks[str(sorted((k, _value(v)) for k, v in row.items()))] += 1
            continue
        node = ox.BlankNode()
        triples += [
            ox.Triple(node, ox.NamedNode(f"urn:column:{name}"), term)
            for name, term in row.items()
        ]
    return _canonical(triples) + marks


def _canonical(triples: Any) -> Counter[str]:
    graph = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return Counter(str(quad) for quad in graph)


def _value(term: Node) -> str:
    """A term as text, numbers and truths by what they mean."""
    if not isinstance(term, ox.Literal):
        return str(term)
    kind = term.datatype.value.removeprefix(XSD)
    if kind in ("decimal", "double", "float", "integer"):
        return f"{kind} {float(term.value)}"
    if kind == "boolean":
        return f"{kind} {term.value in ('1', 'true')}"
    return str(term)


def _csv(text: str) -> Counter[str]:
    # In CSV a blank node is known by its first letters only, and the order of the
    # columns of SELECT * is free.
    return Counter(
        str({name: re.sub(r"_:\w+", "_:", cell) for name, cell in sorted(row.items())})
        for row in csv.DictReader(io.StringIO(text))
    )


def misses(*, protocol: bool) -> dict[str, str]:
    """Return the cases that are known to fail, and why."""
    groups = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    listed = {name: why for group in groups.values() for name, why in group.items()}
    return {
        n: why for n, why in listed.items() if n.startswith("protocol/") == protocol
    }


def main() -> None:
    """Run the suite and print what was missed."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("Name the folder of the suite: make test-w3c-sparql DIR=…")
    known = misses(protocol=False)
    found = cases(Path(sys.argv[1]))
    if len(found) < 300:
        sys.exit(f"Only {len(found)} cases there: that is not the whole suite.")
    wrong = {case.name: told for case in found if (told := fault(case))}
    for name, told in wrong.items():
        if name not in known:
            print(f"{name}: {told}")
    passed = [name for name in known if name not in wrong]
    for name in passed:
        print(f"{name} is listed as missed, and passes")
    unknown = wrong.keys() - known.keys()
    print(f"{len(found) - len(wrong)} of {len(found)} cases hold")
    sys.exit(1 if unknown or passed else 0)


if __name__ == "__main__":
    main()
