"""Queries by chance: our reader beside the parsers of Oxigraph and RDFLib.

`python -m tests.test_sparql_fuzz 10000 [SEED]` tries more than the tests do.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter
from typing import Any

import pyoxigraph as ox
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from glokal.sparql.errors import NotTakenError, QueryError
from glokal.sparql.printer import print_query
from glokal.sparql.reader import read_query
from glokal.sparql.tree import Iri, Query
from tests.sparql_writer import Writer

GRAPH = """
PREFIX : <urn:>
:a :p :b, "a", 1, "b"@nb . :b :q :a, 2.5 . _:n :p :a .
GRAPH :g { :a :p 3 . :b :p :a }
"""


def engine() -> ox.Store:
    store = ox.Store()
    store.load(GRAPH.encode(), format=ox.RdfFormat.TRIG)
    return store


def judge(store: ox.Store, text: str) -> str:
    """Return what became of a query: `both take`, `both refuse`, or the difference."""
    try:
        query = read_query(text).query
    except NotTakenError:
        return "over a limit"
    except QueryError as error:
        refused = _refusal(store, text)
        return "both refuse" if refused else f"only the engine takes it: {error.what}"
    printed = print_query(query)
    again = read_query(printed).query
    if _relabelled(print_query(again)) != _relabelled(printed):
        return "printed twice it is another text"
    if _uses(again) != _uses(query):
        return "printed it uses something else"
    theirs = _rdflib_uses(printed)
    if theirs is not None and theirs != _uses(query):
        return f"RDFLib finds {theirs} in it, and not {_uses(query)}"
    if why := _refusal(store, printed):
        return f"only we take it: {why}"
    if query.services or _refusal(store, text):
        # The engine takes a filter for the end of a basic graph pattern; printed, it
        # stands at the end of its group.
        return "both take"
    first, second = _answer(store, text), _answer(store, printed)
    return "both take" if first == second else f"answers differ: {first} {second}"


def _relabelled(text: str) -> str:
    """Return a text with its blank nodes numbered in their order."""
    names: dict[str, str] = {}
    return re.sub(r"_:\w+", lambda m: names.setdefault(m[0], f"_:{len(names)}"), text)


def _refusal(store: ox.Store, text: str) -> str:
    try:
        store.query(text)
    except SyntaxError as error:
        return str(error)
    except (RuntimeError, OSError, ValueError):
        pass
    return ""


def _uses(query: Query) -> tuple[set[str], set[str], set[str]]:
    services = {s.name.value for s in query.services if isinstance(s.name, Iri)}
    dataset = {i.value for i in (*query.dataset.default, *query.dataset.named)}
    return services, dataset, {f.value for f in query.functions}


def _rdflib_uses(text: str) -> tuple[set[str], set[str], set[str]] | None:
    """Return the same by RDFLib; None where it can't read a text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            algebra = prepareQuery(text).algebra
    except Exception as error:  # RDFLib raises what it meets.
        assert error
        return None
    services: set[str] = set()
    dataset: set[str] = set()
    functions: set[str] = set()
    waiting: list[Any] = [algebra]
    while waiting:
        part = waiting.pop()
        if isinstance(part, CompValue):
            if part.name == "ServiceGraphPattern" and not part.term.startswith("?"):
                services.add(str(part.term))
            if part.name == "DatasetClause":
                dataset.add(str(part.default or part.named))
            if part.name == "Function":
                functions.add(str(part.iri))
        if isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, list | tuple):
            waiting += part
    services = {s for s in services if ":" in s}
    return services, dataset, functions


def _answer(store: ox.Store, text: str) -> Any:
    try:
        found = store.query(text)
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        if isinstance(found, ox.QuerySolutions):
            names = [v.value for v in found.variables]
            rows = [[_shown(cell) for cell in row] for row in found]
            return names, sorted(map(str, rows))
        return Counter(len(str(triple)) > 0 for triple in found)
    except (RuntimeError, OSError, ValueError) as error:
        return type(error).__name__


def _shown(cell: object) -> str:
    # Blank nodes have other names in each answer, and RAND and UUID other values.
    return "_:" if isinstance(cell, ox.BlankNode) else str(cell)


# What the engine takes though SPARQL 1.1 does not: aggregates in GROUP BY, columns that
# are not grouped by where an aggregate stands in HAVING alone (section 11.4), labels of
# blank nodes in two basic graph patterns (section 4.1.4).
KNOWN = re.compile(
    r"only the engine takes it: (The blank node|\w+ can't stand here|SELECT \*"
    r"|\?\w+ is neither grouped|\?\w+ has a value already)"
)


def differences(count: int, seed: int) -> tuple[Counter[str], list[tuple[str, str]]]:
    store, writer = engine(), Writer(seed)
    told: Counter[str] = Counter()
    wrong = []
    for _ in range(count):
        text = writer.query()
        verdict = judge(store, text)
        told[verdict.partition(":")[0]] += 1
        if verdict not in ("both take", "both refuse", "over a limit") and not (
            KNOWN.match(verdict)
        ):
            wrong.append((verdict, text))
    return told, wrong


def test_our_reader_agrees_with_two_others() -> None:
    told, wrong = differences(400, 1)
    assert wrong == []
    assert told["both take"] > 40
    assert told["both refuse"] > 40


if __name__ == "__main__":
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    counted, found = differences(int(sys.argv[1]), seeds)
    print(counted)
    for verdict, text in found[:40]:
        print("==", verdict)
        if "-v" in sys.argv:
            print(text)
    sys.exit(1 if found else 0)
