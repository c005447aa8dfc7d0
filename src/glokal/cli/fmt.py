"""`glokal fmt`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import click

from glokal.cli.context import Session, wait_options
from glokal.cli.messages import said
from glokal.core.files.atomic import write_file
from glokal.core.files.bounded_read import as_input
from glokal.core.files.journal import FileChange, refuse_changed, write_together
from glokal.core.files.journal_record import digest_of
from glokal.core.settings import SETTINGS
from glokal.rdf.project_files import folder_of
from glokal.rdf.rdf_folder import rdf_files
from glokal.rdf.source_files import TURTLE_ENDING, read_text
from glokal.rdf.turtle.formatter import format_turtle


@click.command(epilog="Exit codes: 0 in order, 1 something would change, 2 wrong use.")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--check", is_flag=True, help="Change nothing; say what would change.")
@wait_options
@click.pass_obj
def fmt(session: Session, files: tuple[Path, ...], check: bool, wait: float) -> None:
    """Write Turtle in the one way of docs/style.md; comments stay in their place.

    Formats FILES, or every Turtle file of the project. The meaning never changes: the
    graph is compared before and after, and nothing is written on a difference. The
    files of a project change together or not at all.
    """
    in_project = not files or (session.folder / SETTINGS).is_file()
    lock = session.writing("fmt", wait) if in_project and not check else nullcontext()
    with lock:
        given = as_input if files else nullcontext
        read = [_format(path, given) for path in _paths(session, files)]
        results = [file for file in read if file.text != file.formatted]
        if not check:
            _write(session.folder if in_project else None, results)
    for file in results:
        name = "fmt.would_change" if check else "fmt.formatted"
        click.echo(said(name, file=file.path))
    name = "fmt.to_change" if check else "fmt.changed"
    click.echo(said(name, files=len(read), changed=len(results)))
    if check and results:
        raise SystemExit(1)


@dataclass(frozen=True)
class _File:
    """A file, its text as it was read, and formatted."""

    path: Path
    text: str
    formatted: str

    @property
    def change(self) -> FileChange:
        before = digest_of(self.text.encode())
        return FileChange(self.path, self.formatted.encode(), before)


def _format(path: Path, reading: Callable[[], AbstractContextManager[None]]) -> _File:
    with reading():
        text = read_text(path, str(path))
    return _File(path, text, format_turtle(text, str(path)))


def _write(root: Path | None, files: Sequence[_File]) -> None:
    """Write the files below a project together, and any others each by itself."""
    changes = [file.change for file in files]
    inside = [c for c in changes if root is not None and _is_inside(root, c.path)]
    others = [change for change in changes if change not in inside]
    refuse_changed(changes)
    if root is not None:
        write_together(root, inside, command="glokal fmt")
    for change in others:
        refuse_changed([change])
        write_file(change.path, change.data)


def _is_inside(root: Path, path: Path) -> bool:
    """Whether a file is below a folder, and neither hidden there nor below a link."""
    try:
        inside = path.resolve().relative_to(root.resolve())
    except ValueError:
        return False
    return not any(part.startswith(".") for part in inside.parts)


def _paths(session: Session, files: tuple[Path, ...]) -> list[Path]:
    """Return the files, each once: a link stands for the file that it leads to."""
    result = _named(session, files)
    return list(dict.fromkeys(p.resolve() if p.is_symlink() else p for p in result))


def _named(session: Session, files: tuple[Path, ...]) -> list[Path]:
    if files:
        return [
            result
            for path in files
            for result in (_turtle_in(path) if path.is_dir() else [path])
        ]
    project = session.workspace.project
    return [
        result.path
        for name in ("ontology", "shapes", "data")
        if name == "data" or project.boundary(name)
        for result in folder_of(project, name).of(TURTLE_ENDING)
    ]


def _turtle_in(folder: Path) -> list[Path]:
    return [f.path for f in rdf_files(folder).files if f.path.suffix == TURTLE_ENDING]
