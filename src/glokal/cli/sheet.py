"""`glokal sheet export` and `glokal sheet import`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from glokal.cli.context import Session, write_out
from glokal.edition.record import read_editions
from glokal.errors import FindingsError, UsageError
from glokal.publish.changes import tell
from glokal.publish.told import as_text
from glokal.sheet.book import write_book
from glokal.sheet.content import read_content
from glokal.sheet.csv_files import write_csv
from glokal.sheet.filled import read_filled
from glokal.sheet.marked import mark_faults, marked_path
from glokal.sheet.plan import make_plan
from glokal.sheet.told import rows_told, words_of
from glokal.sheet.trial import try_out, write_files
from glokal.workspace import Workspace


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
@click.pass_obj
def export(session: Session, target: Path, municipality: str) -> None:
    """Write the register to TARGET: a workbook (.xlsx), or a folder of CSV files.

    The first sheet tells how to fill it in. The same register gives the same bytes.

    \b
    Examples:
      glokal sheet export register.xlsx
      glokal sheet export vik.xlsx --municipality vik
      glokal sheet export register-csv
    """
    workspace = session.workspace
    content = read_content(workspace, municipality)
    if target.suffix.lower() == ".xlsx":
        write_out(write_book(content, workspace.project), target)
    elif target.suffix and not target.is_dir():
        raise UsageError(
            f"The register can't be written as {target.suffix}.",
            remedy="name a file that ends in .xlsx, or a folder for CSV files.",
        )
    else:
        try:
            target.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{target} can't be made: {error.strerror}.") from error
        for name, data in write_csv(content, workspace.project):
            write_out(data, target / name)
    counts = {name: len(rows) for name, rows in content.rows.items()}
    click.echo(
        f"Wrote {target}: {counts['activity']} activities, "
        f"{counts['participation']} participations, "
        f"{counts['organisation']} organisations, {counts['entry']} entries.",
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
    "--lang",
    type=click.Choice(["nb", "en"]),
    default="nb",
    show_default=True,
    help="Language of texts.",
)
@click.pass_obj
def import_(
    session: Session, source: Path, yes: bool, is_new: tuple[str, ...], lang: str
) -> None:
    """Take the register back from SOURCE: a workbook, or a folder of CSV files.

    Everything is checked before anything is written. You see which rows are accepted,
    which are not and why, and what changes, in words. On yes the smallest change is
    made to the Turtle files. Rows that are not accepted are left out, and marked in a
    copy of the workbook beside it.
    """
    workspace, words = session.workspace, words_of(lang)
    asks = not yes and sys.stdin.isatty()

    def new(name: str, other: str) -> bool:
        question = words["same"].format(new=name, old=other)
        return name in is_new or (asks and not _agrees(question, words))

    filled = read_filled(source, workspace.project)
    plan = make_plan(filled, read_content(workspace), _used(workspace), new)
    outcome = try_out(plan, workspace, source.name, progress=session.progress)
    for line in rows_told(plan, filled, lang):
        click.echo(line)
    if plan.rejected and source.is_file():
        marked = marked_path(source)
        write_out(mark_faults(source, plan, filled, workspace.project, lang), marked)
        click.echo(words["marked"].format(file=marked))
    if outcome.others:
        found = "\n".join(f"{f.place}: {f.text(lang)}" for f in outcome.others[:5])
        raise FindingsError(words["others"], remedy=f"mend this first:\n{found}")
    if not outcome.files:
        click.echo(words["not_written" if plan.rejected else "nothing"])
    else:
        story = tell(outcome.difference, outcome.old, outcome.new, lang)
        click.echo("\n" + as_text(story))
        files = ", ".join(outcome.files)
        if not yes and not asks:
            raise FindingsError(words["not_written"], remedy=words["say_yes"])
        if not yes and not _agrees(words["write"].format(files=files), words):
            click.echo(words["not_written"])
            raise SystemExit(1)
        write_files(workspace.project.root, outcome.files)
        click.echo(words["written"].format(files=files))
    if plan.rejected:
        raise SystemExit(1)


def _agrees(question: str, words: Mapping[str, str]) -> bool:
    """Ask until the answer is a yes or a no, in either language."""
    yes, no = words["yes"].split(), words["no"].split()
    while True:
        asked = f"{question} ({yes[0]}/{no[0]})"
        answer = click.prompt(asked, err=True, prompt_suffix=" ").strip().casefold()
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
