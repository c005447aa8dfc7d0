"""`glokal mcp`."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glokal.cli.context import Session
from glokal.core.files.symlinks import refuse_way_out

if TYPE_CHECKING:
    from glokal.server.reload import LiveSite


@click.command(epilog="It ends with its input. Exit codes: 0 ended, 2 wrong use.")
@click.option(
    "--publication",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("public"),
    show_default=True,
    help="The built publication, below the project.",
)
@click.pass_obj
def mcp(session: Session, publication: Path) -> None:
    """Let an assistant ask the publication, by the Model Context Protocol.

    An assistant's program starts this and talks to it over standard input and output;
    docs/assistants.md says how it is told to. Every question is a tool, and there are
    tools for names, things, passages, silences and SPARQL. Each row has its status, the
    words of the strategy, their address and a citation. Nothing can be changed through
    it, and queries have the limits of glokal serve. The same answers at /mcp of
    glokal serve.

    \b
    Run it as:
      glokal --project /path/to/region mcp
    """
    from glokal.core.settings.server import load_serving
    from glokal.server.reload import LiveSite

    refuse_way_out(session.folder, session.folder / publication, "--publication")
    project = session.workspace.project
    live = LiveSite(project, session.folder / publication, load_serving(session.folder))
    try:
        asyncio.run(_serve(live, session))
    finally:
        live.close()


async def _serve(live: LiveSite, session: Session) -> None:
    from glokal.assistants.mcp_server import make_mcp_server, serve_stdio
    from glokal.server.assistant_backend import LibraryOfBuild
    from glokal.server.client_limiter import ClientLimiter

    serving = live.serving
    books = LibraryOfBuild(
        session.workspace.project, live, ClientLimiter(serving.per_client)
    )
    await live.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _end, live, number)
    try:
        await serve_stdio(make_mcp_server(books.open_for))
    finally:
        await live.stop()


def _end(live: LiveSite, number: int) -> None:
    """End now: a thread that waits for a line of standard input can't be stopped."""
    live.close()
    # The workers end with this process.
    os._exit(128 + number)
