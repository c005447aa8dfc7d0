"""`glokal sparql`: any query, of the sources or of a service."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import click

from glokal.cli.context import Session, output_option, write_out
from glokal.cli.messages import spoken
from glokal.cli.query_options import (
    as_of_option,
    format_option,
    print_explanation,
    refuse_two_days,
    service_option,
    tell_unsealed,
    view_option,
    why_option,
)
from glokal.core.errors import UsageError
from glokal.core.files.bounded_read import as_input
from glokal.core.namespaces import STANDARD_PREFIXES
from glokal.core.sandbox import run_sandboxed
from glokal.core.settings import SETTINGS
from glokal.dataset.prefixes import all_prefixes
from glokal.dataset.views import IN_STRATEGY, VIEWS, view_iri
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import read_text
from glokal.sparql import result_formats as formats
from glokal.sparql.prepare import parse
from glokal.sparql.store_interface import Store


@click.command(epilog="Exit codes: 0 answered, 1 a source is broken, 2 wrong use.")
@click.argument("text", required=False)
@click.option(
    "-f",
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read the query from a file.",
)
@format_option
@service_option
@view_option
@as_of_option
@why_option
@click.option(
    "--endpoint",
    metavar="URL",
    help="Ask this SPARQL 1.1 service; needs no project.",
)
@click.option(
    "--graph",
    "graphs",
    multiple=True,
    metavar="IRI",
    help="With --endpoint: the default graph, if not what glokal push filled or what "
    "the service has; may be given more than once.",
)
@output_option
@click.pass_obj
def sparql(
    session: Session,
    text: str | None,
    file: Path | None,
    fmt: str,
    services: tuple[str, ...],
    view: str,
    as_of: datetime.date | None,
    why: bool,
    endpoint: str | None,
    graphs: tuple[str, ...],
    output: Path | None,
) -> None:
    """Run any SPARQL 1.1 query: TEXT, or the one in a file.

    The default graph holds the strategy, the reference data, the ontology and what
    follows from them. What other sources add is in named graphs only (GRAPH ?g). With
    --view reported it holds what was reported to the register as well; so it does for
    FROM with that view's name (docs/server.md#views).
    SERVICE is refused but for endpoints that --allow-service names. With --endpoint
    any SPARQL 1.1 service is asked; in a project's folder, one that glokal push has
    filled is asked for the same default graph.

    \b
    Examples:
      glokal sparql 'SELECT ?s WHERE { ?s a <https://w3id.org/glokal/def#Goal> }'
    """
    if (text is None) == (file is None):
        raise UsageError("Give the query as TEXT or with -f, one of the two.")
    if graphs and endpoint is None:
        raise UsageError(
            "--graph goes with --endpoint.", remedy="name graphs with FROM or GRAPH."
        )
    refuse_two_days(as_of, endpoint, view)
    if graphs and view != IN_STRATEGY:
        raise UsageError("--graph and --view name two default graphs; give one.")
    tell_unsealed(session)
    name = "query" if file is None else str(file)
    if file is not None:
        with as_input():
            text = read_text(file, name)
    assert text is not None
    store: Store
    if endpoint is None and session.has_regions:
        from glokal.cli import regions

        regions.refuse_options("glokal sparql", as_of=as_of, view=view != IN_STRATEGY)
        together, store = regions.open_whole(session)
        prefixes: Mapping[str, str] = together.prefixes
    elif endpoint is None:
        session.tell_rules()
        workspace = session.workspace_of(as_of, view)
        asked = _view_in_from(text, name, workspace)
        if asked and as_of is None:
            workspace = session.workspace_of(None, asked)
        store = workspace.store
        prefixes = all_prefixes(workspace)
    else:
        store, prefixes = (
            _any_service(session, endpoint, graphs, view),
            STANDARD_PREFIXES,
        )
    answer = store.query(text, name=name, services=services)
    if why:
        print_explanation(store, text, answer, spoken(), services)
    write_out(formats.write_result(answer, fmt, prefixes), output)


def _view_in_from(text: str, name: str, workspace: Workspace) -> str:
    """Return the view that FROM names, "" without one; SourceError for no query."""
    space = workspace.project.graphs
    query = run_sandboxed(lambda: parse(text, name)).query
    named = {iri.value for iri in query.dataset.default}
    return next((v for v in VIEWS if view_iri(space, v) in named), "")


def _any_service(
    session: Session, endpoint: str, graphs: tuple[str, ...], view: str
) -> Store:
    """Return a service, with the dataset of the last push when there was one."""
    from glokal.store.from_environment import open_endpoint

    store = open_endpoint(endpoint, graphs)
    if graphs or not (session.folder / SETTINGS).is_file():
        if view != IN_STRATEGY:
            raise UsageError(
                "--view is of a project, and there is none in this folder.",
                remedy="go to the project's folder.",
            )
        return store
    from glokal.dataset.push_record import open_pushed, read_push_record

    space = session.workspace.project.graphs
    if view == IN_STRATEGY and not read_push_record(store, space):
        return store
    return open_pushed(store, space, view)[0]
