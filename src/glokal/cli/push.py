"""`glokal push`."""

from __future__ import annotations

import click

from glokal.cli.context import Session
from glokal.core.signals import exit_code
from glokal.errors import GlokalError


@click.command(epilog="Exit codes: 0 pushed, 1 findings, 2 wrong use.")
@click.option(
    "--endpoint",
    metavar="URL",
    required=True,
    help="The SPARQL 1.1 service: the address where it answers queries.",
)
@click.option(
    "--graph-store",
    "address",
    metavar="URL",
    help="Where it takes graphs by the graph store protocol, unless that follows from "
    "the endpoint (as with Oxigraph and Virtuoso).",
)
@click.option(
    "--remove",
    "away",
    is_flag=True,
    help="Take away what was pushed, instead.",
)
@click.pass_obj
def push(session: Session, endpoint: str, address: str | None, away: bool) -> None:
    """Load the project's graphs into a SPARQL service.

    Replaces the graphs of this project and no others, removes those that are gone,
    fills the default graph so that a query without GRAPH answers as at home, and
    counts what is there afterwards. A push that stops half-way is said to be so, and
    the next one mends it. The login is taken from GLOKAL_ENDPOINT_USER and
    GLOKAL_ENDPOINT_PASSWORD (HTTP Basic or Digest).

    \b
    Examples:
      glokal push --endpoint http://127.0.0.1:7878/query
      GLOKAL_ENDPOINT_USER=dba GLOKAL_ENDPOINT_PASSWORD=… \\
        glokal push --endpoint https://data.example.org/sparql
    """
    from glokal.push.load import push as load
    from glokal.push.load import remove
    from glokal.store.graphstore import GraphStore, graph_store_of
    from glokal.store.opened import open_endpoint, write_client

    store = open_endpoint(endpoint)
    target = GraphStore(address or graph_store_of(endpoint), write_client())
    if away:
        count = remove(session.workspace, store, target)
        click.echo(f"Removed {count} graphs and the default graph from {endpoint}.")
        return
    # Whatever is wrong with the sources is told before anything is written.
    _ = session.workspace.store
    try:
        done = load(session.workspace, store, target, progress=session.progress)
    except (KeyboardInterrupt, GlokalError) as error:
        _tell_state(target.written)
        if isinstance(error, GlokalError):
            raise
        raise SystemExit(exit_code(error)) from error
    pushed = done.pushed
    how = f"the graph {pushed.default}" if pushed.default else "its own default graph"
    gone = f" Removed: {', '.join(done.removed)}." if done.removed else ""
    click.echo(
        f"Pushed {len(pushed.graphs)} graphs ({sum(pushed.graphs.values())} triples) "
        f"to {endpoint}, counted there; the default graph of {pushed.size} triples is "
        f"{how}.{gone}"
    )


def _tell_state(written: int) -> None:
    if not written:
        click.echo("Nothing was written.", err=True)
        return
    click.echo(
        f"The push stopped half-way, after {written} requests: graphs of others are as "
        "they were, of ours some may be old, new or in part. Commands with --endpoint "
        "refuse to ask until a push has run to its end; run it again.",
        err=True,
    )
