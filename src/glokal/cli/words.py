"""`glokal words`: export, fill."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox

from glokal.cli.context import Session, wait_options
from glokal.cli.messages import said, spoken, told
from glokal.core.errors import UsageError
from glokal.core.files.atomic import write_file
from glokal.core.files.journal import FileChange, write_together
from glokal.core.files.journal_record import digest_of_file
from glokal.core.settings import SETTINGS, Project
from glokal.core.settings.lacking import texts_lacking
from glokal.rdf.source_files import read_text

if TYPE_CHECKING:
    from glokal.dataset.text_drafts import MissingText


@click.group()
def words() -> None:
    """Texts in further languages: of the pages, and of the project's own data."""


@words.command(epilog="Exit codes: 0 written, 2 it can't be, or wrong use.")
@click.argument("lang")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@wait_options
@click.pass_obj
def export(session: Session, lang: str, file: Path | None, wait: float) -> None:
    """Write the file of a language, or write it again with what is new.

    LANG is a tag such as fi or se; FILE is words/LANG.po in the project unless it is
    given. Any editor for gettext's PO files opens it. What is translated in it stays;
    what has changed since is marked as fuzzy.

    \b
    Examples:
      glokal words export fi
      glokal words export da ~/da.po
    """
    # Babel is of use here only.
    from glokal.core.locales import is_known, name_in
    from glokal.core.po_files import ENDING, FOLDER, read_entries
    from glokal.dataset.translation_files import (
        faults,
        missing,
        source_texts,
        written_file,
    )

    if not is_known(lang):
        raise told(UsageError, "words.unknown", lang=repr(lang))
    remedy = "see that the folder can be written."
    session.new_language = lang
    with session.writing("words export", wait, needed=file is None):
        workspace = session.workspace
        project = workspace.project
        path = file or project.root / FOLDER / f"{lang}{ENDING}"
        texts = source_texts(workspace.queries)
        before, known = digest_of_file(path), []
        if before:
            root = path.parent if file else project.root
            known = read_entries(root, path, gone=True)
        data = written_file(project, lang, texts, known)
        if file is None:
            change = FileChange(path, data, before)
            command = "glokal words export"
            write_together(project.root, [change], command=command, remedy=remedy)
        else:
            write_file(path, data, remedy=remedy)
    there = read_entries(path.parent, path)
    left = missing(there, texts)
    wrong = len(list(faults(there, texts, lang)))
    language = name_in(lang, spoken())
    done = len(texts) - left
    session.say(
        said("words.summary", file=path, language=language, texts=len(texts), done=done)
    )
    if wrong:
        session.say(said("words.faults", faults=wrong))
    if lang not in project.languages and not session.left_out:
        _tell_not_listed(session, project, lang)


@words.command(epilog="Exit codes: 0 nothing is missing, 1 something is, 2 wrong use.")
@click.argument("lang")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be.")
@wait_options
@click.pass_obj
def fill(session: Session, lang: str, dry_run: bool, wait: float) -> None:
    """Write what the data lack in a language, as far as it is known.

    Known are citations and reasons that an import wrote, the names of countries, and of
    municipalities and counties. The rest goes to drafts/texts-LANG.po, with file and
    line, which translators' tools open; fill it, take away the mark fuzzy of what is
    right, and run the command again: it writes that into the data. Whether the language
    stands in publication.languages already makes no difference.

    \b
    Examples:
      glokal words fill sv
    """
    # Checks and their engines are of use here only.
    from glokal.core.locales import is_known, name_in
    from glokal.dataset.text_drafts import text_draft_file

    if not is_known(lang):
        raise told(UsageError, "words.unknown", lang=repr(lang))
    session.new_language = lang
    lock = nullcontext() if dry_run else session.writing("words fill", wait)
    with lock:
        project = session.project()
        written, left = _filled(project, lang, dry_run)
    for name, number in written.items():
        what = "words.would_fill" if dry_run else "words.filled"
        click.echo(said(what, file=name, texts=number))
    language = name_in(lang, spoken())
    if left:
        file = text_draft_file(lang)
        click.echo(said("words.left", texts=len(left), file=file, language=language))
        session.say(said("words.left_do", command=f"glokal words fill {lang}"))
    else:
        click.echo(said("words.none_left", language=language))
    settings = tomllib.loads((project.root / SETTINGS).read_text("utf-8"))
    lacking = list(texts_lacking(settings, project.languages[0], lang))
    if lacking:
        click.echo(said("words.settings", file=SETTINGS, settings=", ".join(lacking)))
    if lang not in project.languages and not session.left_out:
        _tell_not_listed(session, project, lang)
    if left or lacking:
        raise SystemExit(1)


def _filled(
    project: Project, lang: str, dry_run: bool
) -> tuple[dict[str, int], list[MissingText]]:
    """Write what is known or was told; return the numbers by file, and what is left."""
    from glokal.dataset.prefixes import all_prefixes
    from glokal.dataset.text_drafts import read_text_draft
    from glokal.rdf.turtle.edit import edit_turtle
    from glokal.validation.missing_texts import missing_texts

    workspace, missing = missing_texts(project, lang)
    own, unsure = read_text_draft(project, lang)
    texts = {m.key: own.get(m.key) or m.known for m in missing}
    left = [m for m in missing if not texts[m.key]]
    added: dict[str, list[ox.Triple]] = defaultdict(list)
    for each in missing:
        if text := texts[each.key]:
            subject, path = ox.NamedNode(each.subject), ox.NamedNode(each.path)
            literal = ox.Literal(text, language=lang)
            added[each.file].append(ox.Triple(subject, path, literal))
    prefixes = all_prefixes(workspace)
    files = {
        name: edit_turtle(
            read_text(project.root / name, name), name, (), triples, prefixes
        ).encode()
        for name, triples in added.items()
    }
    if not dry_run:
        _write(project.root, files)
        if added and left:
            # What has been written has moved the lines of the rest.
            _, left = missing_texts(project, lang)
        _list_rest(project, lang, left, unsure)
    return {name: len(triples) for name, triples in added.items()}, left


def _list_rest(
    project: Project, lang: str, left: list[MissingText], unsure: Mapping[str, str]
) -> None:
    """Write the file with what is left; without anything left it goes."""
    from glokal.dataset.text_drafts import text_draft_file, written_text_draft

    name = text_draft_file(lang)
    if left:
        data = written_text_draft(project, lang, left, unsure)
        _write(project.root, {name: data})
    else:
        (project.root / name).unlink(missing_ok=True)


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    changes = [
        FileChange(root / name, data, digest_of_file(root / name))
        for name, data in files.items()
    ]
    remedy = "see that the folders data and drafts can be written."
    write_together(root, changes, command="glokal words fill", remedy=remedy)


def _tell_not_listed(session: Session, project: Project, lang: str) -> None:
    listed = ", ".join(f'"{x}"' for x in (*project.languages, lang))
    session.say(said("words.not_listed", languages=listed))
