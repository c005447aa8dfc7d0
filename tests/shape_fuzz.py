"""Made shapes on made data: the default run and pySHACL agree, or the run says why not.

`python -m tests.shape_fuzz NUMBER` (`make fuzz-shapes`) tries so many and counts what
came of them; a smaller part is a test. The other side is pySHACL by itself, on the
shapes as they were made: what our adapter does to them is on trial, too.
"""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from unittest import mock

import pyoxigraph as ox
import pyshacl
import rdflib
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from glokal.core.child_process import ProcessLimits
from glokal.core.errors import ToolError, UsageError
from glokal.validation.shacl import engine_call
from glokal.validation.shacl.engine_process import run_engine
from glokal.validation.shacl.second_engine import validate_judged
from tests.shape_writer import IN_ORDER, ORDERED, PROPERTIES, TEXTS, Writer

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
PART = SH.sourceConstraintComponent
# Values that only some engines hold for numbers, dates or texts.
ODD = (
    '"x"^^xsd:integer', '"2020"^^xsd:gYear', '"2020-01-01T00:00:00Z"^^xsd:dateTime',
    '"2020-01-01T00:00:00"^^xsd:dateTime', '"x"^^:own', "true", '"NaN"^^xsd:double',
    "3.14159265358979323846", '"2020-02-30"^^xsd:date', '"05"^^xsd:integer', ":x", ":y",
)  # fmt: skip
QUERIES = (
    "SELECT $this ?value { $this :s ?value . $this :t ?t FILTER (?t < ?value) }",
    "SELECT $this { $this :p ?v FILTER NOT EXISTS { $this :q ?w } }",
    "SELECT $this (COUNT(?v) AS ?n) { $this :p ?v } GROUP BY $this HAVING (?n > 1)",
    "SELECT $this ?value { OPTIONAL { $this :q ?value } FILTER (!BOUND(?value)) }",
    "SELECT $this ?value { $this (:p|:q)/:r ?value FILTER (?value != $this) }",
    "SELECT $this ?value { $this :p ?value MINUS { ?value a :C } }",
    "SELECT $this { BIND (STR($this) AS ?s) FILTER STRENDS(?s, 'a') }",
)
NAMES = "<http://e/> sh:declare [ sh:prefix '' ; sh:namespace 'http://e/' ] .\n"
LIMITS = ProcessLimits(60)


class WideWriter(Writer):
    """A writer that keeps nothing out: odd values, queries, own classes, recursion."""

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(draw, tuple({v for values in ORDERED for v in values}))
        if self.draw(st.booleans()):
            self.ordered = (*self.ordered, *ODD)
        if self.draw(st.integers(0, 3)) == 0:
            self.ordered = (*self.ordered, *TEXTS)
        # The order of a set is another one in each run.
        self.ordered = tuple(sorted(set(self.ordered)))

    def shapes_graph(self) -> str:
        more = ""
        if self.draw(st.integers(0, 5)) == 0:
            more += (
                f":C a rdfs:Class , sh:NodeShape ; {self.constraint(1, path=False)} .\n"
            )
        if self.draw(st.integers(0, 9)) == 0:
            more += ":S0 sh:deactivated true .\n"
        if self.draw(st.integers(0, 9)) == 0:
            more += (
                f":S0 sh:property [ sh:path {self.one(*PROPERTIES)} ; sh:node :S0 ] .\n"
            )
        return super().shapes_graph() + NAMES + more

    def property_shape(self, depth: int) -> str:
        if self.draw(st.integers(0, 9)) == 0:
            word = self.one("lessThan", "lessThanOrEquals", "equals", "disjoint")
            first, second = self.one(*PROPERTIES, *IN_ORDER), self.one(*IN_ORDER)
            return f"[ sh:path {first} ; sh:{word} {second} ]"
        return super().property_shape(depth)

    def constraint(self, depth: int, *, path: bool) -> str:
        match self.draw(st.integers(0, 19)):
            case 0:
                off = self.one("", "", "sh:deactivated true ; ")
                query = f'sh:select """{self.one(*QUERIES)}"""'
                return f"sh:sparql [ {off}sh:prefixes <http://e/> ; {query} ]"
            case 1 if path:
                return "sh:closed true"
            case 2:
                return (
                    f"sh:severity sh:{self.one('Info', 'Warning')} ; {self.on_value()}"
                )
            case _:
                return super().constraint(depth, path=path)


@st.composite
def wide_graphs(draw: st.DrawFn) -> tuple[str, str]:
    """Return data and shapes as Turtle."""
    writer = WideWriter(draw)
    return writer.data()[0], writer.shapes_graph()


def outcome(data: str, shapes: str, folder: Path) -> str:
    """Return what came of a case; raises AssertionError for a difference in silence."""
    triples = [q.triple for q in ox.parse(input=data, format=ox.RdfFormat.TURTLE)]
    wanted = [q.triple for q in ox.parse(input=shapes, format=ox.RdfFormat.TURTLE)]
    path = folder / "data.nt"
    ox.serialize(triples, str(path), format=ox.RdfFormat.N_TRIPLES)
    try:
        judged = validate_judged(
            path, wanted, engine="shacl", triples=len(triples), limits=LIMITS
        )
    except UsageError:
        return "refused by name"
    except ToolError as error:
        return "the engines differ" if "differ" in error.what else "an engine failed"
    peer = _pyshacl(data, shapes)
    if peer is None:
        return "pySHACL failed, and the run says so"
    # How many results a value gets that is wrong beside several others is left open,
    # and RDFLib writes numbers its own way.
    own = {
        (str(r.focus) if isinstance(r.focus, ox.NamedNode) else "_", r.component)
        for r in judged.results
    }
    if own == peer:
        return "agree"
    if judged.unjudged:
        return "one engine alone, and the run says so"
    if judged.settled:
        return "an order is decided by SPARQL, and the run says so"
    raise AssertionError(f"{own} {peer}\n{data}\n{shapes}")


def _pyshacl(data: str, shapes: str) -> set[tuple[str, str]] | None:
    """Return focus node and component of pySHACL's results; None when it fails."""
    graphs = []
    for text in (data, shapes):
        triples = [q.triple for q in ox.parse(input=text, format=ox.RdfFormat.TURTLE)]
        graph = rdflib.Graph()
        written = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        assert written is not None
        graph.parse(data=written.decode(), format="nt")
        graphs.append(graph)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, report, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1])
    except Exception:
        return None
    if not isinstance(report, rdflib.Graph):
        return None
    results = {
        node
        for root in report.subjects(rdflib.RDF.type, SH.ValidationReport)
        for node in report.objects(root, SH.result)
    }
    found = [
        (report.value(node, SH.focusNode), report.value(node, PART)) for node in results
    ]
    return {
        (focus.n3() if isinstance(focus, rdflib.URIRef) else "_", str(part))
        for focus, part in found
    }


def _in_process(_module: str, _args: object, work: bytes, *_: object) -> bytes:
    """Run an engine here: ten thousand processes would take hours to start."""
    name, data, shapes = json.loads(work)
    return run_engine(name, Path(data), Path(shapes)).encode()


def try_shapes(number: int, start: int = 0) -> Counter[str]:
    """Try so many made cases; return how often each thing came of one."""
    counts: Counter[str] = Counter()

    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")

        @seed(start)
        @settings(
            max_examples=number,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(wide_graphs())
        def check(made: tuple[str, str]) -> None:
            counts[outcome(*made, Path(name))] += 1

        with mock.patch.object(engine_call, "run_child", _in_process):
            check()
    return counts


def main() -> None:
    """Try as many as the first argument says, and print what came of them."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for words, count in try_shapes(number).most_common():
        print(f"{count:6}  {words}")


if __name__ == "__main__":
    main()
