"""The rules that a run of checks looked at, in words, whether they hold or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from glokal.dataset.workspace import Workspace
from glokal.validation.display_names import DisplayNames
from glokal.validation.finding import known_messages, near_text
from glokal.validation.ontology_quality import ONTOLOGY_RULES as ONTOLOGY
from glokal.validation.property_path import ValuesBySubject
from glokal.validation.report import CheckedRule
from glokal.validation.shacl.rule_descriptions import rules_of_shapes
from glokal.validation.sparql_rules import DATA_RULES as HYGIENE
from glokal.validation.sparql_rules import load_rules


def rules_of_run(
    workspace: Workspace,
    steps: Iterable[str],
    shapes: ValuesBySubject,
    names: DisplayNames,
) -> tuple[CheckedRule, ...]:
    """Return the rules of the steps that were run on a project."""
    checked_rules: list[CheckedRule] = []
    for step in steps:
        match step:
            case "syntax":
                files = [*workspace.files, *workspace.shapes]
                checked_rules += (CheckedRule(step, file.name) for file in files)
            case "hygiene" | "ontology":
                for rule in load_rules(HYGIENE if step == "hygiene" else ONTOLOGY):
                    words = near_text(rule.message, names.lang)
                    checked_rules.append(CheckedRule(step, rule.name, words))
                checked_rules += _of_messages(step, names)
            case "shacl":
                checked_rules += rules_of_shapes(shapes, names)
            case "competency":
                for query in workspace.queries:
                    # A snapshot is compared with, and checks nothing.
                    files_of = [e.name for e in query.expected if not e.snapshot]
                    request = near_text(query.summary, names.lang)
                    checked_rules += (
                        CheckedRule(step, name, request) for name in files_of
                    )
            case _:
                checked_rules += _of_messages(step, names)
    return tuple(checked_rules)


def _of_messages(step: str, names: DisplayNames) -> Iterator[CheckedRule]:
    for rule, details in known_messages(step).items():
        yield CheckedRule(step, rule, re.sub(r"\{\w+\}", "…", details[names.lang]))
