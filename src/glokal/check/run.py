"""The checks in their order, from what is written to what is answered.

A step that can't be run because an earlier one failed is left out and said so, never
counted as passed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from glokal.check.competency import check_competency
from glokal.check.finding import Finding, Severity, finding_of, say, sort_findings
from glokal.check.hygiene import check_hygiene
from glokal.check.ontology import check_ontology
from glokal.check.places import find_places
from glokal.check.quotes import check_quotes
from glokal.check.shacl import validate
from glokal.errors import SourceError, UsageError
from glokal.model.canned import suggest
from glokal.model.labels import Labels
from glokal.rdf.terms import text_of
from glokal.reason.owl import InconsistentError, UnsatisfiableError
from glokal.workspace import Workspace

STEPS = ("syntax", "owl", "ontology", "hygiene", "shacl", "quotes", "competency")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """What the checks found, and how much they looked at."""

    findings: tuple[Finding, ...]
    steps: tuple[str, ...]
    left_out: tuple[str, ...]
    counts: dict[str, int]

    def number(self, severity: Severity) -> int:
        """Return how many findings have a severity."""
        return sum(f.severity == severity for f in self.findings)

    @property
    def clean(self) -> bool:
        """Whether there is neither violation nor warning."""
        return all(f.severity == Severity.INFO for f in self.findings)


def run_checks(
    workspace: Workspace,
    *,
    only: Iterable[str] = (),
    text: Path | None = None,
    lang: str = "nb",
    progress: Progress = lambda _step: None,
) -> Report:
    """Run the steps asked for (all of them unless some are named).

    `text` is the file that the passages were cut from, to compare them with. Raises
    UsageError for an unknown step.
    """
    only = tuple(only)
    asked = only or STEPS
    for step in asked:
        if step not in STEPS:
            raise UsageError(
                f"There is no check {step!r}.", remedy=suggest(step, STEPS)
            )
    findings: list[Finding] = []
    done: list[str] = []
    try:
        progress("syntax")
        counts = _counts(workspace)
        done.append("syntax")
        for step in STEPS[1:]:
            if step == "competency" and any(f.step == "owl" for f in findings):
                continue
            if step in asked:
                progress(step)
                named = step in only
                findings += _run(step, workspace, text, named=named)
                done.append(step)
    except SourceError as error:
        findings.append(finding_of(error, "syntax", "syntax"))
        counts = {}
    if counts:
        findings = find_places(findings, (*workspace.files, *workspace.shapes))
        labels = Labels(workspace.files)
        findings = [
            dataclasses.replace(f, focus_label=labels.of(f.focus, lang))
            for f in findings
        ]
    left_out = tuple(s for s in STEPS if s in asked and s not in done)
    return Report(tuple(sort_findings(findings)), tuple(done), left_out, counts)


def _counts(workspace: Workspace) -> dict[str, int]:
    return {
        "files": len(workspace.files),
        "triples": sum(len(f.triples) for f in workspace.files),
        "shapes": len(workspace.shapes),
        "queries": len(workspace.queries),
    }


def _run(
    step: str, workspace: Workspace, text: Path | None, *, named: bool
) -> Iterator[Finding]:
    match step:
        case "owl":
            # Asking for what follows decides consistency; it raises on a clash.
            try:
                _ = workspace.entailments
            except (InconsistentError, UnsatisfiableError) as error:
                yield say("owl", "inconsistent", clash=error.what)
        case "ontology":
            folder = workspace.project.folder("ontology")
            yield from check_ontology(workspace.files, folder)
        case "hygiene":
            yield from check_hygiene(workspace.asserted_store, workspace.project)
        case "shacl":
            yield from _check_shacl(workspace)
        case "quotes":
            # The passages left out are of interest to those who ask for them.
            yield from check_quotes(workspace.files, text=text, list_uncovered=named)
        case "competency":
            yield from check_competency(
                workspace.queries, workspace.store, workspace.project
            )


def _check_shacl(workspace: Workspace) -> Iterator[Finding]:
    data = {t: None for file in workspace.files for t in file.triples}
    shapes = [t for file in workspace.shapes for t in file.triples]
    for result in validate(data, shapes):
        yield Finding(
            "shacl",
            text_of(result.shape),
            result.severity,
            dict(result.messages),
            focus=text_of(result.focus),
            path=text_of(result.path),
            value=text_of(result.value),
        )
