"""The closed list of queries, and the bound of their cost: no query takes more.

What the engine does is counted, not timed: a function that it calls for each row.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.server import in_process_queries as in_process
from glokal.server.in_process_queries import ENGINE, InProcess
from glokal.server.workers.local_worker import WorkerLimits, execute_query
from glokal.server.workers.messages import QueryRequest, ResponseHead
from glokal.sparql.bounded_query import BoundedQuery, bounded_query, names_in
from glokal.sparql.cost_bound import Bound, GraphCounts, bound_of
from glokal.sparql.errors import QueryError
from glokal.sparql.parameterized_queries import ParameterizedQueries
from glokal.sparql.printer import print_query, term
from glokal.sparql.reader import read_query
from glokal.sparql.tree import PropertyPath, TriplePattern
from glokal.store.embedded_quirks import EngineData, ask_printed
from glokal.store.graph_counts import count_graph
from glokal.store.in_memory_copy import copy_default_graph
from tests.bounded_queries import Terms, queries, uneven_graph

THINGS = 300
SEEN = ox.NamedNode("http://e/function/seen")
Resource = ox.NamedNode | ox.BlankNode
Pattern = tuple[
    Resource | ox.Triple | None,
    ox.NamedNode,
    Resource | ox.Literal | ox.Triple | None,
]
TAKEN = [
    "ASK { <http://e/a> <http://e/b> 1 }",
    "SELECT * { ?s a <http://e/C> }",
    "SELECT ?s ?l WHERE { ?s a <http://e/C> ; <http://e/l> ?l FILTER(?l != 'x') } "
    "ORDER BY ?s DESC(?l) LIMIT 10 OFFSET 2",
    "SELECT DISTINCT ?p { ?s ?p [] }",
    "SELECT ?s { ?s ?p ?o . ?a ?b ?c FILTER(!BOUND(?s) || ?s > 1 && ?s <= 3) }",
    "SELECT ?s { ?s ?p ?o FILTER(LANGMATCHES(LANG(?o), 'nb') && LANG(?o) = 'nb') }",
    "PREFIX e: <http://e/> SELECT ?s { { } ?s e:p ?o }".replace("{ } ", ""),
]
LEFT = [
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "DESCRIBE <http://e/a>",
    "SELECT * { }",
    "SELECT * { ?s <http://e/p>+ ?o }",
    "SELECT * { ?s <http://e/p>/<http://e/q> ?o }",
    "SELECT * { ?s ^<http://e/p> ?o }",
    "SELECT * { ?s ?p ?s }",
    "SELECT * { ?s ?p ?o OPTIONAL { ?s ?q ?r } }",
    "SELECT * { { ?s ?p ?o } UNION { ?o ?p ?s } }",
    "SELECT * { { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o MINUS { ?s ?q ?r } }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH <http://e/g> { ?s ?p ?o } }",
    "SELECT * { SERVICE <http://e/g> { ?s ?p ?o } }",
    "SELECT * FROM <http://e/g> { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } VALUES ?s { <http://e/a> }",
    "SELECT * { ?s ?p ?o VALUES ?s { <http://e/a> } }",
    "SELECT * { ?s ?p ?o BIND(1 AS ?x) }",
    "SELECT * { ?s ?p ?o { SELECT ?s { ?s ?p ?o } } }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT (?s AS ?n) { ?s ?p ?o }",
    "SELECT (1 AS ?n) { ?s ?p ?o }",
    "SELECT ?s { ?s ?p ?o } GROUP BY ?s",
    "SELECT ?s { ?s ?p ?o } HAVING(?s = 1)",
    "SELECT REDUCED ?s { ?s ?p ?o }",
    "SELECT ?s { ?s ?p ?o } ORDER BY STR(?s)",
    "SELECT ?s { ?s ?p ?o } ORDER BY ?other",
    "SELECT ?s { ?s ?p ?o } ORDER BY ?s ?p ?o ?s ?p",
    "SELECT * { ?s ?p ?o FILTER(?s = ?o) }",
    "SELECT * { ?s ?p ?o FILTER(?s = 1 && ?o = 1) }",
    "SELECT * { ?s ?p ?o FILTER(1 = 1) }",
    "SELECT * { ?s ?p ?o FILTER(?o) }",
    "SELECT * { ?s ?p ?o FILTER(?o + 1 = 2) }",
    "SELECT * { ?s ?p ?o FILTER(?o IN (1, 2)) }",
    "SELECT * { ?s ?p ?o FILTER(STR(?o) = 'a') }",
    "SELECT * { ?s ?p ?o FILTER(REGEX(?o, 'a')) }",
    "SELECT * { ?s ?p ?o FILTER(CONTAINS(?o, 'a')) }",
    "SELECT * { ?s ?p ?o FILTER(LANG(?o) = STR(?o)) }",
    "SELECT * { ?s ?p ?o FILTER(?o = NOW()) }",
    "SELECT * { ?s ?p ?o FILTER(<http://e/function>(?o)) }",
    "SELECT * { ?s ?p ?o FILTER(EXISTS { ?o ?p ?s }) }",
    "SELECT * { ?s ?p ?o FILTER(NOT EXISTS { ?o ?p ?s }) }",
    "SELECT * { ?s ?p 1, 2, 3, 4, 5, 6 }",
    f"SELECT * {{ ?s ?p ?o {'FILTER(?o = 1)' * 9} }}",
]


@pytest.fixture(scope="module")
def store() -> ox.Store:
    result = ox.Store()
    result.bulk_extend(uneven_graph(THINGS))
    return result


@pytest.fixture(scope="module")
def counts(store: ox.Store) -> GraphCounts:
    return count_graph(store)


@pytest.fixture(scope="module")
def disk(store: ox.Store, tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    """The same as workers have it open, with what another graph says beside it."""
    folder = str(tmp_path_factory.mktemp("disk"))
    made = ox.Store(folder)
    made.bulk_extend(store)
    graph = ox.NamedNode("http://e/g")
    made.bulk_extend(
        ox.Quad(q.object, q.predicate, q.subject, graph)
        for q in store
        if isinstance(q.object, ox.NamedNode)
    )
    made.optimize()
    made.flush()
    del made
    return ox.Store.read_only(folder)


@pytest.fixture
def here(disk: ox.Store, counts: GraphCounts) -> InProcess:
    return InProcess(disk, EngineData(), counts, 1000)


def read(text: str) -> BoundedQuery | None:
    return bounded_query(read_query(text).query)


@pytest.mark.parametrize("text", TAKEN)
def test_what_is_in_the_list(text: str) -> None:
    assert read(text) is not None


@pytest.mark.parametrize("text", LEFT)
def test_what_is_not_in_the_list(text: str, here: InProcess) -> None:
    assert read(text) is None
    assert here.answer(QueryRequest(text)) is None


def test_the_engine_is_the_one_that_the_bound_was_tried_with() -> None:
    assert ox.__version__ == ENGINE


def test_counts_are_those_of_the_graph(store: ox.Store, counts: GraphCounts) -> None:
    quads = list(store)
    triples = [(q.subject, q.predicate, q.object) for q in quads]
    assert counts.triples == len(triples)

    def most(place: int, of: ox.NamedNode | None = None) -> int:
        values = [t[place] for t in triples if of in (None, t[1])]
        return max(map(values.count, set(values)))

    assert (counts.of_subject, counts.of_object) == (most(0), most(2))
    assert set(counts.predicates) == {t[1].value for t in triples}
    for iri, of in counts.predicates.items():
        predicate = ox.NamedNode(iri)
        values = [t[2] for t in triples if t[1] == predicate]
        assert (of.triples, of.values, of.subjects) == (
            len(values),
            most(0, predicate),
            most(2, predicate),
        )
        assert of.longest == max(len(str(value)) for value in values)
    assert counts.classes["http://e/Usual"] == THINGS - 2
    assert counts.classes["http://e/Some"] == counts.classes["http://e/Rare"] == 1


def seen_rows(store: ox.Store, text: str, name: str) -> int:
    """Return for how many rows the engine looks at a variable when it joins."""
    rows = 0

    def look(_value: object) -> ox.Literal:
        nonlocal rows
        rows += 1
        return ox.Literal(True)

    before, _, behind = text.rpartition("}")
    asked = f"{before} FILTER({SEEN}(?{name})) }}{behind}"
    result = store.query(asked, custom_functions={SEEN: look})
    if isinstance(result, ox.QuerySolutions):
        for _ in result:
            pass
    return rows


def test_no_query_takes_more_than_its_bound(
    store: ox.Store, counts: GraphCounts
) -> None:
    terms, most, close = Terms(store), 0, 0
    for text in queries(terms, seed=1, number=1500):
        query = read(text)
        assert query is not None, text
        bound = bound_of(query, counts)
        if bound.steps > 200_000:
            continue
        result = store.query(text)
        if isinstance(result, ox.QuerySolutions):
            assert sum(1 for _ in result) <= bound.rows, text
        # Without what only comes behind the join, and without filters of its own, the
        # engine may go no further than the bound has rows.
        plain = f"SELECT * {{ {' '.join(map(_printed, query.patterns))} }}"
        joined = read(plain)
        assert joined is not None
        walked = bound_of(
            BoundedQuery(joined.patterns, 1, (), 0, False, None, 0), counts
        )
        for name in {n for pattern in query.patterns for n in names_in(pattern)}:
            rows = seen_rows(store, plain, name)
            assert rows <= walked.walked, (plain, name)
            most, close = max(most, rows), close + (rows * 2 > walked.walked)
    # The bound isn't so far off that it would say nothing.
    assert most > 5000
    assert close > 100


def _printed(pattern: TriplePattern) -> str:
    assert not isinstance(pattern.verb, PropertyPath)
    parts = (pattern.subject, pattern.verb, pattern.object)
    return " ".join(term(part) for part in parts) + " ."


def test_the_engine_goes_the_way_that_the_bound_is_made_of(
    store: ox.Store, counts: GraphCounts
) -> None:
    # The class has a single thing: were the labels read whole, 600 would be looked at.
    text = "SELECT * { ?s <http://e/label> ?l . ?s a <http://e/Rare> }"
    for order in (text, text.replace("{ ", "{ ?s a <http://e/Rare> . ")):
        query = read(order)
        assert query is not None
        assert seen_rows(store, order, "l") <= 3
        assert bound_of(query, counts).steps < 100


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 10", Bound(78, 10, 10, 10, None)),
        ("SELECT * { ?s <http://e/absent> ?o }", Bound(8, 0, 0, 0, 0)),
        ("ASK { ?s ?p ?o }", Bound(9, 1, 1, 1, None)),
    ],
)
def test_the_bound_of_some(text: str, wanted: Bound, counts: GraphCounts) -> None:
    query = read(text)
    assert query is not None
    found = bound_of(query, counts)
    assert (found.rows, found.scanned) == (wanted.rows, wanted.scanned)
    assert found.chained == wanted.chained
    assert found.steps >= wanted.steps


def test_a_constant_is_not_looked_up(counts: GraphCounts) -> None:
    text = "SELECT ?o { <http://e/thing/NUMBER> <http://e/has> ?o }"
    bounds = set()
    for number in ("0", "1", "nobody"):
        query = read(text.replace("NUMBER", number))
        assert query is not None
        bounds.add(bound_of(query, counts))
    assert len(bounds) == 1
    assert bounds.pop().rows == THINGS / 10


def test_a_copy_in_memory_has_its_rows_in_the_order_of_the_disk(disk: ox.Store) -> None:
    copy, default = copy_default_graph(disk), ox.DefaultGraph()
    quads = list(disk.quads_for_pattern(None, None, None, default))
    assert set(copy) == set(quads) < set(disk)
    predicates = {quad.predicate for quad in quads}
    patterns: set[Pattern] = {(None, p, None) for p in predicates}
    patterns |= {(q.subject, q.predicate, None) for q in quads}
    patterns |= {(None, q.predicate, q.object) for q in quads}
    for pattern in patterns:
        there = list(disk.quads_for_pattern(*pattern, default))
        assert list(copy.quads_for_pattern(*pattern, default)) == there, pattern
        assert there


def test_a_chain_is_no_longer_than_its_bound(
    store: ox.Store, counts: GraphCounts
) -> None:
    quads = list(store)
    subjects, predicates, objects = (
        Counter(getattr(quad, place) for quad in quads)
        for place in ("subject", "predicate", "object")
    )
    for quad in quads:
        iri = quad.predicate.value
        bound = bound_of_text(f"ASK {{ ?s <{iri}> ?o }}", counts).chained
        assert bound == predicates[quad.predicate]
        for text, lengths in (
            (f"ASK {{ <http://e/a> <{iri}> ?o }}", subjects[quad.subject]),
            (f"ASK {{ ?s <{iri}> <http://e/a> }}", objects[quad.object]),
        ):
            bound = bound_of_text(text, counts).chained
            assert bound is not None
            assert min(predicates[quad.predicate], lengths) <= bound
    # Each row of the first is looked up in the second.
    both = bound_of_text(
        "SELECT * { ?s a <http://e/Usual> . ?s <http://e/has> ?o }", counts
    )
    assert both.chained is not None
    has = counts.predicates["http://e/has"].triples
    assert both.chained >= (THINGS - 2) * min(has, counts.of_subject)


def bound_of_text(text: str, counts: GraphCounts) -> Bound:
    query = read(text)
    assert query is not None
    return bound_of(query, counts)


def test_what_would_walk_far_in_memory_is_asked_of_the_disk(
    disk: ox.Store, here: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def note(store: ox.Store, text: str) -> object:
        asked.append(store is disk)
        return ask_printed(store, text)

    monkeypatch.setattr(in_process, "ask_printed", note)
    near, any_predicate = "ASK { ?s a <http://e/Rare> }", "ASK { ?s ?p ?o }"
    for text in (near, any_predicate):
        assert here.answer(QueryRequest(text)) is not None
    monkeypatch.setattr(in_process, "MOST_CHAINED", 10)
    assert here.answer(QueryRequest(near)) is not None
    monkeypatch.setattr(in_process, "MOST_COPIED", 10)
    large = InProcess(disk, EngineData(), count_graph(disk), 1000)
    assert large.answer(QueryRequest(near)) is not None
    assert asked == [False, True, True, True]


def test_the_same_bytes_as_from_a_worker(disk: ox.Store, here: InProcess) -> None:
    store, limits = disk, WorkerLimits(64 << 20, 100_000)
    for text in queries(Terms(store), seed=2, number=600):
        for accept in ("application/sparql-results+json", "text/csv", "a/b"):
            query = QueryRequest(text, accept=accept, gzip=accept == "text/csv")
            found = here.answer(query)
            if found is not None:
                assert found == execute_query(store, EngineData(), query, limits), text
    assert here.answered > 500
    assert not here.closed


@pytest.mark.parametrize(
    "query",
    [
        QueryRequest("ASK {", accept=""),
        QueryRequest("ASK { ?s ?p ?o }", default=("http://e/g",)),
        QueryRequest("ASK { ?s ?p ?o }", named=("http://e/g",)),
        QueryRequest("ASK { ?s ?p ?o }", view="http://e/view"),
        QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f }"),
        QueryRequest("SELECT * { ?s ?p ?o } ORDER BY ?o LIMIT 1"),
        QueryRequest(f"ASK {{ ?s ?p '{'x' * 2048}' }}"),
    ],
    ids=lambda query: query.text[:20],
)
def test_every_doubt_is_the_workers(query: QueryRequest, here: InProcess) -> None:
    assert here.answer(query) is None
    assert not here.closed


def test_an_answer_that_is_too_large_is_the_workers() -> None:
    store, text = ox.Store(), ox.NamedNode("http://e/text")
    for number in range(3):
        long = ox.Literal(f"{number}" * 30_000)
        store.add(ox.Quad(ox.NamedNode(f"http://e/{number}"), text, long))
    here = InProcess(store, EngineData(), count_graph(store), 1000)
    query = "SELECT * { ?s <http://e/text> ?o } LIMIT 3"
    assert here.find(query) is not None
    assert here.answer(QueryRequest(query)) is None
    assert here.answer(QueryRequest(query.replace("3", "2"))) is not None
    # How long texts are counts: twenty-seven of them would be a megabyte.
    wide = query.replace("?o }", "?o . ?a ?b ?c . ?d ?e ?f }")
    assert here.find(wide) is not None
    assert here.find(wide.removesuffix("LIMIT 3")) is None
    assert not here.closed


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (RuntimeError("Corruption: block"), "RuntimeError"),
        (type("PanicException", (BaseException,), {})(), "in the middle"),
        (ResponseHead(503, reason="store"), "store"),
        (ResponseHead(503, reason="memory"), "memory"),
    ],
)
def test_an_engine_that_fails_is_not_asked_again(
    here: InProcess,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException | ResponseHead,
    said: str,
) -> None:
    def fail(*_: object, **_more: object) -> tuple[ResponseHead, bytes]:
        if isinstance(failure, ResponseHead):
            return failure, b""
        raise failure

    query = QueryRequest("ASK { ?s ?p ?o }")
    with monkeypatch.context() as patched:
        patched.setattr(in_process, "serialize_result", fail)
        assert here.answer(query) is None
    assert said in here.closed
    assert here.answer(query) is None


def test_a_query_that_took_too_long_is_the_last(
    here: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_process, "MOST_SECONDS", -1)
    query = QueryRequest("ASK { ?s ?p ?o }")
    assert here.answer(query) is not None
    assert "of the processor" in here.closed
    assert here.answer(query) is None


def test_a_store_that_is_not_there_is_told(tmp_path: Path, counts: GraphCounts) -> None:
    with pytest.raises((OSError, RuntimeError)):
        InProcess.open(tmp_path / "nothing", counts, 10)


CONSTANTS = (
    '"a"',
    "'b'",
    '""',
    "''",
    '"""long "one" \n in two lines"""',
    "'''it''s'''",
    r'"tab\t line\n quote\" back\\"',
    '"æøå 🦊"',
    '"urn:x-glokal-constant:1"',
    '"a"@nb',
    '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    r'"\u00e6"',
    "<http://e/a>",
    "<http://e/æ>",
    "<urn:x-glokal-constant:1>",
    "<relative>",
    "<http://e/%zz>",
    "<http:// e/>",
    "e:b",
    "7",
    "?y",
)


@pytest.mark.parametrize(
    "shape",
    [
        "SELECT * { ?s ?p ?o FILTER(?o = {0}) FILTER(?s != {1}) }",
        "SELECT * { ?s ?p ?o FILTER(?o = {0} || ?o > {1}) }",
        "PREFIX e: <http://e/> SELECT * { {0} ?p ?o . {1} e:p ?o FILTER(?o = {0}) }",
        "BASE <http://e/> SELECT * { {0} ?p ?o . {1} <p> ?o }",
        "ASK { ?s <http://e/p> {0} . ?s a {1} }",
        "SELECT ?s { {0} a ?s ; <http://e/p> {1} }",
        "SELECT * { ?s ?p ?o FILTER({0} = ?o) FILTER(?s = {1}) } LIMIT 1",
    ],
)
def test_a_shape_has_the_text_that_a_tree_is_printed_as(shape: str) -> None:
    shapes = ParameterizedQueries(lambda query: bounded_query(query))
    taken = 0
    for one in CONSTANTS:
        for other in CONSTANTS:
            text = shape.replace("{0}", one).replace("{1}", other)
            try:
                query = read_query(text).query
            except QueryError:
                # What is wrong is told by a worker.
                with contextlib.suppress(QueryError):
                    assert shapes.find(text) is None, text
                continue
            found = shapes.find(text)
            if bounded_query(query) is None:
                assert found is None, text
            elif found is not None:
                taken += 1
                assert found[1] == print_query(query), text
    assert taken > 5


def test_shapes_are_judged_once() -> None:
    judged: list[str] = []
    shapes = ParameterizedQueries(lambda query: judged.append(print_query(query)))
    for number in range(10):
        text = f'SELECT * {{ <http://e/{number}> ?p ?o FILTER(?o = "{number}") }}'
        assert shapes.find(text) is None
    assert len(judged) == 1
    # Another class or predicate is another shape, for the bound depends on it.
    for name in "ab":
        shapes.find(f"SELECT * {{ ?s a <http://e/{name}> ; <http://e/p> ?o }}")
        shapes.find(f"SELECT * {{ ?s <http://e/{name}> ?o }}")
    assert len(judged) == 5
