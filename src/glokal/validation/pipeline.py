"""The checks in their order, from what is written to what is answered.

A step that can't be run because an earlier one failed is left out and said so, never
counted as passed.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import SourceError, UsageError
from glokal.core.extras import need_extras
from glokal.core.files.temporary import scratch_folder
from glokal.core.namespaces import CODE, GLO
from glokal.dataset.canned_queries import closest, suggest
from glokal.dataset.inferences import lacks_reasoner
from glokal.dataset.labels import Labels
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import broken_files
from glokal.rdf.terms import text_of
from glokal.reasoning.entailments import InconsistentError, UnsatisfiableError
from glokal.source.documents import document_texts
from glokal.validation.competency import check_competency, count_expected
from glokal.validation.country_codes import (
    check_country_codes,
    check_nuts_codes,
    check_organisation_numbers,
    said_of_codes,
)
from glokal.validation.display_names import DisplayNames
from glokal.validation.drafts import check_drafts
from glokal.validation.evaluated_rules import rules_of_run
from glokal.validation.finding import Finding, Severity, make_finding, sort_findings
from glokal.validation.localize import explain, localize_findings, spoken_of
from glokal.validation.locations import locate_findings
from glokal.validation.ontology_quality import check_ontology
from glokal.validation.outside_base import check_base
from glokal.validation.property_path import ValuesBySubject, read_about
from glokal.validation.provenance import check_provenance
from glokal.validation.quotations import check_quotes
from glokal.validation.report import STEPS, CheckedRule, Report
from glokal.validation.shacl.constraint_messages import meant_names
from glokal.validation.shacl.data_graph import write_triples
from glokal.validation.shacl.engine_call import engine_limits, ready_engine
from glokal.validation.shacl.engine_process import ENGINES
from glokal.validation.shacl.remote_data import validate_remote_data
from glokal.validation.shacl.results import finding_of_result
from glokal.validation.shacl.second_engine import Judged, most_triples, validate_judged
from glokal.validation.skipped_files import check_left_out, check_unread
from glokal.validation.sparql_rules import check_hygiene
from glokal.validation.translator_files import check_translations
from glokal.validation.unsupported_characters import check_characters

# The steps that ask a store, and so can ask a service; the others look at files.
ASKING = ("hygiene", "shacl", "competency")
Progress = Callable[[str], None]

# Steps that look at neither what follows nor what the shapes find: they are run while
# the engines are at work in processes of their own.
_BESIDE = ("hygiene", "quotes")


def run_checks(
    workspace: Workspace,
    *,
    only: Iterable[str] = (),
    text: Path | None = None,
    lang: str = "nb",
    progress: Progress = lambda _step: None,
) -> Report:
    """Run the steps asked for (all of them unless some are named).

    `text` is the file that the passages were cut from, to compare them with. Of a
    service only the steps in ASKING are run. A step whose extra isn't installed is left
    out and said so. Raises UsageError for an unknown step, MissingExtraError for one
    that is named and can't be run.
    """
    only = tuple(only)
    steps = STEPS if workspace.remote is None else ASKING
    request = only or steps
    for step in request:
        if step not in steps:
            raise UsageError(
                f"There is no check {step!r}"
                + ("." if workspace.remote is None else " that asks a service."),
                remedy=suggest(step, steps),
                name="unknown.check",
                values={"word": step, "near": closest(step, steps)},
            )
    needs: dict[str, str] = {}
    if "owl" in request and lacks_reasoner(workspace.project):
        if "owl" in only:
            need_extras(("reason",), "The step owl")
        needs["owl"] = "reason"
    findings: list[Finding] = []
    rules: Callable[[], tuple[CheckedRule, ...]] = tuple
    done: list[str] = []
    judged: list[Judged] = []
    early: dict[str, list[Finding]] = {}

    def beside() -> None:
        for step in _BESIDE:
            if step in request:
                found = _run(step, workspace, text, named=step in only)
                early[step] = list(found)

    try:
        progress("syntax")
        counts = _counts(workspace)
        findings += check_left_out(workspace.project)
        findings += map(_unreadable, check_unread(workspace.project))
        done.append("syntax")
        for step in STEPS[1:]:
            if step == "competency" and any(f.step == "owl" for f in findings):
                continue
            if step in request:
                progress(step)
                if step in ("shacl", *_BESIDE) and "shacl" in request and not judged:
                    judged.append(_judge(workspace, progress, beside))
                if step == "shacl":
                    findings += map(finding_of_result, judged[0].results)
                elif step in early:
                    findings += early[step]
                else:
                    findings += _run(step, workspace, text, named=step in only)
                # What the rules find is told; that they find nothing proves nothing.
                if step not in needs:
                    done.append(step)
                if step == "quotes":
                    counts |= workspace.provenance.counts()
    except SourceError as error:
        # One file that can't be read stops all steps; tell of the others like it too.
        broken = broken_files(workspace.project) or [error]
        told = map(_unreadable, broken)
        findings += [finding for finding in told if finding not in findings]
        counts = {}
    if counts:
        findings, names = _told(findings, workspace, lang)
        rules = partial(rules_of_run, workspace, done, _shapes(workspace), names)
    left_out = tuple(s for s in STEPS if s in request and s not in done)
    results = tuple(sort_findings(findings))
    files = _files(workspace) if counts else {}
    report = Report(
        results, tuple(done), left_out, counts, rules, files=files, needs=needs
    )
    return dataclasses.replace(report, **judged[0].told()) if judged else report


def _files(workspace: Workspace) -> dict[str, Path]:
    read = (*workspace.files, *workspace.choices, *workspace.shapes)
    files = {file.name: file.path for file in read}
    return files | {query.name: query.path for query in workspace.queries}


def _told(
    findings: list[Finding], workspace: Workspace, lang: str
) -> tuple[list[Finding], DisplayNames]:
    """Return the findings with their places and in words, and the names of these.

    Only the names are looked up that a finding, a shape or a proposal speaks of.
    """
    files = (*workspace.files, *workspace.choices, *workspace.shapes)
    shapes = _shapes(workspace)
    located = locate_findings(findings, files, shapes) if findings else []
    subjects = (t.subject for file in files for t in file.triples)
    known = meant_names(located, subjects) if located else set()
    named = {iri for finding in located for iri in spoken_of(finding)} | known
    named |= {text_of(t) for f in workspace.shapes for each in f.triples for t in each}
    prefixes = {p: ns for file in files for p, ns in file.prefixes.items()}
    names = DisplayNames(Labels(files, of=named), prefixes, shapes, lang)
    return localize_findings(located, names, shapes, known), names


def _shapes(workspace: Workspace) -> ValuesBySubject:
    return read_about(t for file in workspace.shapes for t in file.triples)


def _counts(workspace: Workspace) -> dict[str, int]:
    return {
        "files": len(workspace.files) + len(workspace.choices),
        "triples": sum(len(f.triples) for f in workspace.files),
        "shapes": len(workspace.shapes),
        "queries": len(workspace.queries),
        **count_expected(workspace.queries),
    }


def _run(
    step: str,
    workspace: Workspace,
    text: Path | None,
    *,
    named: bool,
) -> Iterator[Finding]:
    match step:
        case "owl":
            # Asking for what follows decides consistency; it raises on a clash.
            try:
                _ = workspace.entailments
                if workspace.remote is None and workspace.reported is not None:
                    # What was reported is published with what follows from it.
                    _ = workspace.reported.entailments
            except (InconsistentError, UnsatisfiableError) as error:
                focus = _involved(error.what, workspace)
                yield make_finding("owl", "inconsistent", focus=focus, clash=error.what)
        case "ontology":
            folder = workspace.project.folder("ontology")
            yield from check_ontology(workspace.files, folder)
        case "hygiene":
            project = workspace.project
            yield from check_hygiene(workspace.asserted_store, project)
            graphs = [(f.graph, triples) for f, triples in workspace.asserted_graphs]
            graphs += [("", file.triples) for file in workspace.shapes]
            yield from check_characters(graphs, (project.things, CODE))
            yield from check_base(workspace.files, project)
            coded = said_of_codes(workspace.files)
            yield from check_country_codes(coded, project)
            yield from check_nuts_codes(coded, project)
            yield from check_organisation_numbers(coded, project)
            yield from check_translations(project, workspace.queries)
        case "quotes":
            texts = document_texts(workspace.files, workspace.project)
            # The passages left out are of interest to those who ask for them.
            yield from check_quotes(
                workspace.files,
                text=text,
                texts=texts,
                list_uncovered=named,
            )
            yield from check_drafts(workspace.files, workspace.project)
            yield from check_provenance(
                workspace.files,
                workspace.choices,
                workspace.provenance,
                imported=bool(texts),
            )
        case "competency":
            yield from check_competency(
                workspace.queries, workspace.store, workspace.project
            )


def _involved(clash: str, workspace: Workspace) -> ox.NamedNode | None:
    """Return the first thing or term that an explanation names and a file describes."""
    things = (
        f"{kind}/{slug}" for kind, slug in re.findall(r"([a-z-]+):([\w-]+)", clash)
    )
    named = [workspace.project.things + thing for thing in things]
    named += [GLO + word for word in re.findall(r"\b[A-Z]\w+", clash)]
    nodes = [ox.NamedNode(name) for name in named]
    wanted = {*nodes}
    triples = (t for file in workspace.files for t in file.triples)
    described = {t.subject for t in triples if t.subject in wanted}
    return next((node for node in nodes if node in described), None)


def _judge(
    workspace: Workspace, progress: Progress, beside: Callable[[], None]
) -> Judged:
    """Let the engines judge; `beside` runs while they do, unless a service is asked."""
    shapes = [t for file in workspace.shapes for t in file.triples]
    engine = ENGINES[0]
    if (service := workspace.asserted_service) is not None:
        return validate_remote_data(service, shapes, engine=engine, progress=progress)[
            0
        ]
    files = (*workspace.files, *workspace.choices)
    data = (t for file in files for t in file.triples)
    limits = engine_limits()
    with scratch_folder() as folder, ready_engine(limits) as ready:
        path = folder / "data.nt"
        # More than two engines judge are too many, however many they are.
        number = write_triples(data, path, most_triples())
        if ready is not None:
            ready.meanwhile = beside
        return validate_judged(
            path,
            shapes,
            engine=engine,
            triples=number,
            limits=limits,
            ready=ready,
        )


def _unreadable(error: SourceError) -> Finding:
    words = explain(error)
    return Finding("syntax", "syntax", Severity.VIOLATION, words, error.place)
