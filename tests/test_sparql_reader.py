"""The reader of SPARQL: what it takes, what it finds in it, and what it prints."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox
import pytest

from glokal.core.errors import ForbiddenQueryError, SourceError
from glokal.core.namespaces import XSD
from glokal.sparql.errors import NotTakenError, QueryError
from glokal.sparql.federation import with_services_answered
from glokal.sparql.prepare import Allowed, is_volatile, prepare
from glokal.sparql.printer import print_query
from glokal.sparql.reader import MAX_LENGTH, read_query, read_update
from glokal.store.embedded_quirks import EngineData, RewrittenLiterals, ask_engine

ELSEWHERE = "http://127.0.0.1:9/"

# Ways to write SERVICE so that a reader of another kind sees none.
DISGUISES = [
    "SELECT * { SERVICESILENT <%s> { ?a ?b ?c } }",
    "SELECT * { ?s ?p 1SERVICE <%s> { ?a ?b ?c } }",
    "SELECT * { ?s ?p true SERVICE <%s> { ?a ?b ?c } }",
    "PREFIX : <%s> SELECT * { SERVICE :x { ?a ?b ?c } }",
    "PREFIX e: <urn:> SELECT * { e:a\\#b ?p ?o . SERVICE <%s> { ?a ?b ?c } }",
    "PREFIX e: <urn:> SELECT * { e:a\\' ?p ?o . SERVICE <%s> { } e:a\\' ?p ?o }",
    "SELECT * { # x\rSERVICE <%s> { ?a ?b ?c } }",
    'SELECT * { # """ \r SERVICE <%s> { ?a ?b ?c } # """ \n }',
    "SELECT * { # \\u000A SERVICE <%s> { ?a ?b ?c }\n }",
    "SELECT * { \\U00000053ERVICE <%s> { ?a ?b ?c } }",
    "SELECT * { FILTER EXISTS { SERVICE <%s> { ?a ?b ?c } } }",
    "SELECT * { { SELECT * { SERVICE SILENT <%s> { ?a ?b ?c } } } }",
    "SELECT * { SERVICE <urn:ok> { SERVICE <%s> { ?a ?b ?c } } }",
    "SELECT * { BIND(<%s> AS ?e) SERVICE ?e { ?a ?b ?c } }",
    "BASE <http://127.0.0.1:9/x> SELECT * { SERVICE <../> { ?a ?b ?c } }",
    "SELECT (EXISTS { SERVICE <%s> { } } AS ?x) { }",
    "SELECT * { ?s ?p ?o } ORDER BY (EXISTS { SERVICE <%s> { } })",
    "CONSTRUCT { ?a ?b ?c } { SERVICE <%s> { ?a ?b ?c } }",
    "DESCRIBE ?a { SERVICE <%s> { ?a ?b ?c } }",
    "SELECT * { '''a''b''' ?p ?o . SERVICE <%s> { } }",
    'SELECT * { ?s ?p """"a""" . SERVICE <%s> { } }',
]


@pytest.mark.parametrize("text", DISGUISES)
def test_service_is_found_in_every_disguise(text: str) -> None:
    text = text.replace("%s", ELSEWHERE)
    with pytest.raises(ForbiddenQueryError, match="SERVICE is refused") as caught:
        prepare(text, allowed=Allowed(frozenset(["urn:ok"])))
    assert caught.value.place is not None and caught.value.place.line is not None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <urn:x> { }' }",
        "SELECT * { ?s ?p ?o } # SERVICE <urn:x> { }",
        "PREFIX service: <urn:> SELECT ?service { ?service service:x service:SERVICE }",
        "SELECT * { ?s ?p ?o # '\n # SERVICE <urn:x> { }\n }",
    ],
)
def test_the_word_elsewhere_is_no_service(text: str) -> None:
    assert prepare(text).services == []


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("SELECT (<LONG::bif:http_get>('x') AS ?y) { }", "LONG::bif:http_get"),
        ("PREFIX b: <bif:> SELECT (b:x() AS ?y) { }", "bif:x"),
        ("SELECT * { FILTER(false && <urn:f>(1)) }", "urn:f"),
        ("SELECT * { FILTER( #\rfalse && #\n <urn:f>() ) }", "urn:f"),
        ("SELECT (SUM(<urn:f>(?x)) AS ?y) { ?s ?p ?x }", "urn:f"),
        ("SELECT * { ?s ?p ?o FILTER EXISTS { FILTER <urn:f>(1) } }", "urn:f"),
        ("SELECT (1 AS ?n) { ?s ?p ?o } GROUP BY <urn:f>(?s)", "urn:f"),
        ("SELECT * { ?s ?p ?o } ORDER BY <urn:f>(?s)", "urn:f"),
    ],
)
def test_a_function_that_nobody_named_is_refused(text: str, function: str) -> None:
    with pytest.raises(SourceError, match=f"no function <{function}>"):
        prepare(text)
    prepare(text, allowed=Allowed(functions=frozenset([function])))


def test_casts_and_functions_of_sparql_are_taken() -> None:
    text = f"SELECT (<{XSD}integer>('1') AS ?x) (STRLEN('a') AS ?y) {{ }}"
    assert len(prepare(text).functions) == 1


def test_a_graph_outside_the_store_is_told() -> None:
    here = Allowed(graphs=frozenset(["urn:g"]))
    for clause in ("FROM", "FROM NAMED"):
        prepare(f"SELECT * {clause} <urn:g> {{ ?s ?p ?o }}", allowed=here)
        with pytest.raises(SourceError, match=f"no graph <{ELSEWHERE}>"):
            prepare(f"SELECT * {clause} <{ELSEWHERE}> {{ ?s ?p ?o }}", allowed=here)


@pytest.mark.parametrize(
    "text",
    [
        "ASK {} " + '\\"' * 200_000,
        "ASK { ?s ?p " + '"""' * 100_001,
        "ASK { " + "a." * 200_000,
        "ASK { " + "ASK" * 150_000,
        "ASK { " + "<" * 400_000,
        "ASK { " + "<a" * 200_000,
        "ASK { FILTER " + "(" * 10_000 + "1" + ")" * 10_000 + "}",
        "ASK " + "{" * 400_000,
        "ASK { ?s ?p " + "[ ?p " * 10_000,
        "ASK { FILTER(" + "?x || " * 60_000 + "?x)}",
        "ASK { " + "{} UNION " * 40_000 + "{} }",
        "ASK { FILTER(" + "!" * 400_000 + "1)}",
        "ASK { ?s ?p ?o " + "." * 400_000,
        "x" * (MAX_LENGTH + 1),
    ],
    ids=range(14),
)
def test_what_would_take_an_engine_too_long_is_an_error(text: str) -> None:
    """What takes the square of the length would not end within a test's limit."""
    with pytest.raises(SourceError) as caught:
        prepare(text)
    assert caught.value.place is not None
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("SELECTDISTINCT(1 AS?x){}LIMIT10",
         "SELECT DISTINCT (1 AS ?x) WHERE { } LIMIT 10"),
        ("ask{$s a 'x'@nb,\"y\"^^<urn:t>}",
         'ASK WHERE { ?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "x"@nb . '
         '?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "y"^^<urn:t> . }'),
        ("BASE <http://e/a/b> ASK { <../c> <#d> <> }",
         "ASK WHERE { <http://e/c> <http://e/a/b#d> <http://e/a/b> . }"),
        ("PREFIX e: <urn:> ASK { e:a\\-b e:%41 \"\\u0041\\\\u0042\" }",
         'ASK WHERE { <urn:a-b> <urn:%41> "A\\\\u0042" . }'),
        ("SELECT (1-1 AS ?x) (2-1*3 AS ?y) (-1+ -?z AS ?w) { }",
         "SELECT (1 + -1 AS ?x) (2 + (-1 * 3) AS ?y) (-1 + (- ?z) AS ?w) WHERE { }"),
        ("ASK { ?s (^<urn:a>/!(<urn:b>|^<urn:c>))+|<urn:d>? ?o }",
         "ASK WHERE { ?s (((^(<urn:a>)/!(<urn:b>|^<urn:c>)))+|(<urn:d>)?) ?o . }"),
    ],
)  # fmt: skip
def test_what_is_printed_is_whole_and_plain(text: str, printed: str) -> None:
    assert print_query(read_query(text).query) == printed


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:a> <urn:b> 1 }",
        "LOAD <http://127.0.0.1:9/>",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o } ; CLEAR ALL",
        "PREFIX e: <urn:> DELETE WHERE { e:a ?p ?o }",
        "WITH <urn:g> DELETE { ?s ?p ?o } USING <urn:h> WHERE { ?s ?p ?o }",
        "COPY DEFAULT TO <urn:g>",
    ],
)
def test_an_update_is_known_for_one(text: str) -> None:
    assert read_update(text).operations
    with pytest.raises(SourceError, match="An update is refused"):
        prepare(text)


def test_places_are_those_of_the_text_as_it_was_written() -> None:
    with pytest.raises(SourceError) as caught:
        prepare('ASK { ?s ?p "\\u00e6\\U000000e6" .\r\n ?s ?p ?q ?r }', "q.rq")
    assert str(caught.value.place) == "q.rq:2:11"


@pytest.mark.parametrize("name", ["NOW", "RAND", "UUID", "STRUUID", "BNODE"])
def test_what_changes_by_itself_is_known(name: str) -> None:
    assert is_volatile(prepare(f"SELECT ({name}() AS ?x) {{ }}"))
    assert not is_volatile(prepare(f"SELECT ('{name}()' AS ?x) {{ }}"))


def test_a_service_that_is_allowed_becomes_its_rows() -> None:
    asked: list[tuple[str, str, bool]] = []

    def ask(endpoint: str, text: str, silent: bool, _limits: Sequence[int]) -> object:
        asked.append((endpoint, text, silent))
        return ("a", "b"), [(ox.NamedNode("urn:x"), None)]

    query = prepare(
        "SELECT * { ?a ?p ?q SERVICE SILENT <urn:e> { ?a <urn:p> ?b } }",
        allowed=Allowed(frozenset(["urn:e"])),
    )
    found = with_services_answered(query, ask)  # type: ignore[arg-type]
    assert asked == [("urn:e", "SELECT ?a ?b WHERE { ?a <urn:p> ?b . }", True)]
    assert print_query(found) == (
        "SELECT * WHERE { ?a ?p ?q . VALUES (?a ?b) { (<urn:x> UNDEF) } }"
    )
    gone = with_services_answered(query, lambda *_args: None)
    assert print_query(gone) == "SELECT * WHERE { ?a ?p ?q . { } }"
    with pytest.raises(NotTakenError, match="blank node"):
        with_services_answered(query, lambda *_args: (("a",), [(ox.BlankNode(),)]))


STORE = """
PREFIX : <urn:>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
GRAPH :g1 { :s :p :o } GRAPH :g2 { :s2 :p :o2 }
:d :p :e ; :size 1.50 ; :count "2"^^xsd:nonNegativeInteger .
:d :twice 1 . :e :twice 01 .
GRAPH :g2 { :s2 :q :g2 }
"""


@pytest.fixture(scope="module")
def store() -> tuple[ox.Store, EngineData]:
    quads = list(ox.parse(STORE.encode(), format=ox.RdfFormat.TRIG))
    made, literals = ox.Store(), RewrittenLiterals()
    made.extend(quads)
    for quad in quads:
        literals.look_at(quad)
    graphs = ("urn:g1", "urn:g2")
    return made, literals.engine_data(graphs)


def rows(store: tuple[ox.Store, EngineData], text: str) -> list[str]:
    found = ask_engine(*store, read_query(text).query)
    names = [v.value for v in found.variables]
    return sorted(
        " ".join(f"{n}={row[n]}" for n in names if row[n] is not None) for row in found
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Section 18.6: GRAPH ?g joins each graph's own solutions to ?g.
        ("SELECT * { GRAPH ?g { VALUES ?x { <urn:x> } } }",
         ["g=<urn:g1> x=<urn:x>", "g=<urn:g2> x=<urn:x>"]),
        ("SELECT ?g { GRAPH ?g { { SELECT (COUNT(*) AS ?n) { ?a ?p <urn:o> } } } }",
         ["g=<urn:g1>", "g=<urn:g2>"]),
        ("SELECT ?g { GRAPH ?g { ?a <urn:p> ?b MINUS { ?c <urn:p> <urn:o> } } }",
         ["g=<urn:g1>", "g=<urn:g2>"]),
        ("SELECT * FROM NAMED <urn:g1> { GRAPH ?g { BIND(1 AS ?x) } }",
         ['g=<urn:g1> x="1"^^<http://www.w3.org/2001/XMLSchema#integer>']),
        # Section 18.6: inside, ?g has no value yet.
        ("SELECT ?g ?b { GRAPH ?g { ?a <urn:p> ?b OPTIONAL { ?a <urn:q> ?g } } }",
         ["g=<urn:g1> b=<urn:o>", "g=<urn:g2> b=<urn:o2>"]),
        ("SELECT ?g ?b { GRAPH ?g { ?a <urn:p> ?b OPTIONAL { ?b <urn:p>? ?g } } }", []),
        # Section 17.4.2.8: IRI() resolves against the base of the query.
        ("BASE <http://a/b/> SELECT (IRI('c') AS ?x) (URI('../d') AS ?y) { }",
         ["x=<http://a/b/c> y=<http://a/d>"]),
        # Section 18.4: a path of no length from a constant leads to itself.
        ("SELECT * { <urn:none> <urn:p>* ?x }", ["x=<urn:none>"]),
        ("SELECT * { ?x <urn:p>? <urn:none> }", ["x=<urn:none>"]),
        ("SELECT * { <urn:d> ^<urn:q>*|<urn:p>* ?x }",
         ["x=<urn:d>", "x=<urn:d>", "x=<urn:e>"]),
        ("SELECT * { <urn:d> <urn:p>* ?x }", ["x=<urn:d>", "x=<urn:e>"]),
        ("SELECT (1 AS ?x) { <urn:none> <urn:p>* <urn:none> }",
         ['x="1"^^<http://www.w3.org/2001/XMLSchema#integer>']),
        ("SELECT * { GRAPH ?g { <urn:s> <urn:p>* ?x } }",
         ["g=<urn:g1> x=<urn:o>", "g=<urn:g1> x=<urn:s>", "g=<urn:g2> x=<urn:s>"]),
        # Section 18.5.1.7: a simple literal.
        ("SELECT (GROUP_CONCAT(?x) AS ?y) { VALUES ?x { 'a'@en 'b'@en } }",
         ['y="a b"']),
    ],
)  # fmt: skip
def test_what_the_engine_gets_wrong_is_put_right(
    store: tuple[ox.Store, EngineData], text: str, expected: list[str]
) -> None:
    assert rows(store, text) == expected


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("SELECT (STR(?v) AS ?x) { ?s <urn:size> ?v }", True),
        ("SELECT (STR(?v) AS ?x) { ?s ?p ?v }", True),
        ("SELECT (STR(?w) AS ?x) { ?s <urn:size> ?v BIND(?v AS ?w) }", True),
        ("SELECT (STR(1.50) AS ?x) { }", True),
        ("SELECT (STR(?v) AS ?x) { ?s <urn:count> ?v }", False),
        ("SELECT (DATATYPE(?v) AS ?x) { ?s <urn:count> ?v }", True),
        ("SELECT (STR(?p) AS ?x) { ?s ?p ?v }", False),
        ("SELECT (STR(?v) AS ?x) { ?s <urn:p> ?v }", False),
        ("SELECT * { ?s <urn:size> ?v FILTER(sameTerm(?v, ?s)) }", True),
        ("SELECT * { ?s <urn:size> ?v FILTER(?v = 1.5) }", False),
        ("SELECT (BNODE('a') AS ?x) { }", True),
        ("SELECT (GROUP_CONCAT(?v) AS ?x) { ?s <urn:size> ?v }", True),
        ("SELECT (GROUP_CONCAT(?v) AS ?x) { ?s <urn:count> ?v }", False),
        # What an operator gives has a spelling of its own (section 17.3).
        ("SELECT (DATATYPE(?v + 1) AS ?x) { ?s <urn:count> ?v }", False),
        ("SELECT (STR(?v + 1) AS ?x) { ?s <urn:size> ?v }", False),
        ("SELECT (STR(COALESCE(?v, 1)) AS ?x) { ?s <urn:size> ?v }", True),
        ("SELECT (STR(IF(?v = 1, 2, 3)) AS ?x) { ?s <urn:size> ?v }", False),
        ("SELECT (STR(IF(true, ?v, 3)) AS ?x) { ?s <urn:size> ?v }", True),
        ("SELECT (STR(MAX(?v)) AS ?x) { ?s <urn:size> ?v }", True),
        (f"SELECT (STR(STRDT('01', <{XSD}integer>)) AS ?x) {{ }}", True),
        ("SELECT (STR(STRDT('01', <urn:mine>)) AS ?x) { }", False),
        # 1 and 01 are two terms and would be one.
        ("SELECT DISTINCT ?v { ?s <urn:twice> ?v }", True),
        ("SELECT DISTINCT * { ?s ?p ?v }", True),
        ("SELECT DISTINCT ?s { ?s <urn:twice> ?v }", False),
        ("SELECT ?v { ?s <urn:twice> ?v }", False),
        ("SELECT (COUNT(DISTINCT ?v) AS ?n) { ?s <urn:twice> ?v }", True),
        ("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s <urn:twice> ?v }", False),
        ("SELECT ?v (COUNT(*) AS ?n) { ?s <urn:twice> ?v } GROUP BY ?v", True),
        ("SELECT * { ?s <urn:twice> ?v . ?t <urn:twice> ?v }", True),
        ("SELECT * { { ?s ?p ?v } UNION { ?s ?p ?v } }", False),
        ("SELECT * { ?s <urn:twice> 1 }", True),
        ("SELECT * { VALUES ?v { 01 } ?s <urn:twice> ?v }", True),
        ("SELECT * { VALUES ?v { 01 } ?s <urn:twice> ?w FILTER(?w = ?v) }", False),
        ("SELECT * { ?s <urn:twice> ?v FILTER(?v = 1) }", False),
        # Written in one way only.
        ("SELECT DISTINCT ?v { ?s <urn:size> ?v }", False),
        ("SELECT * { ?s <urn:size> 1.50 }", False),
        ("SELECT * { ?s <urn:size> 1.5 }", True),
    ],
)
def test_functions_of_spelling_are_refused_where_it_is_lost(
    store: tuple[ox.Store, EngineData], text: str, refused: bool
) -> None:
    if refused:
        with pytest.raises(NotTakenError):
            rows(store, text)
    else:
        rows(store, text)


def test_a_wrong_escape_is_told() -> None:
    with pytest.raises(QueryError, match="no character"):
        read_query('ASK { ?s ?p "\\uD800" }')


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH <urn:hidden> { ?s ?p ?o } }",
        "SELECT * { ?s <urn:p> ?o OPTIONAL { GRAPH ?g { ?a <urn:p> ?b } } }",
        "SELECT * { ?s <urn:p> ?o MINUS { GRAPH <urn:hidden> { ?s ?b ?c } } }",
        "SELECT (EXISTS { GRAPH ?g { ?a <urn:only> ?c } } AS ?x) { }",
        "SELECT * { { SELECT ?g { GRAPH ?g { ?a ?b ?c } } } }",
        "SELECT * { ?s <urn:p> ?o MINUS { GRAPH ?g { ?s <urn:only> ?o } } }",
        "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }",
        "DESCRIBE <urn:s3> <urn:s> <urn:d>",
        "DESCRIBE ?s { GRAPH ?g { ?s <urn:p> ?o } }",
        "ASK { GRAPH ?g { <urn:s3> ?p ?o } }",
        "ASK { <urn:s3> ?p ?o }",
    ],
)
def test_the_graph_of_a_view_is_no_graph_for_anybody(text: str) -> None:
    """The answer is that of a store that doesn't have that graph."""
    quads = [
        ox.Quad(ox.NamedNode(f"urn:{s}"), ox.NamedNode(f"urn:{p}"), value, graph)
        for s, p, value, graph in [
            ("d", "p", ox.NamedNode("urn:e"), ox.DefaultGraph()),
            ("s", "p", ox.NamedNode("urn:o"), ox.NamedNode("urn:g1")),
            ("s", "p", ox.Literal("x"), ox.DefaultGraph()),
        ]
    ]
    hidden = ox.NamedNode("urn:hidden")
    more = [
        ox.Quad(ox.NamedNode("urn:s3"), ox.NamedNode(f"urn:{p}"), o, hidden)
        for p, o in [("p", ox.NamedNode("urn:o3")), ("only", ox.NamedNode("urn:e"))]
    ]
    without, whole = ox.Store(), ox.Store()
    without.extend(quads)
    whole.extend([*quads, *more])
    data = EngineData(("urn:g1",), views={"urn:v": "urn:hidden", "urn:w": ""})
    query = read_query(text).query

    def told(found: object) -> object:
        return (
            bool(found)
            if isinstance(found, ox.QueryBoolean)
            else sorted(map(str, found))
        )  # type: ignore[call-overload]

    expected = told(without.query(text))
    assert told(ask_engine(whole, data, query)) == expected
    # The same when the protocol names the default graph, as for a view.
    dataset = {
        "default_graph": [data.default_graph("urn:w")],
        "named_graphs": [ox.NamedNode("urn:g1")],
    }
    assert told(ask_engine(whole, data, query, dataset)) == expected
