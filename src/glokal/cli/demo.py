"""`glokal demo`."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from glokal.cli.build import build_checked
from glokal.cli.context import Session
from glokal.cli.init import refuse_project, write_project
from glokal.cli.messages import said
from glokal.core.errors import UsageError
from glokal.core.files.temporary import scratch_folder
from glokal.core.sandbox import sandbox_available
from glokal.core.settings.new_project import example_files

HOST = "127.0.0.1"
PORT = 8000
# How many ports after the usual one are tried when nobody has named one.
_PORTS = 20


@click.command(epilog="Exit codes: 0 built, 2 wrong use. Ctrl-C stops it.")
@click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Keep the project in this new folder; else it is gone in the end.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Serve at this port; else at {PORT}, or the next one that is free.",
)
@click.option(
    "--no-serve", is_flag=True, help="Only write and build it, into --folder."
)
@click.pass_obj
def demo(
    session: Session, folder: Path | None, port: int | None, no_serve: bool
) -> None:
    """Build the small invented region that comes with Glokal, and serve it.

    Nothing else is needed: no project, no settings, no network. It is built in a
    temporary folder, in less than a minute, and served on this machine alone until
    Ctrl-C. With --folder the project stays, to look at and to change.

    \b
    Examples:
      glokal demo --folder look-at-this --no-serve
    """
    if no_serve and folder is None:
        raise UsageError(
            "--no-serve builds what stays, and nothing would stay.",
            remedy="name a folder with --folder.",
        )
    if no_serve and port is not None:
        raise UsageError(
            "--port is for what is served, and --no-serve serves nothing.",
            remedy="leave one of them out.",
        )
    # Before the build, which takes its time.
    port = None if no_serve else _port(port)
    with _place(folder) as place:
        if not _is_begun(place):
            write_project(place, example_files())
        session.say(said("demo.building", folder=place))
        shown = Session(place)
        shown.need_reasoner("glokal demo")
        with shown.writing("demo"):
            result, _ = build_checked(shown, place / "public", "en")
        if result is not None:
            session.say(said("demo.built", pages=result.pages))
        if port is None:
            command = f"cd {place} && glokal serve"
            click.echo(said("demo.look", command=command))
            return
        _serve(shown, place, port)


@contextmanager
def _place(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        with scratch_folder() as scratch:
            yield scratch / "fjordland"
        return
    if not _is_begun(folder):
        refuse_project(folder)
    yield folder


def _is_begun(folder: Path) -> bool:
    """Whether the project is there, as it is when its build was stopped."""
    return not (folder / "public").exists() and all(
        (folder / name).is_file() and (folder / name).read_bytes() == data
        for name, data in example_files().items()
    )


def _port(asked: int | None) -> int:
    """Return a port that is free now; UsageError when there is none."""
    for port in (asked,) if asked else range(PORT, PORT + _PORTS):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((HOST, port))
            except OSError:
                continue
            return port
    told = f"Port {asked} on {HOST} can't be used."
    raise UsageError(
        told if asked else f"No port from {PORT} to {PORT + _PORTS - 1} is free.",
        remedy="choose another with --port.",
        name="serve.port" if asked else "",
        values={"port": asked, "host": HOST},
    )


def _serve(session: Session, folder: Path, port: int) -> None:
    from glokal.core.settings.server import load_serving
    from glokal.server.app import run
    from glokal.server.listening import Listening

    if not sandbox_available():
        click.echo(said("common.not_sealed"))
    run(
        session.workspace.project,
        folder / "public",
        listening=Listening(HOST, port),
        serving=load_serving(folder),
    )
