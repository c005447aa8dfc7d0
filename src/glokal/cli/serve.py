"""`glokal serve`.

Apart from the build, whose parts would stay in the memory of a server for weeks.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from glokal.cli.context import Session, endpoint_option
from glokal.cli.messages import said
from glokal.core.files.symlinks import refuse_way_out
from glokal.core.sandbox import sandbox_available
from glokal.core.settings import Project


@click.command(epilog="Stop it with Ctrl-C.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--publication",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("public"),
    show_default=True,
    help="The built publication, below the project.",
)
@click.option(
    "--allow-service",
    "services",
    multiple=True,
    metavar="IRI",
    help="Let queries ask this endpoint by SERVICE; may be given more than once.",
)
@click.option(
    "--state",
    metavar="DIR",
    help="The folder for the server's own files, below the project or absolute.",
)
@endpoint_option
@click.pass_obj
def serve(
    session: Session,
    host: str,
    port: int,
    publication: Path,
    services: tuple[str, ...],
    state: str | None,
    endpoint: str | None,
) -> None:
    """Serve the built publication: pages, data, the things' own addresses, SPARQL.

    An identifier such as /id/municipality/vik leads to the page or to the data,
    by what the client asks for. /sparql answers SPARQL 1.1 queries, /api/ the canned
    ones, both within limits: serve.toml and the environment set them (docs/server.md).
    A new build is taken up without a stop. Requests are told as JSON lines on the error
    stream, without who asked what. With --endpoint queries are passed on to that
    service, within the same limits (docs/scale.md).
    """
    from glokal.core.settings.server import load_serving, openings
    from glokal.server.app import run
    from glokal.server.listening import Listening
    from glokal.store.from_environment import open_endpoint

    serving = load_serving(session.folder)
    allowed = tuple(dict.fromkeys((*serving.services, *services)))
    serving = dataclasses.replace(
        serving, services=allowed, state_dir=state or serving.state_dir
    )
    refuse_way_out(session.folder, session.folder / publication, "--publication")
    # serve.toml may be a stranger's: what it opens is told before anything is.
    for line in openings(serving):
        click.echo(line)
    if not sandbox_available():
        click.echo(said("common.not_sealed"))
    run(
        _project(session, endpoint),
        session.folder / publication,
        listening=Listening(host, port, _announced()),
        serving=serving,
        store=open_endpoint(endpoint) if endpoint else None,
    )


def _project(session: Session, endpoint: str | None) -> Project:
    """Return the settings of what is served: of one region, or of several together."""
    if not session.has_regions:
        return session.workspace.project
    from glokal.cli.regions import refuse_options
    from glokal.core.settings import load_regions
    from glokal.dataset.regions.members import with_dumps_read

    refuse_options("glokal serve", endpoint=endpoint)
    return with_dumps_read(load_regions(session.folder)).project


def _announced() -> str:
    # Which address and which folder, the server knows when it listens.
    return said("serve.serving", publication="{publication}", address="{address}")
