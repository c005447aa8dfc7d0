"""The command line: what each command takes, says and returns.

Exit 0 clean, 1 findings, 2 wrong use or a failure. An error is one clear line without
a traceback.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import click

from glokal import __version__
from glokal.cli.commands import LazyGroup
from glokal.cli.context import Session
from glokal.cli.messages import project_language, said, speak, translated
from glokal.cli.streams import drop_output, guard_streams
from glokal.cli.usage_errors import usage_error
from glokal.core.characters import one_line
from glokal.core.errors import GlokalError, MachineError
from glokal.core.extras import engine_versions
from glokal.core.files.atomic import changed
from glokal.core.os_errors import errno_of, machine_error, memory_error
from glokal.core.signals import end_by_exception, exit_code

EPILOG = "Exit codes: 0 clean, 1 findings, 2 wrong use."


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
