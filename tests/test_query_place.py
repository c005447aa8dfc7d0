"""Where a query goes wrong: the word itself, not one further on."""

from __future__ import annotations

import pytest

from glokal.check.explain import explain
from glokal.check.rule import load_rules
from glokal.config import load_project
from glokal.errors import SourceError
from glokal.model.canned import load_queries
from glokal.store.embedded import EmbeddedStore
from glokal.store.query_place import find_wrong, undeclared_prefix
from tests.conftest import ROOT

QUERIES = {q.slug: q.text for q in load_queries(load_project(ROOT))}
WRONG = {
    "SELCT ?s { ?s ?p ?o }": ("1:1", "SELECT"),
    "SELECT ?s {\n  OPTINAL { ?s ?p ?o }\n}": ("2:3", "OPTIONAL"),
    "SELECT ?s {\n  ?s ?p ?o\n  ?s ?q ?r\n}": ("3:3", "can't stand here"),
    "SELECT ?s {\n  ?s ?p ?o FILTER(?o = )\n}": ("2:24", "a variable"),
    "SELECT ?s {\n  FILTER(STR(?s) = ?t\n}": ("3:1", ")"),
    "SELECT ?s {\n  ?s ?p ?o .\n": ("2:13", "ends too soon"),
    "SELECT ?s {\n  ?s ?p ?o .\n}\nORDER BY BY ?s": ("4:10", "DESC"),
    'SELECT ?s {\n  ?s ?p "abc .\n}': ("2:9", "never ends"),
    "SELECT ?s {\n  ?s foo:p ?o .\n}": ("2:6", "foo:"),
    "# ?\nSELECT ?s { ?s ?p ?o } LIMIT ten": ("2:30", "a number"),
    "SELECT (1 + 2 ?x) { }": ("1:15", "AS"),
    "ASK { ?s ?p 'æ' ; , }": ("1:19", "can't stand here"),
    "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }": ("", "unbound"),
}


@pytest.mark.parametrize("text", WRONG)
def test_the_word_that_is_wrong_is_named(text: str) -> None:
    place, said = WRONG[text]
    with pytest.raises(SourceError) as caught:
        EmbeddedStore([]).query(text, name="q.rq")
    assert str(caught.value.place) == f"q.rq:{place}".rstrip(":")
    assert said in str(caught.value)
    words = explain(caught.value)
    assert len({*words.values()}) == 3
    if place:
        assert "SPARQL" not in words["nb"]


@pytest.mark.parametrize("slug", QUERIES)
def test_the_grammar_takes_what_the_engine_takes(slug: str) -> None:
    assert find_wrong(QUERIES[slug]) is None
    assert undeclared_prefix(QUERIES[slug]) is None


def test_the_grammar_takes_the_rules_of_the_checks() -> None:
    rules = [*load_rules("rules"), *load_rules("ontology_rules")]
    assert len(rules) > 40
    assert [r.name for r in rules if find_wrong(r.text)] == []


@pytest.mark.parametrize("slug", ["membership-of-municipality", "shared-things"])
def test_what_stands_before_the_fault_is_never_blamed(slug: str) -> None:
    """The grammar is LL(1): what can go on is not wrong, and a stray mark is."""
    lines = (x for x in QUERIES[slug].splitlines() if not x.startswith("#"))
    whole = "\n".join(lines)
    starts = [i for i, c in enumerate(whole) if c == " " and whole[i + 1] in "?{(."]
    assert len(starts) > 20
    for at in starts:
        short = find_wrong(whole[:at])
        assert short is None or short.found == ""
        stray = find_wrong(f"{whole[:at]} \\ {whole[at:]}")
        assert stray is not None
        line = whole.count("\n", 0, at) + 1
        assert (stray.found, stray.line) == ("\\", line)
