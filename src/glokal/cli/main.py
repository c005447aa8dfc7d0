"""The command line: what each command takes, says and returns.

Exit 0 clean, 1 findings, 2 wrong use or a failure. An error is one clear line without
a traceback.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import Any, ClassVar

import click

from glokal import __version__
from glokal.cli.context import Session
from glokal.cli.messages import project_language, said, speak, translated
from glokal.cli.streams import drop_output, guard_streams
from glokal.cli.usage_errors import usage_error
from glokal.core.characters import one_line
from glokal.core.errors import GlokalError, MachineError
from glokal.core.extras import (
    engine_versions,
    install_command,
    missing_of,
    need_extras,
)
from glokal.core.files.atomic import changed
from glokal.core.os_errors import (
    ENGINE_MEGABYTES,
    SOURCE_MEGABYTES,
    errno_of,
    machine_error,
    memory_error,
    refuse_little_memory,
)
from glokal.core.signals import end_by_exception, exit_code

EPILOG = "Exit codes: 0 clean, 1 findings, 2 wrong use."


class LazyGroup(click.Group):
    """A group that imports a command only when it is used, so that it starts fast."""

    # Where each command is, what it is for in a line, and the extras it can't do
    # without. What else it needs depends on the project, and is asked for by it.
    commands_in: ClassVar[dict[str, tuple[str, str, tuple[str, ...]]]] = {
        "init": (
            "glokal.cli.init:init",
            "Begin a project: the folder of another region.",
            (),
        ),
        "demo": (
            "glokal.cli.demo:demo",
            "Look at a finished publication, of an invented region.",
            ("site", "serve"),
        ),
        "docs": (
            "glokal.cli.docs:docs",
            "Read the documents: guides, settings, server, portals.",
            (),
        ),
        "check": (
            "glokal.cli.check:check",
            "Are the sources whole, consistent and true to the text?",
            (),
        ),
        "validate": (
            "glokal.cli.check:validate",
            "SHACL on any RDF files, or on a SPARQL service.",
            (),
        ),
        "query": (
            "glokal.cli.query:query",
            "List the canned questions, or answer one.",
            (),
        ),
        "sparql": ("glokal.cli.sparql:sparql", "Answer any SPARQL 1.1 query.", ()),
        "build": (
            "glokal.cli.build:build",
            "Check everything, then write the publication.",
            ("site",),
        ),
        "serve": (
            "glokal.cli.serve:serve",
            "Serve the publication: pages, data, SPARQL, API.",
            ("serve",),
        ),
        "mcp": (
            "glokal.cli.mcp:mcp",
            "Let an assistant ask, by the Model Context Protocol.",
            ("mcp", "site"),
        ),
        "push": ("glokal.cli.push:push", "Load the graphs into a SPARQL service.", ()),
        "rehearse": (
            "glokal.cli.rehearse:rehearse",
            "Play the data portals' harvesters on the publication.",
            (),
        ),
        "edition": (
            "glokal.cli.edition:edition",
            "Record the graph as an edition, once published.",
            (),
        ),
        "diff": ("glokal.cli.edition:diff", "Say what has changed, in words.", ()),
        "sheet": (
            "glokal.cli.sheet:sheet",
            "The register as a workbook, and back.",
            ("workbook",),
        ),
        "reconcile": (
            "glokal.cli.reconcile:reconcile",
            "Names in a CSV file to identifiers.",
            (),
        ),
        "words": (
            "glokal.cli.words:words",
            "Texts of the pages in further languages, for translators.",
            (),
        ),
        "stale": (
            "glokal.cli.stale:stale",
            "List what nobody has checked for a while.",
            (),
        ),
        "remind": (
            "glokal.cli.remind:remind",
            "Write letters that ask the municipalities of what is stale.",
            ("workbook",),
        ),
        "anchor": (
            "glokal.cli.anchor:anchor",
            "Propose which passages say each statement.",
            (),
        ),
        "source": (
            "glokal.cli.source:source",
            "Import a document as passages, find words, move to a new text.",
            (),
        ),
        "draft": (
            "glokal.cli.draft:draft",
            "Draft what passages say; write what a person has confirmed.",
            ("workbook",),
        ),
        "fmt": (
            "glokal.cli.fmt:fmt",
            "Write Turtle in the one way of docs/style.md.",
            (),
        ),
        "lsp": (
            "glokal.cli.lsp:lsp",
            "Serve an editor: faults, meanings, terms.",
            ("lsp",),
        ),
    }

    # Those that read and write sources, and ask no engine.
    without_engines: ClassVar[frozenset[str]] = frozenset(
        {"docs", "fmt", "init", "source", "stale"}
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the work."""
        return list(self.commands_in)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, imported now."""
        if name not in self.commands_in:
            return None
        path, purpose, extras = self.commands_in[name]
        if missing := missing_of(extras):
            return _not_installed(name, purpose, missing)
        module, _, attribute = path.partition(":")
        imported = __import__(module, fromlist=[attribute])
        command = getattr(imported, attribute)
        assert isinstance(command, click.Command)
        command.short_help = purpose
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write what each command is for; none is imported for that."""
        lines = [(name, purpose) for name, (_, purpose, _) in self.commands_in.items()]
        with formatter.section("Commands"):
            formatter.write_dl(lines)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is asked for.

        Of an option that is used wrongly click doesn't say whose it is.
        """
        try:
            return super().invoke(ctx)
        except click.BadOptionUsage as error:
            command = self.get_command(ctx, ctx.invoked_subcommand or "")
            if error.ctx is None and command is not None:
                error.ctx = click.Context(command, ctx, ctx.invoked_subcommand)
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for; MachineError without memory for it.

        Its help needs none.
        """
        name, command, rest = super().resolve_command(ctx, args)
        if not ctx.resilient_parsing and not {*ctx.help_option_names} & {*rest}:
            light = name in self.without_engines
            refuse_little_memory(SOURCE_MEGABYTES if light else ENGINE_MEGABYTES)
        return name, command, rest


def _not_installed(name: str, purpose: str, missing: tuple[str, ...]) -> click.Command:
    """Return what stands for a command whose extras are missing: it says so.

    It takes whatever the command takes, so that nobody is told of an option first.
    """
    what = f"glokal {name}"

    def tell(rest: tuple[str, ...]) -> None:
        need_extras(missing, what)

    return click.Command(
        name,
        callback=tell,
        params=[click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        help=f"{purpose}\n\nIt is not installed. Do this: {install_command(missing)}",
        short_help=purpose,
        options_metavar="",
    )


def _tell_versions(
    context: click.Context, _option: click.Parameter, value: bool
) -> None:
    """Say the version of Glokal, of Python, and of each engine, and leave."""
    if not value or context.resilient_parsing:
        return
    click.echo(f"glokal {__version__}")
    python = f"{platform.python_implementation()} {platform.python_version()}"
    click.echo(f"{python} on {platform.system()} {platform.machine()}")
    for name, number in engine_versions():
        click.echo(f"{name} {number or 'not installed'}")
    context.exit()


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_tell_versions,
    help="Show the versions of Glokal and of what it stands on.",
)
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default="the folder it stands in",
    help="The region's folder, with publication.toml and data/.",
)
@click.pass_context
def cli(ctx: click.Context, project: Path) -> None:
    """Check, query and publish a region's international strategy as linked data.

    \b
    Start here:
      glokal check                    are the sources whole and true to the strategy?
      glokal query                    which questions have an answer?
      glokal query goals              the answer to one of them
      glokal build && glokal serve    the publication, made and shown
    """
    speak(project_language(project))
    ctx.obj = Session(project)


def main() -> None:
    """Run the command and leave with its exit code."""
    guard_streams()
    end_by_exception()
    code: object = 2
    try:
        code = _run()
    except GlokalError as error:
        _fail(error)
        code = error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        # The help, on the error stream.
        error.show()
    except click.UsageError as error:
        _fail(usage_error(error))
    except click.ClickException as error:
        error.show()
    except click.Abort as error:
        code = _ended(error)
    except KeyboardInterrupt as error:
        code = _ended(error)
    except MemoryError:
        _fail(memory_error())
    except (OSError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not errno_of(error):
            raise
        _fail(machine_error(error))
    sys.exit(code if isinstance(code, int) else 0)


def _run() -> object:
    """Run the command; what it has said is written out before it counts as done."""
    try:
        return cli.main(prog_name="glokal", standalone_mode=False)
    finally:
        try:
            sys.stdout.flush()
        except MachineError:
            drop_output()
            raise


def _fail(error: GlokalError) -> None:
    error = translated(error)
    done = changed()
    # Who is told that something failed must know what did not.
    if isinstance(error, MachineError) and done:
        error.what += f" ({said('common.changed_before', files=', '.join(done))})"
    click.echo(f"glokal: {one_line(str(error))}", err=True)
    for other in map(translated, error.others):
        click.echo(f"glokal: {one_line(str(other))}", err=True)


def _ended(error: BaseException) -> int:
    done = changed()
    name = "common.stopped_after" if done else "common.stopped"
    click.echo(f"glokal: {one_line(said(name, files=', '.join(done)))}", err=True)
    return exit_code(error)
