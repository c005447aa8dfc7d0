"""`glokal draft`: make one, and write what a person has confirmed of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glokal.cli.context import Session, wait_options
from glokal.cli.language import lang_option
from glokal.cli.messages import said as message
from glokal.cli.messages import told
from glokal.cli.source import document_option
from glokal.core.errors import FindingsError, InputError, UsageError
from glokal.core.files.journal import FileChange, write_together
from glokal.core.files.journal_record import digest_of_file
from glokal.core.languages import PAGE_LANGUAGES
from glokal.dataset.labels import Labels
from glokal.source.draft_files import draft_file
from glokal.source.draft_known import KnownThings
from glokal.source.draft_turtle import draft_turtle
from glokal.source.project_documents import (
    ProjectDocument,
    one_document,
    project_documents,
)
from glokal.workbook.draft_application import (
    all_files,
    apply_draft,
    name_languages,
    rows_of,
)
from glokal.workbook.draft_layout import draft_message, unread_columns
from glokal.workbook.draft_names import name_rows
from glokal.workbook.draft_offers import offered_names
from glokal.workbook.draft_states import unsettled_rows
from glokal.workbook.draft_workbook import DraftTexts, write_draft

if TYPE_CHECKING:
    from glokal.core.settings import Project

_REMEDY = "see that the folders data and drafts can be written."
_lang = lang_option("The language of the workbook and of what is said.", PAGE_LANGUAGES)


@click.group(
    invoke_without_command=True,
    epilog="Exit codes: 0 made, 2 wrong use, or a workbook is there already.",
)
@document_option
@_lang
@wait_options
@click.pass_context
def draft(context: click.Context, document: str | None, lang: str, wait: float) -> None:
    """Draft what passages say: Turtle to read, a workbook to confirm.

    Writes drafts/SLUG.ttl, with entries of tables, authorities, participations and
    elements of lists, and drafts/SLUG.xlsx, which asks for what needs judgement: type,
    name, programme, partner, English name, certainty. No graph has what is drafted, and
    glokal check refuses it until it is confirmed or declined.

    \b
    Examples:
      glokal draft --lang en
    """
    if context.invoked_subcommand is None:
        _draft(context.obj, document, lang, wait)


def _draft(session: Session, document: str | None, lang: str, wait: float) -> None:
    with session.writing("draft", wait):
        workspace = session.new_workspace()
        project = workspace.project
        of = one_document(project, document)
        languages = name_languages(project, of)
        files = all_files(workspace)
        known = KnownThings(files, project.things)
        rows = rows_of(project, of, known)
        name = f"drafts/{of.slug}.xlsx"
        labels = Labels(files)
        offered = offered_names(rows, known, labels, lang)
        names = name_rows(rows, known, project.languages, of.language)
        turtle = draft_turtle(rows, known, project.base, languages, of)
        book = write_draft(
            [*rows, *names], labels, project, languages, lang,
            DraftTexts(labels.of(of.iri, lang), name, offered),
        )  # fmt: skip
        path = project.root / name
        if path.exists() and path.read_bytes() != book:
            raise told(UsageError, "draft.there", file=name)
        changes = {draft_file(of.slug): turtle.encode(), name: book}
        _write(project, changes, "glokal draft", lang)
    for text in (*unread_columns(rows, lang), *unsettled_rows(rows, lang)):
        click.echo(text)
    done = sum(row.done for row in rows)
    click.echo(
        draft_message("drafted", lang, rows=len(rows) - done, done=done, file=name)
    )


@draft.command(
    epilog="Exit codes: 0 written, 1 cells that can't be taken, 2 no workbook of a "
    "draft, or wrong use."
)
@click.argument("file", type=click.Path(path_type=Path))
@document_option
@_lang
@wait_options
@click.pass_obj
def apply(
    session: Session, file: Path, document: str | None, lang: str, wait: float
) -> None:
    """Write the rows of FILE that a person has confirmed into the data.

    They go to data/strategy/ and data/codes.ttl, each with the passage that has the
    words of its cell Sitat, and out of the draft; declined rows only go out of it. The
    others stay drafts. With a cell that can't be taken nothing is written, and each of
    them is told with its sheet, its place and what to do.

    \b
    Examples:
      glokal draft apply plan.xlsx
    """
    with session.writing("draft apply", wait):
        workspace = session.new_workspace()
        of = _document_of(workspace.project, document, file)
        try:
            result = apply_draft(workspace, of, file, lang)
        except InputError as unread:
            unread.do = message("common.do")
            raise
        if result.faults:
            for fault in result.faults:
                click.echo(f"{file}: {fault}")
            what = draft_message("wrong", lang, number=len(result.faults))
            error = FindingsError(what, remedy=draft_message("wrong_do", lang))
            error.do = message("common.do")
            raise error
        wrote = _write(workspace.project, result.files, "glokal draft apply", lang)
    for text in result.told:
        click.echo(text)
    if not wrote:
        click.echo(draft_message("nothing", lang))
    elif result.is_more:
        session.say(draft_message("next", lang))


def _write(
    project: Project, files: Mapping[str, bytes], command: str, lang: str
) -> bool:
    """Write those of the files that change, all or none; whether there were any."""
    root = project.root
    changes = [
        FileChange(root / name, data, digest_of_file(root / name))
        for name, data in files.items()
        if not (root / name).is_file() or (root / name).read_bytes() != data
    ]
    write_together(root, changes, command=command, remedy=_REMEDY)
    for change in changes:
        name = change.path.relative_to(root).as_posix()
        click.echo(draft_message("written", lang, file=name))
    return bool(changes)


def _document_of(project: Project, slug: str | None, file: Path) -> ProjectDocument:
    """Return the document that a workbook is of: the one named, or by its file."""
    if slug is None and file.stem in project_documents(project):
        slug = file.stem
    return one_document(project, slug)
