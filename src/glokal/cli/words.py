"""`glokal words`: export."""

from __future__ import annotations

from pathlib import Path

import click

from glokal.cli.context import Session
from glokal.core.errors import UsageError
from glokal.core.files.atomic import write_file


@click.group()
def words() -> None:
    """The texts of the pages in further languages, by files that translators fill."""


@words.command(epilog="Exit codes: 0 written, 2 it can't be, or wrong use.")
@click.argument("lang")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def export(session: Session, lang: str, file: Path | None) -> None:
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
        raise UsageError(
            f"{lang!r} is no language that CLDR knows.",
            remedy="write a tag such as fi, da or se.",
        )
    workspace = session.workspace
    project = workspace.project
    path = file or project.root / FOLDER / f"{lang}{ENDING}"
    texts = source_texts(workspace.queries)
    known = []
    if path.exists():
        root = path.parent if file else project.root
        known = read_entries(root, path, gone=True)
    data = written_file(project, lang, texts, known)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, data, remedy="see that the folder can be written.")
    there = read_entries(path.parent, path)
    left = missing(there, texts)
    wrong = len(list(faults(there, texts, lang)))
    session.say(
        f"{path}: {name_in(lang, 'en')}, {len(texts)} texts, "
        f"{len(texts) - left} of them translated."
    )
    if wrong:
        session.say(f"{wrong} have faults: glokal check tells where.")
    if lang not in project.languages:
        listed = ", ".join(f'"{x}"' for x in (*project.languages, lang))
        session.say(
            f"Pages are made in it with languages = [{listed}] in the settings."
        )
