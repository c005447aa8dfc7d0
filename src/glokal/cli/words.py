"""`glokal words`: export."""

from __future__ import annotations

from pathlib import Path

import click

from glokal.cli.context import Session, wait_options
from glokal.cli.messages import said, spoken, told
from glokal.core.errors import UsageError
from glokal.core.files.atomic import write_file
from glokal.core.files.journal import FileChange, write_together
from glokal.core.files.journal_record import digest_of_file


@click.group()
def words() -> None:
    """The texts of the pages in further languages, by files that translators fill."""


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
    from glokal.core.translations import ENDING, FOLDER, read_entries
    from glokal.dataset.translation_files import (
        faults,
        missing,
        source_texts,
        written_file,
    )

    if not is_known(lang):
        raise told(UsageError, "words.unknown", lang=repr(lang))
    remedy = "see that the folder can be written."
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
    if lang not in project.languages:
        listed = ", ".join(f'"{x}"' for x in (*project.languages, lang))
        session.say(said("words.not_listed", languages=listed))
