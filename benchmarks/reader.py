"""Measure the reader of SPARQL, beside lark (LALR) and tree-sitter.

`make bench-reader`. Lark reads `sparql.lark`, a subset of the grammar that covers the
texts; tree-sitter reads the grammar of the package tree-sitter-sparql. Both give a
syntax tree; ours has whole IRIs, unescaped strings and places, and is checked for scope
and limits. Processor time, the best of some rounds by turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import tree_sitter_sparql
from lark import Lark
from tree_sitter import Language, Parser

from glokal.sparql.reader import read_query

Run = Callable[[str], object]
ROUNDS = 5
HEAD = """PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
# About 1 kB, as a person writes it.
PATTERN = """  ?thing{n} a glo:Activity ; glo:partOf ?plan{n}, ?other{n} ;
    rdfs:label ?label{n} .
  # The name in bokmål, else any.
  OPTIONAL {{ ?thing{n} glo:about ?theme{n} . FILTER(LANG(?label{n}) = "nb") }}
  FILTER(?year{n} >= 2023 && (CONTAINS(LCASE(STR(?label{n})), "hav") || ?x{n} != 1.5))
"""
TRIPLES = (
    '?thing{n} glo:refersTo <https://example.org/{n}> ; rdfs:label "Tiltak {n}"@nb .\n'
)
ROW = "(<https://example.org/id/{n}> glo:Activity 20{n} UNDEF)\n"


def text_of(part: str, size: int, before: str = "", after: str = "") -> str:
    """Return a query of that many characters at most, made of numbered parts."""
    head, tail = f"{HEAD}SELECT * WHERE {{\n{before}", f"{after}}} ORDER BY ?label1"
    parts: list[str] = []
    left, n = size - len(head) - len(tail), 1
    while (made := part.format(n=n)) and len(made) <= left:
        parts.append(made)
        left -= len(made)
        n += 1
    return head + "".join(parts) + tail


def texts() -> dict[str, str]:
    """Return the texts by what they are called."""
    million = 1 << 20
    return {
        "1 kB, patterns and filters": text_of(PATTERN, 1024),
        "1 MB, triples": text_of(TRIPLES, million),
        "1 MB, VALUES": text_of(ROW, million, "VALUES (?a ?b ?c ?d) {\n", "}\n"),
    }


def peers() -> dict[str, Run]:
    """Return the readers; each raises when it doesn't read the whole text."""
    grammar = Path(__file__).with_name("sparql.lark").read_text(encoding="utf-8")
    lark = Lark(grammar, start="query", parser="lalr", propagate_positions=True)
    tree_sitter = Parser(Language(tree_sitter_sparql.language()))

    def by_tree_sitter(text: str) -> object:
        found = tree_sitter.parse(text.encode())
        if found.root_node.has_error:
            raise ValueError("tree-sitter met an error")
        return found

    return {
        "glokal": read_query,
        f"lark {metadata.version('lark')}": lark.parse,
        f"tree-sitter-sparql {metadata.version('tree-sitter-sparql')}": by_tree_sitter,
    }


def best(runs: dict[str, Run], text: str) -> dict[str, float]:
    """Return the best processor time of each in seconds."""
    found = dict.fromkeys(runs, float("inf"))
    repeats = 50 if len(text) < 10_000 else 1
    for _ in range(ROUNDS):
        for name, run in runs.items():
            start = time.process_time()
            for _ in range(repeats):
                run(text)
            spent = (time.process_time() - start) / repeats
            found[name] = min(found[name], spent)
    return found


def main() -> None:
    """Print a table."""
    runs = peers()
    print("| text | reader | ms | times ours |")
    print("|---|---|---:|---:|")
    for name, text in texts().items():
        times = best(runs, text)
        for reader, seconds in times.items():
            ratio = seconds / times["glokal"]
            print(f"| {name} | {reader} | {seconds * 1000:.2f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
