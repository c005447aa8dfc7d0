"""The W3C suites of SPARQL 1.0 and 1.1, read and answered as `/sparql` does it.

Run with `python -m tests.sparql_cases DIRECTORY` (make test-w3c-sparql DIR=…), where
the directory holds `sparql10` and `sparql11` of the suite. A query is asked of a
worker's own function, in the format that the expected result has; the syntax tests,
those of updates too, are asked of the reader. A case that fails and isn't in
`sparql_misses.toml` fails the run; so does one that stands there and passes, and one
that stands there and is answered with 200.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import SourceError
from glokal.server.workers.allowed_services import to_worker_answer
from glokal.server.workers.local_worker import WorkerLimits, execute_query
from glokal.server.workers.messages import QueryRequest, ServiceAnswer, ServiceRequest
from glokal.sparql.errors import QueryError
from glokal.sparql.prepare import parse
from glokal.sparql.reader import read_query, read_update
from glokal.sparql.store_interface import Table, to_answer
from glokal.sparql.tree import Iri, Variable
from glokal.sparql.tree import Query as Tree
from glokal.store.embedded_quirks import EngineData, RewrittenLiterals
from tests.sparql_results import (
    CSV,
    JSON,
    TSV,
    difference,
    expected_result,
    read_result,
    reduced_difference,
)
from tests.w3c_manifest import Case, Manifest, path_of

KNOWN = Path(__file__).with_name("sparql_misses.toml")
SUITES = ("sparql10", "sparql11")
# Not of the query language: entailment by a reasoner, and what is done over HTTP.
LEFT_OUT = {
    "entailment", "http-rdf-update", "graph-store-protocol", "protocol",
    "service-description",
}  # fmt: skip
EVALUATED = {"QueryEvaluationTest", "CSVResultFormatTest"}
FEWEST = {"evaluated": 520, "syntax": 460}
MEDIA = {".csv": CSV, ".tsv": TSV, ".srj": JSON, ".srx": JSON}
LIMITS = WorkerLimits(1 << 26, 1 << 26)


def cases(folder: Path) -> list[Case]:
    """Return the cases of both suites in a folder."""
    found = {}
    for suite in SUITES:
        for path in sorted((folder / suite).glob("*/manifest.ttl")):
            if path.parent.name not in LEFT_OUT:
                found.update({case.name: case for case in Manifest(path).cases()})
    return list(found.values())


def fault(case: Case) -> str:
    """Return what is wrong with the answer to a case, "" when nothing is.

    What begins with "200" was answered all the same.
    """
    if case.kind in EVALUATED:
        return _wrong_answer(case)
    return _wrong_syntax(case)


def _based(case: Case) -> str:
    # The base of a query is where it was read from.
    text = case.query.read_bytes().decode("utf-8")
    return f"BASE <{case.query.resolve().as_uri()}>\n{text}"


def _wrong_syntax(case: Case) -> str:
    """Return what the reader takes and shouldn't, or the other way round.

    An update that is carried out in the suite is read here.
    """
    try:
        (read_update if case.query.suffix == ".ru" else read_query)(_based(case))
    except QueryError as error:
        return "" if "Negative" in case.kind else f"refused: {error.what}"
    return "200: read as if it were right" if "Negative" in case.kind else ""


def _wrong_answer(case: Case) -> str:
    based = _based(case)
    try:
        tree = parse(based).query
    except SourceError as error:
        return f"400: {error}"
    store, data = _filled(case.data, [*tree.dataset.default, *tree.dataset.named])
    assert case.result is not None
    # An empty Accept gives JSON or Turtle, by what was asked.
    asked = QueryRequest(
        based,
        accept=MEDIA.get(case.result.suffix, ""),
        services=tuple(_asked_endpoints(tree)),
    )
    head, body = execute_query(store, data, asked, LIMITS)
    while head.status == 202:
        assert head.asks is not None
        asked = replace(asked, answers=(*asked.answers, _endpoint(case, head.asks)))
        head, body = execute_query(store, data, asked, LIMITS)
    if head.status != 200:
        return f"{head.status}: {head.detail}"
    got = read_result(body, head.media)
    expected = expected_result(case.result)
    found = difference(got, expected, _sorted_by(tree))
    if found and tree.select.distinct == "REDUCED":
        # Section 18.5: a row may stand as often as there are solutions, or fewer times.
        found = reduced_difference(got, expected)
    return found and f"200: {found}"


def _asked_endpoints(tree: Tree) -> set[str]:
    return {s.name.value for s in tree.services if isinstance(s.name, Iri)}


def _filled(
    files: Iterable[tuple[str, Path]], named: Sequence[object] = ()
) -> tuple[ox.Store, EngineData]:
    """Return a store with the files, and those that FROM names by their address."""
    store, literals, graphs = ox.Store(), RewrittenLiterals(), {}
    listed = [*files, *((str(getattr(n, "value", n)), path_of(n)) for n in named)]
    for graph, path in listed:
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        if graph in graphs:
            continue
        if graph:
            graphs[graph] = path
            store.add_graph(ox.NamedNode(graph))
        fmt = ox.RdfFormat.TURTLE if path.suffix == ".n3" else None
        base = path.resolve().as_uri()
        # A label of a blank node is the file's own.
        for quad in ox.parse(
            path=path, format=fmt, base_iri=base, rename_blank_nodes=True
        ):
            literals.look_at(quad)
            store.add(ox.Quad(quad.subject, quad.predicate, quad.object, name))
    return store, literals.engine_data(graphs)


def _endpoint(case: Case, asked: ServiceRequest) -> ServiceAnswer:
    """Return what an endpoint of a case answers."""
    files = [("", path) for name, path in case.services if name == asked.endpoint]
    if not files:
        assert asked.silent, f"there is no {asked.endpoint}"
        return ServiceAnswer((), None)
    store, _ = _filled(files)
    table = to_answer(store.query(asked.text))
    assert isinstance(table, Table)
    return to_worker_answer(table)


def _sorted_by(tree: Tree) -> list[str] | None:
    """Return the columns that a query is sorted by; None for what is no column."""
    values = [condition.value for condition in tree.select.order_by]
    columns = tree.select.projection
    shown = None if columns is None else {variable.name for variable, _ in columns}
    names = [v.name for v in values if isinstance(v, Variable)]
    if len(names) < len(values) or (shown is not None and not shown.issuperset(names)):
        return None
    return names


@dataclass(frozen=True)
class Misses:
    """The cases that are known to fail, each with its reason.

    Those in `permitted` may be answered with 200: the specification leaves it open.
    """

    refused: dict[str, str]
    permitted: dict[str, str]
    protocol: dict[str, str]


def misses() -> Misses:
    """Return the cases that are known to fail."""
    groups = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    permitted, protocol = groups.pop("permitted"), groups.pop("protocol")
    refused = {name: why for group in groups.values() for name, why in group.items()}
    return Misses(refused, permitted, protocol)


def surprises(faults: Mapping[str, str], known: Misses) -> list[str]:
    """Return what is wrong with the faults of a run, given those that are known."""
    listed = known.refused.keys() | known.permitted.keys()
    found = [f"{name}: {told}" for name, told in faults.items() if name not in listed]
    for name in sorted(listed):
        told = faults.get(name, "")
        if not told:
            found.append(f"{name} is listed as missed, and passes")
        elif told.startswith("200") and name not in known.permitted:
            found.append(f"{name} is listed, and answered wrongly all the same: {told}")
    return found


def main() -> None:
    """Run the suites and print what was missed."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("Name the folder of the suites: make test-w3c-sparql DIR=…")
    found = cases(Path(sys.argv[1]))
    evaluated = sum(case.kind in EVALUATED for case in found)
    counts = {"evaluated": evaluated, "syntax": len(found) - evaluated}
    if any(counts[kind] < fewest for kind, fewest in FEWEST.items()):
        sys.exit(f"Only {counts} cases there: that is not the whole suite.")
    faults = {case.name: told for case in found if (told := fault(case))}
    told = surprises(faults, misses())
    for line in told:
        print(line)
    print(f"{len(found) - len(faults)} of {len(found)} cases hold ({counts})")
    sys.exit(1 if told else 0)


if __name__ == "__main__":
    main()
