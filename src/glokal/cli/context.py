"""What every command needs: the project, progress on the error stream, output."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from glokal.config import load_project
from glokal.core.links import refuse_way_out
from glokal.errors import UsageError

if TYPE_CHECKING:
    from glokal.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


class Session:
    """One run of the command on one project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def workspace(self) -> Workspace:
        """The project's workspace."""
        # Help and wrong use are answered before the engines are imported.
        from glokal.workspace import Workspace

        return Workspace(load_project(self.folder))

    def workspace_of(self, day: datetime.date | None) -> Workspace:
        """Return the project's workspace, or one of what was true on a day."""
        from glokal.workspace import Workspace

        if day is None:
            return self.workspace
        return Workspace(self.workspace.project, day)

    def workspace_at(self, endpoint: str | None) -> Workspace:
        """The project's workspace, whose stores are at an endpoint when one is given.

        Raises UsageError when the service holds another version than the sources.
        """
        if endpoint is None:
            return self.workspace
        from glokal.push.load import graph_digest
        from glokal.store.opened import open_endpoint
        from glokal.store.pushed import as_pushed
        from glokal.workspace import Workspace

        project = self.workspace.project
        store, pushed = as_pushed(open_endpoint(endpoint), project.graphs)
        if pushed.digest != graph_digest(self.workspace):
            raise UsageError(
                f"{endpoint} holds another version than these sources.",
                remedy=f"run glokal push --endpoint {endpoint} first.",
            )
        return Workspace(project, remote=store)

    def progress(self, text: str) -> None:
        """Say what is going on, when somebody is watching."""
        if sys.stderr.isatty():
            click.echo(f"  {text} …", err=True)


def write_out(data: str | bytes, target: Path | None) -> None:
    """Write to a file, or to standard output when none is named."""
    raw = data.encode() if isinstance(data, str) else data
    if target is None:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return
    # A stranger's folder may hold such a link; /dev/stdout is none of its.
    refuse_way_out(Path(), target, "-o")
    try:
        target.write_bytes(raw)
    except OSError as error:
        raise UsageError(
            f"{target} can't be written: {error.strerror}.",
            remedy="name another file with -o.",
        ) from error


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to a file instead of standard output.",
)


endpoint_option = click.option(
    "--endpoint",
    metavar="URL",
    help="Ask this SPARQL 1.1 service, which glokal push has filled.",
)


def day_option(name: str, text: str) -> Callable[[Command], Command]:
    """Return an option that takes a date, written as 2023-12-31."""

    def read(
        _context: click.Context, _option: click.Parameter, value: str | None
    ) -> datetime.date | None:
        if value is None:
            return None
        try:
            return datetime.date.fromisoformat(value)
        except ValueError as error:
            raise UsageError(
                f"{name} is {value!r}, which is no date.",
                remedy="write it as 2023-12-31.",
            ) from error

    return click.option(name, metavar="DATE", callback=read, help=text)
