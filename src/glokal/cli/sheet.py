"""`glokal sheet export` and `glokal sheet import`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from glokal.cli.context import Session, wait_options, write_out
from glokal.cli.import_commit import Landing
from glokal.cli.language import lang_option
from glokal.cli.messages import said, told
from glokal.cli.sheet_import import (
    PlannedImport,
    plan_of_source,
    still_the_same,
    tell_plan,
    write_plan,
)
from glokal.cli.sheet_questions import ImportQuestions, agrees, english_names
from glokal.core.errors import FindingsError, UsageError
from glokal.core.files.symlinks import refuse_way_out
from glokal.core.languages import PAGE_LANGUAGES
from glokal.workbook.csv_folder import write_csv, write_folder
from glokal.workbook.import_report import report_texts
from glokal.workbook.layout import BOOK_LANGUAGES
from glokal.workbook.rows import read_rows
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
    type=click.Choice(BOOK_LANGUAGES),
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
    request = ImportQuestions(
        frozenset(is_new),
        english_names(english),
        frozenset(not_person),
        words,
        not yes and sys.stdin.isatty(),
    )
    landing = Landing(branch, pull_request)
    if yes:
        with session.writing("sheet import", wait):
            done = plan_of_source(session, source, request, lang)
            tell_plan(done, source)
            if done.outcome.files:
                write_plan(done, landing)
            else:
                for line in landing.take_up(done.workspace.project.root, done.lang):
                    click.echo(line)
    else:
        done = plan_of_source(session, source, request, lang)
        tell_plan(done, source)
        if done.outcome.files:
            _ask_and_write(session, done, source, request, landing, wait)
    if done.plan.rejected:
        raise SystemExit(1)


def _ask_and_write(
    session: Session,
    done: PlannedImport,
    source: Path,
    request: ImportQuestions,
    landing: Landing,
    wait: float,
) -> None:
    words = done.words
    if not request.asks:
        raise FindingsError(words["not_written"], remedy=words["say_yes"])
    files = ", ".join(done.outcome.files)
    if not agrees(words["write"].format(files=files), words):
        click.echo(words["not_written"])
        raise SystemExit(1)
    with session.writing("sheet import", wait):
        write_plan(still_the_same(session, done, source, request), landing)
