"""Rules as queries in SPARQL: read, run, and the hygiene step, which holds for any
graph.

The header is YAML in lines that begin with `#+`: `message` in each language (what
holds, and what to do), and maybe `severity` (violation) and `id` (the file's name).
The query selects `?focus`, and may select `?path`, `?value` and `?graph`; no rows means
that the rule holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from sys import intern

import pyoxigraph as ox

from glokal.core.settings import Project
from glokal.core.yaml_text import read_yaml
from glokal.rdf.terms import Term, text_of
from glokal.sparql.store_interface import Store
from glokal.validation.finding import Finding, Severity


@dataclass(frozen=True)
class SparqlRule:
    """A rule: its name, its severity, its words and the query that finds breaches."""

    name: str
    severity: Severity
    message: dict[str, str]
    text: str


@cache
def load_rules(folder: str) -> tuple[SparqlRule, ...]:
    """Return the rules in a folder of this package, in the order of their files."""
    rules = []
    files = resources.files("glokal.validation").joinpath(folder).iterdir()
    for file in sorted(files, key=lambda f: f.name):
        text = file.read_text(encoding="utf-8")
        header = read_yaml(
            "\n".join(line[3:] for line in text.splitlines() if line[:2] == "#+")
        )
        severity = Severity[str(header.get("severity", "violation")).upper()]
        name = str(header.get("id", file.name.removesuffix(".rq")))
        rules.append(SparqlRule(name, severity, header["message"], text))
    return tuple(rules)


def find_breaches(
    rule: SparqlRule,
    store: Store,
    step: str,
    *,
    prepare: Callable[[str], str] = lambda text: text,
) -> Iterator[Finding]:
    """Yield each breach of a rule in a store; `prepare` fills in the query first."""
    # Only a literal that is right is written in another way, and rules look for others.
    table = store.select(prepare(rule.text), name=rule.name, any_spelling=True)
    for row in table.rows:
        results = dict(zip(table.columns, row, strict=True))
        yield Finding(
            step,
            rule.name,
            rule.severity,
            rule.message,
            focus=_term(results.get("focus")),
            # Few, in perhaps many findings.
            path=intern(text_of(results.get("path"))),
            value=_term(results.get("value")),
            graph=intern(text_of(results.get("graph"))),
        )


def _term(cell: object) -> Term | None:
    return cell if isinstance(cell, ox.NamedNode | ox.BlankNode | ox.Literal) else None


STEP = "hygiene"
DATA_RULES = "rules"


def check_hygiene(store: Store, project: Project) -> Iterator[Finding]:
    """Yield each breach of each rule."""

    def prepare(text: str) -> str:
        text = text.replace("urn:glokal:things:", project.things)
        return text.replace("urn:glokal:graphs:", project.graphs)

    for rule in load_rules(DATA_RULES):
        yield from find_breaches(rule, store, STEP, prepare=prepare)
