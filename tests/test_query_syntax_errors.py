"""Where a query goes wrong: the word itself, not one further on."""

from __future__ import annotations

import pytest

from glokal.core.errors import SourceError
from glokal.core.languages import PAGE_LANGUAGES
from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.sparql.errors import PlacesInText, QueryError, UnexpectedTokenError
from glokal.sparql.grammar import expected_at
from glokal.sparql.lexer import tokenize
from glokal.sparql.prepare import parse, prepare
from glokal.sparql.printer import print_query
from glokal.sparql.reader import read_query
from glokal.store.embedded import EmbeddedStore
from glokal.validation.localize import explain
from glokal.validation.sparql_rules import load_rules
from tests.conftest import ROOT

QUERIES = {q.slug: q.text for q in Workspace(load_project(ROOT)).queries}
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
    "# ?\nSELECT ?s { ?s ?p ?o } LIMIT ten": ("2:30", "a whole number"),
    "SELECT (1 + 2 ?x) { }": ("1:15", "AS"),
    "ASK { ?s ?p 'æ' ; , }": ("1:19", "can't stand here"),
    "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }": ("1:29", "grouped"),
}


@pytest.mark.parametrize("text", WRONG)
def test_the_word_that_is_wrong_is_named(text: str) -> None:
    place, said = WRONG[text]
    with pytest.raises(SourceError) as caught:
        EmbeddedStore([]).query(text, name="q.rq")
    assert str(caught.value.place) == f"q.rq:{place}".rstrip(":")
    assert said in str(caught.value)
    words = explain(caught.value)
    assert len({*words.values()}) == len(PAGE_LANGUAGES)
    if place:
        assert "SPARQL" not in words["nb"]


@pytest.mark.parametrize("slug", QUERIES)
def test_the_grammar_takes_what_the_parser_takes(slug: str) -> None:
    assert print_query(parse(QUERIES[slug]).query)
    tokens = tokenize(QUERIES[slug])
    assert expected_at(tokens, len(tokens.types) - 1) == ()


def test_the_parser_takes_the_rules_of_the_checks() -> None:
    rules = [*load_rules("rules"), *load_rules("ontology_rules")]
    assert len(rules) > 40
    for rule in rules:
        assert print_query(prepare(rule.text)), rule.name


@pytest.mark.parametrize("slug", ["membership-of-municipality", "shared-things"])
def test_what_stands_before_the_fault_is_never_blamed(slug: str) -> None:
    """The grammar is LL(1): what can go on is not wrong, and a stray mark is."""
    lines = (x for x in QUERIES[slug].splitlines() if not x.startswith("#"))
    whole = "\n".join(lines)
    starts = [i for i, c in enumerate(whole) if c == " " and whole[i + 1] in "?{(."]
    assert len(starts) > 20
    for at in starts:
        short = wrong_at(whole[:at])
        assert short is None or short[0] == ""
        line = whole.count("\n", 0, at) + 1
        assert wrong_at(f"{whole[:at]} \\ {whole[at:]}") == ("\\", line, True)


def wrong_at(text: str) -> tuple[str, int, bool] | None:
    """The word that is wrong, its line, and whether it is known what could stand."""
    try:
        read_query(text)
    except UnexpectedTokenError as error:
        line, _ = PlacesInText(text, []).line_and_column(error.start)
        return error.what, line, bool(error.wanted)
    except QueryError:
        return None
    return None
