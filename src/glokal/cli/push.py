"""`glokal push`."""

from __future__ import annotations

import click

from glokal.cli.context import Session
from glokal.cli.messages import said
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
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Send every graph again, changed or not, where somebody else has written.",
)
@click.pass_obj
def push(
    session: Session, endpoint: str, address: str | None, away: bool, everything: bool
) -> None:
    """Load the project's graphs into a SPARQL service.

    Replaces those graphs of this project that have changed since the last push and no
    others, removes those that are gone, fills the default graph so that a query without
    GRAPH answers as at home, and counts what is there afterwards. A push that stops
    half-way is said to be so, and the next one fixes it. What another project there
    uses, such as the ontology, stays when this one is taken away. In a folder with
    regions.toml each member is pushed.

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
            _push(one, endpoint, address, away, everything)
        return
    _push(session, endpoint, address, away, everything)


def _members(session: Session) -> list[Session]:
    """Return a session for each member of several regions that is a folder."""
    from glokal.core.settings import load_regions

    result = []
    for member in load_regions(session.folder).members:
        if member.project is None:
            session.say(said("push.left_out", member=member.written))
        else:
            result.append(Session(member.path))
    return result


def _push(
    session: Session, endpoint: str, address: str | None, away: bool, everything: bool
) -> None:
    from glokal.dataset.push import push_graphs as load
    from glokal.dataset.push import remove
    from glokal.store.from_environment import open_endpoint, write_client
    from glokal.store.graph_store_client import GraphStore, graph_store_of

    store = open_endpoint(endpoint)
    target = GraphStore(address or graph_store_of(endpoint), write_client())
    if away:
        taken = remove(session.workspace, store, target)
        click.echo(said("push.removed", graphs=len(taken.removed), endpoint=endpoint))
        if taken.kept:
            click.echo(said("push.kept", graphs=", ".join(taken.kept)))
        return
    session.tell_rules()
    try:
        done = load(
            session.workspace,
            store,
            target,
            progress=session.progress,
            whole=everything,
        )
    except (KeyboardInterrupt, GlokalError) as error:
        _tell_state(target.written)
        if isinstance(error, GlokalError):
            raise
        raise SystemExit(exit_code(error)) from error
    pushed = done.pushed
    own = "push.graph" if pushed.default else "push.own_default"
    removed = ", ".join(done.removed)
    if done.outdated:
        session.say(said("push.outdated", graphs=", ".join(done.outdated)))
    text = said(
        "push.pushed",
        graphs=len(pushed.graphs),
        triples=sum(pushed.graphs.values()),
        endpoint=endpoint,
        size=pushed.size,
        default=said(own, graph=pushed.default),
    )
    # The default graph is no named one, and is told of with its size.
    same = len([graph for graph in done.kept if graph])
    lines = [text]
    if same:
        lines.append(said("push.as_it_was", graphs=same))
    if removed:
        lines.append(said("push.gone", graphs=removed))
    click.echo(" ".join(lines))


def _tell_state(written: int) -> None:
    if not written:
        click.echo(said("push.nothing"), err=True)
        return
    click.echo(said("push.half_way", requests=written), err=True)
