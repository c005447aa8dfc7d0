"""`glokal query` and `glokal sparql`."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from pathlib import Path

import click

from glokal.cli.accept import accept_answers
from glokal.cli.context import (
    Session,
    day_option,
    endpoint_option,
    output_option,
    write_out,
)
from glokal.cli.language import lang_option
from glokal.cli.messages import said, spoken, told
from glokal.core.characters import log_text
from glokal.core.errors import UsageError
from glokal.core.files.bounded_read import as_input
from glokal.core.languages import PAGE_LANGUAGES, ByLanguage
from glokal.core.namespaces import STANDARD_PREFIXES
from glokal.core.sandbox import run_sandboxed, sandbox_available
from glokal.core.settings import SETTINGS
from glokal.dataset.canned_queries import CannedQuery, find_query
from glokal.dataset.explain_empty import explain_empty, explanation_sentences
from glokal.dataset.known_values import bind_known
from glokal.dataset.prefixes import all_prefixes
from glokal.dataset.views import IN_STRATEGY, VIEWS, view_iri
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import read_text
from glokal.sparql import result_formats as formats
from glokal.sparql.prepare import parse
from glokal.sparql.store_interface import Answer, Store, Table

why_option = click.option(
    "--why",
    "why",
    is_flag=True,
    help="When there are no rows, say which pattern of the query left nothing.",
)


def print_explanation(
    store: Store, text: str, answer: Answer, lang: str, services: Collection[str]
) -> None:
    """Say why an answer has no rows; nothing when it has some, or isn't rows."""
    if not isinstance(answer, Table) or answer.rows:
        return

    def ask(tried: str) -> bool:
        result = store.query(tried, services=services)
        return bool(result.rows) if isinstance(result, Table) else bool(result)

    if reason := explain_empty(text, ask):
        click.echo(explanation_sentences(reason, lang), err=True)


format_option = click.option(
    "--format",
    "fmt",
    type=click.Choice(formats.all_formats()),
    default="table",
    show_default=True,
    help="How the answer is written.",
)


service_option = click.option(
    "--allow-service",
    "services",
    multiple=True,
    metavar="IRI",
    help="Let SERVICE ask this endpoint; may be given more than once.",
)
as_of_option = day_option(
    "--as-of", "Answer what was true on this day, by what the register was told."
)
view_option = click.option(
    "--view",
    type=click.Choice(VIEWS),
    default=IN_STRATEGY,
    show_default=True,
    help="Ask the strategy alone, or with what was reported since, up to the day of "
    "publication.modified.",
)


@click.command(epilog="Exit codes: 0 answered, 1 a source is broken, 2 wrong use.")
@click.argument("name", required=False)
@click.option(
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="A value for a parameter, as a slug or an IRI; may be given more than once.",
)
@format_option
@lang_option(
    "Language of names: nb, nn, en, sv, or another of the project's. Where there is no "
    "name in it, the nearest stands.",
    among=None,
)
@service_option
@view_option
@as_of_option
@why_option
@click.option(
    "--accept",
    is_flag=True,
    help="Show how the answer differs from the expected rows, and keep it as a "
    "snapshot in expected/; without NAME those of all questions without expected rows.",
)
@endpoint_option
@output_option
@click.pass_obj
def query(
    session: Session,
    name: str | None,
    params: tuple[str, ...],
    fmt: str,
    lang: str,
    services: tuple[str, ...],
    view: str,
    as_of: datetime.date | None,
    why: bool,
    accept: bool,
    endpoint: str | None,
    output: Path | None,
) -> None:
    """List the canned queries, or run the one called NAME.

    The answer is what the strategy says. With --view reported what was reported to the
    register since counts as well, and what has ended doesn't; with --as-of it is what
    was true on a day.

    In a folder with regions.toml the questions are those that are asked of several
    regions together (docs/regions.md).

    \b
    Examples:
      glokal query
      glokal query programmes-spanning-municipalities --format csv
      glokal query entries-in-subject-area --param subjectArea=health
      glokal query goals --endpoint https://data.example.org/sparql
      glokal query entries-of-municipality --view reported
      glokal query programmes-spanning-municipalities --as-of 2026-06-30
      glokal query --accept
    """
    _refuse_day(as_of, endpoint, view)
    if accept and (as_of or endpoint or view != IN_STRATEGY or output):
        raise told(UsageError, "query.accept_alone")
    _tell_unsealed(session)
    if session.has_regions:
        from glokal.cli import regions

        regions.refuse_options(
            "glokal query",
            param=params,
            accept=accept,
            endpoint=endpoint,
            as_of=as_of,
            view=view != IN_STRATEGY,
        )
        _refuse_language(lang, *regions.languages_across(session))
        if name is None:
            write_out(regions.list_across(session, lang), output)
            return
        together, found = regions.answer_across(session, name, lang)
        write_out(formats.write_result(found, fmt, together.prefixes), output)
        return
    if accept:
        with session.writing("query --accept"):
            _accept(session, name, _values(params))
        return
    # What a service answers is not worked out here.
    workspace = session.workspace_of(as_of, IN_STRATEGY if endpoint else view)
    spoken_in = (lang for query in workspace.queries for lang in query.summary)
    _refuse_language(lang, *workspace.project.languages, *spoken_in)
    if name is None:
        if params:
            raise told(UsageError, "query.param_alone")
        write_out(log_text(_listing(workspace.queries, lang)), output)
        return
    if endpoint is None:
        session.tell_rules()
    result = find_query(workspace.queries, name)
    values = _values(params)
    text = bind_known(workspace, result, values, lang)
    if result.service and result.service not in services:
        raise told(
            UsageError, "query.service", query=result.slug, service=result.service
        )
    store = workspace.store
    if endpoint is not None:
        store = _pushed_to(session, endpoint, view)
    answer = store.query(text, name=result.name, services=services)
    if why:
        print_explanation(store, text, answer, lang, services)
    write_out(formats.write_result(answer, fmt, all_prefixes(workspace)), output)


def _accept(session: Session, name: str | None, values: Mapping[str, str]) -> None:
    session.tell_rules()
    if values and name is None:
        raise told(UsageError, "query.param_alone")
    queries = session.workspace.queries
    kept = [find_query(queries, name)] if name else queries
    accept_answers(session.workspace, kept, values, named=name is not None)


def _refuse_language(lang: str, *known: str) -> None:
    """Raise UsageError for a language that nothing is in."""
    every = tuple(dict.fromkeys((*known, *PAGE_LANGUAGES)))
    if lang not in every:
        raise told(
            UsageError, "query.no_language", lang=repr(lang), known=", ".join(every)
        )


def _tell_unsealed(session: Session) -> None:
    if not sandbox_available():
        session.say(said("common.not_sealed"))


def _refuse_day(as_of: datetime.date | None, endpoint: str | None, view: str) -> None:
    if as_of is not None and view != IN_STRATEGY:
        raise told(UsageError, "query.two_days")
    if as_of is not None and endpoint is not None:
        raise told(UsageError, "query.day_there")


def _pushed_to(session: Session, endpoint: str, view: str) -> Store:
    """Return the service that the project was pushed to, in a view."""
    from glokal.store.from_environment import open_endpoint
    from glokal.store.sync_record import open_synced

    graphs = session.workspace.project.graphs
    return open_synced(open_endpoint(endpoint), graphs, view)[0]


def _listing(queries: tuple[CannedQuery, ...], lang: str) -> str:
    lines = []
    for match in queries:
        params = " ".join(f"--param {p.name}={p.slug}" for p in match.parameters)
        lines.append(f"{match.slug}{' ' + params if params else ''}")
        lines.append(f"    {ByLanguage(match.summary)[lang]}")
    return "\n".join(lines) + "\n"


def _values(params: tuple[str, ...]) -> dict[str, str]:
    values = {}
    for param in params:
        key, equals, value = param.partition("=")
        if not equals or not key or not value:
            raise told(UsageError, "query.no_param", param=repr(param))
        if key in values:
            raise told(UsageError, "query.twice", param=key)
        values[key] = value
    return values


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
    _refuse_day(as_of, endpoint, view)
    if graphs and view != IN_STRATEGY:
        raise UsageError("--graph and --view name two default graphs; give one.")
    _tell_unsealed(session)
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
    from glokal.store.sync_record import open_synced, read_sync_record

    space = session.workspace.project.graphs
    if view == IN_STRATEGY and not read_sync_record(store, space):
        return store
    return open_synced(store, space, view)[0]
