"""What every command needs: the project, progress on the error stream, output."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from glokal.cli.messages import said, told, under_way
from glokal.core.characters import one_line
from glokal.core.errors import ConfigError, UsageError
from glokal.core.extras import install_command, need_extras
from glokal.core.files.atomic import write_file
from glokal.core.files.lock import WAIT_SECONDS, project_lock
from glokal.core.files.symlinks import refuse_way_out
from glokal.core.settings import has_regions, load_project

if TYPE_CHECKING:
    from glokal.core.settings import Project
    from glokal.dataset.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., Any])


class Session:
    """One run of the command on one project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # A language that the settings may lack texts in: they are about to get them.
        self.new_language = ""
        self.left_out = False
        self._locked = False

    @cached_property
    def workspace(self) -> Workspace:
        """The project's workspace, all of it from before or after any change."""
        return self.new_workspace()

    @property
    def has_regions(self) -> bool:
        """Whether the folder has several regions (`regions.toml`)."""
        return has_regions(self.folder)

    def new_workspace(self) -> Workspace:
        """Return a workspace of the project as it is now."""
        project = self.project()
        # Help and wrong use are answered before the engines are imported.
        from glokal.cli.recovery import recover_before_reading
        from glokal.dataset.workspace import Workspace

        if not self._locked:
            recover_before_reading(project.root, self.say)

        return Workspace(project)

    def project(self) -> Project:
        """Return the project; without its new language if it lacks texts in that.

        Raises as `load_project` does.
        """
        try:
            return load_project(self.folder)
        except ConfigError:
            if not self.new_language:
                raise
        result = load_project(self.folder, leave_out=self.new_language)
        self.left_out = True
        return result

    @contextmanager
    def writing(
        self, command: str, wait: float = WAIT_SECONDS, *, needed: bool = True
    ) -> Iterator[None]:
        """Hold the lock on the project; what was stopped before is settled first.

        Raises as `project_lock` and `recover` do, and UsageError where there is no
        project.
        """
        from glokal.cli.recovery import recover_before_writing

        root = self.project().root
        name = f"glokal {command}"
        with project_lock(root, name, wait=wait, say=self.say, needed=needed):
            self._locked = True
            try:
                recover_before_writing(root, self.say)
                yield
            finally:
                self._locked = False

    def say(self, text: str) -> None:
        """Say something that happens besides what was asked for."""
        click.echo(f"glokal: {one_line(text)}", err=True)

    def workspace_of(
        self, day: datetime.date | None, view: str = "strategy"
    ) -> Workspace:
        """Return the project's workspace in a view, or of what was true on a day.

        Where nothing was reported the views are one.
        """
        from glokal.dataset.views import REPORTED
        from glokal.dataset.workspace import Workspace

        if day is not None:
            return Workspace(self.workspace.project, day)
        reported = self.workspace.reported if view == REPORTED else None
        return reported or self.workspace

    def workspace_at(self, endpoint: str | None) -> Workspace:
        """The project's workspace, whose stores are at an endpoint when one is given.

        Raises UsageError when the service holds another version than the sources.
        """
        if endpoint is None:
            return self.workspace
        from glokal.dataset.push_record import open_pushed
        from glokal.dataset.sorted_graphs import workspace_digest
        from glokal.dataset.workspace import Workspace
        from glokal.store.from_environment import open_endpoint

        project = self.workspace.project
        store, pushed = open_pushed(open_endpoint(endpoint), project.graphs)
        if pushed.digest != workspace_digest(self.workspace):
            raise told(UsageError, "common.other_version", endpoint=endpoint)
        return Workspace(project, remote=store)

    def need_reasoner(self, what: str) -> None:
        """Raise MissingExtraError where the project's reasoner isn't installed.

        What is published or recorded must be known to contradict itself nowhere.
        """
        if self._lacks_reasoner():
            need_extras(("reason",), what)

    def tell_rules(self) -> None:
        """Say that rules work out what follows, where HermiT was asked for."""
        if self._lacks_reasoner():
            self.say(said("common.rules", command=install_command(["reason"])))

    def _lacks_reasoner(self) -> bool:
        # Not asked of the workspace: that is read under the lock.
        from glokal.dataset.inferences import lacks_reasoner

        return lacks_reasoner(load_project(self.folder))

    def progress(self, text: str) -> None:
        """Say what is going on, when somebody is watching."""
        if sys.stderr.isatty():
            click.echo(f"  {under_way(text)} …", err=True)


def write_out(data: str | bytes, target: Path | None) -> None:
    """Write to a file, whole or not at all, or to standard output when none is named.

    Data are written as they are, but on a terminal, which obeys control characters, as
    a person can see them. Raises MachineError, and UsageError for bytes on a terminal.
    """
    raw = data.encode() if isinstance(data, str) else data
    if target is None and sys.stdout.isatty():
        if isinstance(data, bytes):
            raise told(UsageError, "common.no_terminal")
        sys.stdout.write(data.replace("\r\n", "\n"))
        sys.stdout.flush()
        return
    if target is None:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return
    # A stranger's folder may hold such a link; /dev/stdout is none of its.
    refuse_way_out(Path(), target, "-o")
    write_file(target, raw, remedy="name another file with -o.")


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


def wait_options(command: Command) -> Command:
    """Give a command that writes to the project the argument `wait`, in seconds."""

    def none(context: click.Context, _option: click.Parameter, value: bool) -> None:
        if value:
            context.params["wait"] = 0.0

    command = click.option(
        "--no-wait",
        is_flag=True,
        expose_value=False,
        callback=none,
        help="The same as --wait 0.",
    )(command)
    return click.option(
        "--wait",
        type=click.FloatRange(0),
        metavar="SECONDS",
        default=WAIT_SECONDS,
        show_default=True,
        is_eager=True,
        help="How long to wait for another command that writes to the project.",
    )(command)


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
            raise told(
                UsageError, "common.no_date", option=name, value=repr(value)
            ) from error

    return click.option(name, metavar="DATE", callback=read, help=text)
