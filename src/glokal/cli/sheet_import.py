"""Works out what `glokal sheet import` would do, tells it, and does it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from glokal.cli.context import Session, write_out
from glokal.cli.import_commit import Landing
from glokal.cli.messages import said
from glokal.cli.sheet_questions import ImportQuestions
from glokal.core.errors import FindingsError
from glokal.core.files.journal import ChangedError, is_pending, write_together
from glokal.core.garbage_collection import rare_collection
from glokal.dataset.releases.record import read_editions
from glokal.dataset.releases.removed_things import recorded_replacements
from glokal.dataset.sources_state import State, refuse_changed_sources, sources_state
from glokal.dataset.workspace import Workspace
from glokal.site.diff.description import DiffReport, describe_diff
from glokal.site.diff.renderers import as_text
from glokal.workbook.annotate import annotate_errors, annotate_fault, marked_path
from glokal.workbook.changes import ImportPlan
from glokal.workbook.csv_folder import settle_folder
from glokal.workbook.dry_run import DryRun, dry_run
from glokal.workbook.import_report import report_lines, report_texts
from glokal.workbook.merge import plan_import
from glokal.workbook.read_workbook import SubmittedWorkbook, read_workbook
from glokal.workbook.rows import read_rows
from glokal.workbook.whole_file import WorkbookFault


@dataclass(frozen=True)
class PlannedImport:
    """What an import would do, with the state of the sources that it rests on."""

    workspace: Workspace
    read: State
    filled: SubmittedWorkbook
    plan: ImportPlan
    outcome: DryRun
    rows: tuple[str, ...]
    story: DiffReport
    lang: str

    @property
    def words(self) -> Mapping[str, str]:
        """What is said of it, in its language."""
        return report_texts(self.lang)


def plan_of_source(
    session: Session, source: Path, asked: ImportQuestions, lang: str | None
) -> PlannedImport:
    """Return what taking a workbook or a folder of CSV files in would do.

    `lang` is the language of texts, that of the workbook without it. Raises as
    `read_workbook` does.
    """
    # A large workbook becomes many objects, all of which are kept to the end.
    with rare_collection():
        return _planned(session, source, asked, lang)


def _planned(
    session: Session, source: Path, asked: ImportQuestions, lang: str | None
) -> PlannedImport:
    workspace = session.new_workspace()
    read = sources_state(workspace.project)
    if source.is_dir():
        settle_folder(source, session.say)
    filled = _read(source, workspace, lang or "nb")
    lang = lang or filled.base.lang
    now = read_rows(workspace, lang=filled.base.lang)
    today = datetime.date.today()
    plan = plan_import(filled, now, _used(workspace), asked.answers, today)
    outcome = dry_run(plan, workspace, source.name, progress=session.progress)
    rows = tuple(report_lines(plan, filled, lang))
    replaced = recorded_replacements(workspace.project)
    story = describe_diff(
        outcome.difference, outcome.old, outcome.new, lang, replaced=replaced
    )
    return PlannedImport(workspace, read, filled, plan, outcome, rows, story, lang)


def _read(source: Path, workspace: Workspace, lang: str) -> SubmittedWorkbook:
    """Read a workbook; what is wrong with all of it is shown in a copy, too."""
    try:
        return read_workbook(source, workspace.project, lang)
    except WorkbookFault as fault:
        if source.is_file():
            marked = annotate_fault(source, fault, workspace.project, lang)
            if marked is not None:
                target = marked_path(source, lang)
                write_out(marked, target)
                click.echo(report_texts(lang)["marked"].format(file=target))
        raise


def tell_plan(done: PlannedImport, source: Path) -> None:
    """Say what would be done; FindingsError when nothing of it may be."""
    words, plan, project = done.words, done.plan, done.workspace.project
    for line in done.rows:
        click.echo(line)
    if plan.rejected and source.is_file():
        marked = marked_path(source, done.filled.base.lang)
        write_out(annotate_errors(source, plan, done.filled, project), marked)
        click.echo(words["marked"].format(file=marked))
    if done.outcome.others:
        others = done.outcome.others
        result = "; ".join(f"{f.place}: {f.text(done.lang)}" for f in others[:5])
        raise FindingsError(words["others"], remedy=f"fix this first: {result}")
    if not done.outcome.files:
        click.echo(words["not_written" if plan.rejected else "nothing"])
    else:
        click.echo("\n" + as_text(done.story))


def still_the_same(
    session: Session, done: PlannedImport, source: Path, asked: ImportQuestions
) -> PlannedImport:
    """Return what was agreed to, worked out anew if the files have changed since.

    Raises ChangedError when that would be something else.
    """
    try:
        refuse_changed_sources(done.workspace.project, done.read)
    except ChangedError:
        asked.asks = False
        again = plan_of_source(session, source, asked, done.lang)
        same = (again.rows, as_text(again.story), [*again.outcome.files]) == (
            done.rows,
            as_text(done.story),
            [*done.outcome.files],
        )
        if not same or again.outcome.others:
            raise
        session.say(said("sheet.still_same"))
        return again
    return done


def write_plan(done: PlannedImport, landing: Landing) -> None:
    """Write the files together; the lock on the project is held."""
    project, outcome = done.workspace.project, done.outcome
    refuse_changed_sources(project, done.read)
    told = done.plan, done.story, done.lang
    place = landing.prepare(project.root, outcome, *told)
    try:
        write_together(
            project.root,
            outcome.changes(project.root),
            command="glokal sheet import",
            remedy="see that the folder data can be written.",
        )
    except BaseException:
        if not is_pending(project.root):
            landing.undo(place)
        raise
    click.echo(done.words["written"].format(files=", ".join(outcome.files)))
    new = [name for name in outcome.files if not outcome.before[name]]
    if new:
        click.echo(done.words["new_files"].format(files=", ".join(new)))
    for line in landing.finish(place, outcome, *told):
        click.echo(line)


def _used(workspace: Workspace) -> frozenset[str]:
    """Return every key that is, or ever was published: none is used again."""
    things = workspace.project.things
    subjects = [t.subject for f in workspace.files for t in f.triples]
    for edition in read_editions(workspace.project):
        subjects += [quad.subject for quad in edition.read()]
    named = (getattr(subject, "value", "") for subject in subjects)
    return frozenset(n.removeprefix(things) for n in named if n.startswith(things))
