"""Why a query has no rows: the first pattern that leaves nothing, and its place."""

# ruff: noqa: E501  a table is read by its rows

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from glokal.dataset.explain_empty import (
    EmptyExplanation,
    explain_empty,
    explanation_sentences,
)
from glokal.dataset.workspace import Workspace
from tests.conftest import glokal

DATA = """
PREFIX : <urn:>
:a a :Town ; :name "A" ; :twin :b ; :size 3 .
:b a :Town ; :name "B. C; D" .
:c a :Plan ; :name "C" .
GRAPH :g { :a :seen 1 }
"""


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TRIG)
    return store


def why(store: ox.Store, text: str) -> EmptyExplanation | None:
    return explain_empty(text, lambda t: next(iter(store.query(t)), None) is not None)


# A query, the pattern that empties it, its line, and whether it is found alone.
CASES = [
    ("SELECT * { ?x a :Town ;\n :name ?n ;\n :twin ?t .\n ?t :size ?s }", "?t :size ?s", 4, True),
    ("SELECT * { ?x a :Town ;\n :name 'A' ,\n 'B' }", "'B'", 3, False),
    ("SELECT * { ?x a :City . ?x :name ?n }", "?x a :City", 1, False),
    ("SELECT * { ?x :name 'B. C; D' .\n ?x :twin ?t }", "?x :twin ?t", 2, True),
    ("SELECT * { ?x :name ?n . # ?x :none 1 .\n ?x :twin :c }", "?x :twin :c", 2, False),
    ("SELECT * { FILTER(?s > 3)\n ?x :size ?s . ?x :name ?n }", "FILTER(?s > 3)", 1, True),
    ("SELECT * { ?x a :Town\n FILTER NOT EXISTS { ?x :name ?n } }", "FILTER NOT EXISTS { ?x :name ?n }", 2, True),
    ("SELECT * { ?x a :Town .\n MINUS { ?x :name ?n } }", "MINUS { ?x :name ?n }", 2, True),
    ("SELECT * { ?x a :Town OPTIONAL { ?x :none ?n }\n ?x :none 1.5 }", "?x :none 1.5", 2, False),
    ("SELECT * { { ?x a :City }\n UNION { ?x a :Land } }", "{ ?x a :City } UNION { ?x a :Land }", 1, False),
    ("SELECT * { { ?x a :City } UNION { ?x a :Town }\n ?x :size 4 }", "?x :size 4", 2, False),
    ("SELECT * { ?x a :Town\n GRAPH ?g { ?x :seen 1 .\n ?x :name ?n } }", "?x :name ?n", 3, False),
    ("SELECT * { ?x a :Town { SELECT ?x { ?x a :Plan } } }", "{ SELECT ?x { ?x a :Plan } }", 1, True),
    ("SELECT * { ?x a :Town\n VALUES ?x { :c } }", "VALUES ?x { :c }", 2, True),
    ("SELECT * { ?x (:twin|^:twin)/:none [ :name ?n ; :size 2 ] }", "?x (:twin|^:twin)/:none [ :name ?n ; :size 2 ]", 1, False),
    ("SELECT ?n { ?x :name ?n } GROUP BY ?n\n HAVING(COUNT(*) > 1)", "GROUP BY ?n HAVING(COUNT(*) > 1)", 1, True),
    ("SELECT * FROM :g { ?x :seen 1 ; a :Town }", "a :Town", 1, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "pattern", "line", "alone"), CASES)
def test_the_first_pattern_that_leaves_nothing_is_named(
    store: ox.Store, text: str, pattern: str, line: int, alone: bool
) -> None:
    text = text.replace("\n", "\n  ")
    found = why(store, f"PREFIX : <urn:> {text}")
    assert found is not None
    assert (found.text, found.line, found.alone) == (pattern, line, alone)


def test_a_query_with_rows_is_never_said_to_have_none(
    store: ox.Store, strategy: Workspace
) -> None:
    assert why(store, "SELECT * { ?s ?p ?o }") is None
    found = 0
    for query in strategy.queries:
        if not query.service and strategy.store.select(query.text).rows:
            reason = explain_empty(
                query.text, lambda t: bool(strategy.store.select(t).rows)
            )
            assert reason is None, query.slug
            found += 1
    assert found >= 35


def test_the_words_are_whole_in_each_language() -> None:
    for kind in ("first", "pattern", "filter", "tail"):
        for lang in ("nb", "nn", "en"):
            told = explanation_sentences(
                EmptyExplanation(kind, 3, 1, "?a ?b ?c", False), lang
            )
            assert "?a ?b ?c" in told
            assert "3" in told


def test_the_command_says_why(region: Path) -> None:
    """On the error stream, so that the answer itself stays as it was."""
    text = "SELECT ?s ?o {\n ?s a ?kind .\n ?s <urn:none> ?o }"
    asked = glokal("sparql", "--why", "--format", "csv", text, cwd=region)
    assert (asked.returncode, asked.stdout) == (0, "s,o\n")
    assert "«?s <urn:none> ?o» på linje 3" in asked.stderr
    asked = glokal("sparql", "--why", "SELECT * { ?s a ?kind } LIMIT 1", cwd=region)
    assert asked.stderr == ""
