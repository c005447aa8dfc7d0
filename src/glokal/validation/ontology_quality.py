"""The quality of the ontology itself, by rules that others have drawn up.

The rules are the pitfalls of OOPS! (P02 to P41) that a query can decide and the tests
of FOOPS! that need no network, each a query under its own number. They look at the
ontology's files alone. A rule may be waived for a term, with a reason, in
`waivers.toml` beside those files; a waiver that waives nothing is itself a fault.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glokal.core.errors import ConfigError, Place
from glokal.core.namespaces import STANDARD_PREFIXES
from glokal.rdf.source_files import ONTOLOGY, SourceFile, read_text
from glokal.rdf.terms import text_of
from glokal.store.embedded import EmbeddedStore
from glokal.validation.finding import Finding, FocusNode, Severity, make_finding
from glokal.validation.sparql_rules import find_breaches, load_rules

STEP = "ontology"
ONTOLOGY_RULES = "ontology_rules"
WAIVERS = "waivers.toml"


@dataclass(frozen=True)
class OntologyWaiver:
    """A breach that is accepted: the rule, the term, and the property or none."""

    rule: str
    term: str
    path: str
    place: Place

    def covers(self, finding: Finding) -> bool:
        """Return whether the finding is the breach that is accepted."""
        return (
            self.rule == finding.rule
            and self.term == text_of(finding.focus)
            and self.path in ("", finding.path)
        )


def check_ontology(files: Iterable[SourceFile], folder: Path) -> Iterator[Finding]:
    """Yield each breach that is not waived, and each waiver without a breach.

    `files` are the project's sources, `folder` the one that has `waivers.toml`.
    Raises ConfigError when that file can't be read.
    """
    store = EmbeddedStore(
        (f.graph, f.triples, True) for f in files if f.kind == ONTOLOGY
    )
    waivers = read_waivers(folder)
    used = set()
    for rule in load_rules(ONTOLOGY_RULES):
        for finding in find_breaches(rule, store, STEP):
            covering = {w for w in waivers if w.covers(finding)}
            used |= covering
            if not covering:
                yield finding
    for waiver in waivers:
        if waiver not in used:
            yield make_finding(
                STEP,
                "stale-waiver",
                severity=Severity.WARNING,
                focus=FocusNode(waiver.term, waiver.path),
                place=waiver.place,
                waived=waiver.rule,
            )


def read_waivers(folder: Path) -> tuple[OntologyWaiver, ...]:
    """Return the waivers of an ontology, none when it has no such file.

    Raises ConfigError when the file is not TOML, or a waiver lacks its rule, its
    reason or its terms.
    """
    path = folder / WAIVERS
    if not path.exists():
        return ()
    name = f"ontology/{WAIVERS}"
    text = read_text(path, name)
    try:
        listed: list[dict[str, Any]] = tomllib.loads(text).get("waiver", [])
    except (RecursionError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"The file is not TOML: {error}.",
            remedy="fix that line.",
            place=Place(name),
        ) from error
    waivers = []
    for entry in listed:
        for key, kind in (("rule", str), ("reason", str), ("terms", list)):
            if not isinstance(entry.get(key), kind) or not entry[key]:
                raise ConfigError(
                    f"A waiver has no {key}: {entry}.",
                    remedy="give each [[waiver]] a rule, a reason and its terms.",
                    place=Place(name),
                )
        at = text.find(f'"{entry["reason"]}"')
        for term in entry["terms"]:
            line = text.count("\n", 0, text.find(f'"{term}"', at)) + 1
            waivers.append(
                OntologyWaiver(
                    entry["rule"],
                    _iri(term),
                    _iri(entry.get("path", "")),
                    Place(name, line),
                )
            )
    return tuple(waivers)


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return STANDARD_PREFIXES[prefix] + local if prefix in STANDARD_PREFIXES else name
