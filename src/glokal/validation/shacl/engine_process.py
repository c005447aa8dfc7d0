"""The SHACL engines, and the child process that runs one: graphs in, report out.

Graphs are N-Triples files, as pyoxigraph writes them; the report is N-Triples too, and
names blank nodes as the graphs do. Shapes may hold queries of strangers, so the child
has no network. Started as `python -m glokal.validation.shacl.engine_process MEGABYTES`,
it reads its work from its input: engine, data and shapes as a list in JSON.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from glokal.core.child_process import end_with_parent
from glokal.core.garbage_collection import return_memory
from glokal.core.namespaces import SH
from glokal.core.sandbox import close_network
from glokal.rdf.terms import Term, text_of
from glokal.validation.property_path import ValuesBySubject, read_about
from glokal.validation.shacl.data_queries import QueriedGraph
from glokal.validation.shacl.nested_results import add_details
from glokal.validation.shacl.prebinding import BlankNodeError
from glokal.validation.shacl.required_triples import predicates_of_queries
from glokal.validation.shacl.sparql_components import COMPONENT_PARTS, component_results
from glokal.validation.shacl.sparql_constraints import SparqlConstraints
from glokal.validation.shacl.spellings import respelled

ENGINES = ("shacl", "pyshacl")
_NT = ox.RdfFormat.N_TRIPLES
# The engine names the blank nodes of both graphs by order: shapes first, then data.
# Bytes of data up to which queries and engine are at work at once, each with a graph of
# its own in memory; more are looked at one after the other.
_AT_ONCE = 50_000_000
_NUMBERED = re.compile(r" _:[01]_b(\d+) \.$", re.MULTILINE)


def run_engine(name: str, data: Path, shapes: Path) -> str:
    """Return the validation report (SHACL, section 3.6) of a data graph.

    SPARQL targets, and with the engine `shacl` SPARQL constraints, are asked here of
    pyoxigraph; see `shape_forms.toml`. The shapes are rewritten as that module says.
    """
    given = [q.triple for q in ox.parse(path=shapes, format=_NT)]
    about = read_about(given)
    statements = {t.predicate.value for t in given}
    own = ""
    asks = {SH + "sparql", SH + "parameter"} & statements
    has_targets, answer = SH + "target" in statements, ""
    if asks and name == "shacl" and not has_targets and _is_small(data):
        rest = _without_queries(given, (), shapes, keep_sparql=False)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(_ask, name, data, rest)
            name, _, own = _ask_queries(name, data, given, about)
            if name == "shacl":
                answer, shapes = waiting.result(), rest
    elif has_targets or (name == "shacl" and asks):
        name, targets, own = _ask_queries(name, data, given, about)
        # The store is gone; the engine has as much in its own.
        return_memory()
        shapes = _without_queries(given, targets, shapes, keep_sparql=name != "shacl")
    answer = answer or _ask(name, data, shapes)
    inside = ""
    if name == "shacl":
        # What the queries find has nothing inside.
        report = (q.triple for q in ox.parse(input=answer, format=_NT))
        given = [q.triple for q in ox.parse(path=shapes, format=_NT)]
        ask = partial(_ask, name)
        details = add_details(report, given, data, shapes.parent, ask, about)
        written = ox.serialize(details, format=_NT)
        assert written is not None
        inside = "\n" + written.decode()
    # Which one it was stands in the first line, as a comment.
    return "".join((f"# engine {name}\n", answer, own, inside))


def _is_small(data: Path) -> bool:
    return data.stat().st_size <= _AT_ONCE


def _ask_queries(
    name: str, data: Path, given: list[ox.Triple], about: ValuesBySubject
) -> tuple[str, list[tuple[Term, Term]], str]:
    """Ask the queries of shapes of pyoxigraph.

    Returns the engine for the rest, which is another where `shacl` can't go on; the
    nodes of the targets with their shapes; and the results of constraints as
    `linked_results` writes them.
    """
    graph = QueriedGraph(data, about, predicates_of_queries(given))
    queries = SparqlConstraints(graph, given)
    queries.read_targets()
    targets = [(s, node) for s, nodes in graph.extra.items() for node in nodes]
    own = ""
    if any(isinstance(node, ox.BlankNode) for _, node in targets):
        # `shacl` takes a blank node of the shapes for another than one of the data.
        name = "pyshacl"
    if name == "shacl":
        try:
            results = [*queries.results(), *component_results(queries)]
            own = linked_results(queries.triples(respelled(results, data)))
        except BlankNodeError:
            name = "pyshacl"
    return name, targets, own


def _ask(name: str, data: Path, shapes: Path) -> str:
    if name == "pyshacl":
        # It takes a second to import, and is seldom asked.
        from glokal.validation.shacl.pyshacl_engine import validation_report

        return validation_report(data, shapes)
    import shacl

    compiled = shacl.Shapes.from_file(str(shapes))
    result = str(compiled.validate_file(str(data)).serialize("ntriples"))
    if not _NUMBERED.search(result):
        return result
    names = [*blank_nodes(shapes), *blank_nodes(data)]
    return _NUMBERED.sub(lambda m: f" _:{names[int(m[1])]} .", result)


def _without_queries(
    given: Iterable[ox.Triple],
    targets: Iterable[tuple[Term, Term]],
    path: Path,
    *,
    keep_sparql: bool,
) -> Path:
    """Write the shapes with targets as nodes, and return the new file."""
    own = set() if keep_sparql else {SH + "sparql", *COMPONENT_PARTS}
    left = {SH + "target", *own}
    remaining = [
        t
        for t in given
        if t.predicate.value not in left
        and (keep_sparql or text_of(t.object) != SH + "ConstraintComponent")
    ]
    name = ox.NamedNode(SH + "targetNode")
    for shape, node in targets:
        assert not isinstance(shape, ox.Literal)
        remaining.append(ox.Triple(shape, name, node))
    new = path.with_suffix(".rewritten.nt")
    ox.serialize(remaining, str(new), format=_NT)
    return new


def linked_results(results: Iterable[ox.Triple]) -> str:
    """Return the triples of results as N-Triples, each said to be one of a report.

    The triples of one result stand together. There may be as many results as things:
    no more than the text of them is held.
    """
    written = ox.serialize(_linked(results), format=_NT)
    assert written is not None
    return "\n" + written.decode() if written else ""


def _linked(results: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    report, link = ox.BlankNode("sparql"), ox.NamedNode(SH + "result")
    before: object = None
    for t in results:
        if t.subject != before:
            before = t.subject
            yield ox.Triple(report, link, t.subject)
        yield t


def blank_nodes(path: Path) -> Iterable[str]:
    """Return the labels of blank nodes in an N-Triples file, as they first appear."""
    results: dict[str, None] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if "_:" in line:
                for label in _ends(line):
                    results[label] = None
    return results


def _ends(line: str) -> Iterable[str]:
    line = line.rstrip("\n")
    if line.startswith("_:"):
        yield line[2 : line.index(" ")]
    last = line[: -len(" .")].rpartition(" ")[2]
    if last.startswith("_:") and '"' not in last:
        yield last[2:]


def main() -> None:
    """Run the engine on the files that the arguments name."""
    # Before any thread is started: they all have it then.
    close_network()
    end_with_parent(int(sys.argv[1]))
    answer = sys.stdout
    # What an engine prints must not mix with the report.
    sys.stdout = sys.stderr
    try:
        name, data, shapes = json.load(sys.stdin)
        answer.write(run_engine(name, Path(data), Path(shapes)))
    except MemoryError:
        sys.exit("it needs more memory than it may have")
    except Exception as error:
        sys.exit(" ".join(str(error).split()) or type(error).__name__)
    answer.flush()


if __name__ == "__main__":
    main()
