"""`glokal query`: the canned questions, and the answer to one of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import click

from glokal.cli.accept import accept_answers
from glokal.cli.context import (
    Session,
    endpoint_option,
    output_option,
    write_out,
)
from glokal.cli.language import lang_option
from glokal.cli.messages import told
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
from glokal.core.characters import log_text
from glokal.core.errors import UsageError
from glokal.core.languages import PAGE_LANGUAGES, ByLanguage
from glokal.dataset.canned_queries import CannedQuery, find_query
from glokal.dataset.known_values import bind_known
from glokal.dataset.prefixes import all_prefixes
from glokal.dataset.views import IN_STRATEGY
from glokal.sparql import result_formats as formats
from glokal.sparql.store_interface import Store


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
    refuse_two_days(as_of, endpoint, view)
    if accept and (as_of or endpoint or view != IN_STRATEGY or output):
        raise told(UsageError, "query.accept_alone")
    tell_unsealed(session)
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


def _pushed_to(session: Session, endpoint: str, view: str) -> Store:
    """Return the service that the project was pushed to, in a view."""
    from glokal.dataset.push_record import open_pushed
    from glokal.store.from_environment import open_endpoint

    graphs = session.workspace.project.graphs
    return open_pushed(open_endpoint(endpoint), graphs, view)[0]


def _listing(queries: tuple[CannedQuery, ...], lang: str) -> str:
    lines = []
    for match in queries:
        # What the data have nothing of can't be asked about.
        given = (p for p in match.parameters if p.default)
        params = " ".join(f"--param {p.name}={p.slug}" for p in given)
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
