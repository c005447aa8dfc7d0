"""`glokal sheet export` and `glokal sheet import`."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from glokal.cli.context import Session, wait_options, write_out
from glokal.cli.landing import Landing
from glokal.cli.language import lang_option
from glokal.cli.messages import said, told
from glokal.core.collection import rare_collection
from glokal.core.errors import FindingsError, UsageError
from glokal.core.files.journal import ChangedError, is_pending, write_together
from glokal.core.files.symlinks import refuse_way_out
from glokal.core.languages import PAGE_LANGUAGES
from glokal.dataset.releases.record import read_editions
from glokal.dataset.releases.removed_things import recorded_replacements
from glokal.dataset.sources_state import State, refuse_changed_sources, sources_state
from glokal.dataset.workspace import Workspace
from glokal.site.diff.description import DiffReport, describe_diff
from glokal.site.diff.renderers import as_text
from glokal.workbook.annotate import annotate_errors, annotate_fault, marked_path
from glokal.workbook.changes import ImportPlan
from glokal.workbook.csv_folder import settle_folder, write_csv, write_folder
from glokal.workbook.dry_run import DryRun, dry_run
from glokal.workbook.import_report import report_lines, report_texts
from glokal.workbook.layout import LANGUAGES
from glokal.workbook.merge import plan_import
from glokal.workbook.planning import Answers
from glokal.workbook.read_workbook import SubmittedWorkbook, read_workbook
from glokal.workbook.rows import read_rows
from glokal.workbook.whole_file import WorkbookFault
from glokal.workbook.write_workbook import write_workbook


@click.group()
def sheet() -> None:
    """Fill in the register in a spreadsheet, and take it back with nothing lost."""


@sheet.command(
    short_help="Write the register to a workbook, or to CSV files.",
    epilog="Exit codes: 0 written, 1 a source is broken, 2 wrong use.",
)
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--municipality",
    default="",
    metavar="SLUG",
    help="Only what this municipality takes part in.",
)
@lang_option("Language of the workbook.", PAGE_LANGUAGES)
@wait_options
@click.pass_obj
def export(
    session: Session, target: Path, municipality: str, lang: str, wait: float
) -> None:
    """Write the register to TARGET: a workbook (.xlsx), or a folder of CSV files.

    The first sheet tells how to fill it in. The same register gives the same bytes.

    \b
    Examples:
      glokal sheet export register.xlsx
      glokal sheet export register-csv
    """
    workspace = session.workspace
    content = read_rows(workspace, municipality, lang)
    if target.suffix.lower() == ".xlsx":
        write_out(write_workbook(content, workspace.project), target)
    elif target.suffix and not target.is_dir():
        raise told(UsageError, "sheet.no_such_form", ending=target.suffix)
    else:
        # A stranger's folder may hold such a link.
        refuse_way_out(Path(), target, "another TARGET")
        files = dict(write_csv(content, workspace.project))
        with session.writing("sheet export", wait, needed=False):
            write_folder(target, files, session.say)
    counts = {name: len(rows) for name, rows in content.rows.items()}
    click.echo(
        said(
            "sheet.wrote",
            file=target,
            activities=counts["activity"],
            participations=counts["participation"],
            organisations=counts["organisation"],
            entries=counts["entry"],
        ),
        err=True,
    )


@sheet.command(
    "import",
    short_help="Take it back: checked, told in words, then written.",
    epilog="Exit codes: 0 all taken, 1 rows not accepted, 2 wrong use.",
)
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--yes", is_flag=True, help="Write what is accepted without asking.")
@click.option(
    "--new",
    "is_new",
    multiple=True,
    metavar="NAME",
    help="This name is a new thing, though one like it exists; may be repeated.",
)
@click.option(
    "--english",
    multiple=True,
    metavar="NAME=ENGLISH",
    help="The English name of something new; may be repeated.",
)
@click.option(
    "--not-person",
    multiple=True,
    metavar="NAME",
    help="This looks like the name of a person and is none; may be repeated.",
)
@click.option(
    "--branch",
    metavar="NAME",
    help="Commit the change on a new Git branch, with the story in words.",
)
@click.option(
    "--pull-request",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the story as Markdown, for a pull request.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help="Language of texts; the workbook's own unless it is given.",
)
@wait_options
@click.pass_obj
def import_(
    session: Session,
    source: Path,
    yes: bool,
    is_new: tuple[str, ...],
    english: tuple[str, ...],
    not_person: tuple[str, ...],
    branch: str | None,
    pull_request: Path | None,
    lang: str | None,
    wait: float,
) -> None:
    """Take the register back from SOURCE: a workbook (.xlsx, .ods), or CSV files.

    Everything is checked before anything is written. You see which rows are accepted,
    which are not and why, and what changes, in words. On yes the smallest change is
    made to the Turtle files, to all of them or none. Rows that are not accepted are
    left out, and marked in a copy of the workbook beside it. Nothing is locked while
    the question stands: when the files have changed by the answer, the change is worked
    out again, and written only if it is the same.

    New files are told to Git, so that git commit -a has them. With --branch the change
    is committed on a branch of its own.
    """
    words = report_texts(lang or "nb")
    request = _Asked(
        frozenset(is_new),
        _pairs(english),
        frozenset(not_person),
        words,
        not yes and sys.stdin.isatty(),
    )
    landing = Landing(branch, pull_request)
    if yes:
        with session.writing("sheet import", wait):
            done = _work_out(session, source, request, lang)
            _tell(done, source)
            if done.outcome.files:
                _write(done, landing)
            else:
                for line in landing.take_up(done.workspace.project.root, done.lang):
                    click.echo(line)
    else:
        done = _work_out(session, source, request, lang)
        _tell(done, source)
        if done.outcome.files:
            _ask_and_write(session, done, source, request, landing, wait)
    if done.plan.rejected:
        raise SystemExit(1)


def _ask_and_write(
    session: Session,
    done: _WorkedOut,
    source: Path,
    request: _Asked,
    landing: Landing,
    wait: float,
) -> None:
    words = done.words
    if not request.asks:
        raise FindingsError(words["not_written"], remedy=words["say_yes"])
    files = ", ".join(done.outcome.files)
    if not _agrees(words["write"].format(files=files), words):
        click.echo(words["not_written"])
        raise SystemExit(1)
    with session.writing("sheet import", wait):
        _write(_still(session, done, source, request), landing)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    """Return English names by names; UsageError for one that isn't NAME=ENGLISH."""
    found = {}
    for text in given:
        name, equals, english = text.partition("=")
        if not (equals and name.strip() and english.strip()):
            raise UsageError(
                f"--english is {text!r}, which has no name on each side.",
                remedy='write it as --english "Grønn fjellvei=Green mountain road".',
            )
        found[name.strip()] = english.strip()
    return found


@dataclass(frozen=True)
class _WorkedOut:
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


class _Asked:
    """What a person is asked while a workbook is read, each thing once."""

    def __init__(
        self,
        is_new: frozenset[str],
        english: Mapping[str, str],
        not_persons: frozenset[str],
        words: Mapping[str, str],
        asks: bool,
    ) -> None:
        self._is_new, self._words, self.asks = is_new, words, asks
        self._english = dict(english)
        self._answers: dict[tuple[str, str], bool] = {}
        self.answers = Answers(self._new, self._name, not_persons)

    def _new(self, name: str, other: str) -> bool:
        """Return whether a name is another thing than the one of a name like it."""
        if (name, other) not in self._answers:
            question = self._words["same"].format(new=name, old=other)
            self._answers[name, other] = name in self._is_new or (
                self.asks and not _agrees(question, self._words)
            )
        return self._answers[name, other]

    def _name(self, name: str) -> str:
        """Return the English name of something new, "" when nobody knows."""
        if name not in self._english and self.asks:
            question = self._words["english"].format(name=name)
            answer = click.prompt(
                question, default="", show_default=False, err=True, prompt_suffix=" "
            )
            self._english[name] = answer.strip()
        return self._english.get(name, "")


def _work_out(
    session: Session, source: Path, asked: _Asked, lang: str | None
) -> _WorkedOut:
    # A large workbook becomes many objects, all of which are kept to the end.
    with rare_collection():
        return _planned(session, source, asked, lang)


def _planned(
    session: Session, source: Path, asked: _Asked, lang: str | None
) -> _WorkedOut:
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
    return _WorkedOut(workspace, read, filled, plan, outcome, rows, story, lang)


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


def _tell(done: _WorkedOut, source: Path) -> None:
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


def _still(
    session: Session, done: _WorkedOut, source: Path, asked: _Asked
) -> _WorkedOut:
    """Return what was agreed to, worked out anew if the files have changed since.

    Raises ChangedError when that would be something else.
    """
    try:
        refuse_changed_sources(done.workspace.project, done.read)
    except ChangedError:
        asked.asks = False
        again = _work_out(session, source, asked, done.lang)
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


def _write(done: _WorkedOut, landing: Landing) -> None:
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


def _agrees(question: str, words: Mapping[str, str]) -> bool:
    """Ask until the answer is a yes or a no, in either language."""
    yes, no = words["yes"].split(), words["no"].split()
    while True:
        query_text = f"{question} ({yes[0]}/{no[0]})"
        answer = (
            click.prompt(query_text, err=True, prompt_suffix=" ").strip().casefold()
        )
        if answer in (*yes, "yes", "y"):
            return True
        if answer in (*no, "no", "n"):
            return False


def _used(workspace: Workspace) -> frozenset[str]:
    """Return every key that is, or ever was published: none is used again."""
    things = workspace.project.things
    subjects = [t.subject for f in workspace.files for t in f.triples]
    for edition in read_editions(workspace.project):
        subjects += [quad.subject for quad in edition.read()]
    named = (getattr(subject, "value", "") for subject in subjects)
    return frozenset(n.removeprefix(things) for n in named if n.startswith(things))
