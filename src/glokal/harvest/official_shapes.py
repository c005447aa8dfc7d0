"""The profiles' own shapes, from a folder that is given: they are not ours to copy.

They hold slips that the portals' engines pass over: words that SHACL doesn't have,
property shapes without a path. The slips are taken out and counted, never guessed at.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from glokal.core.errors import ToolError, UsageError
from glokal.core.namespaces import RDF, SH
from glokal.core.plugins import PORTAL_RULES, PortalRules, call_plugin, plugins
from glokal.rdf.any_format import read_triples
from glokal.rdf.rdf_input import plain_input
from glokal.rdf.terms import text_of
from glokal.validation.finding import Severity
from glokal.validation.shacl.results import Result
from glokal.validation.shacl.shape_gaps import stands_alone
from glokal.validation.shacl.shapes_lint import is_known_term
from glokal.validation.shacl.validate import validate_graph


@dataclass(frozen=True)
class Profile:
    """A profile's shapes: the sources that they judge, and what they refuse.

    `cut` says that they look at each dataset cut out, not at the whole source.
    """

    name: str
    sources: tuple[str, ...]
    cut: bool
    refuses: Severity
    shapes: tuple[ox.Triple, ...]
    slips: int

    def results(self, data: Iterable[ox.Triple], engine: str = "shacl") -> list[Result]:
        """Return every result that the shapes give."""
        return validate_graph(data, self.shapes, engine=engine)

    def refusals(self, data: Iterable[ox.Triple]) -> list[Result]:
        """Return the results that count against the data."""
        return [r for r in self.results(data) if r.severity >= self.refuses]


def read_profiles(folder: Path) -> tuple[Profile, ...]:
    """Read the official shapes in a folder.

    Raises UsageError when the folder lacks a file, InputError when one is not RDF.
    """
    return tuple(_profile(folder, known) for known in _known())


def _profile(folder: Path, known: dict[str, Any]) -> Profile:
    triples: list[ox.Triple] = []
    for name in known["files"]:
        path = folder / name
        if not path.is_file():
            raise UsageError(
                f"{folder} has no {name}.",
                remedy="name the folder with the profiles' official shapes.",
            )
        triples += read_triples(plain_input(path), {})
    triples = list(dict.fromkeys(triples))
    fixed = _without_slips(triples)
    return Profile(
        str(known["name"]),
        tuple(known["sources"]),
        bool(known.get("cut")),
        Severity[str(known["refuses"]).upper()],
        tuple(fixed),
        len(triples) - len(fixed),
    )


def added_profiles() -> tuple[Profile, ...]:
    """Return the rule sets that installed packages add (docs/api.md).

    Raises ToolError when one is no rule set, InputError when its shapes are not RDF.
    """
    return tuple(_added(name) for name in sorted(plugins(PORTAL_RULES)))


def _added(name: str) -> Profile:
    rules = call_plugin(PORTAL_RULES, name)
    severities = {severity.label: severity for severity in Severity}
    if not isinstance(rules, PortalRules) or rules.refuses not in severities:
        raise ToolError(
            f"The plugin {name} gave no rule set.",
            remedy="tell those who keep it, or uninstall it.",
        )
    triples = [t for path in rules.shapes for t in read_triples(plain_input(path), {})]
    shapes = tuple(dict.fromkeys(triples))
    refuses = severities[rules.refuses]
    return Profile(rules.name, rules.sources, rules.cut, refuses, shapes, 0)


def _without_slips(shapes: list[ox.Triple]) -> list[ox.Triple]:
    """Return the shapes without unknown words and without pathless properties.

    Nor do they have words that ask for nothing where they stand.
    """
    stated: dict[object, set[str]] = defaultdict(set)
    for t in shapes:
        stated[t.subject].add(t.predicate.value)
    words = [
        t
        for t in shapes
        if not t.predicate.value.startswith(SH)
        or (
            is_known_term(t.predicate.value)
            and not _is_odd_kind(t)
            and not stands_alone(t.predicate.value, stated[t.subject])
        )
    ]
    lists = _lists_of_words(words)
    with_path = {t.subject for t in words if t.predicate.value == SH + "path"}
    return [
        t
        for t in words
        if t.object not in lists
        and (t.predicate.value != SH + "property" or t.object in with_path)
    ]


def _is_odd_kind(triple: ox.Triple) -> bool:
    """Whether a class stands for a kind of node, or such a kind for a shape."""
    kind = text_of(triple.object)
    if triple.predicate.value == SH + "node":
        return kind.startswith(SH)
    return triple.predicate.value == SH + "nodeKind" and not kind.startswith(SH)


def _lists_of_words(shapes: list[ox.Triple]) -> set[object]:
    """Return the cells of lists that hold a word of SHACL where a shape belongs."""
    before: dict[object, object] = {
        t.object: t.subject for t in shapes if t.predicate.value == RDF + "rest"
    }
    results: set[object] = set()
    for t in shapes:
        if t.predicate.value == RDF + "first" and text_of(t.object).startswith(SH):
            cell: object = t.subject
            while cell is not None:
                results.add(cell)
                cell = before.get(cell)
    return results


@cache
def _known() -> list[dict[str, Any]]:
    file = resources.files("glokal.harvest").joinpath("profiles.toml")
    results: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))[
        "profile"
    ]
    return results
