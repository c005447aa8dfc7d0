"""`glokal push`."""

from __future__ import annotations

import click

from glokal.cli.context import Session
from glokal.core.errors import GlokalError
from glokal.core.signals import exit_code


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
    the next one fixes it. What another project there uses, such as the ontology, stays
    when this one is taken away. In a folder with regions.toml each member is pushed.

    The login is taken from the environment (docs/configuration.md#logins):
    GLOKAL_ENDPOINT_USER and GLOKAL_ENDPOINT_PASSWORD (Basic or Digest),
    GLOKAL_ENDPOINT_TOKEN (Bearer), GLOKAL_ENDPOINT_HEADER ("X-API-Key: …"),
    GLOKAL_ENDPOINT_CERTIFICATE and GLOKAL_ENDPOINT_KEY (TLS),
    GLOKAL_ENDPOINT_OAUTH_URL, …_OAUTH_CLIENT and …_OAUTH_SECRET (OAuth 2),
    GLOKAL_ENDPOINT_AWS_REGION (AWS Signature V4); or from the file that
    GLOKAL_ENDPOINT_LOGIN_FILE names, which only its owner may read.

    \b
    Examples:
      glokal push --endpoint http://127.0.0.1:7878/query
      GLOKAL_ENDPOINT_LOGIN_FILE=login.toml \\
        glokal push --endpoint https://data.example.org/sparql
    """
    if session.has_regions:
        for one in _members(session):
            _push(one, endpoint, address, away)
        return
    _push(session, endpoint, address, away)


def _members(session: Session) -> list[Session]:
    """Return a session for each member of several regions that is a folder."""
    from glokal.core.settings import load_regions

    result = []
    for member in load_regions(session.folder).members:
        if member.project is None:
            session.say(
                f"{member.written} is left out: a dump is pushed where it was made."
            )
        else:
            result.append(Session(member.path))
    return result


def _push(session: Session, endpoint: str, address: str | None, away: bool) -> None:
    from glokal.dataset.sync import remove
    from glokal.dataset.sync import sync_graphs as load
    from glokal.store.from_environment import open_endpoint, write_client
    from glokal.store.graph_store_protocol import GraphStore, graph_store_of

    store = open_endpoint(endpoint)
    target = GraphStore(address or graph_store_of(endpoint), write_client())
    if away:
        taken = remove(session.workspace, store, target)
        click.echo(
            f"Removed {len(taken.removed)} graphs and the default graph from "
            f"{endpoint}."
        )
        if taken.kept:
            click.echo(
                f"Kept, since other projects there use them: {', '.join(taken.kept)}."
            )
        return
    session.tell_rules()
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
    if done.outdated:
        session.say(
            "Other projects there had other triples in the graphs that all share: "
            f"{', '.join(done.outdated)}. Push them again with this version of Glokal."
        )
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
