"""What a service must do to stand behind Glokal: the acceptance suite.

`make test` runs it against Oxigraph and Virtuoso, `make test-engines` against Apache
Jena Fuseki and RDF4J Server, each started here. Against a service of one's own:
`make test-remote ENDPOINT=URL [GRAPH_STORE=URL]`, with the login in
GLOKAL_ENDPOINT_USER and GLOKAL_ENDPOINT_PASSWORD. It refuses a service that Glokal has
pushed to before, and leaves it as it was.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.core.errors import InputError, SourceError, ToolError
from glokal.core.files.spool import Spool
from glokal.core.namespaces import GEO, XSD
from glokal.core.settings import load_project
from glokal.dataset import push
from glokal.dataset.push import push_graphs, remove
from glokal.dataset.push_record import open_pushed, read_push_record
from glokal.dataset.views import IN_STRATEGY, REPORTED, VIEW_SPACE
from glokal.dataset.workspace import Workspace
from glokal.rdf.sorted_graph import sorted_graph
from glokal.rdf.terms import text_of
from glokal.sparql.prepare import parse
from glokal.sparql.store_interface import Store, Table
from glokal.sparql.tree import Bind, Exists
from glokal.sparql.walk import selects_and_elements, walk_tree
from glokal.store.from_environment import open_endpoint, write_client
from glokal.store.graph_store_client import GraphStore, chunks, graph_store_of
from glokal.store.remote import RemoteStore
from glokal.validation.competency import check_competency
from tests import servers
from tests.conftest import ROOT, glokal
from tests.engines import servers as engines
from tests.test_views import project_with_reports

GIVEN = os.environ.get("GLOKAL_TEST_ENDPOINT", "")
# Graphs of somebody else, which every push must leave alone.
OTHER = "https://example.org/glokal-acceptance/other"
LITERALS = "https://example.org/glokal-acceptance/literals"
MANY = "https://example.org/glokal-acceptance/many"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH <%s> { ?s ?p ?o } }"


@dataclass
class Service:
    """A service: where it is asked, where it is written to."""

    store: RemoteStore
    target: GraphStore

    @property
    def endpoint(self) -> str:
        return self.store.endpoint

    def put(self, graph: str, triples: list[ox.Triple]) -> None:
        assert list(self.target.replace(graph, triples))[-1] == len(triples)

    def count(self, graph: str) -> int:
        rows = self.store.select(COUNT_NAMED % graph).rows
        return int(text_of(rows[0][0]))


if GIVEN:
    SERVICES = ["given"]
elif "GLOKAL_TEST_ENGINES" in os.environ:
    SERVICES = [engines.FUSEKI, *engines.RDF4J]
else:
    SERVICES = ["oxigraph", "virtuoso"]


@pytest.fixture(scope="module", params=SERVICES)
def service(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    strategy: Workspace,
) -> Iterator[Service]:
    """A service with the strategy pushed to it, and somebody else's graph."""
    with pytest.MonkeyPatch.context() as patched:
        # A busy machine takes its time.
        patched.setenv("GLOKAL_ENDPOINT_SECONDS", "240")
        if request.param == "given":
            place = os.environ.get("GLOKAL_TEST_GRAPH_STORE", "")
            yield from _filled(GIVEN, strategy, place)
            return
        folder = tmp_path_factory.mktemp(request.param)
        if request.param in {engines.FUSEKI, *engines.RDF4J}:
            if request.param in {engines.FUSEKI, engines.PROXIED}:
                user, password = engines.LOGIN
                patched.setenv("GLOKAL_ENDPOINT_USER", user)
                patched.setenv("GLOKAL_ENDPOINT_PASSWORD", password)
            with engines.engine(request.param, folder) as (address, place):
                yield from _filled(address, strategy, place)
            return
        if request.param == "oxigraph":
            with servers.oxigraph(folder) as address:
                yield from _filled(f"{address}/query", strategy)
            return
        patched.setenv("GLOKAL_ENDPOINT_USER", "dba")
        patched.setenv("GLOKAL_ENDPOINT_PASSWORD", "dba")
        with servers.virtuoso(folder) as address:
            yield from _filled(f"{address}/sparql", strategy)


@pytest.fixture(scope="module")
def with_reports(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The real project with two reports that nobody has made."""
    folder = project_with_reports(tmp_path_factory.mktemp("reports") / "project")
    return Workspace(load_project(folder))


def _filled(
    endpoint: str, strategy: Workspace, graph_store: str = ""
) -> Iterator[Service]:
    address = graph_store or graph_store_of(endpoint)
    # Chunks so small that most graphs need several.
    target = GraphStore(address, write_client(), chunk=100)
    made = Service(open_endpoint(endpoint), target)
    if read_push_record(made.store, strategy.project.graphs):
        raise RuntimeError(f"{endpoint} holds a push already: give it an empty store.")
    try:
        made.put(OTHER, [triple("a", ox.Literal("theirs"))])
        push_graphs(strategy, made.store, target)
        yield made
        remove(strategy, made.store, target)
        left = made.store.select(
            "SELECT ?g { GRAPH ?g { ?s ?p ?o } "
            f"FILTER(STRSTARTS(STR(?g), '{strategy.project.graphs}')) }} LIMIT 1"
        )
        assert left.rows == ()
        assert made.count(OTHER) == 1
    finally:
        for graph in (OTHER, LITERALS, MANY):
            target.remove(graph)


def triple(name: str, value: ox.Literal | ox.BlankNode) -> ox.Triple:
    space = "https://example.org/glokal-acceptance#"
    return ox.Triple(
        ox.NamedNode(space + name), ox.NamedNode(space + "p" + name), value
    )


def dataset(service: Service, strategy: Workspace) -> RemoteStore:
    return open_pushed(service.store, strategy.project.graphs)[0]


def counted(store: RemoteStore) -> int:
    return int(text_of(store.select(COUNT).rows[0][0]))


def test_every_canned_query_gives_the_expected_rows(
    service: Service, strategy: Workspace
) -> None:
    store = dataset(service, strategy)
    assert len(strategy.queries) >= 40
    faults = check_competency(strategy.queries, store, strategy.project)
    assert [(f.place, f.message["en"]) for f in faults] == []


def test_no_canned_query_asks_what_virtuoso_answers_wrongly(
    strategy: Workspace,
) -> None:
    """EXISTS in a BIND: wrong rows or no answer now and then (docs/scale.md)."""
    asked = {
        query.name: [
            part
            for element in selects_and_elements(parse(query.text).query.select)
            if isinstance(element, Bind)
            for part in walk_tree(element.value)
            if isinstance(part, Exists)
        ]
        for query in strategy.queries
    }
    assert len(asked) >= 40
    assert {name for name, parts in asked.items() if parts} == set()


def test_every_canned_query_gives_the_terms_of_home(
    service: Service, strategy: Workspace
) -> None:
    """Datatypes and languages too, which expected rows don't show."""
    asked = {q.slug: q.text for q in strategy.queries if not q.service}
    same_rows(asked, dataset(service, strategy), strategy.store)


def same_rows(asked: Mapping[str, str], there: Store, here: Store) -> None:
    for name, text in asked.items():
        found, home = there.select(text), here.select(text)
        assert found.columns == home.columns, name
        assert sorted(map(str, found.rows)) == sorted(map(str, home.rows)), name


def test_every_canned_query_gives_the_rows_of_home_in_either_view(
    service: Service, strategy: Workspace, with_reports: Workspace
) -> None:
    space = strategy.project.graphs
    asked = {q.slug: q.text for q in with_reports.queries if not q.service}
    homes = {IN_STRATEGY: with_reports.store, REPORTED: with_reports.reported.store}
    push_graphs(with_reports, service.store, service.target)
    for view, home in homes.items():
        same_rows(asked, open_pushed(service.store, space, view)[0], home)
    done = push_graphs(strategy, service.store, service.target)
    assert space + VIEW_SPACE + REPORTED in done.removed


def test_what_a_build_asks_gives_the_same_rows(
    service: Service, strategy: Workspace
) -> None:
    """And so `glokal build --endpoint` writes what a build without writes.

    Their order is not compared: Virtuoso orders IRIs by numbers of its own.
    """
    package = ROOT / "src" / "glokal"
    files = [*package.glob("site/queries/*.rq"), *package.glob("catalogue/**/*.rq")]
    assert len(files) >= 20
    asked = {file.name: file.read_text(encoding="utf-8") for file in files}
    same_rows(asked, dataset(service, strategy), strategy.store)


def test_the_default_graph_is_that_of_home(
    service: Service, strategy: Workspace
) -> None:
    store = dataset(service, strategy)
    home = strategy.store.select(COUNT).rows
    assert store.select(COUNT).rows == home
    supplement = [f for f in strategy.files if not f.in_default_graph]
    inside = {t for f in strategy.files if f.in_default_graph for t in f.triples}
    only = next(t for f in supplement for t in f.triples if t not in inside)
    pattern = f"{only.subject} {only.predicate} {only.object}"
    assert store.query(f"ASK {{ {pattern} }}") is False
    assert store.query(f"ASK {{ GRAPH ?g {{ {pattern} }} }}") is True
    for file in strategy.files:
        assert service.count(file.graph) == len(set(file.triples)), file.graph


def test_the_checks_hold_there_and_find_what_they_find_at_home(
    service: Service, strategy: Workspace, tmp_path: Path
) -> None:
    run = glokal("check", "--endpoint", service.endpoint, "--lang", "en", cwd=ROOT)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "hygiene, shacl, competency" in run.stdout
    # A rule that the strategy does not keep, so that something is found.
    shapes = tmp_path / "strict.ttl"
    shapes.write_text(
        """
@prefix glo: <https://w3id.org/glokal/def#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:strict> a sh:NodeShape ; sh:targetClass glo:Municipality ;
  sh:property [ sh:path glo:municipalityNumber ; sh:pattern "^503" ] .
""",
        encoding="utf-8",
    )
    found = []
    data = ["--data", ROOT / "data", "--data", ROOT / "ontology"]
    graphs = _graph_options(service, strategy)
    for source in (data, ["--endpoint", service.endpoint, *graphs]):
        out = tmp_path / "report.csv"
        run = glokal("validate", "--shapes", shapes, *source, "--format", "json",
                     "-o", out, cwd=tmp_path)  # fmt: skip
        assert run.returncode == 1, run.stderr
        found.append(sorted(_focuses(out.read_text(encoding="utf-8"))))
    assert found[0] == found[1]
    assert found[0]


def _graph_options(service: Service, strategy: Workspace) -> list[str]:
    pushed = read_push_record(service.store, strategy.project.graphs)
    assert pushed is not None
    return ["--graph", pushed.default] if pushed.default else []


def _focuses(report: str) -> list[str]:
    return [f["focus"] for f in json.loads(report)["findings"]]


def test_the_commands_answer_as_at_home(service: Service) -> None:
    there = ["--endpoint", service.endpoint]
    for args in (
        ["query", "goals", "--format", "json"],
        ["query", "entries-of-municipality", "--param", "municipality=verdal"],
        ["sparql", COUNT, "--format", "csv"],
        ["sparql", "CONSTRUCT { ?s ?p ?o } { ?s a <https://w3id.org/glokal/def#Goal> "
         "; ?p ?o }", "--format", "turtle"],
    ):  # fmt: skip
        here = glokal(*args, cwd=ROOT)
        away = glokal(*args, *there, cwd=ROOT)
        assert away.returncode == 0, away.stderr
        if args[-1] == "turtle":
            # Prefixes are those of the standards, since no source is read.
            ends = [line.split(":", 1)[-1] for line in away.stdout.splitlines()]
            assert len(ends) > 10
        else:
            assert away.stdout == here.stdout


def test_a_wrong_query_is_told_so(service: Service, strategy: Workspace) -> None:
    store = dataset(service, strategy)
    with pytest.raises(SourceError, match="syntax error"):
        store.query("SELECT * { ?s ?p")
    with pytest.raises(SourceError, match="refused"):
        store.query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")


# What each engine must keep to the letter, and what it may write in another way.
KEPT = {
    "text": ox.Literal('æ\n"\\\t😀'),
    "code": ox.Literal("007"),
    "norwegian": ox.Literal("Levanger", language="nb"),
    "date": ox.Literal("2023-01-05", datatype=ox.NamedNode(XSD + "date")),
    "moment": ox.Literal(
        "2023-01-05T10:00:00Z", datatype=ox.NamedNode(XSD + "dateTime")
    ),
    "year": ox.Literal("2023", datatype=ox.NamedNode(XSD + "gYear")),
    "address": ox.Literal("https://e/x?y", datatype=ox.NamedNode(XSD + "anyURI")),
    "integer": ox.Literal("7", datatype=ox.NamedNode(XSD + "integer")),
    "decimal": ox.Literal("1.5", datatype=ox.NamedNode(XSD + "decimal")),
    "yes": ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")),
    "no": ox.Literal("false", datatype=ox.NamedNode(XSD + "boolean")),
    "place": ox.Literal("POINT(1 2)", datatype=ox.NamedNode(GEO + "wktLiteral")),
}
REWRITTEN = {
    "zeros": (ox.Literal("007", datatype=ox.NamedNode(XSD + "integer")), 7),
    "tail": (ox.Literal("1.50", datatype=ox.NamedNode(XSD + "decimal")), 1.5),
}


def test_literals_come_back_as_they_were(service: Service) -> None:
    sent = {**KEPT, **{name: literal for name, (literal, _) in REWRITTEN.items()}}
    service.put(LITERALS, [triple(name, value) for name, value in sent.items()])
    pattern = f"{{ GRAPH <{LITERALS}> {{ ?s ?p ?o }} }}"
    rows = service.store.select(f"SELECT ?s ?o {pattern}").rows
    as_rows = {text_of(s).partition("#")[2]: o for s, o in rows}
    graph = service.store.query(f"CONSTRUCT {{ ?s ?p ?o }} {pattern}")
    triples = {t.subject.value.partition("#")[2]: t.object for t in graph.triples}
    for found in (as_rows, triples):
        assert {name: found[name] for name in KEPT} == KEPT
        for name, (_, value) in REWRITTEN.items():
            # The value is the same; how it is written is the engine's affair.
            assert float(text_of(found[name])) == value


def test_a_large_answer_comes_whole_and_in_order(service: Service) -> None:
    size = 12_000
    node = ox.BlankNode("n")
    service.target._chunk = 5000
    service.put(
        MANY, [triple(f"n{n:05}", ox.Literal(f"{n:05}")) for n in range(size)]
        + [triple("blank", node)],
    )  # fmt: skip
    text = f"SELECT ?o {{ GRAPH <{MANY}> {{ ?s ?p ?o }} FILTER(ISLITERAL(?o)) }}"
    answer = service.store.query(f"# SELECT in a comment\n{text} ORDER BY ?o")
    assert isinstance(answer, Table)
    assert [text_of(o) for (o,) in answer.rows] == [f"{n:05}" for n in range(size)]
    some = service.store.query(f"{text} LIMIT 11000")
    assert isinstance(some, Table)
    assert len({text_of(o) for (o,) in some.rows}) == 11_000


def test_a_push_that_stops_is_seen_and_mended_by_the_next(
    service: Service, strategy: Workspace
) -> None:
    space = strategy.project.graphs
    before = counted(dataset(service, strategy))
    client = service.target._client
    send, sent = client.send, []

    def failing(method: str, url: str, *rest: object) -> object:
        sent.append(url)
        if len(sent) > 12:
            raise ToolError("the line is cut")
        return send(method, url, *rest)

    less = Workspace(strategy.project)
    gone, *kept = strategy.files
    less.__dict__.update(files=tuple(kept), inferred=strategy.inferred)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(client, "send", failing)
        with pytest.raises(ToolError, match="cut"):
            push_graphs(less, service.store, service.target, whole=True)
    with pytest.raises(InputError, match="half-way"):
        open_pushed(service.store, space)
    # A graph that is gone from the sources goes, also after a push that stopped.
    done = push_graphs(less, service.store, service.target)
    assert done.removed == (gone.graph,)
    assert service.count(gone.graph) == 0
    stale = glokal("check", "--endpoint", service.endpoint, cwd=ROOT)
    assert (stale.returncode, "en annen utgave" in stale.stderr) == (2, True)
    again = [push_graphs(strategy, service.store, service.target) for _ in range(2)]
    assert again[0].pushed == again[1].pushed
    assert counted(dataset(service, strategy)) == before
    assert service.count(gone.graph) == len(set(gone.triples))
    assert service.count(OTHER) == 1


def test_a_second_push_sends_what_has_changed(
    service: Service, strategy: Workspace
) -> None:
    space = strategy.project.graphs
    before = counted(dataset(service, strategy))
    push_graphs(strategy, service.store, service.target)

    def sent(workspace: Workspace, *, whole: bool = False) -> set[str]:
        """Return which graphs a push writes to, but for its record."""
        written: list[str] = []
        with pytest.MonkeyPatch.context() as patched:
            replace = service.target.replace

            def noted(graph: str, triples: Collection[ox.Triple]) -> Iterator[int]:
                written.append(graph)
                return replace(graph, triples)

            patched.setattr(service.target, "replace", noted)
            push_graphs(workspace, service.store, service.target, whole=whole)
        return {g for g in written if g.startswith(space)} - {f"{space}pushed"}

    pushed = read_push_record(service.store, space)
    assert pushed is not None
    default = {pushed.default} if pushed.default else set()
    assert sent(strategy) == set()
    # Somebody else has added a triple to one of them: its number tells.
    first = next(f for f in strategy.files if f.graph.startswith(space))
    with_more = [*first.triples, triple("foreign", ox.Literal("x"))]
    for _ in service.target.replace(first.graph, with_more):
        pass
    assert first.graph in sent(strategy)
    assert service.count(first.graph) == len(set(first.triples))
    # A value that is another one, with as many triples as before.
    gone, *rest = first.triples
    other = ox.Triple(gone.subject, gone.predicate, ox.Literal("another"))
    changed = Workspace(strategy.project)
    files = [
        dataclasses.replace(f, triples=(other, *rest)) if f is first else f
        for f in strategy.files
    ]
    changed.__dict__.update(files=tuple(files), inferred=strategy.inferred)
    assert {first.graph} | default <= sent(changed)
    assert sent(changed) == set()
    # All of them, when that is asked for.
    named = {f.graph for f in strategy.files if f.graph.startswith(space)}
    assert named < sent(strategy, whole=True)
    assert counted(dataset(service, strategy)) == before


def test_a_default_graph_of_somebody_else_is_left_alone(
    strategy: Workspace, tmp_path: Path
) -> None:
    with servers.oxigraph(tmp_path) as address:
        endpoint = servers.fill_oxigraph(address, [triple("a", ox.Literal("theirs"))])
        target = GraphStore(graph_store_of(endpoint), write_client())
        store = open_endpoint(endpoint)
        # Also by a push that follows one that ended before it had looked.
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(push, "_default_graph", _stopped)
            with pytest.raises(KeyboardInterrupt):
                push_graphs(strategy, store, target)
        done = push_graphs(strategy, store, target)
        assert done.pushed.default == strategy.project.graphs + "view/strategy"
        assert counted(store) == 1
        home = strategy.store.select(COUNT).rows
        assert open_pushed(store, strategy.project.graphs)[0].select(COUNT).rows == home
        remove(strategy, store, target)
        assert counted(store) == 1


def _stopped(*_args: object) -> str:
    raise KeyboardInterrupt


@pytest.mark.parametrize("size", [1, 3, 100])
def test_chunks_keep_blank_nodes_together(size: int) -> None:
    nodes = [ox.BlankNode() for _ in range(10)]
    link = ox.NamedNode("urn:next")
    chain = [ox.Triple(a, link, b) for a, b in itertools.pairwise(nodes[:5])]
    pair = [ox.Triple(nodes[7], link, nodes[8])]
    free = [triple(f"f{n}", ox.Literal(n)) for n in range(9)]
    graph = sorted_graph([free[0], *chain, *free[1:], *pair], Spool())
    made = [
        ({q.triple for q in ox.parse(input=body, format=ox.RdfFormat.N_TRIPLES)}, bound)
        for body, bound in ((b"".join(c.lines), c.bound) for c in chunks(graph, size))
    ]
    assert {t for chunk, _ in made for t in chunk} == {*chain, *pair, *free}
    assert sum(len(chunk) for chunk, _ in made) == 14
    homes = [n for n, (chunk, _) in enumerate(made) for t in chunk if t in chain]
    assert len(set(homes)) == 1
    assert all(len(chunk) <= max(size, 4) for chunk, _ in made)
    for chunk, bound in made:
        assert bound == (not chunk.isdisjoint([*chain, *pair]))
