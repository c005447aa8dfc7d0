"""`glokal fmt`."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from glokal.cli.context import Session
from glokal.rdf.any_format import rdf_files
from glokal.rdf.project_files import folder_of
from glokal.rdf.sources import TURTLE, read_text
from glokal.rdf.turtle import format_turtle


@click.command(epilog="Exit codes: 0 in order, 1 something would change, 2 wrong use.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--check", is_flag=True, help="Change nothing; say what would change.")
@click.pass_obj
def fmt(session: Session, files: tuple[Path, ...], check: bool) -> None:
    """Write Turtle in the one way of docs/style.md; comments stay in their place.

    Formats FILES, or every Turtle file of the project. The meaning never changes: the
    graph is compared before and after, and nothing is written on a difference.
    """
    changed = 0
    texts = []
    for path in _paths(session, files):
        text = read_text(path, str(path))
        texts.append((path, text, format_turtle(text, str(path))))
    for path, text, formatted in texts:
        if text == formatted:
            continue
        changed += 1
        click.echo(f"{path}: {'would change' if check else 'formatted'}")
        if not check:
            _replace(path, formatted)
    click.echo(f"{len(texts)} files, {changed} {'to change' if check else 'changed'}.")
    if check and changed:
        raise SystemExit(1)


def _paths(session: Session, files: tuple[Path, ...]) -> list[Path]:
    """Return the files, each once: a link stands for the file that it leads to."""
    found = _named(session, files)
    return list(dict.fromkeys(p.resolve() if p.is_symlink() else p for p in found))


def _named(session: Session, files: tuple[Path, ...]) -> list[Path]:
    if files:
        return [
            found
            for path in files
            for found in (_turtle_in(path) if path.is_dir() else [path])
        ]
    project = session.workspace.project
    return [
        found.path
        for name in ("ontology", "shapes", "data")
        if name == "data" or project.boundary(name)
        for found in folder_of(project, name).of(TURTLE)
    ]


def _turtle_in(folder: Path) -> list[Path]:
    return [f.path for f in rdf_files(folder).files if f.path.suffix == TURTLE]


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    shutil.copymode(path, beside)
    beside.replace(path)
