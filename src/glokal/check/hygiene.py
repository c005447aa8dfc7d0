"""Hygiene: rules that hold for any project's graph, each a query that finds breaches.

A rule is a `.rq` in `rules/` with its words in the header. It selects `?focus`, and
may select `?path` and `?value`; no rows means that the rule holds. It looks at the
asserted graphs, each in its own named graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import yaml

from glokal.check.finding import Finding, Severity
from glokal.config import Project
from glokal.rdf.terms import text_of
from glokal.store.protocol import Store

STEP = "hygiene"


@dataclass(frozen=True)
class HygieneRule:
    """A rule: its name, its severity, its words and the query that finds breaches."""

    slug: str
    severity: Severity
    message: dict[str, str]
    text: str


def load_rules() -> tuple[HygieneRule, ...]:
    """Return the rules that come with Glokal, in the order of their names."""
    folder = resources.files("glokal.check").joinpath("rules")
    rules = []
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        text = file.read_text(encoding="utf-8")
        header = yaml.safe_load(
            "\n".join(line[3:] for line in text.splitlines() if line[:2] == "#+")
        )
        severity = Severity[str(header.get("severity", "violation")).upper()]
        slug = file.name.removesuffix(".rq")
        rules.append(HygieneRule(slug, severity, header["message"], text))
    return tuple(rules)


def check_hygiene(store: Store, project: Project) -> Iterator[Finding]:
    """Yield each breach of each rule."""
    for rule in load_rules():
        text = rule.text.replace("urn:glokal:things:", project.things)
        text = text.replace("urn:glokal:graphs:", project.graphs)
        table = store.select(text, name=rule.slug)
        for row in table.rows:
            found = {
                name: text_of(cell)
                for name, cell in zip(table.columns, row, strict=True)
            }
            yield Finding(
                STEP,
                rule.slug,
                rule.severity,
                rule.message,
                focus=found.get("focus", ""),
                path=found.get("path", ""),
                value=found.get("value", ""),
            )
