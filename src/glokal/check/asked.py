"""The rules that a run of checks looked at, in words, whether they hold or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from glokal.check.describe import path_of
from glokal.check.finding import known_messages, near_text
from glokal.check.hygiene import RULES as HYGIENE
from glokal.check.names import Names
from glokal.check.ontology import RULES as ONTOLOGY
from glokal.check.path import About
from glokal.check.report import Rule
from glokal.check.rule import load_rules
from glokal.check.words import Words, components
from glokal.rdf.terms import Term
from glokal.vocabulary import SH
from glokal.workspace import Workspace


def rules_of_run(
    workspace: Workspace, steps: Iterable[str], shapes: About, names: Names
) -> tuple[Rule, ...]:
    """Return the rules of the steps that were run on a project."""
    found: list[Rule] = []
    for step in steps:
        match step:
            case "syntax":
                files = [*workspace.files, *workspace.shapes]
                found += (Rule(step, file.name) for file in files)
            case "hygiene" | "ontology":
                for rule in load_rules(HYGIENE if step == "hygiene" else ONTOLOGY):
                    words = near_text(rule.message, names.lang)
                    found.append(Rule(step, rule.name, words))
            case "shacl":
                found += rules_of_shapes(shapes, names)
            case "competency":
                for query in workspace.queries:
                    files_of = [expected.name for expected in query.expected]
                    asked = query.summary.get(names.lang, query.summary["nb"])
                    found += (Rule(step, name, asked) for name in files_of)
            case _:
                for rule_name, said in known_messages(step).items():
                    words = re.sub(r"\{\w+\}", "…", said[names.lang])
                    found.append(Rule(step, rule_name, words))
    return tuple(found)


def rules_of_shapes(shapes: About, names: Names) -> tuple[Rule, ...]:
    """Return the shapes that ask for something; one without a name is its owner's."""
    words = Words(names, shapes)
    told: dict[str, list[str]] = {}
    for shape, said in shapes.items():
        owner = names.owner(shape)
        if owner is None:
            continue
        route = path_of(shapes, shape)
        iri = route.iri if route is not None and route.kind == "property" else ""
        prop = names.path(iri, shape, route)
        messages = {m.language or "": m.value for m in _texts(said)}
        for component in _components(said):
            own = near_text(messages, names.lang) if messages else ""
            text = own or words.message(
                shape,
                component,
                prop,
                words.kind_of(shape, component, None),
            )
            told.setdefault(owner.value, []).append(text)
    return tuple(
        Rule("shacl", name, "\n".join(dict.fromkeys(texts)))
        for name, texts in sorted(told.items())
    )


def _texts(said: Mapping[str, Iterable[Term]]) -> Iterator[ox.Literal]:
    return (m for m in said.get(SH + "message", ()) if isinstance(m, ox.Literal))


def _components(said: Mapping[str, Iterable[Term]]) -> Iterator[str]:
    for name in components():
        if SH + name[:1].lower() + name[1:] in said or (
            name == "SPARQL" and SH + "sparql" in said
        ):
            yield f"{SH}{name}ConstraintComponent"
