"""What a query sees of a graph: without the rest its answer is the same."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glokal.core.namespaces import RDF
from glokal.core.settings import load_project
from glokal.dataset.standard_words import read_rules
from glokal.dataset.workspace import Workspace
from glokal.sparql.prepare import prepare
from glokal.sparql.seen_part import SeenPart

PREFIX = "PREFIX : <urn:> "
# A WHERE, and which of the properties :p :q :r :below and which classes count in it.
SEEN = {
    "?a :p ?b": ":p",
    "?a :p/^:q ?b": ":p :q",
    "?a :p+ ?b": ":p",
    "?a :p/:q* ?b": ":p :q",
    "?a :p* ?b": "all",
    "?a :p|:q? ?b": "all",
    "?a !:p ?b": "all",
    "?a :p/!:q ?b": "all",
    "?a ?p ?b": "all",
    "VALUES ?p { :p :q } ?a ?p ?b": ":p :q",
    "VALUES ?p { :p UNDEF } ?a ?p ?b": "all",
    "VALUES (?p ?x) { (:p 1) (:q 2) } ?a ?p ?b": ":p :q",
    "VALUES ?p { :p } OPTIONAL { ?a ?p ?b }": "all",
    "?p :below+ :q . ?a ?p ?b": ":below :p :q",
    "?x :below ?p . ?a ?p ?b": ":below :p :q",
    "?p a :C . ?a ?p ?b": "a:C :r",
    "?p a :D . ?a ?p ?b": "a:D",
    "?p a ?c . ?a ?p ?b": "all",
    "OPTIONAL { ?p :below :q } ?a ?p ?b": "all",
    "?a a :C": "a:C",
    "?a a ?c": "a",
    "?a a []": "a",
    "VALUES ?c { :C } ?a a ?c": "a:C",
    "?c :below ?d . ?a a ?c": ":below a:p a:q",
    "?a :p ?b FILTER NOT EXISTS { ?b :q ?c }": ":p :q",
    "?a :p ?b FILTER(1 + IF(EXISTS { ?b a :D }, 1, 2) = 2)": ":p a:D",
    "?a :p ?b MINUS { ?a :q ?b }": ":p :q",
    "{ ?a :p ?b } UNION { ?a :q ?b }": ":p :q",
    "{ SELECT (COUNT(?b) AS ?n) WHERE { ?a :q ?b } GROUP BY ?a }": ":q",
    "?a :p ?b BIND(EXISTS { ?a :r ?c } AS ?d)": ":p :r",
}
names = st.sampled_from(["p", "q", "r", "below", "x", "C", "D"])
graphs = st.lists(
    st.builds(
        lambda s, p, o: ox.Triple(iri(s), p, iri(o)),
        names,
        st.sampled_from(["p", "q", "r", "below", "a"]).map(lambda p: word(p)),
        names,
    ),
    max_size=25,
)


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"urn:{name}")


def word(name: str) -> ox.NamedNode:
    return ox.NamedNode(RDF + "type") if name == "a" else iri(name)


GRAPH = [
    ox.Triple(iri("p"), iri("below"), iri("q")),
    ox.Triple(iri("r"), word("a"), iri("C")),
]


@pytest.mark.parametrize("where", SEEN)
def test_only_what_the_query_names_is_seen(where: str) -> None:
    part = SeenPart([prepare(f"{PREFIX} SELECT * WHERE {{ {where} }}")], GRAPH)
    seen = set()
    for name in ("p", "q", "r", "below", "other"):
        if part.sees(ox.Triple(iri("x"), iri(name), iri("C"))):
            seen.add(f":{name}")
    classes = {c for c in ("C", "D", "p", "q", "other") if part.sees(of_class(c))}
    if len(classes) == 5:
        seen.add("a")
    else:
        seen |= {f"a:{c}" for c in classes}
    expected = set(SEEN[where].split())
    assert seen == (
        {":p", ":q", ":r", ":below", ":other", "a"} if expected == {"all"} else expected
    )


def of_class(name: str) -> ox.Triple:
    return ox.Triple(iri("x"), word("a"), iri(name))


@given(where=st.sampled_from(sorted(SEEN)), graph=graphs)
def test_the_answer_is_that_of_the_whole(where: str, graph: list[ox.Triple]) -> None:
    text = f"{PREFIX} SELECT * WHERE {{ {where} }}"
    part = SeenPart([prepare(text)], graph)
    assert rows(text, filter(part.sees, graph)) == rows(text, graph)


def test_without_a_graph_a_variable_can_be_anything() -> None:
    query = prepare(f"{PREFIX} SELECT * WHERE {{ ?p :below :q . ?a ?p ?b }}")
    assert SeenPart([query]).sees(ox.Triple(iri("x"), iri("other"), iri("x")))


def rows(text: str, graph: Iterable[ox.Triple]) -> list[str]:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in graph)
    result = store.query(text)
    assert isinstance(result, ox.QuerySolutions)
    return sorted(str([row[v] for v in result.variables]) for row in result)


def test_the_rules_of_the_ontology_see_a_part(
    strategy: Workspace, real_copy: Path
) -> None:
    rules = read_rules(load_project(real_copy))
    graph = [*strategy.asserted(), *strategy.inferred]
    part = SeenPart((rule.query for rule in rules), graph)
    definition = ox.NamedNode("http://www.w3.org/2004/02/skos/core#definition")
    assert not any(part.sees(t) for t in graph if t.predicate == definition)
    assert 0.3 < sum(map(part.sees, graph)) / len(graph) < 0.9
